"""Incidents with their grades and hour clocks, and the providers that are sent to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Row
from ringwall.desk.incident.report_incident import (
    IncidentReport,
    add_to_timeline,
    duties_of,
    grades_of,
    report_incident,
)
from ringwall.desk.office import Office
from ringwall.desk.service.dispatch_provider import OrderStep, advance_order, dispatch_provider
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
from ringwall.service import ConsentOf, Order, OrderState, SlaStanding, sla_standing
from ringwall.shell.api.caller import Asking, SignedRoute, Writer, Writing
from ringwall.shell.api.forms.fields import (
    After,
    Body,
    BothLanguages,
    Count,
    Instant,
    Limit,
    MaybeDigest,
    MaybeText,
    Number,
    NumberText,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, standing

router = APIRouter(tags=["事件与服务 · Incidents and services"], route_class=SignedRoute)

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


class Dispatch(Body):
    """Which of the policy's services is ordered."""

    policy: NumberText
    service: Word = Field(examples=["incident-response"])


class Step(Body):
    """The state that the order reaches, with what there is to show for it."""

    state: OrderState
    note: MaybeText = ""
    evidence_sha256: MaybeDigest = ""
    at: Instant | None = None


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


@dataclass(frozen=True, slots=True)
class TimedOrder:
    """A service order with every clock of it."""

    order: Order
    state: OrderState
    clocks: tuple[SlaStanding, ...]


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


@router.post("/orders", status_code=201, response_model=mirror(TimedOrder), summary="派遣服务方 · Dispatch a provider")
def dispatch(body: Dispatch, writer: Writing) -> TimedOrder:
    """An order to the policy's provider, for a service that the policy includes and has units left of."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at = writer.instant(None)
    order = writer.write(
        "dispatch_provider",
        body,
        Order,
        lambda office: dispatch_provider(office, object_of(office, number), body.service, at=at),
        number,
    )
    return writer.ask(lambda office: _timed(office, order, order.entries[-1].at))


@router.post(
    "/orders/{number}/steps", status_code=201, response_model=mirror(TimedOrder), summary="工单进展 · Take a step"
)
def step(number: Number, body: Step, writer: Writing) -> TimedOrder:
    """One state further: no state is skipped, and each is taken by the one whose step it is."""
    row = writer.ask(lambda office: standing(office.orders, number))
    application = application_of(writer, lambda office: office.orders, number)
    at = writer.instant(body.at)
    taken = OrderStep(number, body.state, body.note, body.evidence_sha256)
    order = writer.write(
        _action(writer, row, body.state),
        body,
        Order,
        lambda office: advance_order(office, object_of(office, application), taken, at=at),
        application,
    )
    return writer.ask(lambda office: _timed(office, order, order.entries[-1].at))


@router.get("/orders", response_model=mirror(Listing), summary="工单列表 · List orders")
def orders(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The service orders that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.orders.all(), limit, after))


@router.get("/orders/{number}", response_model=mirror(TimedOrder), summary="工单 · One order")
def one_order(number: Number, caller: Asking) -> TimedOrder:
    """Every step with who took it and when, and how each service time stands now."""
    at = caller.instant(None)

    def read(office: Office) -> TimedOrder | Refusal:
        row = standing(office.orders, number)
        return row if isinstance(row, Refusal) else _timed(office, row.record, at)

    return caller.ask(read)


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


def _timed(office: Office, order: Order, at: datetime) -> TimedOrder | Refusal:
    service = office.catalogue.services.service(order.service)
    if isinstance(service, Refusal):
        return service
    return TimedOrder(order, order.state, sla_standing(order, service, at))


STEP_OF_CONSENT: Mapping[ConsentOf, str] = {
    ConsentOf.INSURED: "accept_deliverable",
    ConsentOf.INSURER: "handle_claim",
}


def _action(writer: Writer, row: Row[Order], state: OrderState) -> str:
    """Whose step it is: consent by the one whose consent the service needs, acceptance by the insured."""
    if state is OrderState.ACCEPTED_BY_INSURED:
        return "accept_deliverable"
    if state is OrderState.SETTLED:
        return "handle_claim"
    if state is OrderState.CONSENTED:
        service = writer.ask(lambda office: office.catalogue.services.service(row.record.service))
        return STEP_OF_CONSENT[service.consent]
    return "advance_order"
