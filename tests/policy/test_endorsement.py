"""Premium within the term: the insured fixes everything, and every variant comes out to the fen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words, round_fraction
from ringwall.policy import (
    Cancellation,
    FactorRules,
    InvoiceKind,
    Policy,
    PolicyContent,
    Premium,
    PremiumEndorsement,
    Reduction,
    VersionKind,
    cancel,
    endorse,
    lower_premium,
    raise_premium,
)

Contents = Callable[..., PolicyContent]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


RULES = FactorRules(Fraction(80, 100), Fraction(130, 100), Fraction(1, 10))
RETESTS: Mapping[str, datetime | None] = {
    "F1": at("2026-07-15T10:00:00+08:00"),
    "F2": at("2026-07-15T10:20:00+08:00"),
    "F3": at("2026-07-15T10:40:00+08:00"),
    "F4": at("2026-07-15T11:00:00+08:00"),
    "F5": at("2026-07-20T15:30:00+08:00"),
}
REQUEST = Reduction(Fraction(95, 100), RETESTS, at("2026-07-21T09:00:00+08:00"))
WHY = Words("危险程度显著降低", "notable decrease of risk")


def lowered(content: PolicyContent, reduction: Reduction = REQUEST) -> PremiumEndorsement:
    endorsement = lower_premium(content, RULES, reduction)
    assert isinstance(endorsement, PremiumEndorsement), endorsement
    return endorsement


def refused(content: PolicyContent, reduction: Reduction) -> Refusal:
    refusal = lower_premium(content, RULES, reduction)
    assert isinstance(refusal, Refusal), refusal
    return refusal


def amounts(premium: Premium) -> tuple[int, int, int]:
    return premium.net_minor, premium.vat_minor, premium.gross_minor


def test_the_worked_refund_comes_out_to_the_fen(with_premium: Contents) -> None:
    got = lowered(with_premium())
    assert got.relative_change == Fraction(-5, 24)
    assert got.effective_at == at("2026-07-22T00:00:00+08:00")
    assert (got.days.left, got.days.gone, got.days.whole) == (163, 202, 365)
    assert got.after.annual_net_minor == 11_875_000
    assert amounts(got.refund) == (1_395_548, 83_733, 1_479_281)
    assert amounts(got.premium_after) == (13_604_452, 816_267, 14_420_719)
    assert (got.before.unearned_minor, got.after.unearned_minor, got.earned_minor) == (6_698_630, 5_303_082, 8_301_370)
    assert (got.to_insured_minor, got.to_authority_minor) == (1_479_281, 0)


def test_the_red_letter_invoice_is_negative_and_names_the_blue_one(with_premium: Contents) -> None:
    invoice = lowered(with_premium()).invoice
    assert (invoice.kind, invoice.refers_to) == (InvoiceKind.RED_LETTER, "B-1")
    assert amounts(invoice.amount) == (-1_395_548, -83_733, -1_479_281)


def test_a_subsidised_refund_goes_to_two_creditors(with_premium: Contents) -> None:
    got = lowered(with_premium(subsidy_share=Fraction(3, 10)))
    assert amounts(got.refund) == (1_395_548, 83_733, 1_479_281)
    assert (got.to_insured_minor, got.to_authority_minor) == (1_035_497, 443_784)


def test_a_fall_of_exactly_a_tenth_is_notable(with_premium: Contents) -> None:
    got = lowered(with_premium(), replace(REQUEST, factor_after=Fraction(108, 100)))
    assert got.relative_change == Fraction(-1, 10)
    assert got.after.annual_net_minor == 13_500_000
    assert amounts(got.refund) == (669_863, 40_192, 710_055)
    assert amounts(got.premium_after) == (14_330_137, 859_808, 15_189_945)


def test_a_later_retest_in_another_zone_moves_the_day_and_vat_ties_to_even(with_premium: Contents) -> None:
    late = {**RETESTS, "F5": at("2026-07-22T18:00:00+00:00")}
    got = lowered(with_premium(), replace(REQUEST, settled_at=late))
    assert got.effective_at == at("2026-07-24T00:00:00+08:00")
    assert got.days.left == 161
    assert amounts(got.refund) == (1_378_425, 82_706, 1_461_131)


@pytest.mark.parametrize(
    ("change", "terms", "code", "named"),
    [
        ({"factor_after": Fraction(115, 100)}, {}, "not_notable", "1/24"),
        ({"settled_at": {**RETESTS, "F5": None}}, {}, "retest_missing", "F5"),
        ({"settled_at": {}}, {}, "retest_missing", "—"),
        ({}, {"reduction_excluded": True}, "excluded_by_agreement", "special agreement"),
        ({"factor_after": Fraction(75, 100)}, {}, "outside_filed_range", "3/4"),
        ({}, {"invoice": ""}, "invoice_missing", "blue invoice"),
        ({"requested_at": at("2026-12-31T12:00:00+08:00")}, {}, "after_period", "2027-01-01"),
    ],
)
def test_a_reduction_that_may_not_be_given_is_refused_with_its_reason(
    with_premium: Contents, change: dict[str, object], terms: dict[str, object], code: str, named: str
) -> None:
    refusal = refused(with_premium(**terms), replace(REQUEST, **change))  # type: ignore[arg-type]
    assert refusal.code == code
    assert named in refusal.message.en


def test_the_exclusion_is_named_before_any_other_reason(with_premium: Contents) -> None:
    bad = Reduction(Fraction(75, 100), {"F1": None}, REQUEST.requested_at)
    assert refused(with_premium(reduction_excluded=True), bad).code == "excluded_by_agreement"
    assert refused(with_premium(), bad).code == "retest_missing"


def test_the_main_job_gets_its_daily_refund_from_the_day_after_the_retest(with_premium: Contents) -> None:
    retests = {"rdp": at("2026-03-12T10:00:00+08:00"), "redis": at("2026-03-12T10:05:00+08:00")}
    got = lowered(with_premium(), Reduction(Fraction(95, 100), retests, at("2026-03-10T09:00:00+08:00")))
    assert got.effective_at == at("2026-03-13T00:00:00+08:00")


def test_an_endorsement_is_a_further_version_and_the_old_one_still_answers(policy: Policy) -> None:
    known = at("2026-07-21T17:00:00+08:00")
    endorsed = endorse(policy, lowered(policy.newest.content), known_at=known, because=WHY)
    assert isinstance(endorsed, Policy)
    assert endorsed.versions[:1] == policy.versions
    before = endorsed.as_of(at("2026-07-21T23:59:59+08:00"), at("2026-12-01T00:00:00+08:00"))
    after = endorsed.as_of(at("2026-07-22T00:00:00+08:00"), at("2026-12-01T00:00:00+08:00"))
    unknown = endorsed.as_of(at("2026-07-22T00:00:00+08:00"), at("2026-07-21T16:59:59+08:00"))
    assert not isinstance(before, Refusal)
    assert not isinstance(after, Refusal)
    assert before.content.premium.rate_factor == Fraction(120, 100)
    assert after.content.premium.rate_factor == Fraction(95, 100)
    assert unknown == before
    assert amounts(after.content.premium.premium) == (13_604_452, 816_267, 14_420_719)


def test_an_endorsement_computed_from_an_older_factor_is_refused(policy: Policy) -> None:
    known = at("2026-07-21T17:00:00+08:00")
    endorsement = lowered(policy.newest.content)
    once = endorse(policy, endorsement, known_at=known, because=WHY)
    assert isinstance(once, Policy)
    twice = endorse(once, endorsement, known_at=known, because=WHY)
    assert isinstance(twice, Refusal)
    assert twice.code == "endorsement_stale"


def test_a_version_out_of_sequence_is_refused(policy: Policy) -> None:
    newest = policy.newest
    early = replace(newest, kind=VersionKind.ENDORSED, known_at=newest.known_at - timedelta(days=1))
    refusal = policy.with_version(early)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "out_of_sequence"


@pytest.mark.parametrize("effective", ["2025-12-31T23:59:59+08:00", "2027-01-01T00:00:00+08:00"])
def test_outside_its_period_a_policy_has_no_version_in_force(policy: Policy, effective: str) -> None:
    refusal = policy.as_of(at(effective), at("2027-06-01T00:00:00+08:00"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "policy_not_in_force"


def test_more_premium_is_a_blue_invoice_from_the_day_after_the_notice(with_premium: Contents) -> None:
    content = with_premium(rate_factor=Fraction(1))
    got = raise_premium(content, RULES, Fraction(12, 10), at("2026-03-03T10:00:00+08:00"))
    assert isinstance(got, PremiumEndorsement)
    assert got.effective_at == at("2026-03-04T00:00:00+08:00")
    net = round_fraction(Fraction(3_000_000 * 303, 365))
    assert amounts(got.invoice.amount)[:2] == (net, round_fraction(Fraction(net * 6, 100)))
    assert (got.invoice.kind, got.invoice.refers_to, amounts(got.refund)) == (InvoiceKind.BLUE, "", (0, 0, 0))


@pytest.mark.parametrize(("factor", "code"), [("1.05", "not_notable"), ("1.31", "outside_filed_range")])
def test_a_rise_that_is_slight_or_not_filed_is_refused(with_premium: Contents, factor: str, code: str) -> None:
    content = with_premium(rate_factor=Fraction(1))
    refusal = raise_premium(content, RULES, Fraction(factor), at("2026-03-03T10:00:00+08:00"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_a_cancellation_returns_the_unearned_premium_and_ends_the_cover(policy: Policy) -> None:
    got = cancel(policy, requested_at=at("2026-07-21T09:00:00+08:00"), because=Words("退保", "cancelled"))
    assert isinstance(got, Cancellation)
    assert got.effective_at == at("2026-07-22T00:00:00+08:00")
    assert amounts(-got.invoice.amount) == (6_698_630, 401_918, 7_100_548)
    known = at("2026-12-01T00:00:00+08:00")
    assert not isinstance(got.policy.as_of(at("2026-07-21T23:59:59+08:00"), known), Refusal)
    assert isinstance(got.policy.as_of(at("2026-07-22T00:00:00+08:00"), known), Refusal)


def test_a_cancelled_subsidy_goes_back_to_its_authority(policy: Policy) -> None:
    newest = policy.newest
    content = replace(newest.content, premium=replace(newest.content.premium, subsidy_share=Fraction(3, 10)))
    subsidised = replace(policy, versions=(replace(newest, content=content),))
    got = cancel(subsidised, requested_at=at("2026-07-21T09:00:00+08:00"), because=Words("退保", "cancelled"))
    assert isinstance(got, Cancellation)
    assert (got.to_insured_minor, got.to_authority_minor) == (4_970_384, 2_130_164)


def test_a_cancelled_policy_takes_no_endorsement(policy: Policy) -> None:
    got = cancel(policy, requested_at=at("2026-07-01T09:00:00+08:00"), because=Words("退保", "cancelled"))
    assert isinstance(got, Cancellation)
    refusal = endorse(got.policy, lowered(policy.newest.content), known_at=at("2026-07-21T17:00:00+08:00"), because=WHY)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "policy_cancelled"


@pytest.mark.parametrize("asked", ["2025-12-31T12:00:00+08:00", "2026-12-31T12:00:00+08:00"])
def test_a_cancellation_outside_the_running_period_is_refused(policy: Policy, asked: str) -> None:
    refusal = cancel(policy, requested_at=at(asked), because=Words("退保", "cancelled"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_running"


@given(
    percent=st.integers(80, 108),
    hours=st.integers(0, 364 * 24 - 1),
    annual=st.integers(1, 10**10),
    share=st.fractions(0, 1, max_denominator=20),
)
def test_a_refund_is_split_whole_and_never_exceeds_what_is_unearned(
    policy: Policy, percent: int, hours: int, annual: int, share: Fraction
) -> None:
    content = policy.newest.content
    terms = replace(content.premium, annual_net_minor=annual, subsidy_share=share)
    requested = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(hours=hours)
    assume(requested < content.period.end)
    got = lowered(replace(content, premium=terms), Reduction(Fraction(percent, 100), {"F": requested}, requested))
    assert 0 <= got.refund.net_minor <= got.before.unearned_minor
    assert got.to_insured_minor + got.to_authority_minor == got.refund.gross_minor
    assert abs(got.refund.net_minor - (got.before.unearned_minor - got.after.unearned_minor)) <= 1
    assert got.days.gone + got.days.left == 365
