"""The columnar reader of treaties equals the exact one, year by year, to the last fen."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import round_fraction
from ringwall.portfolio.net import YearEvents, net_of, rounded_share
from ringwall.treaty import (
    AnnualStopLoss,
    EventDefinition,
    EventExcess,
    Programme,
    QuotaShare,
    SubjectLoss,
    Treaty,
    apply_programme,
)

shares = st.fractions(min_value=0, max_value=1, max_denominator=1_000)
amounts = st.integers(0, 10**12) | st.integers(0, 50)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    def treaty(code: str) -> Treaty:
        share, attachment, limit = draw(shares), draw(amounts), draw(amounts) + 1
        charges = tuple(draw(st.lists(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]), max_size=2)))
        definition = EventDefinition(min_policies_with_payment=draw(st.none() | st.integers(1, 4)))
        excess = EventExcess(code, attachment, limit, share, draw(amounts), charges, definition)
        return draw(st.sampled_from([QuotaShare(code, share), excess, AnnualStopLoss(code, attachment, limit, share)]))

    sizes = draw(st.lists(st.integers(1, 2), max_size=3))
    return Programme(tuple(tuple(treaty(f"T{n}.{m}") for m in range(size)) for n, size in enumerate(sizes)))


losses = st.builds(SubjectLoss, amounts, st.integers(0, 5))


def all_steps_leave_something(programme: Programme, years: list[list[SubjectLoss]]) -> bool:
    return all(net.net_minor >= 0 for year in years for net in apply_programme(programme, year))


@given(programmes(), st.lists(st.lists(losses, max_size=4), min_size=1, max_size=5))
def test_the_columnar_treaties_equal_the_exact_ones(programme: Programme, years: list[list[SubjectLoss]]) -> None:
    programme = Programme(tuple(step[:1] for step in programme.steps))
    exact = [apply_programme(programme, year) for year in years]
    flat = [loss for year in years for loss in year]
    events = YearEvents(
        np.cumsum([0, *map(len, years)], dtype=np.int64),
        np.array([loss.amount_minor for loss in flat], np.int64),
        np.array([loss.policies_with_payment for loss in flat], np.int64),
    )
    found = net_of(programme, events)
    assert found.amount.tolist() == [net.net_minor for year in exact for net in year]
    assert found.reinstatement_premium.tolist() == [
        sum(net.reinstatement_premium_minor for net in year) for year in exact
    ]
    for code, recovered in found.recovery_by_treaty.items():
        by_year = [sum(c.recovery_minor for net in year for c in net.cessions if c.treaty == code) for year in exact]
        assert recovered.tolist() == by_year


@given(shares, st.lists(st.integers(0, 10**15), min_size=1))
def test_a_share_in_columns_is_rounded_half_even_like_the_exact_one(share: Fraction, values: list[int]) -> None:
    expected = [round_fraction(share * value) for value in values]
    assert rounded_share(share, np.array(values, np.int64)).tolist() == expected
