"""A panel posting in the books of the lead and of each follower: several liability, no carrier pays for another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringwall.ledger import CompoundEntry, Leg, credit, debit
from ringwall.settlement.chart import Head, Voucher, account
from ringwall.settlement.panel import PanelAgreement, PanelPosting, PostingKind, SequenceKind
from ringwall.settlement.standing import HeldRelease

CLAIM_HEADS = {
    PostingKind.INDEMNITY: Head.CLAIMS_PAID,
    PostingKind.EXPENSE: Head.CLAIMS_EXPENSE,
    PostingKind.RECOVERY: Head.RECOVERIES,
}
PREMIUM_HEADS = {PostingKind.PREMIUM: Head.PREMIUM, PostingKind.VAT: Head.OUTPUT_VAT}
DUE_TO_THE_LEAD = {
    SequenceKind.CLAIM: (Head.DUE_TO_LEAD, Head.DUE_FROM_FOLLOWER),
    SequenceKind.SERVICE: (Head.SERVICE_DUE_TO_LEAD, Head.SERVICE_DUE_FROM_FOLLOWER),
}
"""What a follower owes its lead, and under which head the lead is owed it."""

LegsOf = Callable[[PanelAgreement, PanelPosting, str], list[Leg]]


def panel_entries(agreement: PanelAgreement, posting: PanelPosting, voucher: Voucher) -> tuple[CompoundEntry, ...]:
    """One entry for each carrier that the posting touches; a reversal gives the same entries with the signs changed."""
    lead: LegsOf
    follower: LegsOf
    match posting.event.kind.sequence:
        case SequenceKind.CLAIM:
            lead, follower = _lead_pays, _follower_owes
        case SequenceKind.RESERVE:
            lead, follower = _reserves, _reserves
        case SequenceKind.SERVICE:
            lead, follower = _lead_charges_services, _follower_owes_services
        case _:
            lead, follower = _lead_passes_on, _follower_is_due
    entries = [
        voucher.within(name).entry(*(lead if name == agreement.lead else follower)(agreement, posting, name))
        for name in agreement.names
    ]
    return tuple(entry for entry in entries if any(leg.amount_minor for leg in entry.legs))


def lead_fee_entries(
    agreement: PanelAgreement, fees: Sequence[tuple[str, int]], voucher: Voucher
) -> tuple[CompoundEntry, ...]:
    """The fee as a bill of its own: income and receivables of the lead, an expense of each follower."""
    lead, currency = agreement.lead, agreement.currency
    bills = [debit(account(lead, Head.LEAD_FEE_RECEIVABLE, currency, name), fee) for name, fee in fees]
    income = credit(account(lead, Head.LEAD_FEE_INCOME, currency), sum(fee for _, fee in fees))
    return (
        voucher.within(lead).entry(*bills, income),
        *(
            voucher.within(name).entry(
                debit(account(name, Head.LEAD_FEE_EXPENSE, currency), fee),
                credit(account(name, Head.LEAD_FEE_PAYABLE, currency), fee),
            )
            for name, fee in fees
        ),
    )


def remittance_entries(
    agreement: PanelAgreement, follower: str, kind: SequenceKind, amount_minor: int, voucher: Voucher
) -> tuple[CompoundEntry, CompoundEntry]:
    """Money between lead and follower: a loss-fund call or a share of services is answered, or premium passed on."""
    lead, currency = agreement.lead, agreement.currency
    if kind in DUE_TO_THE_LEAD:
        payer, payee = follower, lead
        owed_under, due_under = DUE_TO_THE_LEAD[kind]
        owed = account(follower, owed_under, currency)
        due = account(lead, due_under, currency, follower)
    else:
        payer, payee = lead, follower
        owed = account(lead, Head.DUE_TO_FOLLOWER, currency, follower)
        due = account(follower, Head.DUE_FROM_LEAD, currency)
    return (
        voucher.within(payer).entry(
            debit(owed, amount_minor), credit(account(payer, Head.CASH, currency), amount_minor)
        ),
        voucher.within(payee).entry(
            debit(account(payee, Head.CASH, currency), amount_minor), credit(due, amount_minor)
        ),
    )


def release_entries(agreement: PanelAgreement, release: HeldRelease, voucher: Voucher) -> tuple[CompoundEntry, ...]:
    """After a ruling for cover the held parts are settled; what was recovered meanwhile counts towards them."""
    name, lead, currency = release.participant, agreement.lead, agreement.currency
    held = debit(account(name, Head.HELD_DISPUTED, currency), release.net_minor)
    received = debit(account(lead, Head.HELD_DISPUTED, currency, name), release.credit_minor)
    paid = credit(account(lead, Head.CASH, currency), release.due_minor)
    if name == lead:
        return (voucher.within(name).entry(held, received, paid),)
    call = debit(account(lead, Head.DUE_FROM_FOLLOWER, currency, name), release.net_minor)
    return (
        voucher.within(name).entry(held, credit(account(name, Head.DUE_TO_LEAD, currency), release.net_minor)),
        voucher.within(lead).entry(call, received, paid),
    )


def _lead_pays(agreement: PanelAgreement, posting: PanelPosting, lead: str) -> list[Leg]:
    """The lead's own part, what each follower owes for its part, and the cash that moved.

    A held part of a payment is paid by nobody; of a recovery the lead has all the cash, and a held part waits with it.
    """
    currency = agreement.currency
    legs = _own_cost(agreement, posting, lead)
    for name in agreement.followers:
        legs.append(debit(account(lead, Head.DUE_FROM_FOLLOWER, currency, name), posting.settled_of(name)))
    cash_minor = posting.amount_minor
    for name, part in posting.held:
        if posting.event.kind is PostingKind.RECOVERY:
            legs.append(debit(account(lead, Head.HELD_DISPUTED, currency, name), part))
        else:
            cash_minor -= part
    legs.append(credit(account(lead, Head.CASH, currency), cash_minor))
    legs.append(credit(account(lead, Head.SUSPENSE, currency), posting.released_minor))
    return legs


def _follower_owes(agreement: PanelAgreement, posting: PanelPosting, name: str) -> list[Leg]:
    due = credit(account(name, Head.DUE_TO_LEAD, agreement.currency), posting.settled_of(name))
    return [*_own_cost(agreement, posting, name), due]


def _own_cost(agreement: PanelAgreement, posting: PanelPosting, name: str) -> list[Leg]:
    """A carrier's own part as cost, and what of it a dispute holds."""
    head = CLAIM_HEADS[posting.event.kind]
    return [
        debit(account(name, head, agreement.currency), posting.part_of(name)),
        credit(account(name, Head.HELD_DISPUTED, agreement.currency), posting.held_of(name)),
    ]


