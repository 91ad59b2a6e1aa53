"""Incidents with their grades and hour clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ringwall.basics import Refusal, Words
from ringwall.desk.incident.report_incident import (
    IncidentReport,
    add_to_timeline,
    duties_of,
    grades_of,
    report_incident,
)
from ringwall.desk.office import Office
from ringwall.incident import (
    Comparison,
    Grade,
    Incident,
    IncidentClass,
    OperatorKind,
    ReportingDuty,
    TimelineEntry,
    TimelineKind,
)
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import (
    After,
    Body,
    BothLanguages,
    Count,
    Instant,
    Limit,
    Number,
    NumberText,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, standing

router = APIRouter(tags=["事件 · Incidents"], route_class=SignedRoute)

Facts = dict[Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")], Count]
Operator = Annotated[OperatorKind, Query(description="运营者类别 · who runs the systems")]


class Report(Body):
    """What the insured tells: facts are counts and whole fen, an absent one is unknown."""

    policy: NumberText
    incident_class: IncidentClass
    operator: OperatorKind = OperatorKind.OTHER
    started_at: Instant | None = None
    discovered_at: Instant
    facts: Facts = Field(default_factory=dict, max_length=40, examples=[{"persons": 2400}])


class Tell(Body):
    """One more line of what happened, and the fact that it establishes, if any."""

    kind: TimelineKind
    at: Instant
    what: BothLanguages
    fact: Annotated[str, Field(pattern=r"^[a-z_]{0,60}$")] = ""
    value: Count | None = None


@dataclass(frozen=True, slots=True)
class GradeUnder:
    """The grade under one scheme, final or not, and why."""

    scheme: str
    title: Words
    level: str
    name: Words
    final: bool
    may_reach: str
    because: tuple[Comparison, ...]
    unknown_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradedIncident:
    """An incident, its grades on the facts known by now, and the reports that are due."""

    incident: Incident
    grades: tuple[GradeUnder, ...]
    duties: tuple[ReportingDuty, ...]


@router.post(
    "/incidents", status_code=201, response_model=mirror(GradedIncident), summary="报告事件 · Report an incident"
)
def report(body: Report, writer: Writing) -> GradedIncident:
    """The incident under a number of its own; lead and provider are told at once, the report clocks begin."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    discovered_at = writer.instant(body.discovered_at, "discovered_at")
    told = IncidentReport(body.incident_class, body.operator, body.started_at, discovered_at, body.facts)
    at = writer.instant(None)
    incident = writer.write(
        "report_incident",
        body,
        Incident,
        lambda office: report_incident(office, object_of(office, number), told, at=at),
        number,
    )
    return writer.ask(lambda office: _graded(office, incident, body.operator, incident.timeline[-1].known_at))


@router.get("/incidents", response_model=mirror(Listing), summary="事件列表 · List incidents")
def incidents(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The incidents that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.incidents.all(), limit, after))


@router.get("/incidents/{number}", response_model=mirror(GradedIncident), summary="事件 · One incident")
def one_incident(number: Number, caller: Asking, operator: Operator = OperatorKind.OTHER) -> GradedIncident:
    """The timeline, the grade under every scheme, and the reports that are due for this kind of operator."""
    at = caller.instant(None)

    def read(office: Office) -> GradedIncident | Refusal:
        row = standing(office.incidents, number)
        return row if isinstance(row, Refusal) else _graded(office, row.record, operator, at)

    return caller.ask(read)


@router.post(
    "/incidents/{number}/entries",
    status_code=201,
    response_model=mirror(Incident),
    summary="补充经过 · Add to the timeline",
)
def tell(number: Number, body: Tell, writer: Writing) -> Incident:
    """One more line of what happened; nothing is edited."""
    application = application_of(writer, lambda office: office.incidents, number)
    at, now = writer.instant(body.at), writer.instant(None)
    by = str(writer.speaker.organisation_id)
    entry = TimelineEntry(body.kind, at, now, by, body.what.words(), body.fact, body.value)
    return writer.write(
        "report_incident",
        body,
        Incident,
        lambda office: add_to_timeline(office, object_of(office, application), number, entry),
        application,
    )


def _graded(office: Office, incident: Incident, operator: OperatorKind, at: datetime) -> GradedIncident:
    grades = tuple(_grade(each) for each in grades_of(office, incident, at))
    return GradedIncident(incident, grades, duties_of(office, incident, operator, at))


def _grade(grade: Grade) -> GradeUnder:
    return GradeUnder(
        scheme=grade.scheme.code,
        title=grade.scheme.title,
        level=grade.level.code,
        name=grade.name,
        final=grade.final,
        may_reach=grade.may_reach.code,
        because=grade.because,
        unknown_facts=grade.unknown_facts,
    )
