"""The book over many simulated years, through each policy's compiled terms, in whole minor units.

The same policies, model, years and seed give the same rows on any executor, in any blocks, in any order of policies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, refuse
from ringwall.portfolio.book import BookPolicy, Openings
from ringwall.portfolio.draws import Common, Draws, causes_of, draw_common, draw_policy
from ringwall.portfolio.net import rounded_share
from ringwall.portfolio.result import NO_ROWS, BookResult, KnownLoss, PaidRows
from ringwall.risk import RiskModel, RiskProfile, Territory, profile_of, reference_profile
from ringwall.terms import CompiledTerms, EventColumns, settle_columns

Whole = NDArray[np.int64]
BLOCK = 64
"""Policies drawn and settled in one go; the result does not depend on it."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One policy ready to run."""

    policy: BookPolicy
    profile: RiskProfile
    opening: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Block:
    """Policies under the same compiled terms."""

    terms: CompiledTerms
    jobs: tuple[_Job, ...]


def simulate_book(
    policies: Iterable[BookPolicy],
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    years: int,
    seed: int,
    *,
    opening: Openings | None = None,
    as_at: date | None = None,
    known: Sequence[KnownLoss] = (),
    executor: Executor | None = None,
    territory: Territory = Territory.CHINA,
    block: int = BLOCK,
) -> BookResult:
    """Every policy through every year. Without `as_at` each is exposed the whole year, with it only while in force.

    `opening` is the period state with which a policy's years begin; a policy that cannot run is a refusal.
    """
    assert years > 0 and block > 0, "a simulation has years, a block has policies"
    held = sorted(policies, key=lambda policy: policy.number)
    numbers = [policy.number for policy in held]
    assert len(set(numbers)) == len(numbers), "read_portfolio refuses repeated policy numbers"
    jobs, refusals = _ready(held, terms, model, opening or {}, territory)
    common = draw_common(model, reference_profile(model, territory), years, seed, as_at)
    blocks = list(_blocks(jobs, terms, block))
    run = partial(_run_block, common, {number: rank for rank, number in enumerate(numbers)})
    tables = list(executor.map(run, blocks) if executor else map(run, blocks))
    return BookResult(
        tuple(held),
        years,
        seed,
        as_at,
        model.version,
        model.sha256,
        causes_of(model),
        _vendors(model, common),
        _in_order(tables),
        tuple(known),
        tuple(refusals),
    )


def resimulate(
    result: BookResult,
    changed: Sequence[BookPolicy],
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    *,
    opening: Openings | None = None,
    removed: Sequence[str] = (),
    territory: Territory = Territory.CHINA,
) -> BookResult:
    """Only the changed or added policies run again; the result equals a run of the whole changed book."""
    assert model.sha256 == result.model_sha256, "a book is resimulated under the model that it was simulated with"
    fresh = simulate_book(
        changed, terms, model, result.years, result.seed, opening=opening, as_at=result.as_at, territory=territory
    )
    gone = {*removed, *fresh.numbers}
    kept = [policy for policy in result.policies if policy.number not in gone]
    held = sorted([*kept, *fresh.policies], key=lambda policy: policy.number)
    rank = {policy.number: place for place, policy in enumerate(held)}
    rows = [_renumbered(result, {p.number: rank[p.number] for p in kept}), _renumbered(fresh, rank)]
    refusals = [*(refusal for refusal in result.refusals if refusal.where not in gone), *fresh.refusals]
    return replace(
        result,
        policies=tuple(held),
        rows=_in_order(rows),
        known=tuple(loss for loss in result.known if loss.policy not in removed),
        refusals=tuple(sorted(refusals, key=lambda refusal: refusal.where)),
    )


def _ready(
    policies: Sequence[BookPolicy],
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    opening: Openings,
    territory: Territory,
) -> tuple[list[_Job], list[Refusal]]:
    jobs: list[_Job] = []
    refusals: list[Refusal] = []
    for policy in policies:
        profile = profile_of(model, policy.organisation, territory)
        if isinstance(profile, Refusal):
            refusals.append(replace(profile, where=policy.number))
        elif policy.number not in terms:
            refusals.append(_without_terms(policy))
        else:
            jobs.append(_Job(policy, profile, opening.get(policy.number, {})))
    return jobs, refusals


def _blocks(jobs: Sequence[_Job], terms: Mapping[str, CompiledTerms], size: int) -> Iterator[_Block]:
    """Policies that share compiled terms, in blocks; one with an opening state of its own stands alone."""
    shared: dict[int, list[_Job]] = {}
    for job in jobs:
        if job.opening:
            yield _Block(terms[job.policy.number], (job,))
        else:
            shared.setdefault(id(terms[job.policy.number]), []).append(job)
    for group in shared.values():
        for at in range(0, len(group), size):
            part = group[at : at + size]
            yield _Block(terms[part[0].policy.number], tuple(part))


