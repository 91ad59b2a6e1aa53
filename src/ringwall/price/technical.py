"""The technical premium: expected loss with its loads, and the exact rate factor between with and without relief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Estimate, Rounding, book_estimate, round_fraction
from ringwall.price.basis import PricingBasis, attritional, informed, judged, systemic
from ringwall.price.capacity import BookCapital
from ringwall.price.filed import FiledRates
from ringwall.risk import NO_RELIEF, Relief, ReliefStep, combined

FACTOR_PARTS = 1000
"""A rate factor is a whole number of thousandths, rounded once, half-even."""


@dataclass(frozen=True, slots=True)
class Burden:
    """Cumulative levels of the technical premium, in fen."""

    losses: float
    with_uncertainty: float
    with_capital: float
    with_services: float
    with_expenses: float
    with_commission: float
    technical: float


@dataclass(frozen=True, slots=True)
class Charge:
    """The numbers of one price before any stop."""

    relief: Relief
    burden: Burden
    base_net_minor: int
    rate_factor: Fraction


def charge_for(basis: PricingBasis, steps: Sequence[ReliefStep]) -> Charge:
    """Expected losses, technical premium and the exact factor, whether or not it may be used.

    The factor is the technical premium with relief, and with the book's own capital where a run of it exists, over
    the filed one without, so that net = R(base net × factor).
    """
    relief = informed(basis, combined(basis.numbers, steps))
    with_relief, without = _burden_under(basis, relief, basis.capital), _burden_under(basis, NO_RELIEF, None)
    factor = Fraction(with_relief.technical) / Fraction(without.technical)
    exact = Fraction(round_fraction(factor * FACTOR_PARTS), FACTOR_PARTS)
    return Charge(relief, with_relief, booked(without.technical), exact)


def burden(
    rates: FiledRates, attritional_minor: float, systemic_minor: float, of_book: BookCapital | None = None
) -> Burden:
    """(expected loss + uncertainty + capital + services) / (1 − expense − commission − profit).

    Capital by the filed loads on either kind of loss, or as the book's own tail costs.
    """
    losses = attritional_minor + systemic_minor
    uncertain = losses * (1 + float(rates["uncertainty_load"]))
    capital = attritional_minor * float(rates["capital_load_attritional"])
    capital += systemic_minor * float(rates["capital_load_systemic"])
    if of_book:
        capital = losses * of_book.load
    services = uncertain + capital + float(rates["service_cost"])
    commission, profit = float(rates["commission_share"]), float(rates["profit_share"])
    technical = services / (1 - float(rates["expense_share"]) - commission - profit)
    with_expenses = services + technical * float(rates["expense_share"])
    with_commission = with_expenses + technical * commission
    return Burden(losses, uncertain, uncertain + capital, services, with_expenses, with_commission, technical)


def booked(amount: float) -> int:
    reason = "technical premium and each level of the waterfall: rounded once, half-even"
    return book_estimate(Estimate(amount), mode=Rounding.HALF_EVEN, reason=reason).minor


def _burden_under(basis: PricingBasis, relief: Relief, of_book: BookCapital | None) -> Burden:
    attritional_minor = attritional(basis.own, basis.totals, relief) + sum(judged(basis, relief).values())
    return burden(basis.rates, attritional_minor, systemic(basis, relief), of_book)
