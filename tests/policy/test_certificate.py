"""Park master policy: a member joins in mid-term with a subsidy, and no certificate goes out before its money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal, Term
from ringwall.policy import Certificate, MasterPolicy, Receipt, issue_certificate, member_premium
from ringwall.price import SubsidyScheme


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


MASTER = MasterPolicy(
    "SCN-E",
    "Insurer One",
    Term(at("2026-01-01T00:00:00+08:00"), at("2027-01-01T00:00:00+08:00")),
    1_200_000,
    Fraction(6, 100),
)
SUB_1 = SubsidyScheme("SUB-1", Fraction(30, 100), 500_000, 10_000_000)
ASKED = date(2026, 5, 15)
RECEIPTS = (
    Receipt(563_513, at("2026-05-13T16:20:00+08:00"), "park operator"),
    Receipt(500_000, at("2026-05-14T09:30:00+08:00"), "Insurer One"),
    Receipt(63_513, at("2026-05-14T17:45:00+08:00"), "Insurer One"),
)
LATE = (*RECEIPTS[:2], Receipt(63_513, at("2026-05-16T11:00:00+08:00"), "Insurer One"))


def issue(when: str, receipts: tuple[Receipt, ...] = RECEIPTS, scheme: SubsidyScheme = SUB_1) -> Certificate | Refusal:
    return issue_certificate(MASTER, "M-07", ASKED, scheme, receipts, at=at(when))


def issued(when: str, receipts: tuple[Receipt, ...] = RECEIPTS) -> Certificate:
    certificate = issue(when, receipts)
    assert isinstance(certificate, Certificate), certificate
    return certificate


PREMIUMS = {
    "E": (SUB_1, ASKED, (231, 759_452, 45_567, 805_019, 241_506, 563_513)),
    "E2": (SUB_1, date(2026, 5, 17), (229, 752_877, 45_173, 798_050, 239_415, 558_635)),
    "E3": (replace(SUB_1, budget_left_minor=200_000), ASKED, (231, 759_452, 45_567, 805_019, 200_000, 605_019)),
    "E4": (replace(SUB_1, cap_minor=150_000), ASKED, (231, 759_452, 45_567, 805_019, 150_000, 655_019)),
}


@pytest.mark.parametrize("case", PREMIUMS)
def test_days_net_vat_gross_subsidy_and_own_part_come_out_to_the_fen(case: str) -> None:
    scheme, from_day, expected = PREMIUMS[case]
    got = member_premium(MASTER, scheme, from_day)
    amounts = (got.premium.net_minor, got.premium.vat_minor, got.premium.gross_minor)
    assert (got.days.left, *amounts, got.subsidy_minor, got.own_part_minor) == expected
    assert got.days.whole == 365


@pytest.mark.parametrize(
    ("attempt", "short"),
    [
        ("2026-05-13T16:30:00+08:00", "5,635.13"),
        ("2026-05-14T09:31:00+08:00", "635.13"),
        ("2026-05-14T17:44:59+08:00", "635.13"),
    ],
)
def test_an_attempt_before_the_insurer_itself_has_the_money_is_refused_with_what_is_short(
    attempt: str, short: str
) -> None:
    refusal = issue(attempt)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "premium_not_received"
    assert f"CNY {short} is short" in refusal.message.en
    assert f"尚未收到 {short} 元" in refusal.message.zh


def test_the_certificate_is_issued_when_the_own_part_is_complete_and_the_subsidy_is_not_waited_for() -> None:
    certificate = issued("2026-05-14T17:45:00+08:00")
    assert certificate.issuable_from == at("2026-05-14T17:45:00+08:00")
    assert certificate.period.start == at("2026-05-15T00:00:00+08:00")
    assert certificate.returned_minor == 0


def test_a_late_payment_moves_the_start_and_returns_what_is_too_much() -> None:
    certificate = issued("2026-05-16T11:00:00+08:00", LATE)
    assert certificate.issuable_from == at("2026-05-16T11:00:00+08:00")
    assert certificate.period.start == at("2026-05-17T00:00:00+08:00")
    assert certificate.returned_minor == 4_878
    assert certificate.premium.own_part_minor == 558_635


@pytest.mark.parametrize(
    ("scheme", "short"),
    [(replace(SUB_1, budget_left_minor=200_000), "415.06"), (replace(SUB_1, cap_minor=150_000), "915.06")],
)
def test_a_smaller_subsidy_leaves_the_member_short(scheme: SubsidyScheme, short: str) -> None:
    refusal = issue("2026-05-14T17:45:00+08:00", scheme=scheme)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "premium_not_received"
    assert short in refusal.message.en


@pytest.mark.parametrize(
    ("event", "inside"),
    [
        ("2026-05-14T23:59:59+08:00", False),
        ("2026-05-15T00:00:00+08:00", True),
        ("2026-05-14T16:30:00+00:00", True),
        ("2026-12-31T23:59:59+08:00", True),
        ("2027-01-01T00:00:00+08:00", False),
    ],
)
def test_an_event_is_in_the_certificate_from_its_first_instant_to_before_its_end(event: str, inside: bool) -> None:
    assert issued("2026-05-14T17:45:00+08:00").period.contains(at(event)) is inside


def test_after_a_late_payment_an_event_of_the_day_of_completion_is_out() -> None:
    period = issued("2026-05-16T11:00:00+08:00", LATE).period
    assert not period.contains(at("2026-05-16T23:59:59+08:00"))
    assert period.contains(at("2026-05-17T00:00:00+08:00"))


def test_the_own_part_and_the_subsidy_make_up_net_and_vat() -> None:
    premium = issued("2026-05-14T17:45:00+08:00").premium
    assert premium.own_part_minor + premium.subsidy_minor == 563_513 + 241_506 == 759_452 + 45_567


def test_a_day_outside_the_master_period_is_refused() -> None:
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        refusal = issue_certificate(MASTER, "M-07", day, SUB_1, RECEIPTS, at=at("2026-05-14T18:00:00+08:00"))
        assert isinstance(refusal, Refusal)
        assert refusal.code == "outside_master_period"


def test_a_completion_on_the_last_day_leaves_no_cover_to_sell() -> None:
    receipts = (Receipt(10_000_000, at("2026-12-31T12:00:00+08:00"), "Insurer One"),)
    refusal = issue("2026-12-31T12:00:00+08:00", receipts)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "outside_master_period"


@given(
    from_day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    share=st.fractions(0, 1, max_denominator=100),
    cap=st.integers(0, 2_000_000),
    budget=st.integers(0, 2_000_000),
)
def test_a_subsidy_never_exceeds_cap_budget_or_premium(from_day: date, share: Fraction, cap: int, budget: int) -> None:
    got = member_premium(MASTER, SubsidyScheme("S", share, cap, budget), from_day)
    assert 0 <= got.subsidy_minor <= min(cap, budget, got.premium.gross_minor)
    assert got.own_part_minor + got.subsidy_minor == got.premium.gross_minor


@given(st.lists(st.tuples(st.integers(1, 400_000), st.integers(0, 9), st.booleans()), max_size=8), st.integers(0, 9))
def test_money_held_by_an_intermediary_never_issues_a_certificate(paid: list[tuple[int, int, bool]], day: int) -> None:
    receipts = tuple(
        Receipt(amount, at(f"2026-05-{10 + when}T12:00:00+08:00"), "Insurer One" if direct else "park operator")
        for amount, when, direct in paid
    )
    held = sum(amount for amount, when, direct in paid if direct and when <= day)
    got = issue(f"2026-05-{10 + day}T12:00:00+08:00", receipts)
    assert isinstance(got, Certificate) is (held >= 563_513)
    assert isinstance(got, Refusal) or got.returned_minor >= 0
