"""By which facts about vulnerabilities a look is judged: the newest editions on record then, not the house's start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ringwall.basics import Words, local_day
from ringwall.desk.office import Office
from ringwall.evidence import EpssTable, Intelligence, KevEdition

FEED, SCORES = "kev", "epss"


def facts_at(office: Office, object_id: UUID, at: datetime) -> Intelligence:
    """Of the editions that the lead has taken by an instant the newest, or newer ones with which the house opened."""
    opened, takers = office.catalogue.intelligence, tuple(_takers(office, object_id))
    listed, scored = _listed_at(office, takers, at), _scored_at(office, takers, at)
    facts = opened
    if listed is not None:
        facts = replace(facts, catalogue_version=listed.version, known_exploited=listed.entries, unlisted=None)
    if scored is not None:
        facts = replace(facts, epss=scored, score_date=scored.score_date)
    return facts if facts is opened else replace(facts, source=_source(facts, listed))


def _listed_at(office: Office, takers: tuple[UUID, ...], at: datetime) -> KevEdition | None:
    """The catalogue that was taken; None where that of the house's opening is newer, or is all there is."""
    opened = office.catalogue.intelligence
    taken = office.editions.whole(FEED, takers, at)
    return None if taken is None or (opened.unlisted is None and _dated(opened) > taken.dated) else taken


def _scored_at(office: Office, takers: tuple[UUID, ...], at: datetime) -> EpssTable | None:
    """The table that was taken; a table whose day had not come is none, and one of a few scores beats no whole one."""
    opened = scores_of(office.catalogue.intelligence)
    taken = office.editions.scores(SCORES, takers, at)
    newer = taken is not None and opened is not None and taken.score_date < opened.score_date <= local_day(at)
    return None if newer else taken


def _source(facts: Intelligence, listed: KevEdition | None) -> Words:
    zh, en = (f"：{listed.source.zh}", f": {listed.source.en}") if listed else ("", "")
    version, day = facts.catalogue_version, facts.score_date
    return Words(f"KEV {version}{zh}；EPSS {day}", f"KEV {version}{en}; EPSS {day}")


def _takers(office: Office, object_id: UUID) -> Iterator[UUID]:
    """The insurers whose editions count for an insured: whoever leads it, by grant or by the policy's panel."""
    yield office.me
    yield from office.objects.holders(object_id, "lead")
    for row in office.policies.of_object(object_id):
        lead = office.directory.by_code(row.record.agreement.lead)
        if lead is not None:
            yield lead.id


def _dated(facts: Intelligence) -> date:
    return KevEdition(facts.catalogue_version, facts.known_exploited, facts.source).dated


def scores_of(facts: Intelligence) -> EpssTable | None:
    """The whole table of scores in the facts at hand; the built-in one is none, since it names only a few."""
    return facts.epss if isinstance(facts.epss, EpssTable) and facts.epss.whole else None
