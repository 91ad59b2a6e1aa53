"""A card that a provider proposes: what it may say, how it is answered, and which card an order is charged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from ringwall.basics import Refusal, Words
from ringwall.service import (
    CardAnswer,
    CardLine,
    PriceUnit,
    RateCard,
    ServiceInvoice,
    WorkLine,
    accepted_cards,
    answer_card,
    card_for,
    check_invoice,
    propose_card,
)

SERVICES = {"tabletop": Words("桌面推演", "Tabletop"), "forensics": Words("取证", "Forensics")}
TODAY, AT = date(2026, 2, 1), datetime(2026, 2, 1, tzinfo=UTC)
WISHED = RateCard("newfirm", {}, date(2026, 3, 1), date(2027, 3, 1), payment_days=30, number="RC-1")
TABLETOP = CardLine("tabletop", 1_200_000, PriceUnit.ORDER)
FORENSICS = CardLine("forensics", 350_000, PriceUnit.PERSON_DAY)


def proposed(lines: Sequence[CardLine] = (TABLETOP, FORENSICS), card: RateCard = WISHED) -> RateCard | Refusal:
    return propose_card(card, lines, SERVICES, TODAY)


def good() -> RateCard:
    card = proposed()
    assert isinstance(card, RateCard), card
    return card


def code(answer: object) -> str:
    return answer.code if isinstance(answer, Refusal) else ""


@pytest.mark.parametrize(
    "lines",
    [(), (TABLETOP, TABLETOP), (replace(TABLETOP, price_minor=0),), (replace(TABLETOP, service="astrology"),)],
    ids=["no line", "a service twice", "a price of nil", "a service that nobody knows"],
)
def test_a_card_is_refused_with(lines: tuple[CardLine, ...]) -> None:
    assert code(proposed(lines)) == "rate_card_lines_wrong"


def test_a_card_ends_in_the_future_after_it_begins_and_is_paid_within_the_lawful_time() -> None:
    for days in (61, -1):
        assert code(proposed(card=replace(WISHED, payment_days=days))) == "rate_card_dates_wrong"
    assert code(proposed(card=replace(WISHED, valid_until=date(2026, 3, 1)))) == "rate_card_dates_wrong"
    over = replace(WISHED, valid_from=date(2025, 1, 1), valid_until=TODAY)
    assert code(proposed(card=over)) == "rate_card_dates_wrong"


def test_a_card_by_service_gives_the_price_of_that_service_and_of_no_other() -> None:
    card = card_for([good()], "newfirm", "tabletop", date(2026, 3, 1))
    assert isinstance(card, RateCard)
    assert card.price_minor == {"tabletop": 1_200_000}
    assert card.unit_of("tabletop") is PriceUnit.ORDER
    assert code(card_for([good()], "newfirm", "retest", date(2026, 3, 1))) == "rate_card_missing"
    assert code(card_for([good()], "newfirm", "tabletop", date(2026, 2, 28))) == "rate_card_missing"
    bill = ServiceInvoice("N-1", "O-1", "newfirm", date(2026, 3, 2), (WorkLine("tabletop", Fraction(1), 1_200_001),))
    assert [each.code for each in check_invoice(bill, card).refusals] == ["above_rate_card"]
    other = replace(bill, lines=(WorkLine("forensics", Fraction(1), 1),))
    assert [each.code for each in check_invoice(other, card).refusals] == ["grade_unknown"]


def test_of_two_cards_that_hold_the_one_that_began_last_applies() -> None:
    house = RateCard("newfirm", {"expert": 600_000}, date(2025, 1, 1), date(2027, 1, 1))
    before, after = (card_for([good(), house], "newfirm", "tabletop", day) for day in (TODAY, date(2026, 3, 1)))
    assert before == house
    assert isinstance(after, RateCard)
    assert after.number == "RC-1"


def test_a_declined_card_may_be_accepted_later_and_an_accepted_one_stays() -> None:
    card = good()

    def answer(before: Sequence[CardAnswer], *, yes: bool, reason: str = "") -> CardAnswer | Refusal:
        return answer_card(card, before, yes=yes, by="Shen", at=AT, reason=reason)

    assert code(answer((), yes=False)) == "rate_card_answer_without_reason"
    no = answer((), yes=False, reason="too dear")
    assert isinstance(no, CardAnswer)
    assert accepted_cards([card], [no]) == ()
    yes = answer((no,), yes=True)
    assert isinstance(yes, CardAnswer)
    assert accepted_cards([card], [no, yes]) == (card,)
    assert code(answer((no, yes), yes=False, reason="too dear")) == "rate_card_accepted_before"
