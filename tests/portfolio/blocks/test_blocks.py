"""Blocks kept and found again: a run that was broken off goes on, equal to the bit, and never with another's work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.portfolio.conftest import SEED, YEARS, SmallBook
from tests.portfolio.engine.conftest import Ready, ready_book
from tests.portfolio.engine.test_engine_book import same

from ringwall.portfolio import Columns, Progress, simulate_book
from ringwall.portfolio.blocks import digest
from ringwall.portfolio.engine import Totals, total_book

BLOCK = 7


@pytest.fixture(scope="module")
def book(small: SmallBook) -> Ready:
    return ready_book(small)


class Shelf(dict[str, Columns]):
    """A store in memory that gives up after some blocks."""

    def __init__(self, most: int = 1_000_000) -> None:
        super().__init__()
        self.most = most

    def read(self, name: str) -> Columns | None:
        return self.get(name)

    def write(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        if len(self) >= self.most:
            raise KeyboardInterrupt
        self[name] = dict(columns)


def total(book: Ready, shelf: Shelf | None = None, said: list[Progress] | None = None, **how: Any) -> Totals:
    watch = said.append if said is not None else None
    return total_book(book.calendar, book.structures, book.size, block=BLOCK, store=shelf, watch=watch, **how)


def blocks(book: Ready) -> int:
    return sum(-(-structure.size // BLOCK) for structure in book.structures)


def test_a_run_that_was_broken_off_goes_on_and_gives_equal_bits(book: Ready) -> None:
    shelf, said = Shelf(most=3), list[Progress]()
    with pytest.raises(KeyboardInterrupt):
        total(book, shelf)
    assert len(shelf) == 3
    shelf.most = 1_000_000
    with ThreadPoolExecutor(2) as pool:
        assert same(total(book), total(book, shelf, said, executor=pool))
    assert {progress.found for progress in said} == {1, 2, 3}
    assert said[-1] == Progress(blocks(book), blocks(book), 3)


def test_a_finished_run_computes_nothing_twice(book: Ready) -> None:
    shelf, said = Shelf(), list[Progress]()
    first = total(book, shelf)
    shelf.most = 0  # one more block would be too many
    assert same(first, total(book, shelf, said))
    assert [progress.done for progress in said] == list(range(1, blocks(book) + 1))
    assert said[-1].found == blocks(book)


def test_one_changed_policy_runs_its_own_block_anew(book: Ready) -> None:
    shelf, said = Shelf(), list[Progress]()
    total(book, shelf)
    whole = book.structures[0]
    rate = whole.columns.rate.copy()
    rate[0] *= 2
    changed = replace(
        book, structures=(replace(whole, columns=whole.columns._replace(rate=rate)), *book.structures[1:])
    )
    assert same(total(changed), total(changed, shelf, said))
    assert said[-1].found == blocks(book) - 1


def test_another_seed_finds_nothing(small: SmallBook) -> None:
    shelf = Shelf()
    for seed in (SEED, SEED + 1):
        simulate_book(small.policies, small.terms, small.model, YEARS, seed, block=BLOCK, store=shelf)
    one, found = len(shelf) // 2, Shelf()
    simulate_book(small.policies, small.terms, small.model, YEARS, SEED, block=BLOCK, store=found)
    assert len(found) == one


def test_payments_that_were_kept_are_the_payments(small: SmallBook) -> None:
    shelf = Shelf()
    for _ in range(2):
        result = simulate_book(small.policies, small.terms, small.model, YEARS, SEED, block=BLOCK, store=shelf)
        for column in ("policy", "year", "time", "cause", "event", "payable", "retained"):
            assert np.array_equal(getattr(result.rows, column), getattr(small.result.rows, column)), column


def values() -> Iterator[object]:
    yield from (None, 0, 0.0, "", "0", (), (0,), ((0,),), (0, 0), ("0", ""), ("", "0"))
    yield from (np.zeros(1), np.zeros(1, np.int64), np.zeros((1, 1)), np.zeros(2), np.zeros(0), Progress(0, 0, 0))


def test_different_values_have_different_names() -> None:
    assert len({digest(value) for value in values()}) == len(list(values()))
    assert digest(np.arange(6)[::2]) == digest(np.array([0, 2, 4]))
