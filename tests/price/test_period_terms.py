"""Period terms read from the graph: where a year hangs on a sum alone the grid says what years in order say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.terms.rows.small import compiled, part

from ringwall.price.compound import Poisson, Source, asked_of_period, compound, long_enough
from ringwall.terms import (
    CompiledTerms,
    Deductible,
    EventColumns,
    Fixed,
    Limit,
    MoneyRule,
    Per,
    Reinstatements,
    Term,
    settle_apart,
    settle_columns,
)

YEARS, RATE, POINTS = 40_000, 2.3, 1 << 13
BOTH = ("INRE", "DIAS")


def fixed(name: str) -> Fixed:
    return Fixed(Term(f"c.{name}", name))


def keep(per: Per = Per.PERIOD) -> Deductible:
    return Deductible("keep", "1.1", BOTH, per, fixed("kept"), state="kept" if per is Per.PERIOD else "")


def cap(restored: bool = False, per: Per = Per.PERIOD) -> Limit:
    again = Reinstatements(Term("c.often", "often")) if restored else None
    return Limit(
        "cap", "1.2", BOTH, per, fixed("layer"), state="used" if per is Per.PERIOD else "", reinstatements=again
    )


def terms_of(rules: Sequence[MoneyRule]) -> CompiledTerms:
    return compiled([part("INRE"), part("DIAS")], rules, {"kept": 150_000, "layer": 400_000, "often": 1})


EXACT = {
    "nothing": [],
    "an event limit": [cap(per=Per.EVENT)],
    "an aggregate limit": [cap()],
    "a limit restored once": [cap(restored=True)],
    "an annual deductible": [keep()],
    "an annual deductible, then an aggregate limit": [keep(), cap()],
    "a deductible an event, then an aggregate limit": [keep(Per.EVENT), cap()],
}


@pytest.mark.parametrize("named", EXACT)
def test_the_grid_agrees_with_years_in_order_within_their_error(named: str) -> None:
    terms, rng = terms_of(EXACT[named]), np.random.default_rng(17)
    pool = {name: np.exp(rng.normal(11.5, 1.1, 4096)).astype(np.int64).clip(0, 2_000_000) for name in BOTH}
    apart = settle_apart(terms, EventColumns(np.arange(4096, dtype=np.int64), pool))
    asked = asked_of_period(terms, {"any": apart}, POINTS)
    assert asked is not None
    sources = [Source(Poisson(RATE), asked.masses["any"])]
    year = compound(sources, long_enough(asked.grid, sources), asked.period)
    period = np.repeat(np.arange(YEARS), rng.poisson(RATE, YEARS))
    pick = rng.integers(0, 4096, len(period))
    events = EventColumns(period, {name: column[pick] for name, column in pool.items()})
    drawn = np.bincount(period, settle_columns(terms, events, {}).contract, YEARS)
    error = drawn.std() / np.sqrt(YEARS)
    print(f"{named}: grid {year.mean:,.0f}, years in order {drawn.mean():,.0f} ± {error:,.0f}")
    assert abs(drawn.mean() - year.mean) <= 4 * error + asked.grid.step
    assert abs(np.quantile(drawn, 0.9) - year.quantile(0.9)) <= 0.05 * year.quantile(0.9) + asked.grid.step


@pytest.mark.parametrize(
    "rules",
    [
        [cap(), keep()],
        [Limit("one", "1.2", ("INRE",), Per.PERIOD, fixed("layer"), state="one"), cap()],
        [Limit("one", "1.2", ("INRE",), Per.PERIOD, fixed("layer"), state="one")],
        [keep(), cap(per=Per.EVENT)],
    ],
    ids=["limit before deductible", "two aggregates", "an aggregate of one part", "an event limit after"],
)
def test_where_a_year_hangs_on_more_than_a_sum_no_grid_is_given(rules: Sequence[MoneyRule]) -> None:
    terms = terms_of(rules)
    column = np.array([100_000, 900_000], np.int64)
    apart = settle_apart(terms, EventColumns(np.arange(2, dtype=np.int64), dict.fromkeys(BOTH, column)))
    assert asked_of_period(terms, {"any": apart}, POINTS) is None
