"""The alerts of everything in sight: kept from the last look, and derived anew only where something has changed.

A kept list holds until the first instant at which one of its deadlines or terms of freshness comes or ends, and as long
as no version of anything that it rests on has been added; so it is the list that a look now would derive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from ringwall.basics import day_start, due_before
from ringwall.desk.monitoring.alerts_of import alerts_of
from ringwall.desk.monitoring.known_of import KnownOf
from ringwall.desk.office import Office
from ringwall.desk.views.parts import insured_name, last_instant_before
from ringwall.exposure import PROOF_HOLDS_FOR
from ringwall.monitoring import KeptAlerts

DERIVED = "2026-11"
"""Changes whenever alerts are derived otherwise than before, so that nothing kept by the older software is shown."""
NEVER = datetime.max.replace(tzinfo=UTC)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StandingAlerts:
    """One application in sight with the alerts that stand."""

    object_id: UUID
    number: str
    kept: KeptAlerts


def standing_alerts(office: Office, at: datetime) -> tuple[StandingAlerts, ...]:
    """One question for all applications, and a dossier only for each that has changed since its list was kept."""
    found = []
    for mark in office.alert_shelf.marks(edition_of_rules(office), at):
        kept = mark.kept
        if kept is None:
            known = KnownOf(office, mark.object_id, mark.number, at)
            kept = KeptAlerts(insured_name(office, mark.object_id), alerts_of(known), holds_until(known))
            office.alert_shelf.keep(mark, kept, at)
        found.append(StandingAlerts(mark.object_id, mark.number, kept))
    return tuple(found)


def edition_of_rules(office: Office) -> str:
    """By which rules alerts are derived."""
    rules = repr((DERIVED, office.catalogue.controls, office.catalogue.periods))
    return sha256(rules.encode()).hexdigest()[:16]


def holds_until(known: KnownOf) -> datetime:
    """The first instant after which time alone may change an alert."""
    return min((edge for edge in _edges(known) if edge > known.now), default=NEVER)


def _edges(known: KnownOf) -> Iterator[datetime]:
    near = timedelta(days=known.office.catalogue.periods.near_days)
    for due in _dues(known):
        yield from (due - near, due, due + TICK)
    yield from (scan.result.at + TICK for scan in known.scans)
    for control in known.office.catalogue.controls:
        if control.answer and known.submission:
            fresh = control.answer.fresh_for
            yield from (each.answered_at + fresh + TICK for each in known.submission.answers)
        if control.look:
            fresh = control.look.fresh_for
            yield from (each.last_seen + fresh + TICK for each in known.findings)
            yield from (each.seen_at + fresh + TICK for each in known.observations)
        if control.traffic:
            fresh = control.traffic.fresh_for
            yield from (day_start(each.day) + fresh + TICK for each in known.indicators)
    yield from (day_start(each.day) for each in known.indicators)


def _dues(known: KnownOf) -> Iterator[datetime]:
    """Every instant at which something is due or ends."""
    for notice in known.notices:
        if notice.deadline is not None and notice.delivered_at is not None:
            yield from (notice.delivered_at, last_instant_before(due_before(notice.deadline)))
    for stated in known.stated:
        if stated.answer_before is not None:
            yield last_instant_before(stated.answer_before)
    if known.consent is not None:
        yield from (known.consent.valid.end, last_instant_before(known.consent.valid.end))
    yield from (proof.seen_at + PROOF_HOLDS_FOR for proof in known.proofs)
    for each in known.weighed:
        yield from (side.fresh_until for side in (each.answer, each.look, each.traffic) if side is not None)
