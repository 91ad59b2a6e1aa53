"""What the model comes to for the checks of books: one run for the Chinese pilot, one for American small firms."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import FEN_PER_YUAN
from ringwall.portfolio.checks.populations import (
    PILOT_DEDUCTIBLE_YUAN,
    PILOT_LIMIT_YUAN,
    SEED,
    all_parts,
    pilot_book,
    us_book,
)
from ringwall.portfolio.result import BookResult
from ringwall.portfolio.simulate import simulate_book
from ringwall.risk import Effort, Figure, RiskModel, Territory, fen_per_usd, quantile_error, stream

Whole = NDArray[np.int64]


def figures_of_books(model: RiskModel, effort: Effort) -> tuple[Figure, ...]:
    """Every figure of the checks that need a book with common shocks."""
    pilot = _run(model, effort, Territory.CHINA)
    return (*_k14(pilot), *_k16(pilot), *_k17(pilot), *_k21(_run(model, effort, Territory.WEST)))


def _run(model: RiskModel, effort: Effort, territory: Territory) -> BookResult:
    """The seam to the simulation: policies and terms in, a result of its public shape out."""
    if territory is Territory.CHINA:
        policies = pilot_book(model, effort.policies)
        terms = all_parts(PILOT_LIMIT_YUAN * FEN_PER_YUAN, PILOT_DEDUCTIBLE_YUAN * FEN_PER_YUAN)
    else:
        policies, fen = us_book(model, effort.policies), fen_per_usd(model)
        terms = all_parts(round(1e6 * fen), round(10_000 * fen))
    by_policy = {policy.number: terms for policy in policies}
    result = simulate_book(policies, by_policy, model.shocked_in(territory), effort.years, SEED, territory=territory)
    assert not result.refusals, result.refusals
    return result


def _premium(result: BookResult) -> int:
    return sum(policy.premium_minor for policy in result.policies)


def _k14(pilot: BookResult) -> Iterator[Figure]:
    largest = pilot.largest / _premium(pilot)
    for period in (5, 50, 200):
        yield Figure(
            f"K14.{period}", float(np.quantile(largest, 1 - 1 / period)), quantile_error(largest, 1 - 1 / period)
        )


def _k16(pilot: BookResult) -> Iterator[Figure]:
    """Each policy's years in an order of their own: what it pays stays, what strikes many at once is gone."""
    rows = pilot.rows
    together, apart = pilot.totals, np.zeros(pilot.years, np.int64)
    for place in range(len(pilot.policies)):
        begin, end = np.searchsorted(rows.policy, [place, place + 1])
        order = stream(SEED, "K16", str(place)).permutation(pilot.years)
        np.add.at(apart, order[rows.year[begin:end]], rows.payable[begin:end])
    yield Figure("K16.mean", float(apart.mean() / together.mean()) - 1)
    joint, lone = (float(np.quantile(years, 0.995)) for years in (together, apart))
    error = lone / joint * math.hypot(quantile_error(together / joint, 0.995), quantile_error(apart / lone, 0.995))
    yield Figure("K16.var", lone / joint - 1, error)


def _k17(pilot: BookResult) -> Iterator[Figure]:
    premium = _premium(pilot)
    for name, rows in (
        ("attritional", pilot.rows.only(pilot.rows.event < 0)),
        ("cat", pilot.rows.only(pilot.rows.event >= 0)),
    ):
        yearly = np.bincount(rows.year, rows.payable, pilot.years) / premium
        yield Figure(f"K17.{name}", float(yearly.mean()), float(yearly.std()) / math.sqrt(pilot.years))


def _k21(american: BookResult) -> Iterator[Figure]:
    ratio = american.totals / _premium(american)
    yield Figure("K21", float(ratio.mean()), float(ratio.std()) / math.sqrt(american.years))
