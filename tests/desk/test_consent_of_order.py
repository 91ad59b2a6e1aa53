"""Scans and monitoring are ordered under the insured's consent; taken back, it ends the order and frees its unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal, Term
from ringwall.desk.exposure.put_on_record import give_consent, withdraw_consent
from ringwall.desk.life.year import StoryRefused, Year
from ringwall.desk.office import Office
from ringwall.desk.service.advance_order import OrderStep, advance_order
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider, entitlement_left
from ringwall.exposure import ConsentEntry
from ringwall.service import Charge, Entitlement, Order, OrderState
from ringwall.wiring.people import shipped_case

T = TypeVar("T")
AT = datetime.fromisoformat("2026-02-02T09:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def year(told_until: ToldUntil) -> Year:
    return told_until("bind")


def asked(
    year: Year, person: str, action: str, answer: type[T], work: Callable[[Office, UUID], T | Refusal]
) -> T | Refusal:
    """As a person asks through the front: a refusal leaves nothing behind."""
    try:
        return year.do(person, action, uuid4().hex, answer, work)
    except StoryRefused as stopped:
        return stopped.refusal


def order(
    year: Year, service: str, at: datetime = AT, charge: Charge = Charge.INCLUDED, *assets: str
) -> Order | Refusal:
    wish = OrderWish(service, charge=charge, assets=assets)
    return asked(year, "insured", "dispatch_provider", Order, lambda o, i: dispatch_provider(o, i, wish, at=at))


def step(year: Year, number: str, state: OrderState, at: datetime) -> Order | Refusal:
    taken = OrderStep(number, state)
    return asked(year, "provider", "advance_order", Order, lambda o, i: advance_order(o, i, taken, at=at))


def withdraw(year: Year, at: datetime) -> ConsentEntry:
    found = asked(year, "insured", "give_consent", ConsentEntry, lambda o, i: withdraw_consent(o, i, at=at))
    assert isinstance(found, ConsentEntry), found
    return found


def newest(year: Year, number: str) -> Order:
    row = year.read("insured", lambda office, _: office.orders.newest(number))
    assert row is not None
    return row.record


def left(year: Year, service: str) -> int:
    found = year.read("insured", lambda office, obj: entitlement_left(office, obj, service))
    assert isinstance(found, Entitlement)
    return found.left


def test_an_order_names_what_the_consent_lets_it_look_at(year: Year) -> None:
    made = order(year, "periodic-scan")
    assert isinstance(made, Order), made
    assert "www.jiangkou.test" in made.assets
    one = order(year, "periodic-scan", AT, Charge.INCLUDED, "erp.jiangkou.test")
    assert isinstance(one, Order)
    assert one.assets == ("erp.jiangkou.test",)
    outside = order(year, "periodic-scan", AT, Charge.INCLUDED, "erp.stranger.test")
    assert isinstance(outside, Refusal)
    assert (outside.code, outside.where) == ("not_in_scope", "periodic-scan")
    assert "erp.stranger.test" in outside.message.en


def test_a_withdrawn_consent_ends_open_orders_gives_their_units_back_and_tells_the_provider(year: Year) -> None:
    before = left(year, "periodic-scan"), left(year, "traffic-monitoring")
    scan, traffic, talk = (
        order(year, "periodic-scan"),
        order(year, "traffic-monitoring"),
        order(year, "tabletop", AT, Charge.INSURED),
    )
    assert isinstance(scan, Order), scan
    assert isinstance(traffic, Order), traffic
    assert isinstance(talk, Order), talk
    assert isinstance(step(year, scan.number, OrderState.ACCEPTED, AT + HOUR), Order)
    withdraw(year, AT + 2 * HOUR)
    for number in (scan.number, traffic.number):
        ended = newest(year, number)
        assert ended.state is OrderState.CANCELLED
        assert "taken its consent back" in ended.entries[-1].note
    assert newest(year, talk.number).state is OrderState.CONSENTED, "an exercise touches no system"
    assert (left(year, "periodic-scan"), left(year, "traffic-monitoring")) == before
    told = year.read("provider", lambda office, _: [each.about for each in office.post.inbox()])
    assert {scan.number, traffic.number} <= set(told)
    for service in ("periodic-scan", "traffic-monitoring"):
        refusal = order(year, service, AT + 3 * HOUR)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "consent_withdrawn"


def test_an_order_waits_for_a_consent_that_covers_it_before_it_is_accepted(year: Year) -> None:
    """A later consent takes the place of the one under which it was ordered."""
    made = order(year, "periodic-scan")
    assert isinstance(made, Order)
    signed = shipped_case().consent
    over = Term(signed.valid.start, AT + HOUR)

    def sign(office: Office, object_id: UUID) -> ConsentEntry | Refusal:
        return give_consent(office, object_id, replace(signed, valid=over), at=AT)

    assert isinstance(asked(year, "insured", "give_consent", ConsentEntry, sign), ConsentEntry)
    refusal = step(year, made.number, OrderState.ACCEPTED, AT + 2 * HOUR)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "consent_not_in_force"
    assert newest(year, made.number).state is OrderState.CONSENTED


def test_an_order_that_would_outlast_the_consent_is_refused_with_both_dates(year: Year) -> None:
    signed = shipped_case().consent
    refusal = order(year, "traffic-monitoring", signed.valid.end - timedelta(days=10))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "consent_ends_within"
    assert signed.valid.end.isoformat() in refusal.message.en
