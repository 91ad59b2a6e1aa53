"""Limits and retentions side by side: every option is the quote of its terms, and what it reuses changes nothing."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from tests.price.conftest import Compile
from tests.price.priced_case import finding, standing

from ringwall.basics import Refusal
from ringwall.evidence import Standing
from ringwall.price import Option, PricedRisk, PricingBasis, option, price_risk, with_each, with_terms, year_ahead
from ringwall.risk import ReliefStep, RiskModel, SignalKind, relief_steps

LIMITS = (100_000_000, 200_000_000, 300_000_000, 400_000_000)
RETENTIONS = (0, 10_000_000, 30_000_000, 60_000_000)
CHOICES = [{"event_limit": limit, "npbi_deductible": kept} for limit in LIMITS for kept in RETENTIONS]


@pytest.fixture(scope="module")
def steps(model: RiskModel) -> tuple[ReliefStep, ...]:
    return relief_steps(model, [standing("edr", Standing.HELD)], [finding("git_exposed")])


@pytest.fixture(scope="module")
def bases(basis: PricingBasis, compiled: Compile) -> list[PricingBasis]:
    return list(with_each(basis, (compiled(**choices) for choices in CHOICES)))


def test_what_is_reused_between_schedules_changes_no_figure(
    basis: PricingBasis, bases: list[PricingBasis], compiled: Compile
) -> None:
    for choices, reused in zip(CHOICES, bases, strict=True):
        anew = with_terms(basis, compiled(**choices))
        assert reused.chosen == anew.chosen
        assert reused.asked is not None
        assert anew.asked is not None
        assert all((masses == anew.asked.masses[kind]).all() for kind, masses in reused.asked.masses.items())


def test_an_option_is_the_quote_of_its_terms(bases: list[PricingBasis], steps: tuple[ReliefStep, ...]) -> None:
    for based in bases:
        found, priced = option(based, steps), price_risk(based, steps)
        assert isinstance(priced, PricedRisk)
        ahead = year_ahead(based, priced.relief)
        assert ahead is not None
        assert found.gross_minor == priced.gross_minor
        assert found.technical_net_minor == priced.technical_net_minor
        assert found.bad_year == dict(ahead.curve)[100]
        assert found.worst_years == ahead.worst_years


def test_more_cover_costs_more_and_pays_more(bases: list[PricingBasis], steps: tuple[ReliefStep, ...]) -> None:
    table = {tuple(choices.values()): option(based, steps) for choices, based in zip(CHOICES, bases, strict=True)}

    def rises(row: list[Option]) -> None:
        for less, more in pairwise(row):
            assert less.technical_net_minor <= more.technical_net_minor
            assert less.losses.minor <= more.losses.minor

    for kept in RETENTIONS:
        rises([table[limit, kept] for limit in LIMITS])
    for limit in LIMITS:
        rises([table[limit, kept] for kept in reversed(RETENTIONS)])


def test_the_limit_is_used_up_no_more_often_than_a_year_pays(
    basis: PricingBasis, compiled: Compile, steps: tuple[ReliefStep, ...]
) -> None:
    small = option(with_terms(basis, compiled(aggregate_limit=20_000_000)), steps)
    large = option(with_terms(basis, compiled(aggregate_limit=500_000_000)), steps)
    assert small.used_up is not None
    assert large.used_up is not None
    assert 0 <= large.used_up < small.used_up < 0.05


def test_each_line_has_its_part_of_the_net_premium(basis: PricingBasis, steps: tuple[ReliefStep, ...]) -> None:
    found = option(basis, steps)
    lines = [found.line_minor(Fraction(share, 100)) for share in (40, 35, 25)]
    assert not isinstance(found.charged, Refusal)
    assert abs(sum(line or 0 for line in lines) - found.charged.net_minor) <= 1


def test_a_risk_above_the_filed_range_has_an_option_without_a_premium(basis: PricingBasis, model: RiskModel) -> None:
    broken = [standing(c, Standing.BROKEN) for c, s in model.signals.items() if s.kind is SignalKind.CONTROL]
    found = option(basis, relief_steps(model, broken, [finding("rdp_exposed")]))
    assert isinstance(found.charged, Refusal)
    assert (found.gross_minor, found.line_minor(Fraction(1))) == (None, None)
    assert found.technical_net_minor > 0
