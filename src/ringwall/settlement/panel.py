"""What the co-insurers agreed on, and the running sequence from which each posting's parts are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Refusal, Words, refuse, split_running


class SequenceKind(StrEnum):
    """Claims with their expenses and recoveries are one sequence; premium, VAT, reserves and services are others."""

    PREMIUM = "premium"
    VAT = "vat"
    CLAIM = "claim"
    RESERVE = "reserve"
    SERVICE = "service"


class PostingKind(StrEnum):
    """What a posting pays or takes."""

    PREMIUM = "premium"
    VAT = "vat"
    INDEMNITY = "indemnity"
    EXPENSE = "expense"
    RECOVERY = "recovery"
    RESERVE = "reserve"
    SERVICE = "service"

    @property
    def sequence(self) -> SequenceKind:
        return SequenceKind.CLAIM if self in _CLAIM_KINDS else SequenceKind(self.value)


SEQUENCE_NAMES: Mapping[SequenceKind, Words] = {
    SequenceKind.PREMIUM: Words("保费", "premium"),
    SequenceKind.VAT: Words("增值税", "VAT"),
    SequenceKind.CLAIM: Words("赔款", "claims"),
    SequenceKind.RESERVE: Words("准备金", "reserves"),
    SequenceKind.SERVICE: Words("防灾减损服务费", "loss prevention services"),
}
POSTING_NAMES: Mapping[PostingKind, Words] = {
    PostingKind.PREMIUM: Words("保费", "premium"),
    PostingKind.VAT: Words("增值税", "VAT"),
    PostingKind.INDEMNITY: Words("赔款", "indemnity"),
    PostingKind.EXPENSE: Words("理赔费用", "claims expense"),
    PostingKind.RECOVERY: Words("追偿款", "recovery"),
    PostingKind.RESERVE: Words("准备金变动", "change of reserve"),
    PostingKind.SERVICE: Words("防灾减损服务费", "loss prevention services"),
}
_CLAIM_KINDS = frozenset({PostingKind.INDEMNITY, PostingKind.EXPENSE, PostingKind.RECOVERY})


class DecidedBy(StrEnum):
    """Who decided a posting; premium, reserves and corrections need nobody."""

    NOBODY = "nobody"
    LEAD = "lead"
    VOTE = "vote"


@dataclass(frozen=True, slots=True)
class PanelAgreement:
    """Shares in fixed order, and the clauses on authority, vote, lead fee, suspense and services. Liability is several.

    Unless the panel has agreed to share what the policy's included services cost, by signed share, the lead bears it.
    """

    panel: str
    shares: tuple[tuple[str, Fraction], ...]
    lead: str
    lead_authority_minor: int
    vote_above: Fraction = Fraction(1, 2)
    lead_fee: Fraction = Fraction(0)
    suspend_opposite_sign: bool = False
    currency: str = "CNY"
    services_shared: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.shares)

    @property
    def fractions(self) -> tuple[Fraction, ...]:
        return tuple(share for _, share in self.shares)

    @property
    def followers(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name != self.lead)

    def share_of(self, name: str) -> Fraction:
        return dict(self.shares)[name]


def panel_fault(agreement: PanelAgreement) -> Refusal | None:
    """Why an agreement cannot split anything; None where it can."""
    names, total = agreement.names, sum(agreement.fractions)
    if total != 1 or any(share <= 0 for share in agreement.fractions):
        return refuse(
            "shares_do_not_sum_to_one",
            agreement.panel,
            zh=f"共保体 {agreement.panel} 的份额合计为 {total}，须为 1 且各大于零；请补足或调减份额。",
            en=f"The shares of panel {agreement.panel} sum to {total}; they must sum to 1, each above nil.",
        )
    if len(set(names)) < len(names) or agreement.lead not in names:
        return refuse(
            "panel_members_clash",
            agreement.panel,
            zh=f"共保体 {agreement.panel} 成员重复，或主承保人 {agreement.lead} 不在其中；请更正名单。",
            en=f"Panel {agreement.panel} names a member twice, or its lead {agreement.lead} is none; correct the list.",
        )
    return None


@dataclass(frozen=True, slots=True)
class PanelSequence:
    """Where one sequence stands: its last number, its running total, and what has been booked for each carrier.

    What is in the total and not yet booked is in suspense.
    """

    panel: str
    kind: SequenceKind
    currency: str
    shares: tuple[tuple[str, Fraction], ...]
    count: int
    running_total_minor: int
    booked_minor: tuple[int, ...]

    @property
    def suspended_minor(self) -> int:
        return self.running_total_minor - sum(self.booked_minor)


def open_sequence(agreement: PanelAgreement, kind: SequenceKind) -> PanelSequence:
    """A sequence at its beginning; a change of shares opens a new one."""
    nothing = (0,) * len(agreement.shares)
    return PanelSequence(agreement.panel, kind, agreement.currency, agreement.shares, 0, 0, nothing)


def resume_sequence(agreement: PanelAgreement, kind: SequenceKind, log: Sequence[PanelPosting]) -> PanelSequence:
    """The sequence as its log leaves it; postings of other sequences in the log do not count."""
    mine = sorted(
        (posting for posting in log if posting.event.kind.sequence is kind), key=lambda posting: posting.number
    )
    opened = open_sequence(agreement, kind)
    if not mine:
        return opened
    booked = tuple(sum(posting.part_of(name) for posting in mine) for name in agreement.names)
    last = mine[-1]
    return replace(opened, count=last.number, running_total_minor=last.running_total_minor, booked_minor=booked)


def next_parts(sequence: PanelSequence, amount_minor: int) -> tuple[int, ...]:
    """What the next amount books for each carrier: the split of the new running total less what is booked already.

    Without a reversal that is the difference of two running splits. A reversal negates booked parts, which may leave a
    carrier a few fen off the split of the smaller total; the posting after it sets that right.
    """
    fractions = tuple(share for _, share in sequence.shares)
    whole = split_running(sequence.running_total_minor + amount_minor, fractions)
    return tuple(part - booked for part, booked in zip(whole, sequence.booked_minor, strict=True))


def has_opposite_sign(parts: tuple[int, ...]) -> bool:
    """Whether some part goes the other way than the sum of them all."""
    total = sum(parts)
    return any(part * total < 0 for part in parts)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A carrier disputes cover of one claim in writing; it may hold its parts from then on, until a ruling."""

    by: str
    claim: str
    written_at: datetime
    ruled_at: datetime | None = None

    def holds(self, claim: str, at: datetime) -> bool:
        return claim == self.claim and self.written_at <= at and (self.ruled_at is None or at < self.ruled_at)


