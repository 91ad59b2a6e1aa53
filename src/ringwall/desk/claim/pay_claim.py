"""The payment: released under the agreement, voted on where it exceeds the lead's authority, split and paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.claim import CostKind, Payment, authorise_payment, payments, record_paid
from ringwall.desk.claim.handle_claim import By, claim_file, keep_claim
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile, PolicyFile
from ringwall.desk.settlement.post_to_panel import post_to_panel
from ringwall.settlement import PanelEvent, PanelPosting, PostingKind


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """A payment with its postings to the panel: the loss, and apart from it the cost of handling the claim."""

    claim: ClaimFile
    postings: tuple[PanelPosting, ...]

    @property
    def parts(self) -> dict[str, int]:
        """What each carrier bears of the payment, in the panel's order."""
        names = [name for name, _ in self.postings[0].parts]
        return {name: sum(posting.part_of(name) for posting in self.postings) for name in names}


def authorise_claim(office: Office, object_id: UUID, number: str, by: By) -> ClaimFile | Refusal:
    """Everything that is payable now and not released yet, to the insured, under one reference."""
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    payable = file.claim.outcome.payable.low if file.claim.outcome else 0
    amount = payable - file.claim.authorised_minor
    reference = f"{number}:payment-{len(payments(file.claim)) + 1}"
    payee = _insured(office, object_id)
    claim = authorise_payment(file.claim, amount, reference=reference, payee=payee, at=by.at, by=by.person)
    return claim if isinstance(claim, Refusal) else keep_claim(office, object_id, replace(file, claim=claim), by.at)


def pay_claim(office: Office, object_id: UUID, number: str, votes: Mapping[str, bool], by: By) -> PaidClaim | Refusal:
    """The newest released payment leaves the house: each carrier's part is booked, and its reserve is released."""
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    payment = payments(file.claim)[-1] if payments(file.claim) else None
    reference = payment.reference if payment else f"{number}:payment-1"
    claim = record_paid(file.claim, reference, at=by.at, by=by.person)
    if isinstance(claim, Refusal):
        return claim
    assert payment is not None, "what was recorded as paid had been authorised"
    agreement = policy_file(office, object_id).agreement
    postings = []
    for kind, amount in _by_kind(payment):
        event = PanelEvent(kind, amount, by.at, number, f"{reference}:{kind.value}")
        posting = post_to_panel(office, object_id, agreement, event, votes)
        if isinstance(posting, Refusal):
            return posting
        postings.append(posting)
    kept = keep_claim(office, object_id, replace(file, claim=claim, votes=dict(votes)), by.at)
    return PaidClaim(kept, tuple(posting for posting in postings if posting.event.kind is not PostingKind.RESERVE))


def _by_kind(payment: Payment) -> tuple[tuple[PostingKind, int], ...]:
    """The loss, the cost of handling, and the reserve that the payment releases; what is nil is left out."""
    handling = sum(part.amount_minor for part in payment.parts if part.kind is CostKind.ALAE)
    kinds = (
        (PostingKind.INDEMNITY, payment.amount_minor - handling),
        (PostingKind.EXPENSE, handling),
        (PostingKind.RESERVE, -payment.amount_minor),
    )
    return tuple((kind, amount) for kind, amount in kinds if amount)


def policy_file(office: Office, object_id: UUID) -> PolicyFile:
    return office.policies.of_object(object_id)[-1].record


def _insured(office: Office, object_id: UUID) -> str:
    return policy_file(office, object_id).policy.newest.content.parties.insured.id
