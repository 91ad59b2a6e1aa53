"""What is owed for a settled order, from which day on, and what stands against paying it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from ringwall.basics import Refusal
from ringwall.service import (
    BankAccount,
    Charge,
    InvoiceDispute,
    InvoicePayment,
    Order,
    OrderEntry,
    OrderState,
    Payable,
    PayableState,
    ServiceInvoice,
    Suspension,
    WorkLine,
    bank_account,
    may_pay,
    parse_rate_cards,
)

ACCOUNT = BankAccount("Fengtai", "Bank of Jiangkou", "6222000011112222")
DUE = date(2026, 12, 2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00:00+08:00")


ACCEPTED, SETTLED = (
    OrderEntry(OrderState.ACCEPTED_BY_INSURED, at("2026-11-02"), "insured"),
    OrderEntry(OrderState.SETTLED, at("2026-11-05"), "lead"),
)
INVOICE = ServiceInvoice("FT-7", "O-1", "fengtai", date(2026, 11, 1), (WorkLine("senior", Fraction(3, 2), 600_000),))
ORDER = Order("O-1", "P-1", "incident-hotline", "fengtai", (ACCEPTED, SETTLED), invoice=INVOICE)


def owed(order: Order = ORDER, days: int = 30) -> Payable:
    found = order.payable(days)
    assert found is not None
    return found


def code(answer: Refusal | None) -> str:
    return answer.code if answer else ""


def test_an_invoice_is_due_so_many_days_after_the_acceptance_and_never_before_it_is_settled() -> None:
    assert owed().due_on == DUE
    assert owed(days=1).due_on == date(2026, 11, 5)
    assert (owed().amount_minor, owed().state(date(2026, 12, 1)), owed().state(DUE)) == (
        600_000,
        PayableState.NOT_DUE,
        PayableState.DUE,
    )


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, charge=Charge.INSURED),
        replace(ORDER, entries=(ACCEPTED,)),
        replace(ORDER, entries=(ACCEPTED, SETTLED, OrderEntry(OrderState.REVERSED, at("2026-11-06"), "lead", "x"))),
        replace(ORDER, invoice=None),
    ],
    ids=["paid by the insured", "not settled", "reversed", "without invoice"],
)
def test_the_insurer_owes_nothing_for_an_order_that(order: Order) -> None:
    assert order.payable(30) is None


def test_what_is_due_to_a_known_account_may_be_paid() -> None:
    lifted = Suspension(False, "Shen", at("2026-11-20"), "mended")
    assert may_pay(owed(), ACCOUNT, None, DUE) is None
    assert may_pay(owed(), ACCOUNT, lifted, DUE) is None


def test_each_thing_that_stands_against_a_payment_names_both_facts() -> None:
    dispute = InvoiceDispute("FT-7", "one day was worked", "lead", at("2026-11-06"))
    payment = InvoicePayment("FT-7", 600_000, DUE, "PAY-1", ACCOUNT, "Lin", at("2026-12-02"))
    stopped = Suspension(True, "Shen", at("2026-11-20"), "false findings")
    for refusal, wanted, facts in (
        (may_pay(owed(), ACCOUNT, None, date(2026, 12, 1)), "invoice_not_due", ("2026-12-02", "2026-12-01")),
        (may_pay(owed(), None, None, DUE), "bank_account_missing", ("FT-7", "fengtai")),
        (may_pay(owed(), ACCOUNT, stopped, DUE), "provider_suspended", ("2026-11-20", "false findings")),
        (
            may_pay(owed(replace(ORDER, disputes=(dispute,))), ACCOUNT, None, DUE),
            "invoice_disputed",
            ("2026-11-06", "one day was worked"),
        ),
        (
            may_pay(owed(replace(ORDER, payment=payment)), ACCOUNT, None, DUE),
            "invoice_paid",
            ("2026-12-02", "PAY-1"),
        ),
    ):
        assert refusal is not None
        assert refusal.code == wanted
        assert all(fact in refusal.message.zh and fact in refusal.message.en for fact in facts)


def test_a_dispute_stands_until_it_ends_and_falls_with_the_invoice_that_it_is_about() -> None:
    dispute = InvoiceDispute("FT-7", "one day was worked", "lead", at("2026-11-06"))
    assert replace(ORDER, disputes=(dispute,)).dispute == dispute
    assert replace(ORDER, disputes=(replace(dispute, ended_at=datetime(2026, 11, 9, tzinfo=UTC)),)).dispute is None
    assert replace(ORDER, disputes=(dispute,), invoice=replace(INVOICE, number="FT-8")).dispute is None


def test_an_account_is_taken_with_holder_bank_and_digits_only() -> None:
    assert bank_account("fengtai", " Fengtai ", "Bank of Jiangkou", "6222 0000 1111 2222") == ACCOUNT
    for holder, number in (("", "6222000011112222"), ("Fengtai", "12"), ("Fengtai", "62220000x1112222")):
        refusal = bank_account("fengtai", holder, "Bank", number)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "bank_account_unreadable"


def test_a_card_does_not_let_the_payer_take_longer_than_the_law() -> None:
    card = (
        'cards: [{provider: f, valid_from: "2026-01-01", valid_until: "2027-01-01", payment_days: "%s", '
        'grades: [{grade: e, zh: 甲, en: e, day_price_minor: "1"}]}]'
    )
    assert not isinstance(parse_rate_cards(card % 60, "cards"), Refusal)
    assert isinstance(parse_rate_cards(card % 61, "cards"), Refusal)
