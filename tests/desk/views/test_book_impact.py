"""What a quote does to the book: nothing is said without a run, and a capacity that is exceeded is counted."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.price.book_impact import BookImpact, KeptRuns, book_impact
from ringwall.desk.price.reprice import KeptBases, WhatIf, change_terms, reprice
from ringwall.portfolio import Measures, TailShare
from ringwall.price import Added, Bound, Capacity, CapacityUse, CapitalLoad
from ringwall.underwriting import Measure


def test_without_a_run_the_answer_says_so_and_refers_nothing(told_until: ToldUntil) -> None:
    year = told_until("quote")

    def ask(office: Office, object_id: UUID) -> None:
        quote = office.quotes.of_object(object_id)[-1].record
        changed = change_terms(office, quote, {}, KeptBases())
        assert not isinstance(changed, Refusal)
        now = quote.valid_until - timedelta(days=1)
        again = reprice(office, changed, WhatIf(), lambda asked: book_impact(office, asked, KeptRuns(), now=now))
        assert isinstance(again.book, Refusal)
        assert again.book.code == "book_not_run"
        assert again.decision == quote.decision

    year.read("underwriter", ask)


def test_a_capacity_that_would_be_exceeded_is_a_reason_to_refer(told_until: ToldUntil) -> None:
    year = told_until("quote")

    def ask(office: Office, object_id: UUID) -> None:
        quote = office.quotes.of_object(object_id)[-1].record
        changed = change_terms(office, quote, {}, KeptBases())
        assert not isinstance(changed, Refusal)
        over = CapacityUse(Capacity(Bound.VENDOR, 100, date(2026, 1, 1), "none"), "cloud:x", 90, 101)
        within = CapacityUse(Capacity(Bound.TVAR99, 100, date(2026, 1, 1), "none"), "", 90, 100)
        assert (over.exceeded, within.exceeded) == (True, False)

        def said(*uses: CapacityUse) -> BookImpact:
            none, flat = Added(0, 0, 0), Measures(1, 0, (), (), 0, 0)
            return BookImpact("RUN", date(2026, 1, 1), CapitalLoad(none, none), TailShare(0, 0), flat, flat, uses)

        again = reprice(office, changed, WhatIf(), lambda _: said(over, within))
        assert again.decision
        assert Measure.OVER_CAPACITY in {reason.measure for reason in again.decision.reasons}
        again = reprice(office, changed, WhatIf(), lambda _: said(within))
        assert again.decision == quote.decision

    year.read("underwriter", ask)
