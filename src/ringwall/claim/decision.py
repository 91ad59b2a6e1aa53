"""The decision on cover and amount, the agreement, the refusal letter, and the three numbers explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words, refuse, yuan
from ringwall.claim.record import EVERY_OPEN_STATE, Claim, ClaimEntry, ClaimState, EntryKind, append
from ringwall.terms import Between, Outcome, Verdict

REFUSED_VERDICTS = frozenset({Verdict.EXCLUDED, Verdict.NOMINAL_ONLY, Verdict.UNMAPPED})
VERDICT_NAMES = {
    Verdict.COVERED: Words("属于保险责任", "covered"),
    Verdict.LIMITED: Words("在分项限制内承保", "covered within the clause's own limits"),
    Verdict.CONDITIONAL: Words("附条件承保", "covered, subject to a condition"),
    Verdict.EXCLUDED: Words("不予赔付：责任免除或条件不成就", "not paid: excluded, or a condition failed"),
    Verdict.NOMINAL_ONLY: Words("不予赔付：依法律意见不得赔付", "not paid: the law does not allow it"),
    Verdict.UNMAPPED: Words("不予赔付：不在任何保险责任之内", "not paid: no cover reaches it"),
    Verdict.UNKNOWN: Words("待认定", "open until ruled"),
}


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item from the claim to what is within cover, with the clause that decides."""

    item: str
    part: str
    factual_minor: int
    within_cover: Between
    verdict: Verdict
    clause: str
    why: Words


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part from what is within cover to what is payable; the difference is what the money terms take."""

    part: str
    within_cover: Between
    payable: Between
    why: Words


@dataclass(frozen=True, slots=True)
class Explanation:
    """Factual loss, loss within cover and payable, each with the lines that make it up."""

    factual_minor: int
    within_cover: Between
    payable: Between
    items: tuple[ItemLine, ...]
    parts: tuple[PartLine, ...]
    open_points: tuple[Words, ...]


def decide(
    claim: Claim, outcome: Outcome, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """The decision of R-16 with its outcome; a further decision, as after a ruling, stands beside the earlier ones."""
    if claim.first(EntryKind.DOCUMENTS_RECEIVED) is None:
        return refuse(
            "documents_not_received",
            claim.name,
            zh=f"赔案 {claim.name} 尚未收到索赔请求和材料，不能核定；请先登记收到的材料。",
            en=f"Claim {claim.name} has received no claim documents and cannot be decided; record their receipt.",
        )
    entry = ClaimEntry(EntryKind.DECIDED, at, known_at or at, by, note, outcome=outcome)
    return append(claim, entry, allowed=EVERY_OPEN_STATE, after=EntryKind.DOCUMENTS_RECEIVED)


def agree(claim: Claim, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None) -> Claim | Refusal:
    """The insured agrees to the amount payable now; the ten days of R-17 begin."""
    outcome = claim.outcome
    if outcome is not None and outcome.payable.low == 0:
        return refuse(
            "nothing_to_agree",
            claim.name,
            zh=f"赔案 {claim.name} 的核定结果没有可付金额，无从达成赔偿协议；请发出拒赔通知书，或待认定后再核定。",
            en=f"Claim {claim.name}: the decision pays nothing that could be agreed; send the refusal letter, or "
            "decide again once the open points are ruled.",
        )
    amount = outcome.payable.low if outcome else None
    entry = ClaimEntry(EntryKind.AGREED, at, known_at or at, by, note, amount_minor=amount)
    return append(claim, entry, allowed=frozenset({ClaimState.ASSESSED}), after=EntryKind.DECIDED)


def refused_items(outcome: Outcome) -> tuple[str, ...]:
    """The items that a refusal letter must name, with reasons, within three days of the decision (R-18)."""
    return tuple(item.name for item in outcome.items if item.verdict in REFUSED_VERDICTS)


def refuse_items(
    claim: Claim, items: Sequence[str], *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """The refusal letter for items that the decision does not pay; a late one is recorded too and its clock says so."""
    outcome = claim.outcome
    payable = set(items) - set(refused_items(outcome)) if outcome else set()
    if not items:
        return refuse(
            "letter_names_nothing",
            claim.name,
            zh=f"赔案 {claim.name}：拒赔通知书没有列明任何项目；请逐项列出。",
            en=f"Claim {claim.name}: the refusal letter names no item; list each of them.",
        )
    if payable:
        named = ", ".join(sorted(payable))
        return refuse(
            "item_not_refused",
            claim.name,
            zh=f"赔案 {claim.name}：拒赔通知书所列 {named} 不在核定拒赔的项目之内；请只列核定不赔的项目。",
            en=f"Claim {claim.name}: the letter names {named}, which the decision does not refuse; leave it out.",
        )
    entry = ClaimEntry(EntryKind.REFUSAL_SENT, at, known_at or at, by, note, tuple(items))
    decided = frozenset({ClaimState.ASSESSED, ClaimState.AGREED, ClaimState.PAID, ClaimState.REFUSED})
    return append(claim, entry, allowed=decided, after=EntryKind.DECIDED)


def close(claim: Claim, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None) -> Claim | Refusal:
    """A claim is closed when what is payable has been paid, or when it is refused."""
    outcome = claim.outcome
    unpaid = outcome.payable.high - claim.paid_minor if outcome else 0
    if unpaid > 0:
        return refuse(
            "claim_still_open",
            claim.name,
            zh=f"赔案 {claim.name} 尚有 {yuan(unpaid)} 元未付或待认定，不能结案；请先支付或作出认定。",
            en=f"Claim {claim.name} has {yuan(unpaid)} yuan unpaid or open; pay it or have it ruled before closing.",
        )
    told = {item for entry in claim.entries(EntryKind.REFUSAL_SENT) for item in entry.about}
    if outcome is not None and (untold := set(refused_items(outcome)) - told):
        named = ", ".join(sorted(untold))
        return refuse(
            "refusal_letter_missing",
            claim.name,
            zh=f"赔案 {claim.name}：{named} 核定不赔而未发拒赔通知书（保险法第二十四条）；请发出后再结案。",
            en=f"Claim {claim.name}: {named} are refused without a letter (Insurance Law 24); send it before closing.",
        )
    entry = ClaimEntry(EntryKind.CLOSED, at, known_at or at, by, note)
    finished = frozenset({ClaimState.PAID, ClaimState.REFUSED, ClaimState.ASSESSED, ClaimState.REOPENED})
    return append(claim, entry, allowed=finished)


def reopen(claim: Claim, reason: str, *, at: datetime, by: str, known_at: datetime | None = None) -> Claim | Refusal:
    """A closed claim opens again for a reason that is written down."""
    if not reason:
        return refuse(
            "reopening_without_reason",
            claim.name,
            zh=f"赔案 {claim.name} 重开须写明理由；请补充。",
            en=f"Claim {claim.name} is reopened only for a reason that is written down; give it.",
        )
    entry = ClaimEntry(EntryKind.REOPENED, at, known_at or at, by, reason)
    return append(claim, entry, allowed=frozenset({ClaimState.CLOSED}), after=EntryKind.CLOSED)


def explain(outcome: Outcome) -> Explanation:
    """The three numbers of a decision with the items and parts that make them up."""
    return Explanation(
        factual_minor=outcome.factual_minor,
        within_cover=outcome.within_cover,
        payable=outcome.payable,
        items=tuple(
            ItemLine(i.name, i.part, i.factual_minor, i.within_cover, i.verdict, i.clause, VERDICT_NAMES[i.verdict])
            for i in outcome.items
        ),
        parts=tuple(
            PartLine(p.part, p.within_cover, p.payable, _taken(p.within_cover, p.payable)) for p in outcome.parts
        ),
        open_points=tuple(
            Words(
                f"{point.item}：待认定“{point.fact}”（{point.clause}），认定后可增加 {yuan(point.adds_minor)} 元",
                f'{point.item}: "{point.fact}" is open ({point.clause}); it could add {yuan(point.adds_minor)} yuan',
            )
            for point in outcome.open_points
        ),
    )


def _taken(within: Between, payable: Between) -> Words:
    taken = within.high - payable.high
    if taken == 0:
        return Words("全额应付", "payable in full")
    return Words(f"免赔、限额和分担共扣减 {yuan(taken)} 元", f"retentions, limits and shares take {yuan(taken)} yuan")
