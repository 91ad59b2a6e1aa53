"""By which facts about vulnerabilities a look is judged: the newest edition on record then, not the house's start.

The scores (EPSS) stay those that the house read when it opened: of their editions only the dates are on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.office import Office
from ringwall.evidence import Intelligence, KevEdition

FEED = "kev"


def facts_at(office: Office, object_id: UUID, at: datetime) -> Intelligence:
    """Of the editions that the lead has taken by an instant the newest, or a newer one with which the house opened."""
    opened = office.catalogue.intelligence
    taken = office.editions.whole(FEED, tuple(_takers(office, object_id)), at)
    if taken is None or (opened.unlisted is None and _dated(opened) > taken.dated):
        return opened
    return replace(
        opened,
        catalogue_version=taken.version,
        known_exploited=taken.entries,
        unlisted=None,
        source=Words(
            f"KEV {taken.version}：{taken.source.zh}；EPSS {opened.score_date}",
            f"KEV {taken.version}: {taken.source.en}; EPSS {opened.score_date}",
        ),
    )


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
