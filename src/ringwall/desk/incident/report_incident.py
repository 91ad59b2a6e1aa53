"""The insured reports an incident: it is graded under every scheme, and the hour clocks of the reports begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import OrganisationId, Refusal, Words
from ringwall.desk.doors import GrantRole, Letter
from ringwall.desk.office import Office, own_code
from ringwall.incident import (
    Grade,
    Incident,
    IncidentClass,
    OperatorKind,
    ReportingDuty,
    TimelineEntry,
    TimelineKind,
    add_entry,
    grade,
    open_incident,
    reporting_duties,
)


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What the insured tells: facts are counts and whole fen, an absent one is unknown."""

    incident_class: IncidentClass
    operator: OperatorKind
    started_at: datetime | None
    discovered_at: datetime
    facts: Mapping[str, int]


def report_incident(office: Office, object_id: UUID, report: IncidentReport, *, at: datetime) -> Incident | Refusal:
    """The incident under a number of its own; lead and provider are told at once."""
    number = office.numbers.next(f"{own_code(office)}-I")
    incident = open_incident(
        number,
        OrganisationId(office.me),
        report.incident_class,
        started_at=report.started_at,
        discovered_at=report.discovered_at,
        facts=report.facts,
        known_at=at,
    )
    if isinstance(incident, Refusal):
        return incident
    told = TimelineEntry(TimelineKind.INSURER_TOLD, at, at, str(office.me), Words("已报告保险人", "insurer told"))
    incident = add_entry(incident, told)
    if isinstance(incident, Refusal):
        return incident
    office.incidents.add(
        number, incident, object_id=object_id, effective_at=report.discovered_at, known_at=at, state="reported"
    )
    told_roles: tuple[GrantRole, ...] = ("lead", "provider")
    for role in told_roles:
        office.post.send(_letter(object_id, incident, role, at))
    return incident


def grades_of(office: Office, incident: Incident, at: datetime) -> tuple[Grade, ...]:
    """The grade under every scheme of the catalogue, on the facts that were known at an instant."""
    facts = incident.facts_known_at(at)
    return tuple(grade(scheme, facts) for scheme in office.catalogue.schemes)


def duties_of(office: Office, incident: Incident, operator: OperatorKind, at: datetime) -> tuple[ReportingDuty, ...]:
    """The reports that are due, from the instant at which the insured discovered the incident."""
    return reporting_duties(grades_of(office, incident, at), operator, incident.discovered_at)


def add_to_timeline(office: Office, object_id: UUID, number: str, entry: TimelineEntry) -> Incident | Refusal:
    """One more line of what happened; nothing is edited."""
    row = office.incidents.newest(number)
    assert row is not None and row.object_id == object_id, "the shell has looked the incident up"
    incident = add_entry(row.record, entry)
    if isinstance(incident, Refusal):
        return incident
    office.incidents.add(
        number, incident, object_id=object_id, effective_at=entry.at, known_at=entry.known_at, state=entry.kind.value
    )
    return incident


def _letter(object_id: UUID, incident: Incident, role: GrantRole, at: datetime) -> Letter:
    subject = Words(f"网络安全事件 {incident.number} 已报告", f"Incident {incident.number} was reported")
    text = Words(
        f"发现时间 {incident.discovered_at.isoformat()}；请按保单约定响应。",
        f"Discovered at {incident.discovered_at.isoformat()}; respond as the policy says.",
    )
    return Letter(object_id, "incident", role, subject, text, f"/incident/{incident.number}", at, incident.number)
