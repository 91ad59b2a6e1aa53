"""Entitlement, invoices against the rate card, conflicts of interest and the scorecard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words
from ringwall.service import (
    Charge,
    Engagement,
    Entitlement,
    Order,
    OrderEntry,
    OrderState,
    Provider,
    RateCard,
    Role,
    Scorecard,
    ServiceInvoice,
    SlaResult,
    SlaStanding,
    SlaTerm,
    WorkLine,
    after_orders,
    check_conflicts,
    check_invoice,
    draw,
    score,
)

NOON = datetime(2026, 8, 15, 12, tzinfo=SHANGHAI)
CARD = RateCard("fengtai", {"expert": 600_000, "engineer": 250_000}, date(2026, 1, 1), date(2027, 1, 1))
INVOICE = ServiceInvoice(
    "I-1",
    "O-1",
    "fengtai",
    date(2026, 8, 16),
    (
        WorkLine("expert", Fraction(7, 2), 2_100_000),
        WorkLine("engineer", Fraction(6), 1_500_000),
    ),
)


def codes(invoice: ServiceInvoice, card: RateCard = CARD) -> list[str]:
    return [refusal.code for refusal in check_invoice(invoice, card).refusals]


def test_an_invoice_by_the_rate_card_is_accepted() -> None:
    check = check_invoice(INVOICE, CARD)
    assert (check.by_rate_card_minor, check.charged_minor, check.deviation_minor) == (3_600_000, 3_600_000, 0)
    assert check.is_accepted


def test_a_line_above_the_card_is_refused_with_both_amounts() -> None:
    dear = replace(INVOICE, lines=(WorkLine("expert", Fraction(7, 2), 2_100_001),))
    (refusal,) = check_invoice(dear, CARD).refusals
    assert refusal.code == "above_rate_card"
    assert "21,000.00" in refusal.message.en
    assert "21,000.01" in refusal.message.en


def test_a_cheaper_line_is_accepted_and_shows_as_a_deviation() -> None:
    cheap = replace(INVOICE, lines=(WorkLine("expert", Fraction(1), 500_000),))
    check = check_invoice(cheap, CARD)
    assert check.is_accepted
    assert check.deviation_minor == -100_000


def test_an_unknown_grade_and_a_card_of_another_year_are_refused() -> None:
    assert codes(replace(INVOICE, lines=(WorkLine("wizard", Fraction(1), 1),))) == ["grade_unknown"]
    assert codes(replace(INVOICE, worked_on=date(2027, 1, 1))) == ["rate_card_does_not_apply"]
    assert codes(replace(INVOICE, provider="other")) == ["rate_card_does_not_apply"]


@given(st.lists(st.tuples(st.sampled_from(sorted(CARD.price_minor)), st.fractions(0, 30)), max_size=6))
def test_a_line_at_its_rounded_price_is_never_refused(work: list[tuple[str, Fraction]]) -> None:
    lines = tuple(WorkLine(grade, days, round(CARD.price_minor[grade] * days)) for grade, days in work)
    check = check_invoice(replace(INVOICE, lines=lines), CARD)
    assert check.is_accepted
    assert check.deviation_minor == 0


SCANS = Entitlement("P-1", "periodic-scan", 2)


def test_an_entitlement_is_drawn_down_once_for_each_order() -> None:
    once = draw(SCANS, "O-1", 1, at=NOON)
    assert isinstance(once, Entitlement)
    assert draw(once, "O-1", 1, at=NOON) == once
    assert once.left == 1


def test_more_than_what_is_left_is_refused() -> None:
    refusal = draw(SCANS, "O-1", 3, at=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "entitlement_used_up"
    assert "2 left" in refusal.message.en


def test_the_same_order_with_other_units_is_refused() -> None:
    once = draw(SCANS, "O-1", 1, at=NOON)
    assert isinstance(once, Entitlement)
    refusal = draw(once, "O-1", 2, at=NOON)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "drawn_before"


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 3)), max_size=8))
def test_an_entitlement_is_never_overdrawn(orders: list[tuple[str, int]]) -> None:
    entitlement = SCANS
    for order, units in orders:
        drawn = draw(entitlement, order, units, at=NOON)
        entitlement = drawn if isinstance(drawn, Entitlement) else entitlement
        assert entitlement.left >= 0


@given(
    st.integers(0, 4),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(list(OrderState)), st.sampled_from(list(Charge)))),
)
def test_what_is_left_is_never_negative_and_each_order_draws_once(
    units: int, rows: list[tuple[str, OrderState, Charge]]
) -> None:
    orders = [
        Order(number, "P-1", "periodic-scan", "fengtai", (OrderEntry(state, NOON, "x"),), charge)
        for number, state, charge in rows
    ]
    left = after_orders(Entitlement("P-1", "periodic-scan", units), orders)
    newest = {order.number: order for order in orders}
    assert left.left == max(units - sum(order.draws for order in newest.values()), 0) >= 0
    assert after_orders(left, orders) == left
    assert after_orders(left, [*orders, *newest.values()]) == left


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REJECTED])
def test_an_order_that_ends_without_a_result_gives_its_unit_back(state: OrderState) -> None:
    order = Order("O-1", "P-1", "periodic-scan", "fengtai", (OrderEntry(OrderState.REQUESTED, NOON, "x"),))
    drawn = after_orders(SCANS, [order])
    assert drawn.left == 1
    assert after_orders(drawn, [replace(order, entries=(*order.entries, OrderEntry(state, NOON, "x")))]).left == 2


def provider(name: str, group: str = "") -> Provider:
    return Provider(name, Words(name, name), (), group)


@pytest.mark.parametrize(
    ("roles", "clashes"),
    [
        ((Role.ASSESSOR, Role.FIXER), 1),
        ((Role.ASSESSOR, Role.ADJUSTER), 1),
        ((Role.ASSESSOR, Role.RESPONDER), 0),
        ((Role.RESPONDER, Role.FIXER), 0),
        ((Role.FIXER, Role.ASSESSOR, Role.ADJUSTER), 2),
    ],
)
def test_who_assesses_neither_sells_the_fix_nor_adjusts(roles: tuple[Role, ...], clashes: int) -> None:
    engagements = [Engagement("C-1", provider("fengtai"), role) for role in roles]
    refusals = check_conflicts(engagements)
    assert [refusal.code for refusal in refusals] == ["conflict_of_interest"] * clashes


def test_two_companies_of_one_group_are_one_house_and_two_cases_are_two() -> None:
    assessor = Engagement("C-1", provider("a", group="g"), Role.ASSESSOR)
    fixer = Engagement("C-1", provider("b", group="g"), Role.FIXER)
    assert len(check_conflicts([assessor, fixer])) == 1
    assert check_conflicts([assessor, replace(fixer, case="C-2")]) == ()
    assert check_conflicts([assessor, replace(fixer, provider=provider("b"))]) == ()


def standing(result: SlaResult) -> SlaStanding:
    term = SlaTerm("on_site", OrderState.ACCEPTED, OrderState.ON_SITE, 24, date(2026, 1, 1), "none")
    return SlaStanding(term, None, None, None, result)


def test_a_scorecard_counts_only_clocks_that_have_ended() -> None:
    standings = [standing(result) for result in (*SlaResult, SlaResult.MET)]
    check = check_invoice(replace(INVOICE, lines=(WorkLine("expert", Fraction(1), 660_000),)), CARD)
    got = score("fengtai", standings, [check], findings_confirmed=9, findings_false=1, complaints=0)
    assert got == Scorecard("fengtai", 3, Fraction(2, 3), Fraction(1, 10), Fraction(9, 10), 0, 0, 10)


def test_a_provider_without_a_case_has_no_figures() -> None:
    got = score("fengtai", [], [], findings_confirmed=0, findings_false=0, complaints=0)
    assert (got.on_time, got.cost_deviation, got.finding_precision) == (None, None, None)
