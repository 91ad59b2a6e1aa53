"""Endorsements one after another: no fen is made by their order or number, and days add up to the premium."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Words, round_fraction
from ringwall.policy import (
    Cancellation,
    FactorRules,
    Policy,
    PolicyContent,
    PolicyVersion,
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
RULES = FactorRules(Fraction(1, 2), Fraction(3), Fraction(0))
START = datetime(2026, 1, 1, tzinfo=SHANGHAI)
WHOLE = 365
WHY = Words("危险程度变化", "the risk has changed")

nets = st.integers(1, 2_000_000_000)
factors = st.fractions(Fraction(1, 2), Fraction(3), max_denominator=1_000)
days = st.integers(1, WHOLE - 1)


def issued(with_premium: Contents, net: int, factor: Fraction) -> Policy:
    premium = Premium(net, round_fraction(net * Fraction(6, 100)))
    content = with_premium(annual_net_minor=net, premium=premium, rate_factor=factor)
    return Policy("P-1", (PolicyVersion(VersionKind.ISSUED, START, START, content, WHY),))


def moved(policy: Policy, factor: Fraction, day: int) -> Policy:
    """The policy at another factor from 00:00 of a day of its period."""
    content, told = policy.newest.content, START + timedelta(days=day) - timedelta(hours=12)
    if factor >= content.premium.rate_factor:
        change = raise_premium(content, RULES, factor, told)
    else:
        change = lower_premium(content, RULES, Reduction(factor, {"F": told}, told))
    assert isinstance(change, PremiumEndorsement), change
    further = endorse(policy, change, known_at=told, because=WHY)
    assert isinstance(further, Policy), further
    return further


def moved_all(policy: Policy, steps: Sequence[tuple[Fraction, int]]) -> Policy:
    for factor, day in steps:
        policy = moved(policy, factor, day)
    return policy


def booked(policy: Policy) -> Premium:
    return policy.newest.content.premium.premium


@given(net=nets, first=factors, other=factors, day=days)
def test_there_and_back_on_one_day_nets_to_zero_fen(
    with_premium: Contents, net: int, first: Fraction, other: Fraction, day: int
) -> None:
    policy = issued(with_premium, net, first)
    back = moved_all(policy, [(other, day), (first, day)])
    assert booked(back) == booked(policy)
    assert back.newest.content.premium.annual_net_minor == net


@given(net=nets, start=factors, one=factors, two=factors, end=factors, day=days)
def test_the_order_of_two_fixes_on_one_day_does_not_matter_to_the_fen(
    with_premium: Contents, net: int, start: Fraction, one: Fraction, two: Fraction, end: Fraction, day: int
) -> None:
    policy = issued(with_premium, net, start)
    ways = [moved_all(policy, [(middle, day), (end, day)]) for middle in (one, two)]
    straight = moved(policy, end, day)
    assert booked(ways[0]) == booked(ways[1]) == booked(straight)


@given(net=nets, start=factors, steps=st.lists(st.tuples(factors, days), min_size=1, max_size=5))
def test_the_premium_booked_is_the_sum_over_the_days_rounded_once(
    with_premium: Contents, net: int, start: Fraction, steps: list[tuple[Fraction, int]]
) -> None:
    steps.sort(key=lambda step: step[1])
    policy = moved_all(issued(with_premium, net, start), steps)
    a_day = Fraction(0)
    for day in range(WHOLE):
        held = [v for v in policy.versions if v.effective_at <= START + timedelta(days=day)][-1]
        a_day += Fraction(held.content.premium.annual_net_minor - net, WHOLE)
    assert booked(policy).net_minor == net + round_fraction(a_day)


@given(net=nets, start=factors, factor=factors, day=days, later=days)
def test_a_contract_that_ends_keeps_exactly_the_days_that_it_ran(
    with_premium: Contents, net: int, start: Fraction, factor: Fraction, day: int, later: int
) -> None:
    assume(day <= later)
    policy = moved(issued(with_premium, net, start), factor, day)
    ended = cancel(policy, requested_at=START + timedelta(days=later) - timedelta(hours=12), because=WHY)
    assert isinstance(ended, Cancellation), ended
    annual = policy.newest.content.premium.annual_net_minor
    change = Fraction((annual - net) * (later - day) - net * (WHOLE - later), WHOLE)
    assert booked(ended.policy).net_minor == net + round_fraction(change)
