"""What every price of one risk shares: the draws, and what each policy form pays on average an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, refuse
from ringwall.exposure import Organisation
from ringwall.price.rates import FiledRates, unfiled_factors
from ringwall.risk import (
    Peril,
    Relief,
    RiskModel,
    RiskProfile,
    draw_losses,
    draw_outage,
    frequency,
    hit_probability,
    profile_of,
    reference_profile,
)
from ringwall.terms import CompiledTerms, EventColumns, Op, settle_columns

PartMeans = Mapping[str, Mapping[str, float]]
"""Peril or scenario → coverage part → mean payable in fen, given one event."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms that are priced, beside the product's default schedule against which they are explained."""

    product: str
    version: str
    chosen: CompiledTerms
    default: CompiledTerms


@dataclass(frozen=True, slots=True)
class PricingBasis:
    """One explicit record of all that is slow; prices, other controls and other limits are quick from here."""

    model: RiskModel
    rates: FiledRates
    profile: RiskProfile
    offer: Offer
    draws: Mapping[str, EventColumns]
    reference: PartMeans
    default: PartMeans
    chosen: PartMeans


def prepare(
    model: RiskModel, rates: FiledRates, offer: Offer, organisation: Organisation
) -> PricingBasis | tuple[Refusal, ...]:
    """Draw the losses of the insured and of the reference organisation, and settle them; seed and number are filed."""
    clashes = (*_another_product(rates, offer), *unfiled_factors(model, rates))
    profile = profile_of(model, organisation)
    if isinstance(profile, Refusal):
        return (*clashes, profile)
    if clashes:
        return clashes
    reference = _single_events(model, rates, reference_profile(model, profile.territory))
    draws = {**_single_events(model, rates, profile), **_outages(model, rates, profile, offer.default)}
    default = mean_payable(offer.default, draws)
    chosen = default if offer.chosen is offer.default else mean_payable(offer.chosen, draws)
    return PricingBasis(model, rates, profile, offer, draws, mean_payable(offer.default, reference), default, chosen)


def with_terms(basis: PricingBasis, chosen: CompiledTerms) -> PricingBasis:
    """The same risk under other limits and retentions: the draws are reused."""
    return replace(basis, offer=replace(basis.offer, chosen=chosen), chosen=mean_payable(chosen, basis.draws))


def attritional(basis: PricingBasis, means: PartMeans, profile: RiskProfile, relief: Relief) -> float:
    """Expected payable a year from events of the insured alone, in fen."""
    rates = frequency(basis.model, profile, relief)
    return sum(rates[peril] * sum(means[peril].values()) for peril in Peril)


def systemic(basis: PricingBasis, relief: Relief) -> float:
    """Expected payable a year from common shocks, in fen."""
    return sum(rate * sum(means.values()) for _, rate, means in systemic_rates(basis, relief))


def systemic_rates(basis: PricingBasis, relief: Relief) -> tuple[tuple[str, float, Mapping[str, float]], ...]:
    """Scenario, losses a year of this insured, and mean payable by part given such a loss."""
    return tuple(
        (
            scenario.code,
            scenario.rate
            * hit_probability(basis.model, scenario, basis.profile)
            * relief.by_peril.get(scenario.relief_code, 1.0),
            basis.chosen.get(scenario.code if scenario.outage else Peril.RAN, {}),
        )
        for scenario in basis.model.scenarios
    )


def mean_payable(terms: CompiledTerms, draws: Mapping[str, EventColumns]) -> PartMeans:
    """All kinds of events through one call of the columnar reader, each event in a period of its own.

    Amounts are cut at the largest that the terms were proved for, far above every limit.
    """
    kinds = list(draws)
    counts = [len(draws[kind].period) for kind in kinds]
    subject = {
        node.name: np.clip(_stacked(draws, kinds, node.name), node.low, node.high)
        for node in terms.nodes
        if node.op is Op.SUBJECT
    }
    outcome = settle_columns(terms, EventColumns(np.arange(sum(counts), dtype=np.int64), subject), {})
    edges = np.cumsum([0, *counts])
    return {
        kind: {part: int(column[a:b].sum()) / int(b - a) for part, column in outcome.payable.items()}
        for kind, a, b in zip(kinds, edges, edges[1:], strict=False)
    }


def _stacked(draws: Mapping[str, EventColumns], kinds: list[str], name: str) -> NDArray[np.int64]:
    """One column over all kinds of events; a kind that does not have it has none of it."""
    nothing = {kind: np.zeros(len(draws[kind].period), np.int64) for kind in kinds}
    return np.concatenate([draws[kind].subject.get(name, nothing[kind]) for kind in kinds])


def _another_product(rates: FiledRates, offer: Offer) -> tuple[Refusal, ...]:
    if rates.product == offer.product:
        return ()
    return (
        refuse(
            "rates_of_another_product",
            rates.version,
            zh=f"费率 {rates.version} 属于产品 {rates.product}，所报产品为 {offer.product}；请取该产品的费率。",
            en=f"Rates {rates.version} are those of {rates.product}, the offer is of {offer.product}; "
            "take the rates of that product.",
        ),
    )


def _single_events(model: RiskModel, rates: FiledRates, profile: RiskProfile) -> dict[str, EventColumns]:
    return {peril: draw_losses(model, profile, peril, rates.draws, rates.seed) for peril in Peril}


def _outages(
    model: RiskModel, rates: FiledRates, profile: RiskProfile, terms: CompiledTerms
) -> dict[str, EventColumns]:
    """Outages by common shocks, where the product has the part under which they fall."""
    return {
        scenario.code: draw_outage(model, profile, scenario.code, scenario.outage, rates.draws, rates.seed)
        for scenario in model.scenarios
        if scenario.outage and scenario.outage.part in terms.payable
    }
