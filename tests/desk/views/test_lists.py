"""Long lists are cut by the server: nothing is lost between pages, and equal lines have one order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Words
from ringwall.catalogue import read_folder
from ringwall.desk.views.book.dashboard import ROWS_A_PAGE, SORTS, ListWish, PolicyLine, in_order, one_page
from ringwall.portfolio import read_portfolio

LINES = tuple(
    PolicyLine(policy, Words("行业", policy.organisation.industry), Words("地区", "region"), place % 7, False)
    for place, policy in enumerate(read_portfolio(read_folder("book")["opening.csv"]).rows)
)


@given(st.sampled_from(sorted(SORTS)), st.booleans())
def test_all_pages_together_are_the_whole_list_in_order(sort: str, falling: bool) -> None:
    wish = ListWish(sort=sort, falling=falling)
    whole, first = in_order(LINES, wish), one_page(LINES, wish)
    pages = [one_page(LINES, replace(wish, page=page)).rows for page in range(1, first.pages + 1)]
    assert tuple(line for page in pages for line in page) == whole
    assert len(whole) == first.found == len(LINES)
    keys = [SORTS[sort](line) for line in whole]
    assert keys == sorted(keys, reverse=falling)


@given(st.integers(-5, 10_000))
def test_a_page_that_is_not_there_is_the_nearest_that_is(page: int) -> None:
    shown = one_page(LINES, ListWish(page=page))
    assert 1 <= shown.wish.page <= shown.pages
    assert 0 < len(shown.rows) <= ROWS_A_PAGE


@pytest.mark.parametrize(
    ("search", "found"), [("SYN-P-0007", 1), ("样本企业 0007", 1), ("sample FIRM 0007", 1), ("nobody", 0)]
)
def test_a_search_looks_at_number_and_names_in_both_languages(search: str, found: int) -> None:
    assert one_page(LINES, ListWish(search=search)).found == found
