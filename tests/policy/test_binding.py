"""Binding: the main job's policy is bound when all is in order, and each thing that is missing is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words
from ringwall.policy import (
    Closing,
    Line,
    Offer,
    Panel,
    Policy,
    Receipt,
    VersionKind,
    bind,
    check_binding,
    sign_panel,
)
from ringwall.price import SubsidyScheme
from ringwall.underwriting import Subjectivity

NOW = datetime(2025, 12, 29, 10, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


def refused(offer: Offer, closing: Closing, at: datetime = NOW) -> Refusal:
    result = bind("P-1", offer, closing, at=at)
    assert isinstance(result, Refusal), result
    return result


def test_the_policy_is_known_at_binding_and_effective_from_its_period(policy: Policy) -> None:
    assert policy.newest.kind is VersionKind.ISSUED
    assert policy.concluded_at == NOW
    assert policy.newest.effective_at == datetime(2026, 1, 1, tzinfo=SHANGHAI)
    assert policy.newest.content.void_clauses == ()
    assert policy.newest.content.premium.invoice == "B-1"


def test_money_with_the_broker_has_not_been_received(offer: Offer, closing: Closing) -> None:
    with_broker = replace(closing, receipts=(Receipt(15_900_000, NOW, "tongzhou"),))
    refusal = refused(offer, with_broker)
    assert refusal.code == "premium_not_received"
    assert "CNY 159,000.00 is short" in refusal.message.en


def test_the_lead_receives_for_the_panel_and_one_fen_short_is_short(offer: Offer, closing: Closing) -> None:
    almost = replace(closing, receipts=(Receipt(15_899_999, NOW, "shouan"),))
    assert "CNY 0.01 is short" in refused(offer, almost).message.en
    assert refused(offer, closing, NOW - SECOND).code == "premium_not_received"


def test_the_part_of_a_subsidy_authority_is_not_waited_for(offer: Offer, closing: Closing) -> None:
    subsidised = replace(offer, subsidy=SubsidyScheme("S", Fraction(3, 10), 5_000_000, 5_000_000))
    paid = replace(closing, receipts=(Receipt(11_130_000, NOW, "shouan"),))
    bound = bind("P-1", subsidised, paid, at=NOW)
    assert isinstance(bound, Policy)
    assert bound.newest.content.premium.subsidy_share == Fraction(3, 10)


def test_a_capped_subsidy_leaves_its_real_share_in_the_policy(offer: Offer, closing: Closing) -> None:
    capped = replace(offer, subsidy=SubsidyScheme("S", Fraction(3, 10), 1_590_000, 5_000_000))
    bound = bind("P-1", capped, closing, at=NOW)
    assert isinstance(bound, Policy)
    assert bound.newest.content.premium.subsidy_share == Fraction(1, 10)


def test_an_expired_quote_binds_nothing(offer: Offer, closing: Closing) -> None:
    expired = replace(offer, valid_until=NOW - SECOND)
    assert refused(expired, closing).code == "quote_expired"
    assert not isinstance(bind("P-1", replace(offer, valid_until=NOW), closing, at=NOW), Refusal)


def test_a_period_that_has_begun_binds_nothing(offer: Offer, closing: Closing) -> None:
    late = offer.period.start + SECOND
    assert refused(offer, closing, late).code == "period_begun"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"filed_on": None}, "product_not_filed"),
        ({"filed_on": date(2025, 12, 30)}, "product_not_filed"),
        ({"active_from": date(2025, 12, 30)}, "product_not_active"),
        ({"active_until": date(2025, 12, 29)}, "product_not_active"),
        ({"withdrawn": True}, "product_not_active"),
    ],
)
def test_a_product_version_that_is_not_filed_or_not_on_sale_binds_nothing(
    offer: Offer, closing: Closing, change: dict[str, object], code: str
) -> None:
    filing = replace(offer.filing, **change)  # type: ignore[arg-type]
    assert refused(replace(offer, filing=filing), closing).code == code


def test_an_unexplained_clause_stops_binding_until_it_is_listed_as_void(offer: Offer, closing: Closing) -> None:
    silent = replace(closing, explanations=closing.explanations[:1])
    refusal = refused(offer, silent)
    assert refusal.code == "not_explained"
    assert "3.2" in refusal.message.en
    bound = bind("P-1", offer, replace(silent, accepted_void=("3.2",)), at=NOW)
    assert isinstance(bound, Policy)
    assert bound.newest.content.void_clauses == ("3.2",)


def test_an_open_condition_stops_binding(offer: Offer, closing: Closing) -> None:
    condition = Subjectivity("S1", Words("关闭远程桌面", "close remote desktop"))
    assert refused(offer, replace(closing, subjectivities=(condition,))).code == "subjectivity_open"


def test_insurers_on_the_contract_are_those_of_the_panel(offer: Offer, closing: Closing) -> None:
    alone = Panel((Line("shouan", Fraction(1)),))
    assert refused(offer, replace(closing, panel=alone)).code == "panel_differs"


def test_a_policy_goes_out_with_its_invoice(offer: Offer, closing: Closing) -> None:
    assert refused(offer, replace(closing, invoice=" ")).code == "invoice_missing"


def test_every_clash_is_reported_in_the_order_of_the_checks(offer: Offer, closing: Closing) -> None:
    bare = replace(closing, receipts=(), explanations=())
    codes = [refusal.code for refusal in check_binding(offer, bare, NOW + timedelta(days=365))]
    assert codes == ["quote_expired", "period_begun", "not_explained", "premium_not_received"]


def signed(*shares: Fraction) -> Panel | Refusal:
    return sign_panel("Q-1", [Line(f"insurer {place}", share) for place, share in enumerate(shares)])


@pytest.mark.parametrize(
    ("shares", "code", "named"),
    [
        ((Fraction(40, 100), Fraction(35, 100)), "share_open", "1/4"),
        ((Fraction(40, 100), Fraction(65, 100)), "share_over", "1/20"),
        ((Fraction(1), Fraction(0)), "share_not_positive", "insurer 1"),
        ((), "share_open", "1"),
    ],
)
def test_a_panel_that_does_not_sum_to_one_is_refused_with_the_open_share(
    shares: tuple[Fraction, ...], code: str, named: str
) -> None:
    refusal = signed(*shares)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert named in refusal.message.en


def test_an_insurer_signs_once() -> None:
    refusal = sign_panel("Q-1", [Line("shouan", Fraction(1, 2)), Line("shouan", Fraction(1, 2))])
    assert isinstance(refusal, Refusal)
    assert refusal.code == "insurer_twice"


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_a_panel_keeps_its_order_and_its_lead(weights: list[int]) -> None:
    panel = signed(*[Fraction(weight, sum(weights)) for weight in weights])
    assert isinstance(panel, Panel)
    assert panel.lead == "insurer 0"
    assert panel.insurers == (panel.lead, *panel.followers)
    assert sum(panel.shares) == 1
