"""Placing one risk with several insurers: what each may write, what it offers, and what is signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, refuse
from ringwall.policy import Line, Panel, sign_panel

RETAINED_ON_ONE_RISK = Fraction(1, 10)
"""Insurance Law 103: an insurer keeps at most a tenth of capital and reserves on one risk unit."""


@dataclass(frozen=True, slots=True)
class Participant:
    """An insurer in the market: own funds, and what it is ready to write in all (sum of its shares of event limits)."""

    insurer: str
    own_funds_minor: int
    capacity_minor: int

    @property
    def largest_line_minor(self) -> int:
        """The most it may keep on one risk, before reinsurance."""
        return int(self.own_funds_minor * RETAINED_ON_ONE_RISK)


@dataclass(frozen=True, slots=True)
class Written:
    """A signed share of a limit that already binds an insurer."""

    insurer: str
    limit_minor: int
    share: Fraction

    @property
    def line_minor(self) -> int:
        """Its part of the limit, rounded up: capacity is never overstated."""
        return -(-self.limit_minor * self.share.numerator // self.share.denominator)


@dataclass(frozen=True, slots=True)
class CapacityPosition:
    """What one participant has written and what is left of its capacity."""

    insurer: str
    capacity_minor: int
    written_minor: int
    risks: int

    @property
    def left_minor(self) -> int:
        return max(self.capacity_minor - self.written_minor, 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """The share that an insurer offers to write; the first offer leads."""

    insurer: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Placement:
    """What is signed: offers above the whole are signed down in proportion, what is missing stays open."""

    limit_minor: int
    offered: Fraction
    lines: tuple[Offer, ...]

    @property
    def open_share(self) -> Fraction:
        return 1 - sum((line.share for line in self.lines), Fraction(0))


def market_capacity(participants: Sequence[Participant], written: Sequence[Written]) -> tuple[CapacityPosition, ...]:
    """Capacity, written and left of each participant, in their order."""
    lines = {p.insurer: [w for w in written if w.insurer == p.insurer] for p in participants}
    return tuple(
        CapacityPosition(
            p.insurer, p.capacity_minor, sum(w.line_minor for w in lines[p.insurer]), len(lines[p.insurer])
        )
        for p in participants
    )


def place(
    where: str,
    limit_minor: int,
    offers: Sequence[Offer],
    participants: Sequence[Participant],
    written: Sequence[Written] = (),
) -> Placement | tuple[Refusal, ...]:
    """Sign the offers for one limit; a line beyond an insurer's capacity or its legal bound refuses the placement."""
    assert limit_minor > 0, "a placed limit is positive"
    faults = _offer_faults(where, offers, participants)
    if faults:
        return tuple(faults)
    offered = sum((offer.share for offer in offers), Fraction(0))
    lines = tuple(Offer(offer.insurer, offer.share / max(offered, Fraction(1))) for offer in offers)
    left = {standing.insurer: standing.left_minor for standing in market_capacity(participants, written)}
    most = {participant.insurer: participant.largest_line_minor for participant in participants}
    beyond = [fault for line in lines if (fault := _line_fault(where, limit_minor, line, left, most))]
    return tuple(beyond) if beyond else Placement(limit_minor, offered, lines)


def panel_of(where: str, placement: Placement) -> Panel | Refusal:
    """The signed panel, lead first; an open share is refused by the panel's own rule."""
    return sign_panel(where, [Line(line.insurer, line.share) for line in placement.lines])


def _offer_faults(where: str, offers: Sequence[Offer], participants: Sequence[Participant]) -> list[Refusal]:
    known = {participant.insurer for participant in participants}
    counts = Counter(offer.insurer for offer in offers)
    faults = [
        _fault(where, name, "不是市场参与方", "is no participant", "先登记", "register it")
        for name in counts
        if name not in known
    ]
    faults += [
        _fault(where, n, "重复报价", "offers twice", "合并为一份", "join its offers")
        for n, c in counts.items()
        if c > 1
    ]
    faults += [
        _fault(
            where,
            o.insurer,
            f"的份额 {o.share} 不在 (0, 1] 之内",
            f"offers {o.share}, outside (0, 1]",
            "更正份额",
            "correct it",
        )
        for o in offers
        if not 0 < o.share <= 1
    ]
    return faults


def _line_fault(
    where: str, limit_minor: int, line: Offer, left: Mapping[str, int], most: Mapping[str, int]
) -> Refusal | None:
    amount = Written(line.insurer, limit_minor, line.share).line_minor
    bound = min(left[line.insurer], most[line.insurer])
    if amount <= bound:
        return None
    return refuse(
        "line_beyond_capacity",
        f"{where} {line.insurer}",
        zh=f"{line.insurer} 的份额 {line.share} 合 {amount} 分，超出其可承保的 {bound} 分"
        f"（剩余承保能力 {left[line.insurer]}，单一风险自留上限 {most[line.insurer]}）；请减少份额或增加参与方。",
        en=f"The line of {line.insurer}, {line.share} = {amount} fen, is above the {bound} fen that it can write "
        f"(capacity left {left[line.insurer]}, most on one risk {most[line.insurer]}); reduce it or add a participant.",
    )


def _fault(where: str, insurer: str, zh: str, en: str, next_zh: str, next_en: str) -> Refusal:
    return refuse(
        "offer_refused",
        f"{where} {insurer}",
        zh=f"{insurer} {zh}；请{next_zh}后重试。",
        en=f"{insurer} {en}; {next_en}.",
    )
