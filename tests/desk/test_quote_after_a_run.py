"""Once the book has been run a quote carries the capital of what it adds to the tail, gross with net beside it."""

from __future__ import annotations

from datetime import date, timedelta

from tests.desk.every_family import Sale

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.portfolio.simulate_book import BookWish, import_book, run_book
from ringwall.desk.price.book_impact import BookImpact, KeptRuns, book_impact
from ringwall.desk.price.reprice import KeptBases, Repriced, WhatIf, change_terms, reprice
from ringwall.desk.records import BookRun
from ringwall.portfolio import read_portfolio
from ringwall.price import Bound
from ringwall.wiring.house import House
from ringwall.wiring.people import enrol_everybody, shipped_case


def test_a_quote_after_a_run_carries_its_capital_and_the_page_prices_it_alike(
    house: House, catalogue: Catalogue
) -> None:
    people = enrol_everybody(house, shipped_case())
    sale = Sale(house.front, people, catalogue, "enterprise-cyber/2026-07")
    book, at = read_portfolio(read_folder("book")["opening.csv"]), sale.applied_at - timedelta(days=1)

    def run(office: Office) -> BookRun:
        import_book(office, book, at=at)
        return run_book(office, BookWish(date(2026, 7, 1), 1_000, 7), at=at)

    made = house.front.perform(Request(people["underwriter"], "simulate_book", "run", None), BookRun, run)
    assert isinstance(made, BookRun)
    sale.apply()
    quote = sale.quote()
    held = quote.capital
    assert held is not None
    assert held.run == made.number
    assert held.capital_minor > 0
    step = next(step for step in quote.priced.waterfall.steps if step.code == "capital")
    assert made.number in step.source
    assert quote.priced.waterfall.total_minor == quote.priced.insured_part_minor

    def again(office: Office) -> Repriced:
        changed = change_terms(office, quote, {}, KeptBases())
        assert not isinstance(changed, Refusal)
        now = quote.valid_until - timedelta(days=1)
        return reprice(office, changed, WhatIf(), lambda asked: book_impact(office, asked, KeptRuns(), now=now))

    page = house.front.ask(people["underwriter"], again)
    assert page.priced == quote.priced
    assert isinstance(page.book, BookImpact)
    added = page.book.load
    assert added.net.aal_minor < added.gross.aal_minor
    assert {Bound.TVAR99, Bound.OEP200, Bound.NET_TVAR99, Bound.NET_OEP200} <= {
        use.capacity.bound for use in page.book.uses
    }
    assert page.book.before_net.tvar99_minor == made.net.tvar99_minor
    assert page.book.before.tvar99_minor == made.gross.tvar99_minor
    assert page.book.part.tail_minor > page.book.part.mean_minor > 0
    assert page.book.part.tail_minor == held.tail_minor, "drawn under the submission's number"