def _run_block(common: Common, rank: Mapping[str, int], block: _Block) -> PaidRows:
    drawn = [draw_policy(common, job.policy, job.profile, block.terms) for job in block.jobs]
    places = [np.full(len(d.year), rank[job.policy.number], np.int64) for job, d in zip(block.jobs, drawn, strict=True)]
    policy, draws = np.concatenate(places), _stacked(drawn, block.terms)
    period = np.cumsum((np.diff(policy, prepend=-1) != 0) | (np.diff(draws.year, prepend=-1) != 0)).astype(np.int64)
    payable = _settled(block.terms, period, draws.subject, block.jobs[0].opening)
    share_of = {rank[job.policy.number]: job.policy.ceded for job in block.jobs}
    retained = payable - _ceded(payable, period, policy, share_of)
    rows = PaidRows(policy, draws.year, draws.time, draws.cause, draws.event, payable, retained)
    return rows.only(payable > 0)


def _stacked(drawn: Sequence[Draws], terms: CompiledTerms) -> Draws:
    """One table of all policies, with each subject inside the interval for which the terms are proved."""
    names = [name for name in (*terms.columns, *terms.optional) if any(name in d.subject for d in drawn)]
    span = {node.name: (node.low, node.high) for node in terms.nodes if node.name in names}
    subject = {}
    for name in names:
        columns = [d.subject.get(name, np.zeros(len(d.year), np.int64)) for d in drawn]
        subject[name] = np.clip(np.concatenate(columns), *span[name])
    return Draws(
        np.concatenate([d.year for d in drawn]),
        np.concatenate([d.time for d in drawn]),
        np.concatenate([d.cause for d in drawn]),
        np.concatenate([d.event for d in drawn]),
        subject,
    )


def _settled(terms: CompiledTerms, period: Whole, subject: Mapping[str, Whole], opening: Mapping[str, int]) -> Whole:
    """What each event pays, contract and statute together; every period begins with the opening state."""
    if not opening:
        outcome = settle_columns(terms, EventColumns(period, subject), {})
        return np.asarray(outcome.contract + outcome.statutory, np.int64)
    starts = np.flatnonzero(np.diff(period, prepend=-1))
    paid = [np.zeros(0, np.int64)]
    for rows in np.split(np.arange(len(period)), starts[1:]) if len(period) else []:
        one = EventColumns(period[rows], {name: column[rows] for name, column in subject.items()})
        outcome = settle_columns(terms, one, opening)
        paid.append(outcome.contract + outcome.statutory)
    return np.concatenate(paid)


def _ceded(payable: Whole, period: Whole, policy: Whole, share_of: Mapping[int, Fraction]) -> Whole:
    """What others bear of each payment: the policy's share of the running total of its year."""
    ceded = np.zeros(len(payable), np.int64)
    sums = np.cumsum(payable)
    first = np.flatnonzero(np.diff(period, prepend=-1))
    base = np.repeat((sums - payable)[first], np.diff(np.append(first, len(period))))
    after, before = sums - base, sums - base - payable
    for number, share in share_of.items():
        mine = np.flatnonzero(policy == number)
        ceded[mine] = rounded_share(share, after[mine]) - rounded_share(share, before[mine])
    return ceded


def _in_order(tables: Sequence[PaidRows]) -> PaidRows:
    whole = [NO_ROWS, *tables]
    joined = PaidRows(*(np.concatenate([getattr(t, name) for t in whole]) for name in PaidRows.__slots__))
    return joined.only(np.lexsort((joined.event, joined.cause, joined.time, joined.year, joined.policy)))


def _renumbered(result: BookResult, rank: Mapping[str, int]) -> PaidRows:
    """Rows with the ranks of another book; rows of policies that it does not name are left out."""
    new = np.array([rank.get(number, -1) for number in result.numbers], np.int64)
    rows = replace(result.rows, policy=new[result.rows.policy]) if len(new) else result.rows
    return rows.only(rows.policy >= 0)


def _vendors(model: RiskModel, common: Common) -> tuple[str, ...]:
    names = [*model.vendor_shares, ""]
    return tuple(names[index] for index in common.shocks.vendor.tolist())


def _without_terms(policy: BookPolicy) -> Refusal:
    product = f"{policy.product} {policy.product_version}"
    return refuse(
        "terms_missing",
        policy.number,
        zh=f"保单 {policy.number}（{product}）没有编译好的条款，未参与模拟；请先编译其产品版本。",
        en=f"Policy {policy.number} ({product}) has no compiled terms and was left out; compile its product version.",
    )
