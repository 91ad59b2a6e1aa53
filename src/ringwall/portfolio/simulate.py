"""The book over many simulated years, through each policy's compiled terms, in whole minor units.

The same policies, model, years and seed give the same rows on any executor, in any blocks, in any order of policies.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, refuse
from ringwall.portfolio.blocks import Store, Watch, Work, digest, finished, sources
from ringwall.portfolio.book import BookPolicy, Openings
from ringwall.portfolio.engine import (
    Calendar,
    Compile,
    Job,
    Runner,
    Structure,
    TieSet,
    Tile,
    code_name,
    draw_calendar,
    in_memory,
    structures_of,
    tiles_of,
    with_ties,
)
from ringwall.portfolio.net import rounded_share
from ringwall.portfolio.result import NO_ROWS, BookResult, KnownLoss, PaidRows
from ringwall.risk import RiskModel, Territory, profile_of, reference_profile
from ringwall.terms import CompiledTerms

Whole = NDArray[np.int64]
BLOCK = 256
"""Policies that one call to an executor runs; the result does not depend on it."""
_THIS = sys.modules[__name__]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some policies of one structure in one tile of years."""

    policies: Structure
    tile: Tile


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
    loops: Compile = in_memory,
    store: Store | None = None,
    watch: Watch | None = None,
) -> BookResult:
    """Every policy through every year. Without `as_at` each is exposed the whole year, with it only while in force.

    `opening` is the period state with which a policy's years begin; a policy that cannot run is a refusal. What
    `store` keeps of an earlier run is not computed again.
    """
    assert years > 0 and block > 0, "a simulation has years, a block has policies"
    held = sorted(policies, key=lambda policy: policy.number)
    numbers = [policy.number for policy in held]
    assert len(set(numbers)) == len(numbers), "read_portfolio refuses repeated policy numbers"
    jobs, refusals = ready(held, terms, model, opening or {}, territory)
    calendar = draw_calendar(model, reference_profile(model, territory), years, seed, as_at)
    structures, more = structures_of(calendar, model, territory, jobs)
    refusals.extend(more)
    rows = paid_rows(calendar, structures, held, executor=executor, block=block, loops=loops, store=store, watch=watch)
    return BookResult(
        tuple(held),
        years,
        seed,
        as_at,
        model.version,
        model.sha256,
        calendar.causes,
        calendar.shocks.vendor,
        rows,
        tuple(known),
        tuple(sorted(refusals, key=lambda refusal: refusal.where)),
    )


def paid_rows(
    calendar: Calendar,
    structures: Iterable[Structure],
    held: Sequence[BookPolicy],
    *,
    executor: Executor | None = None,
    block: int = BLOCK,
    loops: Compile = in_memory,
    store: Store | None = None,
    watch: Watch | None = None,
) -> PaidRows:
    """Every payment of these policies in all years of a calendar, with what others share in it."""
    tiles = tiles_of(calendar)
    blocks = [
        _Block(structure.part(at, min(at + block, structure.size)), tile)
        for structure in structures
        for tile in (with_ties(tile, structure.columns.ties.sets) for tile in tiles)
        for at in range(0, structure.size, block)
    ]
    kept = {(one.tile.number, one.tile.tied): one.tile for one in blocks} if store is not None else {}
    shared = {key: digest(code_name(), sources(_THIS), tile) for key, tile in kept.items()}
    work = Work(partial(_run_block, loops), partial(_block_name, shared), PaidRows)
    return in_order_with_shares([rows for _, rows in finished(work, blocks, executor, store, watch)], held)


def in_order_with_shares(tables: Iterable[PaidRows], held: Sequence[BookPolicy]) -> PaidRows:
    """Payments by policy, year and time, each less what others bear of it."""
    return _with_shares(_in_order(list(tables)), held)


def resimulate(
    result: BookResult,
    changed: Sequence[BookPolicy],
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    *,
    opening: Openings | None = None,
    removed: Sequence[str] = (),
    territory: Territory = Territory.CHINA,
    loops: Compile = in_memory,
) -> BookResult:
    """Only the changed or added policies run again; the result equals a run of the whole changed book."""
    assert model.sha256 == result.model_sha256, "a book is resimulated under the model that it was simulated with"
    fresh = simulate_book(
        changed, terms, model, result.years, result.seed,
        opening=opening, as_at=result.as_at, territory=territory, loops=loops,
    )  # fmt: skip
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


