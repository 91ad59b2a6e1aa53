"""How an insured has carried out the suggestions it was sent, from the notices and scans on record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from ringwall.desk.evidence.dossier_of import withdrawn_known
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.evidence import Finding
from ringwall.monitoring import SUGGESTIONS_IN_TIME, Behaviour, Look, behaviour_at, look_again
from ringwall.terms import LossEvent, TermsDefinition

LAST = datetime.max.replace(tzinfo=UTC)
BEGAN = "discovered_at"
"""The fact of an event at whose instant behaviour is judged."""


def behaviour_of(office: Office, object_id: UUID, at: datetime) -> Behaviour:
    """The suggestions of one object as they stand at an instant, each with the looks that decide.

    One on a finding that a dispute has withdrawn, whenever that was, does not count.
    """
    withdrawn = withdrawn_known(office, object_id, LAST)
    notices = [row.record for row in office.notices.of_object(object_id) if row.record.finding not in withdrawn]
    scans, told = scans_of(office, object_id), {notice.finding for notice in notices}
    return behaviour_at(notices, _seen(scans, told), looks_of(scans, told), at)


def scans_of(office: Office, object_id: UUID) -> tuple[ScanFile, ...]:
    """Every scan on record, in order of number."""
    return tuple(row.record for row in office.scans.of_object(object_id))


def looks_of(scans: Sequence[ScanFile], uids: Collection[str]) -> tuple[Look, ...]:
    """What each of the scans says of some findings."""
    findings = _seen(scans, uids)
    return tuple(look_again(finding, scan.result, scan.findings) for finding in findings for scan in scans)


def _seen(scans: Sequence[ScanFile], uids: Collection[str]) -> tuple[Finding, ...]:
    """The findings as the newest scan that lists them has them."""
    found = {finding.uid: finding for scan in scans for finding in scan.findings}
    return tuple(finding for uid, finding in found.items() if uid in uids)


def behaviour_asked(office: Office, object_id: UUID, terms: TermsDefinition, event: LossEvent) -> Behaviour | None:
    """What the records say of the insured's behaviour at the event, where the terms ask it and nobody has ruled."""
    began = event.facts.get(BEGAN)
    asked = SUGGESTIONS_IN_TIME in terms.facts and SUGGESTIONS_IN_TIME not in event.facts
    return behaviour_of(office, object_id, began) if asked and isinstance(began, datetime) else None


def with_behaviour(event: LossEvent, behaviour: Behaviour | None) -> LossEvent:
    """The event with the fact that the behaviour settles; what is open stays unstated."""
    if behaviour is None or behaviour.in_time is None:
        return event
    return replace(event, facts={**event.facts, SUGGESTIONS_IN_TIME: behaviour.in_time})
