"""One policy more: net of treaties as a run of the larger book says, and its part of the tail by many draws."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.portfolio.conftest import CATALOGUE, SEED, YEARS, SmallBook

from ringwall.basics import Refusal
from ringwall.portfolio import (
    BookAgain,
    BookPolicy,
    TailShare,
    gross_view,
    net_again,
    net_view,
    one_more,
    one_more_net,
    simulate_book,
    tail_share,
    totals_again,
)
from ringwall.portfolio.measures import Impact
from ringwall.treaty import Programme, read_programme


@pytest.fixture(scope="module")
def programme() -> Programme:
    found = read_programme((CATALOGUE / "book/treaties.yaml").read_text("utf-8"), "treaties.yaml")
    assert isinstance(found, Programme), found
    return found


def without_last(small: SmallBook) -> BookAgain:
    return BookAgain(
        policies=tuple(sorted(small.policies, key=lambda policy: policy.number))[:-1],
        terms=small.terms,
        model=small.model,
        years=YEARS,
        seed=SEED,
        as_at=None,
        opening={},
        known=(),
    )


def test_gross_and_net_are_what_a_run_of_the_larger_book_says(small: SmallBook, programme: Programme) -> None:
    rest, last = without_last(small), max(small.policies, key=lambda policy: policy.number)
    gross = one_more(totals_again(rest), last, small.terms[last.number])
    net = one_more_net(net_again(rest, programme), last, small.terms[last.number])
    assert isinstance(gross, Impact)
    assert isinstance(net, Impact)
    whole = simulate_book(small.policies, small.terms, small.model, YEARS, SEED)
    assert gross.after == gross_view(whole).measures
    assert net.after == net_view(whole, programme).measures
    assert net.before != net.after


def test_the_part_of_the_tail_is_one_policys_and_does_not_hang_on_its_number(small: SmallBook) -> None:
    run, last = totals_again(without_last(small)), max(small.policies, key=lambda policy: policy.number)
    found = [tail_share(run, each, small.terms[last.number], copies=512) for each in (last, renamed(last))]
    first, second = found
    assert isinstance(first, TailShare)
    assert isinstance(second, TailShare)
    assert first.mean_minor == pytest.approx(second.mean_minor, rel=0.25)
    assert first.tail_minor == pytest.approx(second.tail_minor, rel=0.5)
    assert first.tail_minor > first.mean_minor, "common shocks tie it to the worst years"


def test_what_cannot_run_is_refused_under_its_own_number(small: SmallBook) -> None:
    run, last = totals_again(without_last(small)), max(small.policies, key=lambda policy: policy.number)
    odd = replace(last, organisation=replace(last.organisation, industry="nowhere"))
    refused = tail_share(run, odd, small.terms[last.number], copies=2)
    assert isinstance(refused, Refusal)
    assert refused.where == last.number


def renamed(policy: BookPolicy) -> BookPolicy:
    return replace(policy, number=f"{policy.number}-other")
