"""What the running year has brought: losses to date join the book, and stand against the premium."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ringwall.basics import round_fraction
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.engine import Compile, in_memory
from ringwall.portfolio.result import BookResult, KnownLoss
from ringwall.portfolio.simulate import resimulate, simulate_book
from ringwall.risk import RiskModel, Territory
from ringwall.terms import CompiledTerms


@dataclass(frozen=True, slots=True)
class ClaimToDate:
    """One claim as the books have it: paid and still outstanding, and the aggregate that it has used up."""

    policy: str
    claim: str
    paid_minor: int
    outstanding_minor: int
    used: Mapping[str, int]
    """Period state after this claim, by name; of several claims of a policy the largest state holds."""

    @property
    def incurred_minor(self) -> int:
        return self.paid_minor + self.outstanding_minor


@dataclass(frozen=True, slots=True)
class LossRatio:
    """Incurred to date against premium; the ratios are exact and None where no premium stands against the losses."""

    claims: int
    paid_minor: int
    outstanding_minor: int
    earned_minor: int
    written_minor: int

    @property
    def incurred_minor(self) -> int:
        return self.paid_minor + self.outstanding_minor

    @property
    def of_earned(self) -> Fraction | None:
        return Fraction(self.incurred_minor, self.earned_minor) if self.earned_minor else None

    @property
    def of_written(self) -> Fraction | None:
        return Fraction(self.incurred_minor, self.written_minor) if self.written_minor else None


def with_losses(
    result: BookResult,
    claims: Sequence[ClaimToDate],
    as_at: date,
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    *,
    executor: Executor | None = None,
    territory: Territory = Territory.CHINA,
    loops: Compile = in_memory,
) -> BookResult:
    """The same book on a later day: what is known of its year, and what the rest of each policy's term may bring.

    A policy with a claim goes on with what the claim has used of its aggregate; its incurred amount is part of every
    simulated year. Where the book already stands on that day, only the policies with a claim run again.
    """
    policies = {policy.number: policy for policy in result.policies}
    known = known_losses(claims, policies)
    if result.as_at == as_at and not result.known:
        hit = [policies[number] for number in dict.fromkeys(claim.policy for claim in claims)]
        later = resimulate(result, hit, terms, model, opening=openings(claims), territory=territory, loops=loops)
        return replace(later, known=known)
    return simulate_book(
        result.policies,
        terms,
        model,
        result.years,
        result.seed,
        opening=openings(claims),
        as_at=as_at,
        known=known,
        executor=executor,
        territory=territory,
        loops=loops,
    )


def openings(claims: Iterable[ClaimToDate]) -> dict[str, dict[str, int]]:
    """Policy number to the period state that its claims have left."""
    found: dict[str, dict[str, int]] = {}
    for claim in claims:
        state = found.setdefault(claim.policy, {})
        state.update({name: max(used, state.get(name, 0)) for name, used in claim.used.items()})
    return found


def loss_ratio(policies: Iterable[BookPolicy], claims: Sequence[ClaimToDate], at: date) -> LossRatio:
    """Incurred to date against the premium earned to the start of a day, of these policies together."""
    held = list(policies)
    return LossRatio(
        len(claims),
        sum(claim.paid_minor for claim in claims),
        sum(claim.outstanding_minor for claim in claims),
        sum(policy.earned_minor(at) for policy in held),
        sum(policy.premium_minor for policy in held),
    )


def known_losses(claims: Sequence[ClaimToDate], policies: Mapping[str, BookPolicy]) -> tuple[KnownLoss, ...]:
    """What each claim has cost to date, and what of it the house bears."""
    assert all(claim.policy in policies for claim in claims), "every claim belongs to a policy of the book"
    return tuple(_known(claim, policies[claim.policy]) for claim in claims)


def _known(claim: ClaimToDate, policy: BookPolicy) -> KnownLoss:
    ceded = round_fraction(policy.ceded * claim.incurred_minor)
    return KnownLoss(claim.policy, claim.incurred_minor, claim.incurred_minor - ceded, claim.used)
