"""Exact and columnar read one graph: the same integers on random events and at every threshold, with period state."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from enterprise import compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.terms.kernel.tables import thresholds

from ringwall.product import Product
from ringwall.terms import CompiledTerms, EventColumns, maximum_payable, settle_columns
from ringwall.terms.readers.exact import evaluate

ROWS_A_BATCH = 4_000
BATCHES = 50
"""200,000 events, each compared in nine figures: seven parts, contract and statutory."""

MINOR = st.integers(0, 50_000_000)
SCHEDULES = st.fixed_dictionaries(
    {
        "event_limit": st.integers(10_000_000, 5_000_000_000),
        "aggregate_limit": st.integers(10_000_000, 10_000_000_000),
        "inre_deductible": MINOR,
        "inre_limit": st.integers(1_000_000, 100_000_000),
        "dias_deductible": MINOR,
        "dias_limit": st.integers(1_000_000, 5_000_000_000),
        "npbi_mode": st.sampled_from([1, 2, 3, 4]),
        "npbi_wait_hours": st.integers(0, 72),
        "npbi_deductible": MINOR,
        "npbi_limit": st.integers(1_000_000, 5_000_000_000),
        "npbi_indemnity_days": st.integers(30, 365),
        "ext_limit": st.integers(1_000_000, 1_000_000_000),
        "lia_deductible": MINOR,
        "lia_limit": st.integers(1_000_000, 5_000_000_000),
    }
)


def random_columns(terms: CompiledTerms, rng: np.random.Generator, rows: int) -> EventColumns:
    """Amounts at thresholds, small odd ones and large ones; several events a period."""
    edges = np.array(thresholds(terms), np.int64)
    subject = {}
    for name in terms.columns:
        small, large = rng.integers(0, 1_000, rows), (10 ** rng.uniform(3, 10.9, rows)).astype(np.int64)
        kinds = np.stack([rng.choice(edges, rows), small, large, np.zeros(rows, np.int64)])
        subject[name] = kinds[rng.integers(0, 4, rows), np.arange(rows)].astype(np.int64)
    subject["NPBI.seconds"] = np.minimum(subject["NPBI.seconds"], 600_000_000)
    subject["NPBI.credits"] = rng.integers(0, 2_000_000, rows)
    return EventColumns(np.sort(rng.integers(0, max(rows // 4, 1), rows)), subject)


def settle_exactly(terms: CompiledTerms, columns: EventColumns, opening: Mapping[str, int]) -> list[dict[str, int]]:
    """Row by row with Python integers, the state carried along by hand."""
    used, last, found = dict(opening), int(columns.period[0]), []
    for row in range(len(columns.period)):
        period = int(columns.period[row])
        used = used if period == last else {}
        last = period
        given = {name: int(column[row]) for name, column in columns.subject.items()}
        scoped = {"NPBI.seconds", "NPBI.rate", "NPBI.credits"}
        subjects: dict[str, int | tuple[int, ...]] = {n: (v,) if n in scoped else v for n, v in given.items()}
        subjects |= {"NPBI.share_lost": (1,), "NPBI.share_of": (1,)}
        values = evaluate(terms, subjects, used, frozenset())
        figures = {part: values[node] for part, node in terms.payable.items()}
        figures |= {"contract": values[terms.contract], "statutory": values[terms.statutory]}
        plain = {name: value for name, value in figures.items() if isinstance(value, int)}
        used = {"aggregate_used": used.get("aggregate_used", 0) + plain["contract"]}
        found.append(plain)
    return found


def assert_equal(terms: CompiledTerms, columns: EventColumns, opening: Mapping[str, int]) -> None:
    found = settle_columns(terms, columns, opening)
    right = settle_exactly(terms, columns, opening)
    given = {**found.payable, "contract": found.contract, "statutory": found.statutory}
    for name, column in given.items():
        expected = np.array([row[name] for row in right], np.int64)
        different = np.flatnonzero(column != expected)
        assert not len(different), (name, int(different[0]), int(column[different[0]]), int(expected[different[0]]))
    parts = sum(found.payable[p.part] for p in terms.definition.parts if not p.statutory)
    assert np.array_equal(np.asarray(parts), found.contract), "the parts sum to the contract payment"
    assert int((found.contract + found.statutory).max()) <= maximum_payable(terms)


@settings(max_examples=BATCHES, deadline=None)
@given(choices=SCHEDULES, seed=st.integers(0, 2**32 - 1), opening=st.integers(0, 6_000_000_000))
def test_exact_and_columnar_give_the_same_integers(
    product: Product, choices: dict[str, int], seed: int, opening: int
) -> None:
    terms = compiled(product, **choices)
    columns = random_columns(terms, np.random.default_rng(seed), ROWS_A_BATCH)
    assert_equal(terms, columns, {"aggregate_used": opening})


def test_the_readers_agree_where_one_period_spans_many_blocks(
    terms: CompiledTerms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringwall.terms.readers.columnar.BLOCK", 7)
    columns = random_columns(terms, np.random.default_rng(5), 400)
    assert_equal(terms, columns, {"aggregate_used": 100_000_000})
    one = EventColumns(np.zeros(400, np.int64), columns.subject)
    assert_equal(terms, one, {})


def test_a_state_that_opens_above_its_limit_pays_nothing_and_stays(terms: CompiledTerms) -> None:
    columns = random_columns(terms, np.random.default_rng(6), 50)
    one = EventColumns(np.zeros(50, np.int64), columns.subject)
    assert_equal(terms, one, {"aggregate_used": 700_000_000})


def test_no_events_settle_to_nothing(terms: CompiledTerms) -> None:
    empty = np.zeros(0, np.int64)
    found = settle_columns(terms, EventColumns(empty, dict.fromkeys(terms.columns, empty)), {})
    assert len(found.contract) == len(found.statutory) == 0


def test_every_period_can_open_with_the_same_state(terms: CompiledTerms, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = random_columns(terms, np.random.default_rng(8), 200)
    opening = {"aggregate_used": 450_000_000}
    whole = settle_columns(terms, columns, opening, every_period=True).contract
    monkeypatch.setattr("ringwall.terms.readers.columnar.BLOCK", 3)
    assert np.array_equal(settle_columns(terms, columns, opening, every_period=True).contract, whole)
    for period in np.unique(columns.period):
        rows = columns.period == period
        alone = EventColumns(columns.period[rows], {name: column[rows] for name, column in columns.subject.items()})
        assert np.array_equal(settle_columns(terms, alone, opening).contract, whole[rows])
