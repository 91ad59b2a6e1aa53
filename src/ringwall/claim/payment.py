"""Payments: never more than is payable now, never before agreement, unless the law wants the determinable part paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Calendar, Refusal, refuse, yuan
from ringwall.claim.record import (
    EVERY_OPEN_STATE,
    Claim,
    ClaimEntry,
    ClaimState,
    CostKind,
    EntryKind,
    Ground,
    PartAmount,
    append,
)
from ringwall.claim.reserve import kind_of, paid_or_authorised
from ringwall.claim.statute_clocks import Clock, ClockRule, run_clock
from ringwall.terms import Outcome

AGREED_STATES = frozenset({ClaimState.AGREED, ClaimState.PAID})
DECIDED_STATES = AGREED_STATES | {ClaimState.ASSESSED}


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment as it stands; `paid_at` is None while it is only authorised."""

    reference: str
    payee: str
    ground: Ground
    amount_minor: int
    parts: tuple[PartAmount, ...]
    authorised_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeterminablePart:
    """What can be determined on the facts so far, what is still open, and when the law wants the first paid (R-19)."""

    amount_minor: int
    open_minor: int
    clock: Clock


@dataclass(frozen=True, slots=True)
class Payees:
    """Who gets the money for one liability: the third party as far as the insured has not paid it (R-22)."""

    to_third_party_minor: int
    to_insured_minor: int


def determinable_part(claim: Claim, rule: ClockRule, calendar: Calendar) -> DeterminablePart | None:
    """The determinable part of the latest decision under R-19; None before a decision or the first documents."""
    received, outcome = claim.first(EntryKind.DOCUMENTS_RECEIVED), claim.outcome
    if received is None or outcome is None:
        return None
    payable = outcome.payable
    return DeterminablePart(payable.low, payable.high - payable.low, run_clock(rule, received.at, calendar))


def authorise_payment(
    claim: Claim,
    amount_minor: int,
    *,
    reference: str,
    payee: str,
    at: datetime,
    by: str,
    ground: Ground = Ground.AGREEMENT,
    known_at: datetime | None = None,
) -> Claim | Refusal:
    """Release money of the decision, at most what is payable now less what was released before.

    By agreement it waits for the agreement (R-17); the determinable part (R-19) does not. A repeated reference with
    the same content changes nothing; with other content it is refused.
    """
    assert ground is not Ground.EXPENSE, "an expense has its own door: authorise_expense"
    earlier = _same_reference(claim, reference, payee, amount_minor)
    if earlier is not None:
        return earlier
    outcome = claim.outcome
    left = outcome.payable.low - claim.authorised_minor if outcome else 0
    clash = _amount_clash(claim, amount_minor, left)
    allowed = AGREED_STATES if ground is Ground.AGREEMENT else DECIDED_STATES
    if clash is not None and claim.state in allowed:
        return clash
    parts = _by_part(claim, outcome, amount_minor) if outcome else ()
    entry = ClaimEntry(
        kind=EntryKind.PAYMENT_AUTHORISED,
        at=at,
        known_at=known_at or at,
        by=by,
        about=(payee,),
        amount_minor=amount_minor,
        reference=reference,
        ground=ground,
        parts=parts,
    )
    after = EntryKind.AGREED if ground is Ground.AGREEMENT else EntryKind.DECIDED
    return append(claim, entry, allowed=allowed, after=after)


def authorise_expense(
    claim: Claim,
    amount: PartAmount,
    *,
    reference: str,
    payee: str,
    at: datetime,
    by: str,
    known_at: datetime | None = None,
) -> Claim | Refusal:
    """Release the insurer's own cost of handling (an adjuster, counsel); it never counts against what is payable."""
    assert amount.kind is CostKind.ALAE, "an expense is a cost of handling"
    earlier = _same_reference(claim, reference, payee, amount.amount_minor)
    if earlier is not None:
        return earlier
    if amount.amount_minor <= 0:
        return _not_positive(claim, amount.amount_minor)
    entry = ClaimEntry(
        kind=EntryKind.PAYMENT_AUTHORISED,
        at=at,
        known_at=known_at or at,
        by=by,
        about=(payee,),
        amount_minor=amount.amount_minor,
        reference=reference,
        ground=Ground.EXPENSE,
        parts=(amount,),
    )
    return append(claim, entry, allowed=EVERY_OPEN_STATE, after=EntryKind.REGISTERED)


