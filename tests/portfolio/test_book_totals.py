"""A book in portions comes to the sums of the whole book, however it is cut and whoever does it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from tests.portfolio.conftest import SmallBook

from ringwall.portfolio import BookPolicy, LargeBook, Setting, by_cause, draw_calendar, total_portions
from ringwall.risk import reference_profile


def rows_of(policies: tuple[BookPolicy, ...], first: int, last: int) -> tuple[BookPolicy, ...]:
    return policies[first:last]


def totalled(small: SmallBook, policies: tuple[BookPolicy, ...], portion: int, workers: int = 0) -> LargeBook:
    result = small.result
    calendar = draw_calendar(small.model, reference_profile(small.model), result.years, result.seed, None)
    products = {(small.product.code, small.product.version): small.product}
    setting, read = Setting(calendar, small.model, products), partial(rows_of, policies)
    if not workers:
        return total_portions(read, len(policies), setting, portion=portion)
    with ThreadPoolExecutor(workers) as pool:
        return total_portions(read, len(policies), setting, portion=portion, executor=pool)


@pytest.mark.parametrize(("portion", "workers"), [(7, 0), (7, 2), (1000, 0)])
def test_portions_come_to_the_years_largest_events_and_causes_of_the_whole_book(
    small: SmallBook, portion: int, workers: int
) -> None:
    book = totalled(small, small.policies, portion, workers)
    assert np.array_equal(book.by_year, small.result.totals)
    assert np.array_equal(book.largest, small.result.largest)
    assert book.mean_by_cause == by_cause(small.result)
    assert (book.policies, book.refusals) == (len(small.policies), ())
    assert book.premium_minor == sum(policy.premium_minor for policy in small.policies)


def test_who_cannot_be_settled_is_named_in_order_and_is_in_no_sum(small: SmallBook) -> None:
    lost = (replace(small.policies[3], product="unknown"), replace(small.policies[30], product="unknown"))
    rest = tuple(policy for policy in small.policies if policy.number not in {each.number for each in lost})
    mixed = tuple(next((bad for bad in lost if bad.number == policy.number), policy) for policy in small.policies)
    book = totalled(small, mixed, 16, 2)
    assert [refusal.where for refusal in book.refusals] == [each.number for each in lost]
    assert (book.policies, book.premium_minor) == (len(rest), sum(policy.premium_minor for policy in rest))
    assert np.array_equal(book.by_year, totalled(small, rest, 1000).by_year)
