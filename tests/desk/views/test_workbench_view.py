"""Repricing on the workbench: the quote's own code, each fix as its list promises it, and nothing stored."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from tests.catalogue import shelf
from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.office import Office
from ringwall.desk.price.book_impact import KeptRuns
from ringwall.desk.price.reprice import KeptBases, WhatIf, change_terms, price_today, reprice
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.workbench_page import choosable, term_inputs
from ringwall.evidence import Standing
from ringwall.price import PricedRisk
from ringwall.product import make_schedule


def quote_of(office: Office, object_id: UUID) -> QuoteFile:
    return office.quotes.of_object(object_id)[-1].record


def test_a_question_that_changes_nothing_gives_the_quote_and_each_fix_what_its_list_promises(
    told_until: ToldUntil,
) -> None:
    year = told_until("quote")

    def ask(office: Office, object_id: UUID) -> None:
        quote, bases = quote_of(office, object_id), KeptBases()
        changed = change_terms(office, quote, {}, bases)
        assert not isinstance(changed, Refusal)
        same = reprice(office, changed, WhatIf())
        assert same.priced == quote.priced
        assert (same.decision, same.fixes, same.schedule) == (quote.decision, quote.fixes, quote.schedule)
        for fix in quote.fixes:
            control = {} if fix.subjects else {fix.code: Standing.HELD}
            fixed = reprice(office, changed, WhatIf({}, control, frozenset(fix.subjects)))
            assert isinstance(fixed.priced, PricedRisk)
            assert fixed.priced.gross_minor == fix.premium_after_minor, fix.code
        assert len(office.quotes.of_object(object_id)) == 1

    year.read("underwriter", ask)


def test_the_draws_of_a_risk_are_made_once_and_terms_are_settled_on_them(told_until: ToldUntil) -> None:
    year = told_until("quote")

    def ask(office: Office, object_id: UUID) -> None:
        quote, bases = quote_of(office, object_id), KeptBases()
        first, second = (change_terms(office, quote, {"event_limit": limit}, bases) for limit in (10**8, 2 * 10**8))
        assert not isinstance(first, Refusal)
        assert not isinstance(second, Refusal)
        assert first.basis.draws is second.basis.draws
        again = change_terms(office, quote, {"event_limit": 10**8}, bases)
        assert not isinstance(again, Refusal)
        assert again.basis is first.basis
        below = change_terms(office, quote, {"event_limit": 1}, bases)
        assert isinstance(below, Refusal)
        assert below.code == "schedule_range"

    year.read("underwriter", ask)


def test_years_later_what_was_seen_no_longer_counts_and_the_price_of_today_says_so(told_until: ToldUntil) -> None:
    year = told_until("quote")

    def ask(office: Office, object_id: UUID) -> None:
        quote = quote_of(office, object_id)
        changed = change_terms(office, quote, {}, KeptBases())
        assert not isinstance(changed, Refusal)
        at = quote.valid_until - timedelta(days=30)
        assert price_today(office, object_id, changed, KeptRuns(), at=at) == quote.priced
        later = price_today(office, object_id, changed, KeptRuns(), at=at + timedelta(days=1500))
        assert later != quote.priced

    year.read("underwriter", ask)


def test_beyond_its_bound_a_shelf_of_bases_gives_up_the_longest_unused() -> None:
    bases, kept = KeptBases(most=2), object()
    for name in "ab":
        bases.keep((name,), kept)  # type: ignore[arg-type]
    assert bases.find(("a",)) is kept  # type: ignore[arg-type]
    bases.keep(("c",), kept)  # type: ignore[arg-type]
    assert bases.find(("b",)) is None  # type: ignore[arg-type]
    assert bases.find(("a",)) is kept  # type: ignore[arg-type]


@pytest.mark.parametrize("version", shelf.names())
def test_every_place_of_a_slider_is_a_value_that_the_product_allows(catalogue: Catalogue, version: str) -> None:
    product = catalogue.versions[version]
    values = {name: parameter.value for name, parameter in product.parameters.items()}
    schedule = make_schedule(product, {})
    assert not isinstance(schedule, Refusal)
    assert schedule.values == values

    quoted = cast(QuoteFile, SimpleNamespace(schedule=schedule))  # as much of a quote as the inputs look at
    inputs = term_inputs(product, quoted, WhatIf())
    assert {each.parameter.name for each in inputs} == {each.name for each in choosable(product)}
    for each in inputs:
        assert each.parameter.choices or each.stops[each.stop] == each.value
        for stop in (*each.stops, *(each.parameter.choices or ())):
            assert not isinstance(make_schedule(product, {each.parameter.name: stop}), Refusal), each.parameter.name
