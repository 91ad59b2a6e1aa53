"""A renewal is priced with what the insured has had: claims on record move the premium by a step with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from tests.desk.every_family import DAY, PANEL, Sale

from ringwall.basics import Refusal, Term
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.price.own_experience import own_experience
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.price.reprice import KeptBases, WhatIf, change_terms, reprice
from ringwall.desk.records import QuoteFile
from ringwall.price import WaterfallStep
from ringwall.wiring.house import House
from ringwall.wiring.people import enrol_everybody, shipped_case

NAME = "enterprise-cyber/2026-07"


def step_of(quote: QuoteFile) -> WaterfallStep | None:
    return next((step for step in quote.priced.waterfall.steps if step.code == "experience"), None)


def test_a_renewal_carries_the_claim_of_the_year_before_and_the_first_quote_nothing(
    house: House, catalogue: Catalogue
) -> None:
    people = enrol_everybody(house, shipped_case())
    sale = Sale(house.front, people, catalogue, NAME)
    sold = sale.run()
    assert sold.quote.experience is None
    assert step_of(sold.quote) is None
    begins = sold.quote.period.end
    wish = QuoteWish({}, Term(begins, begins + 365 * DAY), PANEL, "head_office")

    def renew(office: Office) -> QuoteFile | Refusal:
        return quote_risk(office, object_of(office), wish, at=begins - 40 * DAY)

    def object_of(office: Office) -> UUID:
        found = office.objects.by_number(sale.number)
        assert found is not None
        return found

    renewal = house.front.perform(
        Request(people["underwriter"], "quote_risk", "renewal", None, sale.number), QuoteFile, renew
    )
    assert isinstance(renewal, QuoteFile), renewal
    had = renewal.experience
    assert had is not None
    assert (had.claims, had.exposed) == (1, Fraction(325, 365))
    step = step_of(renewal)
    assert step is not None
    assert step.amount_minor > 0
    assert "1 claims on record under 1 policies" in step.source
    assert renewal.priced.waterfall.total_minor == renewal.priced.insured_part_minor

    def again(office: Office) -> None:
        object_id = object_of(office)
        changed = change_terms(office, renewal, {}, KeptBases())
        assert not isinstance(changed, Refusal)
        assert reprice(office, changed, WhatIf()).priced == renewal.priced, "the page prices with the same record"
        early = own_experience(office, object_id, begins.date(), at=sold.quote.period.start - timedelta(days=1))
        assert early is None, "nothing is known before the first period has begun"
        without = change_terms(office, replace(renewal, experience=None), {}, KeptBases())
        assert not isinstance(without, Refusal)
        assert without.basis.experience is None

    house.front.perform(Request(people["underwriter"], "quote_risk", "again", None, sale.number), type(None), again)