def record_paid(
    claim: Claim, reference: str, *, at: datetime, by: str, known_at: datetime | None = None
) -> Claim | Refusal:
    """The money has left the house; a payment is paid once."""
    payment = next((payment for payment in payments(claim) if payment.reference == reference), None)
    if payment is None:
        return refuse(
            "payment_not_authorised",
            claim.name,
            zh=f"赔案 {claim.name} 没有已授权的付款 {reference}；请先授权付款。",
            en=f"Claim {claim.name} has no authorised payment {reference}; authorise it first.",
        )
    if payment.paid_at == at:
        return claim
    if payment.paid_at is not None:
        return refuse(
            "payment_already_made",
            claim.name,
            zh=f"付款 {reference} 已于 {payment.paid_at.isoformat()} 支付，不会再付；另付请用新的付款号。",
            en=f"Payment {reference} was made at {payment.paid_at.isoformat()} and is not made again; another payment "
            "needs its own reference.",
        )
    if at < payment.authorised_at:
        return refuse(
            "paid_before_authorised",
            claim.name,
            zh=f"付款 {reference} 支付于 {at.isoformat()}，早于授权时间 {payment.authorised_at.isoformat()}；请更正。",
            en=f"Payment {reference}: paid {at.isoformat()}, before it was authorised "
            f"{payment.authorised_at.isoformat()}; check the dates.",
        )
    entry = ClaimEntry(EntryKind.PAID, at, known_at or at, by, amount_minor=payment.amount_minor, reference=reference)
    return append(claim, entry, allowed=EVERY_OPEN_STATE)


def payments(claim: Claim) -> tuple[Payment, ...]:
    """Every payment of the claim in the order of authorisation."""
    paid = {entry.reference: entry.at for entry in claim.entries(EntryKind.PAID)}
    return tuple(
        Payment(
            reference=entry.reference,
            payee=entry.about[0],
            ground=entry.ground or Ground.AGREEMENT,
            amount_minor=entry.amount_minor or 0,
            parts=entry.parts,
            authorised_at=entry.at,
            paid_at=paid.get(entry.reference),
        )
        for entry in claim.entries(EntryKind.PAYMENT_AUTHORISED)
    )


def split_payees(payable_minor: int, recognised_minor: int, paid_by_insured_minor: int) -> Payees:
    """Insurance Law 65: what is still owed goes to the third party, the rest to the insured up to what it has paid.

    `recognised_minor` is the liability as far as it binds the insurer: its own assessment where it did not agree.
    """
    to_third_party = min(payable_minor, max(recognised_minor - paid_by_insured_minor, 0))
    return Payees(to_third_party, min(payable_minor - to_third_party, paid_by_insured_minor))


def _same_reference(claim: Claim, reference: str, payee: str, amount_minor: int) -> Claim | Refusal | None:
    earlier = next((payment for payment in payments(claim) if payment.reference == reference), None)
    if earlier is None:
        return None
    if (earlier.payee, earlier.amount_minor) == (payee, amount_minor):
        return claim
    return refuse(
        "payment_reference_used",
        claim.name,
        zh=f"付款号 {reference} 已用于向 {earlier.payee} 支付 {yuan(earlier.amount_minor)} 元，现为 {payee} "
        f"{yuan(amount_minor)} 元；另付请用新的付款号。",
        en=f"Reference {reference} stands for {yuan(earlier.amount_minor)} yuan to {earlier.payee}, now given with "
        f"{yuan(amount_minor)} yuan to {payee}; another payment needs its own reference.",
    )


def _amount_clash(claim: Claim, amount_minor: int, left_minor: int) -> Refusal | None:
    if amount_minor <= 0:
        return _not_positive(claim, amount_minor)
    if amount_minor <= left_minor:
        return None
    return refuse(
        "payment_exceeds_payable",
        claim.name,
        zh=f"赔案 {claim.name}：拟付 {yuan(amount_minor)} 元，现时可付余额 {yuan(left_minor)} 元；"
        "请减少金额或先作出新的核定。",
        en=f"Claim {claim.name}: {yuan(amount_minor)} yuan to pay, {yuan(left_minor)} yuan are left of what is payable "
        "now; pay less, or decide again first.",
    )


def _not_positive(claim: Claim, amount_minor: int) -> Refusal:
    return refuse(
        "payment_not_positive",
        claim.name,
        zh=f"赔案 {claim.name}：付款金额 {yuan(amount_minor)} 元不大于零；请填写正数；追回款不是付款。",
        en=f"Claim {claim.name}: a payment of {yuan(amount_minor)} yuan is not above nil; a recovery is no payment.",
    )


def _by_part(claim: Claim, outcome: Outcome, amount_minor: int) -> tuple[PartAmount, ...]:
    """The sum over the parts in their order, each up to what is left of it.

    While points are open the low sides of the parts need not sum to that of the whole; the last part takes the rest.
    """
    used = paid_or_authorised(claim)
    rest, parts = amount_minor, []
    for part in outcome.parts:
        kind = kind_of(part.part)
        share = min(rest, max(part.payable.low - used.get((part.part, kind), 0), 0))
        if share:
            parts.append(PartAmount(part.part, kind, share))
            rest -= share
    if rest and outcome.parts:
        parts.append(PartAmount(outcome.parts[-1].part, kind_of(outcome.parts[-1].part), rest))
    return tuple(parts)
