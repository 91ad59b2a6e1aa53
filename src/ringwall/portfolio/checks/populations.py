"""The books of the published figures as policies and terms: nothing here knows how a book is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from ringwall.basics import FEN_PER_YUAN, Words
from ringwall.exposure import Organisation, VendorDependency, VendorKind
from ringwall.portfolio.book import BookPolicy
from ringwall.risk import RiskModel, Territory, fen_per_usd, uniforms
from ringwall.terms import (
    ALWAYS,
    CompiledTerms,
    Deductible,
    Fixed,
    Grant,
    InterruptionTerms,
    ParameterRead,
    PartTerms,
    Per,
    RetentionMode,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    compile_terms,
)

COSTS = ("INRE", "MIT", "INV", "DIAS", "EXT", "FIN", "LIA", "RANSOM.paid")
OUTAGES = ("NPBI", "CBI")
WAITING_HOURS, INDEMNITY_DAYS = 10, 180
LARGEST_MINOR = 10**11
PILOT_PREMIUM_YUAN, PILOT_LIMIT_YUAN, PILOT_DEDUCTIBLE_YUAN = 100_000, 7_670_000, 50_000
PILOT_REVENUE_YUAN, PILOT_SPREAD = 200_000_000, 1.2
"""Median revenue and ln standard deviation, by judgement (D): the pilot's average hides a few large risks."""
US_PREMIUM_USD = 1_537
"""Between the filed means of 2019/20 and 2021: revenue and limit 1M, retention 10k."""
AGENTS = (("agent-a", 0.25), ("agent-b", 0.25), ("agent-c", 0.25), ("", 0.25))
INDUSTRIES = ("manufacturing", "information", "retail", "professional_services", "education", "healthcare", "financial")
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2027, 1, 1)
SEED = 20_261_125


def all_parts(limit_minor: int, deductible_minor: int) -> CompiledTerms:
    """One plain form: every part, one deductible an event, ten hours' wait, one limit an event and a year.

    No part counts for more than limit and deductible together, which changes no payment and bounds every number.
    """
    clause = "K"
    numbers = {"wait": WAITING_HOURS, "mode": int(RetentionMode.WAITING_ONLY), "days": INDEMNITY_DAYS}
    numbers |= {"deductible": deductible_minor, "limit": limit_minor, "most": limit_minor + deductible_minor}
    most = Term(clause, "most")
    outage = InterruptionTerms(Term(clause, "wait"), Term(clause, "mode"), Term(clause, "days"), clause)
    parts = [PartTerms(code, Words(code, code), limit=most) for code in COSTS]
    parts += [PartTerms(code, Words(code, code), limit=most, interruption=outage) for code in OUTAGES]
    codes = tuple(part.part for part in parts)
    limit = Term(clause, "limit")
    compiled = compile_terms(
        TermsDefinition(
            facts={},
            parts=tuple(parts),
            settlement=Settlement(
                clause, (Step.VERDICT, Step.PART_LIMIT, "kept", Step.EVENT_LIMIT, Step.AGGREGATE), limit, limit
            ),
            maximum_minor=LARGEST_MINOR,
            grants=tuple(Grant(f"{clause}.{code}", code, ALWAYS) for code in codes),
            rules=(Deductible("kept", clause, codes, Per.EVENT, Fixed(Term(clause, "deductible"))),),
        ),
        {name: ParameterRead(name, value, "minor", "checks", FIRST_DAY) for name, value in numbers.items()},
    )
    assert isinstance(compiled, CompiledTerms), compiled
    return compiled


def pilot_book(model: RiskModel, policies: int) -> tuple[BookPolicy, ...]:
    """Policies of the first Chinese pilot at its average limit and premium; firms of many sizes and industries."""
    normal = np.sqrt(-2 * np.log(uniforms(policies, SEED, "pilot", "radius")))
    normal *= np.cos(2 * np.pi * uniforms(policies, SEED, "pilot", "angle"))
    revenue = PILOT_REVENUE_YUAN * np.exp(PILOT_SPREAD * normal)
    margin = Fraction(round(model.numbers(Territory.CHINA)["reference.gross_profit_rate"] * 1_000), 1_000)
    clouds = _picked(tuple(model.shares_by_territory[Territory.CHINA].items()), policies, "cloud")
    agents = _picked(AGENTS, policies, "agent")
    return tuple(
        _policy(
            n,
            _firm(n, "CN-ZJ", INDUSTRIES[n % len(INDUSTRIES)], round(revenue[n] * FEN_PER_YUAN), margin, cloud, agent),
            PILOT_LIMIT_YUAN * FEN_PER_YUAN,
            PILOT_PREMIUM_YUAN * FEN_PER_YUAN,
        )
        for n, (cloud, agent) in enumerate(zip(clouds, agents, strict=True))
    )


def us_book(model: RiskModel, policies: int) -> tuple[BookPolicy, ...]:
    """American small firms at the filed mean premium."""
    fen = fen_per_usd(model)
    margin = Fraction(round(model.numbers(Territory.WEST)["reference.gross_profit_rate"] * 1_000), 1_000)
    clouds = _picked(tuple(model.shares_by_territory[Territory.WEST].items()), policies, "cloud")
    return tuple(
        _policy(
            n,
            _firm(n, "US-NY", "average", round(1e6 * fen), margin, cloud, ""),
            round(1e6 * fen),
            round(US_PREMIUM_USD * fen),
        )
        for n, cloud in enumerate(clouds)
    )


def _picked(shares: Sequence[tuple[str, float]], n: int, what: str) -> list[str]:
    names = [name for name, _ in shares]
    edges = np.cumsum([share for _, share in shares])
    edges /= edges[-1]
    return [names[place] for place in np.searchsorted(edges, uniforms(n, SEED, "pilot", what)).tolist()]


def _firm(
    n: int, region: str, industry: str, revenue_minor: int, margin: Fraction, cloud: str, agent: str
) -> Organisation:
    ties = [VendorDependency(VendorKind.CLOUD, cloud)]
    if agent:
        ties.append(VendorDependency(VendorKind.ENDPOINT_AGENT, agent))
    name = Words(f"样本 {n}", f"sample {n}")
    return Organisation(name, f"K-{n:05}", industry, region, 100, 100, revenue_minor, margin, 20_000, tuple(ties))


def _policy(n: int, firm: Organisation, limit_minor: int, premium_minor: int) -> BookPolicy:
    return BookPolicy(
        account=firm.credit_code,
        number=f"K-P-{n:05}",
        organisation=firm,
        product="checks",
        product_version="all-parts",
        parts=(),
        event_limit_minor=limit_minor,
        aggregate_limit_minor=limit_minor,
        waiting_hours=WAITING_HOURS,
        retention_mode=RetentionMode.WAITING_ONLY,
        premium_minor=premium_minor,
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
    )
