"""The same account file through Oasis and through our own reader of it: event losses, payments, and where they differ.

Oasis works in float32 and in amounts. What it does not read of an account file is taken out on both sides and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ringwall.basics import FEN_PER_YUAN, Refusal, Words
from ringwall.portfolio.book import BookPolicy
from ringwall.product import COVERAGES, OedLayer, oed_layer
from ringwall.risk import Peril, RiskModel, draw_losses, profile_of
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, compile_terms, settle

HOUR_SECONDS = 3600
FLOAT32 = 2.0**-24
ROUNDINGS = 6
"""Of a loss on its way through Oasis: loss, coverage, policy, layer, share, and the sharing among coverages."""
NUMBERS = {code: number for number, (code, _) in COVERAGES.items()}
UNREAD: Mapping[str, Words] = {
    "LayerAggLimit": Words("年度累计限额", "annual aggregate limit"),
    "LayerAggAttachment": Words("年度累计起赔点", "annual aggregate attachment"),
    "BIWaitingPeriod": Words("等待期（以时间计）", "waiting period (a time)"),
    "BIPOI": Words("赔偿期（以时间计）", "period of indemnity (a time)"),
    "PolSIR": Words("自保自留额", "self-insured retention"),
}
"""Fields of an account file that Oasis (oasislmf 2.5.8) takes no notice of."""
Key = tuple[int, int, int]
"""Row of the account file, number of the coverage, event."""


@dataclass(frozen=True, slots=True)
class AccountLoss:
    """What one event costs an account under one coverage."""

    account: str
    coverage: int
    event: int
    minor: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One payment by both; `tolerance_minor` is what float32 may lose of the event's whole loss."""

    key: Key
    ours_minor: int
    theirs_minor: float
    tolerance_minor: float

    @property
    def to_the_fen(self) -> bool:
        return round(self.theirs_minor) == self.ours_minor

    @property
    def agrees(self) -> bool:
        return abs(self.theirs_minor - self.ours_minor) <= self.tolerance_minor


def account_losses(policies: Sequence[BookPolicy], model: RiskModel, events: int, seed: int) -> tuple[AccountLoss, ...]:
    """So many ransomware events of the model for each account, in amounts: of an interruption what the wait leaves."""
    found: list[AccountLoss] = []
    for account, policy in {policy.account: policy for policy in policies}.items():
        profile = profile_of(model, policy.organisation)
        if isinstance(profile, Refusal):
            continue
        drawn = draw_losses(model, profile, Peril.RAN, events, seed).subject
        hours = np.maximum(drawn["NPBI.seconds"] - policy.waiting_hours * HOUR_SECONDS, 0) / HOUR_SECONDS
        columns = {**drawn, "NPBI": np.rint(hours * drawn["NPBI.rate"]).astype(np.int64)}
        covered = {limits.part for limits in policy.parts}
        found.extend(
            AccountLoss(account, NUMBERS[part], event, int(minor))
            for part in sorted(covered & NUMBERS.keys() & columns.keys())
            for event, minor in enumerate(columns[part].tolist(), start=1)
            if minor
        )
    return tuple(found)


def unread_by_oasis(rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """How many rows state each field that Oasis does not read."""
    counts = {name: sum(bool(row.get(name)) for row in rows) for name in UNREAD}
    return {name: count for name, count in counts.items() if count}


def compare_payments(
    rows: Sequence[Mapping[str, str]], losses: Sequence[AccountLoss], theirs: Mapping[Key, float]
) -> tuple[Compared, ...] | Refusal:
    """Every payment of every row: ours in whole fen by OED's own terms, theirs in yuan as they gave it."""
    by_event: dict[str, dict[int, list[AccountLoss]]] = {}
    for loss in losses:
        by_event.setdefault(loss.account, {}).setdefault(loss.event, []).append(loss)
    found: list[Compared] = []
    for place, row in enumerate(rows):
        layer = oed_layer({name: cell for name, cell in row.items() if name not in UNREAD})
        if isinstance(layer, Refusal):
            return layer
        terms = compile_terms(layer.definition, layer.parameters)
        if isinstance(terms, Refusal):
            return terms
        for event, hit in by_event.get(row["AccNumber"], {}).items():
            found.extend(_event(place, layer, terms, event, hit, theirs))
    return tuple(found)


def _event(
    place: int,
    layer: OedLayer,
    terms: CompiledTerms,
    event: int,
    hit: Sequence[AccountLoss],
    theirs: Mapping[Key, float],
) -> Iterator[Compared]:
    items = tuple(LossItem(COVERAGES[loss.coverage][0], COVERAGES[loss.coverage][0], loss.minor) for loss in hit)
    outcome = settle(terms, LossEvent(f"{layer.account} {event}", {}, items), {})
    assert isinstance(outcome, Outcome), outcome
    tolerance = ROUNDINGS * FLOAT32 * sum(loss.minor for loss in hit) + 1
    for part in outcome.parts:
        key = place, NUMBERS[part.part], event
        yield Compared(key, part.payable.low, theirs.get(key, 0.0) * FEN_PER_YUAN, tolerance)