def ready(
    policies: Sequence[BookPolicy],
    terms: Mapping[str, CompiledTerms],
    model: RiskModel,
    opening: Openings,
    territory: Territory,
) -> tuple[list[Job], list[Refusal]]:
    """What can run, by its place among the policies; and what cannot, with the reason."""
    jobs: list[Job] = []
    refusals: list[Refusal] = []
    for rank, policy in enumerate(policies):
        profile = profile_of(model, policy.organisation, territory)
        if isinstance(profile, Refusal):
            refusals.append(replace(profile, where=policy.number))
        elif policy.number not in terms:
            refusals.append(_without_terms(policy))
        else:
            jobs.append(Job(rank, policy, profile, terms[policy.number], opening.get(policy.number, {})))
    return jobs, refusals


def _block_name(shared: Mapping[tuple[int, tuple[TieSet, ...]], str], block: _Block) -> str:
    return digest(shared[block.tile.number, block.tile.tied], block.policies)


def _run_block(loops: Compile, block: _Block) -> PaidRows:
    structure, tile = block.policies, block.tile
    tables = []
    for done in Runner(structure, tile, loops).settled(0, structure.size):
        payable = done.contract + done.statutory
        pays = np.flatnonzero(payable > 0)
        policy = np.repeat(structure.rank[done.policy], np.diff(done.row_start))
        shock = np.where(done.shock >= 0, done.shock.astype(np.int64) + tile.first_shock, -1)
        year, time = done.year.astype(np.int64) + tile.first_year, done.date - done.year
        rows = PaidRows(policy, year, time, done.cause.astype(np.int64), shock, payable, payable)
        tables.append(rows.only(pays))
    return _joined(tables)


def _joined(tables: Sequence[PaidRows]) -> PaidRows:
    whole = [NO_ROWS, *tables]
    return PaidRows(*(np.concatenate([getattr(t, name) for t in whole]) for name in PaidRows.__slots__))


def _in_order(tables: Sequence[PaidRows]) -> PaidRows:
    joined = _joined(tables)
    return joined.only(np.lexsort((joined.event, joined.cause, joined.time, joined.year, joined.policy)))


def _with_shares(rows: PaidRows, policies: Sequence[BookPolicy]) -> PaidRows:
    """`retained`: each payment less what others bear of it, the policy's share of the running total of its year."""
    if not len(rows.payable):
        return rows
    starts = np.flatnonzero((np.diff(rows.policy, prepend=-1) != 0) | (np.diff(rows.year, prepend=-1) != 0))
    sums = np.cumsum(rows.payable)
    base = np.repeat((sums - rows.payable)[starts], np.diff(np.append(starts, len(sums))))
    after, before = sums - base, sums - base - rows.payable
    ceded = np.zeros(len(rows.payable), np.int64)
    shares = [policy.ceded for policy in policies]
    distinct = {share: n for n, share in enumerate(dict.fromkeys(shares))}
    of_row = np.array([distinct[share] for share in shares], np.int64)[rows.policy]
    for share, n in distinct.items():
        mine = np.flatnonzero(of_row == n)
        ceded[mine] = rounded_share(share, after[mine]) - rounded_share(share, before[mine])
    return replace(rows, retained=rows.payable - ceded)


def _renumbered(result: BookResult, rank: Mapping[str, int]) -> PaidRows:
    """Rows with the ranks of another book; rows of policies that it does not name are left out."""
    new = np.array([rank.get(number, -1) for number in result.numbers], np.int64)
    rows = replace(result.rows, policy=new[result.rows.policy]) if len(new) else result.rows
    return rows.only(rows.policy >= 0)


def _without_terms(policy: BookPolicy) -> Refusal:
    product = f"{policy.product} {policy.product_version}"
    return refuse(
        "terms_missing",
        policy.number,
        zh=f"保单 {policy.number}（{product}）没有编译好的条款，未参与模拟；请先编译其产品版本。",
        en=f"Policy {policy.number} ({product}) has no compiled terms and was left out; compile its product version.",
    )
