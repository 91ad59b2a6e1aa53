"""Payables to providers in the portal: a settled invoice is paid once when it is due, and both sides see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from tests.shell.web.conftest import NOW, Portal
from tests.shell.web.test_services import CASE, act, balance, ordered, worklist

from ringwall.basics import Refusal
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.service import Charge, Order
from ringwall.settlement import Head

LATER = datetime.fromisoformat("2026-12-02T09:00:00+08:00")
"""Thirty days after the acceptance of the work."""
BILL = {"worked_on": "2026-11-02", "days.senior": "1.5", "amount.senior": "6000.00"}
ACCOUNT = {"holder": "烽台网络安全", "bank": "江口银行", "number": "6222 0000 1111 2222"}


def settled(portal: Portal, invoice: str = "FT-7") -> str:
    """An order that the policy includes, from the request to the settled invoice; gives its page."""
    path = ordered(portal, "incident-hotline")
    act(portal, "shouan.claims", f"{path}/consented")
    return worked(portal, path, invoice)


def settled_besides(portal: Portal, invoice: str) -> str:
    """One that the insurer orders and pays for beside the policy."""
    claims, wish, at = portal.speaker("shouan.claims"), OrderWish("tabletop", "fengtai", Charge.INSURER), NOW

    def order(office: Office) -> Order | Refusal:
        object_id = office.objects.by_number(CASE)
        assert object_id is not None
        return dispatch_provider(office, object_id, wish, at=at)

    made = portal.house.front.perform(Request(claims, "dispatch_provider", uuid4().hex, None, CASE), Order, order)
    assert isinstance(made, Order), made
    act(portal, "jiangkou", f"/order/{made.number}/consented")
    return worked(portal, f"/order/{made.number}", invoice)


def worked(portal: Portal, path: str, invoice: str) -> str:
    act(portal, "fengtai", f"{path}/accepted")
    act(portal, "fengtai", f"{path}/delivered", file=b"record of the triage")
    act(portal, "jiangkou", f"{path}/accepted_by_insured")
    act(portal, "fengtai", f"{path}/invoice", invoice=invoice, **BILL)
    act(portal, "shouan.claims", f"{path}/settled")
    return path


def pay(portal: Portal, status: int = 200, key: str = "", **fields: str) -> str:
    answer = portal.of("shouan.claims").post("/payables/payments", data={"key": key or uuid4().hex, **fields})
    assert answer.status_code == status, answer.text
    return answer.text


@pytest.fixture
def later(writing: Portal) -> Callable[[], Portal]:
    """The same house when the invoice is due."""
    return lambda: Portal(writing.house, LATER)


def test_a_due_invoice_is_paid_once_and_both_sides_see_its_day_and_reference(
    writing: Portal, later: Callable[[], Portal]
) -> None:
    path = settled(writing)
    number = path.rpartition("/")[2]
    assert "due 2 Dec 2026" in writing.of("fengtai").get("/orders").text
    assert "is due on 2026-12-02 and the day is 2026-11-02" in pay(writing, 422, order=number)
    assert "pay_providers" not in worklist(writing, "shouan.claims")
    portal = later()
    assert "has stated no bank account" in pay(portal, 422, order=number)
    act(portal, "fengtai", "/provider/fengtai/account", **ACCOUNT)
    assert "6222000011112222" in portal.of("shouan.claims").get("/provider/fengtai").text
    assert "6222000011112222" not in portal.of("jiangkou").get("/provider/fengtai").text
    assert "Pay what is due: 1" in portal.of("shouan.claims").get("/payables").text

    key = uuid4().hex
    first, again = pay(portal, key=key), pay(portal, key=key)
    (reference,) = set(re.findall(r"SHOUAN-PAY-\d{6}", first))
    assert reference in again
    assert "Nothing was to be paid" in pay(portal)
    assert "was paid on 2026-12-02" in pay(portal, 422, order=number)
    assert balance(portal, Head.PAYABLE_TO_PROVIDER, "fengtai") == 0
    assert balance(portal, Head.SERVICE_EXPENSE) == 600_000
    for page in (path, "/provider/fengtai", "/payables"):
        assert reference in portal.of("fengtai").get(page).text
    assert "paid" in portal.of("fengtai").get("/orders").text
    assert portal.of("fengtai").get("/inbox").text.count("Invoice FT-7 is paid") == 1
    assert "was paid on" in act(portal, "shouan.claims", f"{path}/reversed", status=422, note="one day was worked")


def test_what_is_disputed_or_of_a_suspended_provider_waits_and_is_named(
    writing: Portal, later: Callable[[], Portal]
) -> None:
    path, second = settled(writing), settled_besides(writing, "FT-8")
    portal = later()
    act(portal, "fengtai", "/provider/fengtai/account", **ACCOUNT)
    act(portal, "jiangkou", f"{path}/dispute", note="the triage took half a day")
    assert "end" in act(portal, "shouan.claims", f"{path}/end-dispute", status=422)
    reason = {"decision": "suspend", "reason": "findings were made up"}
    act(portal, "shouan", "/provider/fengtai/suspensions", **reason)
    run = pay(portal)
    assert "the triage took half a day" in run
    assert "findings were made up" in run
    assert balance(portal, Head.PAYABLE_TO_PROVIDER, "fengtai") == -1_200_000
    order = {"key": "x", "service": "tabletop", "provider": "fengtai", "charge": "insured"}
    refused = portal.of("jiangkou").post("/services/JIANGKOU-SUB-000001", data=order)
    assert (refused.status_code, "is suspended since" in refused.text) == (422, True)

    act(portal, "shouan", "/provider/fengtai/suspensions", decision="lift", reason="cleared")
    assert second.rpartition("/")[2] in pay(portal)
    act(portal, "jiangkou", f"{path}/end-dispute")
    pay(portal, order=path.rpartition("/")[2], reference="ICBC-4711")
    assert "ICBC-4711" in portal.of("fengtai").get(path).text
    assert balance(portal, Head.PAYABLE_TO_PROVIDER, "fengtai") == 0


def test_nobody_but_the_claims_side_of_the_lead_pays(writing: Portal) -> None:
    path = settled(writing)
    for person in ("jiangkou", "fengtai", "shouan", "zhongliu"):
        answer = writing.of(person).post("/payables/payments", data={"key": person, "order": path.rpartition("/")[2]})
        assert answer.status_code == 404, person
    assert writing.of("jiangkou").get("/payables").status_code == 404
    assert NOW < LATER


def test_a_provider_proposes_a_price_the_insurer_accepts_it_and_the_order_is_charged_by_it(writing: Portal) -> None:
    card = {"valid_from": "2026-11-01", "valid_until": "2027-11-01", "payment_days": "0"}
    asked = {"price.tabletop": "5,000.00", "unit.tabletop": "order", "price.retest": "", "unit.retest": "order"}
    assert "cannot be read" in act(writing, "fengtai", "/provider/fengtai/cards", status=422, **asked)
    act(writing, "fengtai", "/provider/fengtai/cards", **asked, **card)
    assert "waits for an answer" in writing.of("fengtai").get("/provider/fengtai").text
    (task,) = worklist(writing, "shouan")["answer_rate_card"]
    assert task.link == "/provider/fengtai#cards"
    answer = {"card": "FENGTAI-RC-000001", "reason": ""}
    assert "no reason is given" in act(
        writing, "shouan", "/provider/fengtai/cards/answers", status=422, decision="declined", **answer
    )
    path = ordered(writing, "tabletop", "insured")
    assert "/ person-day" in invoice_form(writing, path), "by the card of the house before the other one is accepted"
    act(writing, "shouan", "/provider/fengtai/cards/answers", decision="accepted", **answer)
    assert "answer_rate_card" not in worklist(writing, "shouan")
    assert "accepted by the insurer" in writing.of("jiangkou").get("/provider/fengtai").text
    other = ordered(writing, "tabletop", "insured")
    assert "5,000.00 / order" in invoice_form(writing, other)
    bill = {"invoice": "FT-9", "worked_on": "2026-11-02", "days.tabletop": "1", "amount.tabletop": "5000.01"}
    act(writing, "fengtai", f"{other}/invoice", **bill)
    assert "CNY 5,000.00" in act(writing, "jiangkou", f"{other}/settled", status=422)


def invoice_form(portal: Portal, path: str) -> str:
    """The provider's page of an order whose work was accepted."""
    act(portal, "fengtai", f"{path}/accepted")
    act(portal, "fengtai", f"{path}/delivered", file=b"minutes")
    act(portal, "jiangkou", f"{path}/accepted_by_insured")
    return portal.of("fengtai").get(path).text
