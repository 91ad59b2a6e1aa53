"""Within the term: written notices on what is new since binding, and the premium that follows a re-test."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.message.tell_clocks import ClocksTold, tell_clocks
from ringwall.desk.monitoring.watch_policy import Rerating, endorse_for_risk, send_notices
from ringwall.desk.office import Office
from ringwall.monitoring import Notice
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import After, Body, Instant, Limit, Number, NumberText
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, application_of, listing, object_of, record_of

router = APIRouter(tags=["监测 · Monitoring"], route_class=SignedRoute)


class SendNotices(Body):
    """On which policy notices go out, and how many days the insured has from their delivery."""

    policy: NumberText
    term_days: int = Field(ge=1, le=365, strict=True, examples=[10])


class Delivered(Body):
    """The policy whose messages are looked at; when each was delivered is known from the message."""

    policy: NumberText


class Rerate(Body):
    """The policy to rate anew on the newest evidence, and when the insured asked for it (now by default)."""

    policy: NumberText
    requested_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices of one policy."""

    notices: tuple[Notice, ...]


@router.post("/notices", status_code=201, response_model=mirror(Notices), summary="发出书面建议 · Send notices")
def send(body: SendNotices, writer: Writing) -> Notices:
    """A written suggestion on everything that is new or worse since binding; nothing new sends nothing."""
    number = application_of(writer, lambda office: office.policies, body.policy)
    at = writer.instant(None)

    def work(office: Office) -> Notices | Refusal:
        sent = send_notices(office, object_of(office, number), term_days=body.term_days, at=at)
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
