"""What a version of the model makes of a book: its measures, and what its policies would technically cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ringwall.basics import Estimate, Rounding, book_estimate
from ringwall.portfolio.again import BookAgain
from ringwall.portfolio.engine import Compile, in_memory
from ringwall.portfolio.measures import Measures
from ringwall.portfolio.result import BookResult, PaidRows, by_cause, gross_view, net_view
from ringwall.portfolio.simulate import simulate_book
from ringwall.treaty import Programme

if TYPE_CHECKING:  # a worker of a book prices nothing and loads no prices
    from ringwall.price import FiledRates

Rates: TypeAlias = "Mapping[tuple[str, str], FiledRates]"
"""By product and version."""


@dataclass(frozen=True, slots=True)
class ModelEffect:
    """A book of whole years under one version of the model; amounts in fen, a year."""

    version: str
    sha256: str
    policies: int
    years: int
    seed: int
    gross: Measures
    net: Measures
    technical_minor: int
    """The technical premium of the policies whose product has filed rates: their expected loss with its loads."""
    rated: int
    by_cause: Mapping[str, int]


def effect_of_model(book: BookAgain, programme: Programme, rates: Rates, *, loops: Compile = in_memory) -> ModelEffect:
    """Each policy the whole year, without claims: with the same seed two versions differ by the model alone."""
    model = book.model
    result = simulate_book(
        book.policies, book.terms, model, book.years, book.seed, territory=book.territory, loops=loops
    )
    technical, rated = _technical(result, rates)
    return ModelEffect(
        model.version,
        model.sha256,
        len(result.policies),
        result.years,
        result.seed,
        gross_view(result).measures,
        net_view(result, programme).measures,
        technical,
        rated,
        by_cause(result),
    )


def _technical(result: BookResult, rates: Rates) -> tuple[int, int]:
    """Policy by policy by the loads of its own rates; the filed loads stand for the book's capital."""
    from ringwall.price import burden

    shared = result.rows.event >= 0
    own, common = (_means(result, result.rows.only(chosen)) for chosen in (~shared, shared))
    filed = [rates.get((policy.product, policy.product_version)) for policy in result.policies]
    priced = [(loads, own[n], common[n]) for n, loads in enumerate(filed) if loads is not None]
    whole = sum(burden(loads, single, systemic).technical for loads, single, systemic in priced)
    reason = "technical premium of a book: rounded once, half-even"
    return book_estimate(Estimate(whole), mode=Rounding.HALF_EVEN, reason=reason).minor, len(priced)


def _means(result: BookResult, rows: PaidRows) -> list[float]:
    sums = np.zeros(len(result.policies), np.int64)
    np.add.at(sums, rows.policy, rows.payable)
    return [total / result.years for total in sums.tolist()]
