"""Events each in a period of its own: the same integers as the reader with state, and what they ask of the period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from enterprise import compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from test_readers_agree import SCHEDULES, random_columns

from ringwall.product import Product
from ringwall.terms import EventColumns, settle_apart, settle_columns

ROWS = 400


@given(SCHEDULES, st.integers(0, 2**32 - 1), st.sets(st.integers(0, 9)))
@settings(max_examples=40, deadline=None)
def test_apart_pays_what_a_reader_with_state_pays_when_every_event_opens_a_period(
    product: Product, schedule: dict[str, int], seed: int, away: set[int]
) -> None:
    terms = compiled(product, **schedule)
    columns = random_columns(terms, np.random.default_rng(seed), ROWS)
    kept = {name: column for place, (name, column) in enumerate(columns.subject.items()) if place not in away}
    nothing = {name: np.zeros(ROWS, np.int64) for name in columns.subject if name in terms.columns}
    period = np.arange(ROWS, dtype=np.int64)
    apart = settle_apart(terms, EventColumns(period, kept))
    state = settle_columns(terms, EventColumns(period, nothing | kept), {})
    for part, column in state.payable.items():
        assert np.array_equal(np.broadcast_to(apart.payable[part], ROWS), column), part
    assert np.array_equal(np.broadcast_to(apart.contract, ROWS), state.contract)
    assert np.array_equal(np.broadcast_to(apart.statutory, ROWS), state.statutory)


@given(SCHEDULES, st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_period_pays_the_least_of_its_ceiling_and_what_its_events_ask(
    product: Product, schedule: dict[str, int], seed: int
) -> None:
    terms = compiled(product, **schedule)
    columns = random_columns(terms, np.random.default_rng(seed), ROWS)
    paid = settle_columns(terms, columns, {}).contract
    apart = settle_apart(terms, replace(columns, period=np.arange(ROWS, dtype=np.int64)))
    asked, ceiling = apart.asked["aggregate_used"], apart.ceilings["aggregate_used"]
    for year in np.unique(columns.period):
        mine = columns.period == year
        assert paid[mine].sum() == min(ceiling, np.broadcast_to(asked, ROWS)[mine].sum())
    assert ceiling == schedule["aggregate_limit"]
