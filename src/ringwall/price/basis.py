"""What every price of one risk shares: the draws, and what each policy form pays on average an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, refuse
from ringwall.exposure import Organisation
from ringwall.price.capacity import BookCapital
from ringwall.price.compound import AskedOfPeriod, asked_of_period
from ringwall.price.filed import FiledRates, banded, unfiled_factors
from ringwall.risk import (
    Credibility,
    Experience,
    Numbers,
    Peril,
    Relief,
    RiskModel,
    RiskProfile,
    credibility,
    draw_losses,
    draw_outage,
    frequency,
    hit_probability,
    profile_of,
    reference_profile,
)
from ringwall.terms import ApartOutcome, CompiledTerms, EventColumns, EventsApart, Op

PartMeans = Mapping[str, Mapping[str, float]]
"""Peril or scenario → coverage part → mean payable in fen, given one event."""

Totals = Mapping[str, float]
"""Peril or scenario → mean payable of all parts in fen, given one event."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms that are priced, beside the product's default schedule against which they are explained."""

    product: str
    version: str
    chosen: CompiledTerms
    default: CompiledTerms


class Shock(NamedTuple):
    """One scenario for one insured: which kind of event its loss is, whose relief it has, and losses a year."""

    code: str
    kind: str
    family: str
    rate: float


@dataclass(frozen=True, slots=True)
class Payments:
    """What some terms pay of one event of each kind."""

    means: PartMeans
    asked: AskedOfPeriod | None

    @property
    def totals(self) -> Totals:
        return {kind: sum(parts.values()) for kind, parts in self.means.items()}


@dataclass(frozen=True, slots=True)
class PricingBasis:
    """One explicit record of all that is slow; prices, other controls and other limits are quick from here."""

    model: RiskModel
    rates: FiledRates
    profile: RiskProfile
    numbers: Numbers
    """The model's numbers for the insured's territory."""
    own: Mapping[Peril, float]
    """Events of the insured alone a year, by peril, without relief."""
    common: tuple[Shock, ...]
    """Losses from common shocks, without relief."""
    offer: Offer
    draws: Mapping[str, EventColumns]
    reference: Totals
    """What an event costs the product's own terms, at the reference organisation."""
    default: Totals
    chosen: PartMeans
    totals: Totals
    """Under the chosen terms, all parts together."""
    asked: AskedOfPeriod | None
    """Under the chosen terms; None where the period terms do not stand on a grid."""
    typical_rate: float
    """Events of the reference organisation a year, all perils, without relief."""
    members: int = 1
    """Under a master policy the profile is that of an average member, and this many are insured."""
    experience: Credibility | None = None
    capital: BookCapital | None = None
    """Of the book that is to bear the risk; None: the filed loads stand for it."""

    @property
    def multiple(self) -> float:
        return frequency_multiple(self.rates, self.members)


def prepare(
    model: RiskModel, rates: FiledRates, offer: Offer, organisation: Organisation, members: int = 1
) -> PricingBasis | tuple[Refusal, ...]:
    """Draw the losses of the insured and of the reference organisation, and settle them; seed and number are filed."""
    clashes = (*_another_product(rates, offer), *unfiled_factors(model, rates), *_judged_elsewhere(rates, offer))
    rated = banded(rates.bands, organisation)
    profile = rated if isinstance(rated, Refusal) else profile_of(model, rated)
    if isinstance(profile, Refusal):
        return (*clashes, profile)
    if clashes:
        return clashes
    average = reference_profile(model, profile.territory)
    typical = readable(offer.default, _single_events(model, rates, average))
    draws = {**_single_events(model, rates, profile), **_outages(model, rates, profile, offer.default)}
    draws = readable(offer.default, draws)
    default = payments(offer.default, draws, rates.points)
    chosen = default if offer.chosen is offer.default else payments(offer.chosen, draws, rates.points)
    reference = payments(offer.default, typical, rates.points).totals
    return PricingBasis(
        model=model,
        rates=rates,
        profile=profile,
        numbers=model.numbers(profile.territory),
        own=scaled(frequency(model, profile), frequency_multiple(rates, members)),
        common=tuple(shock._replace(rate=shock.rate * members) for shock in _common(model, profile)),
        offer=offer,
        draws=draws,
        reference=reference,
        default=default.totals,
        chosen=chosen.means,
        totals=chosen.totals,
        asked=chosen.asked,
        typical_rate=sum(frequency(model, average).values()),
        members=members,
    )


def frequency_multiple(rates: FiledRates, members: int) -> float:
    """What the kind of business and the number of members make of the frequency of single events."""
    return members * float(rates.frequency.value if rates.frequency else 1)


def scaled(own: Mapping[Peril, float], multiple: float) -> dict[Peril, float]:
    return {peril: rate * multiple for peril, rate in own.items()}


def with_terms(basis: PricingBasis, chosen: CompiledTerms) -> PricingBasis:
    """The same risk under other limits and retentions: the draws are reused."""
    return _under(basis, chosen, payments(chosen, basis.draws, basis.rates.points))


def with_each(basis: PricingBasis, schedules: Iterable[CompiledTerms]) -> Iterator[PricingBasis]:
    """The same risk under many schedules of one structure: only what hangs on a changed number is settled again."""
    events = EventsApart(basis.offer.chosen, basis.draws)
    for terms in schedules:
        yield _under(basis, terms, payments_of(terms, events.settle(terms), basis.rates.points))