@dataclass(frozen=True, slots=True)
class PanelEvent:
    """What is to be posted: kind, amount (a recovery is below nil), when, for which claim (or order), its reference."""

    kind: PostingKind
    amount_minor: int
    at: datetime
    claim: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PanelPosting:
    """One line of a sequence's log. `parts` sum to the amount, or to nothing while it is in suspense, or to the amount
    and what the suspense releases; `held` are the parts that a dispute keeps back."""

    number: int
    event: PanelEvent
    running_total_minor: int
    parts: tuple[tuple[str, int], ...]
    held: tuple[tuple[str, int], ...] = ()
    decided_by: DecidedBy = DecidedBy.NOBODY
    votes_for: Fraction | None = None
    suspended: bool = False
    reverses: int | None = None

    @property
    def amount_minor(self) -> int:
        return self.event.amount_minor

    @property
    def booked_minor(self) -> int:
        return sum(part for _, part in self.parts)

    @property
    def released_minor(self) -> int:
        """What this posting takes out of suspense; below nil, what it puts in."""
        return self.booked_minor - self.amount_minor

    def part_of(self, name: str) -> int:
        return dict(self.parts)[name]

    def held_of(self, name: str) -> int:
        return dict(self.held).get(name, 0)

    def settled_of(self, name: str) -> int:
        return self.part_of(name) - self.held_of(name)
