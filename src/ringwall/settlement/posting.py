"""Posting to a panel: who decides, what each carrier's part is, what is held; and the reversal that negates it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Refusal, refuse, round_fraction
from ringwall.settlement.panel import (
    POSTING_NAMES,
    SEQUENCE_NAMES,
    DecidedBy,
    Dispute,
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PanelSequence,
    PostingKind,
    SequenceKind,
    has_opposite_sign,
    next_parts,
)

Votes = Mapping[str, bool]


def post_to_panel(
    agreement: PanelAgreement,
    sequence: PanelSequence,
    event: PanelEvent,
    *,
    votes: Votes | None = None,
    disputes: Sequence[Dispute] = (),
) -> tuple[PanelSequence, PanelPosting] | Refusal:
    """The next posting of a sequence and the sequence after it."""
    clash = _clash(agreement, sequence, event)
    if clash is not None:
        return clash
    decision = _decide(agreement, event, votes)
    if isinstance(decision, Refusal):
        return decision
    parts = next_parts(sequence, event.amount_minor)
    suspended = agreement.suspend_opposite_sign and has_opposite_sign(parts)
    if suspended:
        parts = (0,) * len(parts)
    named = tuple(zip(agreement.names, parts, strict=True))
    holding = {d.by for d in disputes if sequence.kind is SequenceKind.CLAIM and d.holds(event.claim, event.at)}
    total = sequence.running_total_minor + event.amount_minor
    posting = PanelPosting(
        number=sequence.count + 1,
        event=event,
        running_total_minor=total,
        parts=named,
        held=tuple((name, part) for name, part in named if name in holding and part),
        decided_by=decision[0],
        votes_for=decision[1],
        suspended=suspended,
    )
    return _advance(sequence, total, parts), posting


def reverse_posting(
    sequence: PanelSequence, log: Sequence[PanelPosting], number: int, at: datetime, reference: str
) -> tuple[PanelSequence, PanelPosting] | Refusal:
    """A correction negates exactly what a posting booked, held parts too; the next posting goes on from there."""
    wrong = next((posting for posting in log if posting.number == number), None)
    if wrong is None or any(posting.reverses == number for posting in log) or wrong.reverses is not None:
        return refuse(
            "posting_cannot_be_reversed",
            f"{sequence.panel}/{sequence.kind.value}/{number}",
            zh=f"序列中没有第 {number} 号记账，或其已被冲销，或其本身是冲销；请核对。",
            en=f"The sequence has no posting {number}, or it was reversed, or it is itself a reversal; check it.",
        )
    if wrong.released_minor:
        return refuse(
            "posting_touched_suspense",
            f"{sequence.panel}/{sequence.kind.value}/{number}",
            zh=f"第 {number} 号记账进入或转出过待分摊款，不能单独冲销；请以相反金额另记一笔。",
            en=f"Posting {number} went into suspense or released it and is not undone alone; post the opposite amount.",
        )
    parts = tuple(-part for _, part in wrong.parts)
    total = sequence.running_total_minor - wrong.amount_minor
    event = replace(wrong.event, amount_minor=-wrong.amount_minor, at=at, reference=reference)
    reversal = PanelPosting(
        number=sequence.count + 1,
        event=event,
        running_total_minor=total,
        parts=tuple((name, -part) for name, part in wrong.parts),
        held=tuple((name, -part) for name, part in wrong.held),
        reverses=number,
    )
    return _advance(sequence, total, parts), reversal


def lead_fees(agreement: PanelAgreement, posting: PanelPosting) -> tuple[tuple[str, int], ...]:
    """The lead fee on each follower's premium part, rounded for each; billed separately and never netted."""
    assert posting.event.kind is PostingKind.PREMIUM, "the lead fee is on premium"
    return tuple((name, round_fraction(posting.part_of(name) * agreement.lead_fee)) for name in agreement.followers)


def _advance(sequence: PanelSequence, total: int, parts: Sequence[int]) -> PanelSequence:
    booked = tuple(before + part for before, part in zip(sequence.booked_minor, parts, strict=True))
    return replace(sequence, count=sequence.count + 1, running_total_minor=total, booked_minor=booked)


def _clash(agreement: PanelAgreement, sequence: PanelSequence, event: PanelEvent) -> Refusal | None:
    where = f"{sequence.panel}/{sequence.kind.value}/{sequence.count + 1}"
    theirs = (sequence.panel, sequence.currency, sequence.shares)
    if (agreement.panel, agreement.currency, agreement.shares) != theirs:
        return refuse(
            "shares_changed",
            where,
            zh=f"序列按共保体 {sequence.panel} 的原份额开立，与 {agreement.panel} 现行份额不同；份额变更须另开序列。",
            en=f"The sequence was opened with other shares (panel {sequence.panel}) than {agreement.panel} has now; "
            "a change of shares opens a new sequence.",
        )
    named = POSTING_NAMES[event.kind]
    if event.kind.sequence is not sequence.kind:
        own, other = SEQUENCE_NAMES[event.kind.sequence], SEQUENCE_NAMES[sequence.kind]
        return refuse(
            "wrong_sequence",
            where,
            zh=f"“{named.zh}”属于“{own.zh}”序列，不入“{other.zh}”序列；请改用前者。",
            en=f"A posting of {named.en} belongs to the sequence of {own.en}, not of {other.en}; post it there.",
        )
    backwards = event.amount_minor > 0 if event.kind is PostingKind.RECOVERY else event.amount_minor < 0
    if event.amount_minor == 0 or (event.kind.sequence is SequenceKind.CLAIM and backwards):
        return refuse(
            "amount_has_wrong_sign",
            where,
            zh=f"“{named.zh}”的金额不能为 {event.amount_minor} 分：付款大于零，追偿款小于零，任何记账不为零；请更正。",
            en=f"{event.amount_minor} minor units do not fit a posting of {named.en}: payments are above nil, "
            "recoveries below, nothing is posted as nil. Correct it.",
        )
    return None


def _decide(
    agreement: PanelAgreement, event: PanelEvent, votes: Votes | None
) -> tuple[DecidedBy, Fraction | None] | Refusal:
    """Up to its authority (absolute amount) the lead decides alone; above, more than the agreed share must say yes."""
    if event.kind.sequence is not SequenceKind.CLAIM:
        return DecidedBy.NOBODY, None
    if abs(event.amount_minor) <= agreement.lead_authority_minor:
        return DecidedBy.LEAD, None
    strangers = sorted(set(votes or {}) - set(agreement.names))
    if strangers:
        return refuse(
            "voter_not_on_panel",
            agreement.panel,
            zh=f"{strangers[0]} 不是共保体 {agreement.panel} 的成员，不能表决；请核对表决记录。",
            en=f"{strangers[0]} is no member of panel {agreement.panel} and has no vote; check the record of votes.",
        )
    in_favour = sum((agreement.share_of(name) for name, yes in (votes or {}).items() if yes), Fraction(0))
    if in_favour <= agreement.vote_above:
        return refuse(
            "vote_not_carried",
            agreement.panel,
            zh=f"金额 {event.amount_minor} 分超出主承权限 {agreement.lead_authority_minor} 分，赞成份额 {in_favour} "
            f"未超过 {agreement.vote_above}；请取得更多成员同意。",
            en=f"{event.amount_minor} minor units exceed the lead's authority of {agreement.lead_authority_minor}, and "
            f"{in_favour} of the shares agree where more than {agreement.vote_above} must; ask the other members.",
        )
    return DecidedBy.VOTE, in_favour