def with_experience(basis: PricingBasis, experience: Experience) -> PricingBasis | Refusal:
    """The same risk with what it has had itself: counted claims beside those that the tariff expects of it."""
    k = float(basis.rates["experience_claims"])
    known = credibility(experience, sum(basis.own.values()), k)
    return known if isinstance(known, Refusal) else replace(basis, experience=known)


def with_capital(basis: PricingBasis, capital: BookCapital) -> PricingBasis:
    """The same risk with the capital that its book must hold for it, in place of the filed loads."""
    return replace(basis, capital=capital)


def informed(basis: PricingBasis, relief: Relief) -> Relief:
    """Own experience on top of relief: one filed and bounded factor on the frequency of every peril, on no shock."""
    if basis.experience is None:
        return relief
    filed, factors = basis.rates.experience, relief.by_peril
    factor = min(max(basis.experience.factor, float(filed.low)), float(filed.high))
    return replace(relief, by_peril={**factors, **{p.value: factors.get(p, 1.0) * factor for p in Peril}})


def _under(basis: PricingBasis, chosen: CompiledTerms, paid: Payments) -> PricingBasis:
    return replace(
        basis, offer=replace(basis.offer, chosen=chosen), chosen=paid.means, totals=paid.totals, asked=paid.asked
    )


def attritional(own: Mapping[Peril, float], totals: Totals, relief: Relief) -> float:
    """Expected payable a year from events of the insured alone, in fen; `own` as in the basis."""
    factors = relief.by_peril
    return sum(rate * factors.get(peril, 1.0) * totals[peril] for peril, rate in own.items())


def judged(basis: PricingBasis, relief: Relief) -> dict[str, float]:
    """Expected payable a year of the parts that the model has no event for, in fen, by part."""
    often = sum(own_rates(basis, relief).values()) / basis.typical_rate
    limits = basis.offer.chosen.parameters
    return {code: part.at(limits[limit_name(code)].value) * often for code, part in basis.rates.judged.items()}


def limit_name(part: str) -> str:
    """The parameter that limits a part, by the catalogue's convention."""
    return f"{part.lower()}_limit"


def systemic(basis: PricingBasis, relief: Relief) -> float:
    """Expected payable a year from common shocks, in fen."""
    return sum(shock.rate * basis.totals.get(shock.kind, 0.0) for shock in shocks(basis, relief))


def own_rates(basis: PricingBasis, relief: Relief) -> dict[Peril, float]:
    """Events of the insured alone a year, by peril."""
    return {peril: rate * relief.by_peril.get(peril, 1.0) for peril, rate in basis.own.items()}


def shocks(basis: PricingBasis, relief: Relief) -> tuple[Shock, ...]:
    """Every scenario in the model's order; the kind is not among the draws where the product has no such part."""
    factors = relief.by_peril
    return tuple(shock._replace(rate=shock.rate * factors.get(shock.family, 1.0)) for shock in basis.common)


def _common(model: RiskModel, profile: RiskProfile) -> tuple[Shock, ...]:
    return tuple(
        Shock(
            scenario.code,
            scenario.code if scenario.outage else Peril.RAN,
            scenario.relief_code,
            scenario.rate * hit_probability(model, scenario, profile),
        )
        for scenario in model.scenarios
    )


def payments(terms: CompiledTerms, draws: Mapping[str, EventColumns], points: int) -> Payments:
    """All kinds of events through the columnar reader, each event in a period of its own."""
    return payments_of(terms, EventsApart(terms, draws).settle(terms), points)


def payments_of(terms: CompiledTerms, settled: Mapping[str, ApartOutcome], points: int) -> Payments:
    """What the events of each kind come to on average, and on the grid of the period."""
    means = {kind: {part: _mean(paid) for part, paid in outcome.payable.items()} for kind, outcome in settled.items()}
    return Payments(means, asked_of_period(terms, settled, points))


def _mean(paid: NDArray[np.int64] | int) -> float:
    return float(paid) if isinstance(paid, int) else int(paid.sum()) / len(paid)


def readable(terms: CompiledTerms, draws: Mapping[str, EventColumns]) -> dict[str, EventColumns]:
    """The columns that the terms read, cut at the largest amount that they were proved for, far above every limit.

    That amount is the product's, the same under every schedule.
    """
    bounds = {node.name: (node.low, node.high) for node in terms.nodes if node.op is Op.SUBJECT}
    return {
        kind: EventColumns(
            events.period, {name: np.clip(c, *bounds[name]) for name, c in events.subject.items() if name in bounds}
        )
        for kind, events in draws.items()
    }


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


def _judged_elsewhere(rates: FiledRates, offer: Offer) -> Iterator[Refusal]:
    """A judged part must be a part of the product with a limit of its own, and nothing that the model draws."""
    for part in rates.judged:
        if limit_name(part) not in offer.chosen.parameters or part not in offer.chosen.payable:
            yield refuse(
                "judged_part_unknown",
                f"{rates.product} {rates.version} {part}",
                zh=f"费率表按判断定价的责任 {part} 在产品 {offer.product} {offer.version} 中没有自己的限额；"
                "请从费率表中去掉该项。",
                en=f"The rates judge part {part}, which has no limit of its own in {offer.product} {offer.version}; "
                "take it out of the rates.",
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
