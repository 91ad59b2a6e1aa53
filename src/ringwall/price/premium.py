"""From expected loss to the premium charged: filed factor, bounds, tax and subsidy, to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Estimate, Refusal, refuse, round_fraction
from ringwall.price.basis import PricingBasis, judged, own_rates, shocks
from ringwall.price.filed import FiledRates
from ringwall.price.subsidy import SubsidyScheme, SubsidySplit, split_subsidy
from ringwall.price.technical import Charge, booked, charge_for
from ringwall.price.waterfall import Booked, Waterfall, waterfall
from ringwall.risk import Peril, Relief, ReliefStep

JUDGED = "judged"
"""The kind of loss of parts that the model has no event for: an amount a year, in no number of losses."""


@dataclass(frozen=True, slots=True)
class ExpectedLoss:
    """What one kind of event is expected to cost the policy in a year under one part."""

    kind: str
    part: str
    losses_a_year: float
    amount: Estimate


@dataclass(frozen=True, slots=True)
class Origin:
    """What has to be named so that anybody can compute the price again."""

    model: str
    model_sha256: str
    product: str
    product_version: str
    rates: str
    filing: str
    seed: int
    draws: int


@dataclass(frozen=True, slots=True)
class Charged:
    """What is charged for a year, in whole fen; `filed_minor` is before the minimum premium."""

    factor: Fraction
    filed_minor: int
    net_minor: int
    vat_minor: int

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor


@dataclass(frozen=True, slots=True)
class PricedRisk:
    """A premium for a year that can be asked why."""

    origin: Origin
    frequency: Mapping[Peril, float]
    expected: tuple[ExpectedLoss, ...]
    relief: Relief
    technical_net_minor: int
    base_net_minor: int
    rate_factor: Fraction
    net_minor: int
    vat_minor: int
    subsidy: SubsidySplit | None
    waterfall: Waterfall

    @property
    def gross_minor(self) -> int:
        return self.net_minor + self.vat_minor

    @property
    def insured_part_minor(self) -> int:
        return self.subsidy.insured_part_minor if self.subsidy else self.gross_minor


def price_risk(
    basis: PricingBasis, steps: Sequence[ReliefStep], subsidy: SubsidyScheme | None = None
) -> PricedRisk | Refusal:
    """Price one risk for a year; `steps` are the signals at work (`risk.relief_steps`)."""
    charge = charge_for(basis, steps)
    due = charged(basis.rates, charge)
    if isinstance(due, Refusal):
        return due
    split = split_subsidy(due.gross_minor, subsidy) if subsidy else None
    return PricedRisk(
        origin=_origin(basis),
        frequency=own_rates(basis, charge.relief),
        expected=expected_losses(basis, charge.relief),
        relief=charge.relief,
        technical_net_minor=booked(charge.burden.technical),
        base_net_minor=charge.base_net_minor,
        rate_factor=due.factor,
        net_minor=due.net_minor,
        vat_minor=due.vat_minor,
        subsidy=split,
        waterfall=waterfall(basis, charge, steps, Booked(due.filed_minor, due.net_minor, due.gross_minor, split)),
    )


def charged(rates: FiledRates, charge: Charge) -> Charged | Refusal:
    """The filed premium of a charge: base × bounded factor, not below the minimum, with its tax."""
    factor = bounded_factor(rates, charge.rate_factor)
    if isinstance(factor, Refusal):
        return factor
    filed = round_fraction(charge.base_net_minor * factor)
    net = max(filed, rates.minimum_net_minor)
    return Charged(factor, filed, net, vat_on(rates, net))


def bounded_factor(rates: FiledRates, factor: Fraction) -> Fraction | Refusal:
    """A better risk pays the lowest filed factor; a worse one than was filed for is not priced but referred."""
    if factor > rates.total.high:
        return refuse(
            "factor_above_filed_range",
            f"{rates.product} {rates.version}",
            zh=f"费率因子 {float(factor):.3f} 高于备案上限 {float(rates.total.high):.3f}；"
            "请先整改清单所列各项，或转人工核保。",
            en=f"The rate factor {float(factor):.3f} is above the filed maximum {float(rates.total.high):.3f}; "
            "fix what the fix list names first, or refer to an underwriter.",
        )
    return max(factor, rates.total.low)


def vat_on(rates: FiledRates, net_minor: int) -> int:
    """Value added tax, rounded once, half-even, on the rounded net premium; a refund has a refund of tax."""
    return round_fraction(net_minor * rates["vat"])


def rerated_net(old_net_minor: int, old_factor: Fraction, new_factor: Fraction) -> int:
    """The annual net premium after a change of the filed factor (clause H-1.3): old × new / old, rounded once."""
    return round_fraction(old_net_minor * new_factor / old_factor)


def relative_fall(old_factor: Fraction, new_factor: Fraction) -> Fraction:
    """By what share of its value the factor falls; from one tenth on the risk has fallen notably (clause H-1.1)."""
    return (old_factor - new_factor) / old_factor


def expected_losses(basis: PricingBasis, relief: Relief) -> tuple[ExpectedLoss, ...]:
    """By peril and part, by systemic scenario and part, then the judged parts; what is nil is left out."""
    rates = own_rates(basis, relief)
    kinds = [(peril.value, rates[peril], basis.chosen[peril]) for peril in Peril]
    common = [(shock.code, shock.rate, basis.chosen.get(shock.kind, {})) for shock in shocks(basis, relief)]
    drawn = tuple(
        ExpectedLoss(kind, part, rate, Estimate(rate * mean))
        for kind, rate, means in (*kinds, *common)
        for part, mean in means.items()
        if rate * mean > 0
    )
    return (*drawn, *(ExpectedLoss(JUDGED, part, 0.0, Estimate(loss)) for part, loss in judged(basis, relief).items()))


def _origin(basis: PricingBasis) -> Origin:
    rates, offer = basis.rates, basis.offer
    return Origin(
        basis.model.version,
        basis.model.sha256,
        offer.product,
        offer.version,
        rates.version,
        rates.filing,
        rates.seed,
        rates.draws,
    )
