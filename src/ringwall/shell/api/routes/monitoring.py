"""Within the term: written notices on what is new since binding, and the premium that follows a re-test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.message.tell_clocks import ClocksTold, tell_clocks
from ringwall.desk.monitoring.acknowledge_alert import acknowledge_alert
from ringwall.desk.monitoring.take_next_step import StepDone, take_next_step
from ringwall.desk.monitoring.tell_of_increase import tell_of_increase
from ringwall.desk.monitoring.watch_policy import Rerating, endorse_for_risk, send_notices
from ringwall.desk.office import Office
from ringwall.desk.views.alerts import AlertLine, AlertWish, alerts_page
from ringwall.evidence import Severity
from ringwall.monitoring import Acknowledgement, AlertKind, AlertState, NextStep, NextStepTaken, Notice, RiskTold
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import PRINTABLE, After, Body, Instant, Limit, Number, NumberText, ShortText, Word
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, record_of

router = APIRouter(tags=["监测 · Monitoring"], route_class=SignedRoute)


class SendNotices(Body):
    """On which policy notices go out, with how many days from delivery, and on which findings (by default all that are
    new or worse since binding)."""

    policy: NumberText
    term_days: int = Field(ge=1, le=365, strict=True, examples=[10])
    findings: list[Word] = Field(default_factory=list, max_length=200)


class Delivered(Body):
    """The policy whose messages are looked at; when each was delivered is known from the message."""

    policy: NumberText


class Rerate(Body):
    """The policy to rate anew on the newest evidence, and when the insured asked for it (now by default)."""

    policy: NumberText
    requested_at: Instant | None = None


class Choice(Body):
    """Which of the steps that Insurance Law 51 offers is taken, and why."""

    step: NextStep
    because: ShortText


class MoreRisk(Body):
    """What has increased the risk of a policy, in the insured's words, and since when (now by default)."""

    policy: NumberText
    what: ShortText
    since: Instant | None = None


class Noting(Body):
    """The alert that somebody takes note of, under its application."""

    application: NumberText
    alert: str = Field(min_length=1, max_length=400, pattern=PRINTABLE, examples=["traffic:beacons"])


@dataclass(frozen=True, slots=True)
class AlertList:
    """Alerts that pass the filters, the most urgent first, and how many there are without them."""

    alerts: tuple[AlertLine, ...]
    all_alerts: int


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices of one policy."""

    notices: tuple[Notice, ...]


@router.post("/notices", status_code=201, response_model=mirror(Notices), summary="发出书面建议 · Send notices")
def send(body: SendNotices, writer: Writing) -> Notices:
    """Written suggestions in one letter; nothing that was told before is told again."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at = writer.instant(None)

    def work(office: Office) -> Notices | Refusal:
        sent = send_notices(office, object_of(office, number), term_days=body.term_days, at=at, findings=body.findings)
        return sent if isinstance(sent, Refusal) else Notices(sent)

    return writer.write("send_notice", body, Notices, work, number)


@router.post("/deliveries", status_code=201, response_model=mirror(ClocksTold), summary="取回送达 · Take deliveries")
def delivered(body: Delivered, writer: Writing) -> ClocksTold:
    """Notices and claims learn of the deliveries of their messages. The worker does this by itself; here it is now."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at = writer.instant(None)
    return writer.write(
        "tell_clocks", body, ClocksTold, lambda office: tell_clocks(office, object_of(office, number), at=at), number
    )


@router.get("/notices", response_model=mirror(Listing), summary="书面建议列表 · List notices")
def notices(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The notices that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.notices.all(), limit, after))


@router.get("/notices/{number}", response_model=mirror(Notice), summary="书面建议 · One notice")
def one_notice(number: Number, caller: Asking) -> Notice:
    """The text, what follows if nothing is done, and when the term began."""
    return record_of(caller, lambda office: office.notices, number, Notice)


@router.post(
    "/notices/{number}/steps", status_code=201, response_model=mirror(StepDone), summary="逾期后的处理 · Take a step"
)
def step(number: Number, body: Choice, writer: Writing) -> StepDone:
    """The term has passed and a later look still sees the weakness: raise, end, or leave it."""
    application = application_of(writer, lambda office: office.notices, number)
    taken = NextStepTaken(body.step, writer.speaker.display_name, writer.instant(None), body.because)
    return writer.write(
        "take_next_step",
        body,
        StepDone,
        lambda office: take_next_step(office, object_of(office, application), number, taken),
        application,
    )


@router.post(
    "/risk-increases", status_code=201, response_model=mirror(RiskTold), summary="告知风险增加 · Tell of more risk"
)
def more_risk(body: MoreRisk, writer: Writing) -> RiskTold:
    """Told in time, an increase costs no cover; whether it costs premium is decided on evidence (Insurance Law 52)."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at, since = writer.instant(None), writer.instant(body.since, "since")
    return writer.write(
        "tell_of_increase",
        body,
        RiskTold,
        lambda office: tell_of_increase(office, object_of(office, number), body.what, since=since, at=at),
        number,
    )


@router.post("/endorsements", status_code=201, response_model=mirror(Rerating), summary="按风险批改 · Endorse for risk")
def rerate(body: Rerate, writer: Writing) -> Rerating:
    """The rate on the newest evidence; a notable change becomes an endorsement with its invoice (Law 51 to 53)."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at, requested_at = writer.instant(None), writer.instant(body.requested_at, "requested_at")
    return writer.write(
        "endorse_for_risk",
        body,
        Rerating,
        lambda office: endorse_for_risk(office, object_of(office, number), requested_at=requested_at, at=at),
        number,
    )


@router.get("/alerts", response_model=mirror(AlertList), summary="告警列表 · List alerts")
def alerts(
    caller: Asking,
    kind: Annotated[AlertKind | None, Query(description="类别 · the kind")] = None,
    severity: Annotated[
        Literal["info", "low", "medium", "high", "critical"] | None, Query(description="最低级别 · at least")
    ] = None,
    state: Annotated[AlertState | None, Query(description="状态 · new or noted")] = None,
    application: Annotated[str, Query(max_length=120, pattern=r"^[A-Za-z0-9._:@-]*$")] = "",
) -> AlertList:
    """Of every application in sight: traffic, exploited products, drift, contradictions, deadlines."""
    wish = AlertWish(kind, Severity[severity.upper()] if severity else None, state, application)
    now = caller.instant(None)

    def read(office: Office) -> AlertList:
        page = alerts_page(office, now, wish)
        return AlertList(page.lines, page.all_lines)

    return caller.ask(read)


@router.post(
    "/alerts/acknowledgements",
    status_code=201,
    response_model=mirror(Acknowledgement),
    summary="确认告警 · Take note of an alert",
)
def note(body: Noting, writer: Writing) -> Acknowledgement:
    """Who and when, kept for good; it closes nothing, and an alert that is raised again is new again."""
    by, at = writer.speaker.display_name, writer.instant(None)
    return writer.write(
        "acknowledge_alert",
        body,
        Acknowledgement,
        lambda office: acknowledge_alert(office, object_of(office, body.application), body.alert, by=by, at=at),
        body.application,
    )