def _reserves(agreement: PanelAgreement, posting: PanelPosting, name: str) -> list[Leg]:
    part = posting.part_of(name)
    return [
        debit(account(name, Head.RESERVE_CHANGE, agreement.currency), part),
        credit(account(name, Head.OUTSTANDING_RESERVE, agreement.currency), part),
    ]


def _lead_passes_on(agreement: PanelAgreement, posting: PanelPosting, lead: str) -> list[Leg]:
    """The lead has booked the whole at issue; it keeps its own part and owes the followers theirs, gross."""
    head, currency = PREMIUM_HEADS[posting.event.kind], agreement.currency
    whole = account(lead, head, currency)
    return [
        debit(whole, posting.amount_minor),
        debit(account(lead, Head.SUSPENSE, currency), posting.released_minor),
        credit(whole, posting.part_of(lead)),
        *(
            credit(account(lead, Head.DUE_TO_FOLLOWER, currency, name), posting.part_of(name))
            for name in agreement.followers
        ),
    ]


def _follower_is_due(agreement: PanelAgreement, posting: PanelPosting, name: str) -> list[Leg]:
    head, part = PREMIUM_HEADS[posting.event.kind], posting.part_of(name)
    return [
        debit(account(name, Head.DUE_FROM_LEAD, agreement.currency), part),
        credit(account(name, head, agreement.currency), part),
    ]


def _lead_charges_services(agreement: PanelAgreement, posting: PanelPosting, lead: str) -> list[Leg]:
    """The lead has booked the whole bill as its cost; it keeps its own part and is owed the followers'."""
    currency = agreement.currency
    whole = account(lead, Head.SERVICE_EXPENSE, currency)
    return [
        credit(whole, posting.amount_minor),
        credit(account(lead, Head.SUSPENSE, currency), posting.released_minor),
        debit(whole, posting.part_of(lead)),
        *(
            debit(account(lead, Head.SERVICE_DUE_FROM_FOLLOWER, currency, name), posting.part_of(name))
            for name in agreement.followers
        ),
    ]


def _follower_owes_services(agreement: PanelAgreement, posting: PanelPosting, name: str) -> list[Leg]:
    part = posting.part_of(name)
    return [
        debit(account(name, Head.SERVICE_EXPENSE, agreement.currency), part),
        credit(account(name, Head.SERVICE_DUE_TO_LEAD, agreement.currency), part),
    ]
