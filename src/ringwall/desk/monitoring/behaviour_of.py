"""How an insured has carried out the suggestions it was sent, from the notices and scans on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ringwall.desk.office import Office
from ringwall.monitoring import SUGGESTIONS_IN_TIME, Behaviour, behaviour_at, look_again
from ringwall.terms import CompiledTerms, LossEvent

BEGAN = "discovered_at"
"""The fact of an event at whose instant behaviour is judged."""


def behaviour_of(office: Office, object_id: UUID, at: datetime) -> Behaviour:
    """The suggestions of one object as they stand at an instant, each with the looks that decide."""
    notices = [row.record for row in office.notices.of_object(object_id)]
    newest = {notice.number: notice for notice in notices}
    scans = [row.record for row in office.scans.of_object(object_id)]
    findings = {finding.uid: finding for scan in scans for finding in scan.findings}
    told = [findings[notice.finding] for notice in newest.values() if notice.finding in findings]
    looks = [look_again(finding, scan.result, scan.findings) for finding in told for scan in scans]
    return behaviour_at(newest.values(), told, looks, at)


def with_behaviour(office: Office, object_id: UUID, terms: CompiledTerms, event: LossEvent) -> LossEvent:
    """The event with what the records say of the insured's behaviour, where the terms ask it and nobody has ruled."""
    began = event.facts.get(BEGAN)
    if SUGGESTIONS_IN_TIME not in terms.definition.facts or SUGGESTIONS_IN_TIME in event.facts:
        return event
    if not isinstance(began, datetime):
        return event
    in_time = behaviour_of(office, object_id, began).in_time
    return event if in_time is None else replace(event, facts={**event.facts, SUGGESTIONS_IN_TIME: in_time})
