"""Placement: offers are signed down or stay open, and nobody writes beyond capacity or the legal bound."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.market import Offer, Participant, Placement, Written, market_capacity, panel_of, place
from ringwall.policy import Panel

LIMIT = 300_000_000
MARKET = (
    Participant("首岸财产保险", 40_000_000_000, 10_000_000_000),
    Participant("中流财产保险", 30_000_000_000, 5_000_000_000),
    Participant("远桥财产保险", 700_000_000, 5_000_000_000),
)
NAMES = tuple(participant.insurer for participant in MARKET)


def offers(*shares: Fraction) -> list[Offer]:
    return [Offer(name, share) for name, share in zip(NAMES, shares, strict=False)]


def test_offers_that_fill_the_limit_become_a_panel_with_its_lead() -> None:
    placed = place("Q-1", LIMIT, offers(Fraction(2, 5), Fraction(2, 5), Fraction(1, 5)), MARKET)
    assert isinstance(placed, Placement)
    assert placed.open_share == 0
    panel = panel_of("Q-1", placed)
    assert isinstance(panel, Panel)
    assert (panel.lead, panel.shares) == (NAMES[0], (Fraction(2, 5), Fraction(2, 5), Fraction(1, 5)))


def test_offers_above_the_limit_are_signed_down_in_proportion() -> None:
    placed = place("Q-1", LIMIT, offers(Fraction(4, 5), Fraction(4, 5)), MARKET)
    assert isinstance(placed, Placement)
    assert [line.share for line in placed.lines] == [Fraction(1, 2), Fraction(1, 2)]
    assert placed.offered == Fraction(8, 5)


def test_offers_below_the_limit_leave_a_share_open_and_make_no_panel() -> None:
    placed = place("Q-1", LIMIT, offers(Fraction(1, 2)), MARKET)
    assert isinstance(placed, Placement)
    assert placed.open_share == Fraction(1, 2)
    refusal = panel_of("Q-1", placed)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "share_open"


def test_no_insurer_keeps_more_than_a_tenth_of_its_own_funds_on_one_risk() -> None:
    refusals = place("Q-1", LIMIT, offers(Fraction(2, 5), Fraction(7, 20), Fraction(1, 4)), MARKET)
    assert isinstance(refusals, tuple)
    assert [(r.code, r.where) for r in refusals] == [("line_beyond_capacity", f"Q-1 {NAMES[2]}")]
    assert "70000000" in refusals[0].message.zh


def test_what_is_written_uses_capacity_up() -> None:
    written = [Written(NAMES[1], 9_900_000_000, Fraction(1, 2)), Written(NAMES[1], 100, Fraction(1, 3))]
    first, second, _ = market_capacity(MARKET, written)
    assert (first.left_minor, second.written_minor, second.risks) == (10_000_000_000, 4_950_000_034, 2)
    refusals = place("Q-1", LIMIT, offers(Fraction(1, 2), Fraction(1, 2)), MARKET, written)
    assert isinstance(refusals, tuple)
    assert refusals[0].where == f"Q-1 {NAMES[1]}"


@pytest.mark.parametrize(
    "offer", [Offer("无名保险", Fraction(1)), Offer(NAMES[0], Fraction(0)), Offer(NAMES[0], Fraction(3, 2))]
)
def test_an_offer_that_cannot_be_signed_is_refused(offer: Offer) -> None:
    refusals = place("Q-1", LIMIT, [offer], MARKET)
    assert isinstance(refusals, tuple)
    assert {refusal.code for refusal in refusals} == {"offer_refused"}


@given(st.lists(st.fractions(min_value=Fraction(1, 100), max_value=1), min_size=1, max_size=2))
def test_signed_shares_and_the_open_share_are_the_whole(shares: list[Fraction]) -> None:
    placed = place("Q-1", LIMIT, offers(*shares), MARKET)
    assert isinstance(placed, Placement)
    assert sum(line.share for line in placed.lines) + placed.open_share == 1
    assert placed.open_share >= 0
