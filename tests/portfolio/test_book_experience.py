"""Losses to date join the book: the known part, the aggregate used, and the rest of the term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from tests.portfolio.conftest import SEED, YEARS, SmallBook

from ringwall.portfolio import (
    ClaimToDate,
    gross_view,
    loss_ratio,
    net_view,
    openings,
    policy_totals,
    simulate_book,
    tail_by_policy,
    with_losses,
)
from ringwall.treaty import Programme, QuotaShare

AS_AT = date(2026, 10, 9)


def claim_on(small: SmallBook, place: int, used: int) -> ClaimToDate:
    return ClaimToDate(small.policies[place].number, "CLM-000001", 80_000_000, 4_200_000, {"aggregate_used": used})


def test_a_known_loss_stands_in_every_year_and_the_rest_of_the_term_beside_it(small: SmallBook) -> None:
    claim = claim_on(small, 3, 84_200_000)
    after = with_losses(small.result, [claim], AS_AT, small.terms, small.model)
    rest = simulate_book(small.policies, small.terms, small.model, YEARS, SEED, as_at=AS_AT)
    assert after.totals.min() >= claim.incurred_minor == after.known_minor
    assert after.largest.min() >= claim.incurred_minor
    others = [number for number in rest.numbers if number != claim.policy]
    assert all(policy_totals(after)[n] == policy_totals(rest)[n] for n in others)
    assert policy_totals(after)[claim.policy] <= policy_totals(rest)[claim.policy]
    assert rest.totals.sum() < small.result.totals.sum()
    alone = with_losses(rest, [claim], AS_AT, small.terms, small.model)
    assert np.array_equal(alone.totals, after.totals)
    assert np.array_equal(alone.rows.retained, after.rows.retained)


def test_an_aggregate_that_is_used_up_leaves_only_statutory_costs(small: SmallBook) -> None:
    busy = max(policy_totals(small.result).items(), key=lambda item: item[1])[0]
    policy = next(p for p in small.policies if p.number == busy)
    terms, opening = small.terms, {busy: {"aggregate_used": policy.aggregate_limit_minor}}
    full = simulate_book([policy], terms, small.model, YEARS, SEED)
    spent = simulate_book([policy], terms, small.model, YEARS, SEED, opening=opening)
    assert spent.totals.sum() < full.totals.sum()
    none = simulate_book([policy], terms, small.model, YEARS, SEED, opening={busy: {"aggregate_used": 0}})
    assert np.array_equal(none.rows.payable, full.rows.payable)


@pytest.mark.parametrize("used_share", [Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)])
def test_each_simulated_year_begins_with_the_used_aggregate(small: SmallBook, used_share: Fraction) -> None:
    busy = max(small.policies, key=lambda p: policy_totals(small.result)[p.number])
    opening = {busy.number: {"aggregate_used": int(busy.aggregate_limit_minor * used_share)}}
    whole = simulate_book([busy], small.terms, small.model, YEARS, SEED).totals
    eroded = simulate_book([busy], small.terms, small.model, YEARS, SEED, opening=opening).totals
    assert (eroded <= whole).all()


def test_of_two_claims_the_larger_state_opens_the_year(small: SmallBook) -> None:
    claims = [claim_on(small, 3, 50), claim_on(small, 3, 20), claim_on(small, 4, 7)]
    numbers = [small.policies[place].number for place in (3, 4)]
    assert openings(claims) == {numbers[0]: {"aggregate_used": 50}, numbers[1]: {"aggregate_used": 7}}


def test_the_retained_part_of_a_known_loss_follows_the_policys_own_share(small: SmallBook) -> None:
    policy = replace(small.policies[3], ceded=Fraction(3, 5))
    result = simulate_book([policy], small.terms, small.model, YEARS, SEED)
    claim = replace(claim_on(small, 3, 84_200_000), paid_minor=84_200_000, outstanding_minor=0)
    after = with_losses(result, [claim], AS_AT, small.terms, small.model)
    assert after.known[0].retained_minor == 33_680_000
    assert net_view(after, Programme(())).totals.min() >= 33_680_000
    half = net_view(after, Programme(((QuotaShare("Q", Fraction(1, 2)),),)))
    assert half.totals.min() == net_view(after, Programme(())).totals.min() // 2 == 16_840_000


def test_the_tail_of_a_book_with_a_known_loss_still_sums_exactly(small: SmallBook) -> None:
    after = with_losses(small.result, [claim_on(small, 3, 84_200_000)], AS_AT, small.terms, small.model)
    assert sum(tail_by_policy(after).values()) == gross_view(after).measures.tvar99_minor


def test_the_loss_ratio_stands_on_premium_earned_to_date(small: SmallBook) -> None:
    policy = replace(small.policies[0], premium_minor=8_000_000, first_day=date(2026, 1, 1), last_day=date(2027, 1, 1))
    claim = ClaimToDate(policy.number, "C-1", 1_000_000, 200_000, {})
    ratio = loss_ratio([policy], [claim], date(2026, 7, 2))
    assert (ratio.claims, ratio.incurred_minor, ratio.earned_minor) == (1, 1_200_000, 8_000_000 * 182 // 365)
    assert ratio.of_earned == Fraction(1_200_000, 8_000_000 * 182 // 365)
    assert ratio.of_written == Fraction(3, 20)
    assert loss_ratio([], [], date(2026, 7, 2)).of_earned is None
