"""Case reserves per part and kind: what the claim is expected to cost in all, and what of it is still to be paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, refuse, yuan
from ringwall.claim.record import (
    EVERY_OPEN_STATE,
    Claim,
    ClaimEntry,
    CostKind,
    EntryKind,
    Ground,
    PartAmount,
    append,
)
from ringwall.terms import Outcome

ALAE_PARTS = frozenset({"INV"})
"""Finding cause and extent is the insurer's cost by law (Insurance Law 64), though the insured may have paid it."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """One part and kind: incurred is what we expect in all; outstanding is incurred less paid."""

    part: str
    kind: CostKind
    incurred_minor: int
    paid_minor: int

    @property
    def outstanding_minor(self) -> int:
        return self.incurred_minor - self.paid_minor


def kind_of(part: str) -> CostKind:
    return CostKind.ALAE if part in ALAE_PARTS else CostKind.INDEMNITY


def set_reserve(
    claim: Claim, amount: PartAmount, *, at: datetime, by: str, reason: str, known_at: datetime | None = None
) -> Claim | Refusal:
    """What one part is now expected to cost in all; never below what has been paid on it."""
    paid = paid_by_part(claim).get((amount.part, amount.kind), 0)
    if amount.amount_minor < paid or amount.amount_minor < 0:
        return refuse(
            "reserve_below_paid",
            claim.name,
            zh=f"赔案 {claim.name} 的 {amount.part} 已付 {yuan(paid)} 元，总额不能为 {yuan(amount.amount_minor)} 元；"
            "请填写不低于已付的总额。",
            en=f"Claim {claim.name}: {yuan(paid)} yuan are paid on {amount.part}, so it cannot cost "
            f"{yuan(amount.amount_minor)} yuan in all; give a total that is not below what is paid.",
        )
    if not reason:
        return refuse(
            "reserve_without_reason",
            claim.name,
            zh=f"赔案 {claim.name} 调整 {amount.part} 准备金须写明理由；请补充。",
            en=f"Claim {claim.name}: a reserve for {amount.part} is set for a reason that is written down; give it.",
        )
    entry = ClaimEntry(EntryKind.RESERVE_SET, at, known_at or at, by, reason, parts=(amount,))
    return append(claim, entry, allowed=EVERY_OPEN_STATE, after=EntryKind.REGISTERED)


def reserve_from_outcome(
    claim: Claim, outcome: Outcome, *, at: datetime, by: str, reason: str, known_at: datetime | None = None
) -> Claim | Refusal:
    """Reserves from a decision or a forecast: each part at the high side, with open points decided for the insured."""
    grown: Claim | Refusal = claim
    for part in outcome.parts:
        if isinstance(grown, Refusal):
            return grown
        kind = kind_of(part.part)
        paid = paid_by_part(grown).get((part.part, kind), 0)
        amount = PartAmount(part.part, kind, max(part.payable.high, paid))
        if amount.amount_minor or (part.part, kind) in _incurred(grown):
            grown = set_reserve(grown, amount, at=at, by=by, reason=reason, known_at=known_at)
    return grown


def reserves(claim: Claim) -> tuple[Reserve, ...]:
    """Every reserve as it stands, in the order in which the parts were first reserved or paid."""
    incurred, paid = _incurred(claim), paid_by_part(claim)
    return tuple(
        Reserve(part, kind, incurred.get((part, kind), paid.get((part, kind), 0)), paid.get((part, kind), 0))
        for part, kind in dict.fromkeys([*incurred, *paid])
    )


def outstanding_minor(claim: Claim, kind: CostKind | None = None) -> int:
    """What is still to be paid on the claim, of one kind or of both."""
    return sum(r.outstanding_minor for r in reserves(claim) if kind is None or r.kind is kind)


def paid_by_part(claim: Claim) -> Mapping[tuple[str, CostKind], int]:
    paid = {entry.reference for entry in claim.entries(EntryKind.PAID)}
    return _sums(e for e in claim.entries(EntryKind.PAYMENT_AUTHORISED) if e.reference in paid)


def paid_or_authorised(claim: Claim) -> Mapping[tuple[str, CostKind], int]:
    """Indemnity and law-borne cost that has been released, whether or not it has left the house."""
    return _sums(e for e in claim.entries(EntryKind.PAYMENT_AUTHORISED) if e.ground is not Ground.EXPENSE)


def _incurred(claim: Claim) -> dict[tuple[str, CostKind], int]:
    newest: dict[tuple[str, CostKind], int] = {}
    for entry in claim.entries(EntryKind.RESERVE_SET):
        for amount in entry.parts:
            newest[(amount.part, amount.kind)] = amount.amount_minor
    return newest


def _sums(entries: Iterable[ClaimEntry]) -> Mapping[tuple[str, CostKind], int]:
    sums: dict[tuple[str, CostKind], int] = {}
    for entry in entries:
        for amount in entry.parts:
            key = (amount.part, amount.kind)
            sums[key] = sums.get(key, 0) + amount.amount_minor
    return sums
