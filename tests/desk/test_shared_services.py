"""What a policy's included service costs is shared by the panel where it has agreed so, and taken back the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal, split_running
from ringwall.desk.life.cover_steps import bind
from ringwall.desk.life.year import Year
from ringwall.desk.office import Office
from ringwall.desk.service.advance_order import OrderStep, Upload, advance_order, deliver_file, invoice_order
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.desk.settlement.statement_of import statement_of
from ringwall.service import Order, OrderState, ServiceInvoice, WorkLine
from ringwall.settlement import Head, SequenceKind, account
from ringwall.shell.store.people import speaker_named

BEGUN = datetime.fromisoformat("2026-02-02T09:00:00+08:00")
CHARGED = 600_001
Work = Callable[[Office, UUID], Order | Refusal]


def settled(year: Year) -> Order:
    """An included order from the request to the settled invoice, an hour for each step."""
    at = BEGUN

    def take(person: str, action: str, work: Work) -> Order:
        nonlocal at
        at += timedelta(hours=1)
        return year.do(person, action, f"test:{uuid4()}", Order, work)

    def step(person: str, action: str, state: OrderState, note: str = "") -> Order:
        taken = OrderStep(made.number, state, note)
        return take(person, action, lambda office, obj: advance_order(office, obj, taken, at=at))

    wish = OrderWish("incident-hotline")
    made = take("insured", "dispatch_provider", lambda office, obj: dispatch_provider(office, obj, wish, at=at))
    step("claims", "consent_order", OrderState.CONSENTED)
    step("provider", "advance_order", OrderState.ACCEPTED)
    paper = Upload(made.number, "triage.txt", "text/plain", b"record of the triage")
    take("provider", "advance_order", lambda office, obj: deliver_file(office, obj, paper, at=at))
    step("insured", "accept_deliverable", OrderState.ACCEPTED_BY_INSURED)
    line = WorkLine("expert", Fraction(2), CHARGED)
    bill = ServiceInvoice("FT-9", made.number, "fengtai", date(2026, 2, 2), (line,))
    take("provider", "advance_order", lambda office, obj: invoice_order(office, obj, bill, at=at))
    return step("claims", "settle_order", OrderState.SETTLED)


def costs(told_until: ToldUntil, year: Year) -> dict[str, int]:
    """What each carrier's own journal has as the cost of services: debits less credits."""
    found = {}
    for line in year.case.panel:
        speaker = speaker_named(told_until.house.pool, line.insurer)
        moved = told_until.house.front.ask(speaker, lambda office: office.books.all())
        own = account(line.insurer, Head.SERVICE_EXPENSE)
        found[line.insurer] = sum(t.amount_minor * ((t.debit == own) - (t.credit == own)) for t in moved)
    return found


def test_an_included_service_costs_each_co_insurer_its_share_to_the_fen_and_nothing_once_reversed(
    told_until: ToldUntil,
) -> None:
    year = told_until("explain")
    year.case = replace(year.case, services_shared=True)
    bind(year)
    order = settled(year)
    shares = [line.share for line in year.case.panel]
    assert tuple(costs(told_until, year).values()) == split_running(CHARGED, shares)
    for person in ("first_follower", "second_follower"):
        checked = year.read(person, lambda office, obj: statement_of(office, obj, year.case.period))
        assert checked.differences == ()
        mine = costs(told_until, year)[checked.statement.participant]
        assert checked.statement.account(SequenceKind.SERVICE).closing_minor == mine
        assert checked.statement.loss_fund_call_minor == 0, "services are no claims"
    back = OrderStep(order.number, OrderState.REVERSED, "one day was worked")
    at = order.entries[-1].at + timedelta(hours=1)
    year.do("claims", "settle_order", "back", Order, lambda office, obj: advance_order(office, obj, back, at=at))
    assert set(costs(told_until, year).values()) == {0}


def test_without_such_an_agreement_the_lead_bears_it(told_until: ToldUntil) -> None:
    year = told_until("bind")
    settled(year)
    assert costs(told_until, year) == {line.insurer: CHARGED * (line.insurer == "shouan") for line in year.case.panel}
