"""Assets, proofs of control and consents are put on record by the insured itself: without them no packet leaves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.desk.service.consent_of_order import end_without_consent
from ringwall.exposure import Asset, Consent, ConsentEntry, ControlProof, append_consent, check_consent, withdraw


def declare_assets(office: Office, object_id: UUID, assets: tuple[Asset, ...], *, at: datetime) -> tuple[Asset, ...]:
    """The insured's inventory; declaring an asset again is a further version of it."""
    number = office.objects.number_of(object_id)
    for asset in assets:
        office.assets.add(f"{number}:{asset.name}", asset, object_id=object_id, effective_at=at, known_at=at)
    return assets


def record_proof(office: Office, object_id: UUID, proof: ControlProof) -> ControlProof:
    """One look at whether the insured controls an asset; a failed look is kept like a good one."""
    number = f"{office.objects.number_of(object_id)}:{proof.asset}:{proof.method}"
    state = "proved" if proof.proved else "not_proved"
    office.proofs.add(
        number, proof, object_id=object_id, effective_at=proof.seen_at, known_at=proof.seen_at, state=state
    )
    return proof


def give_consent(office: Office, object_id: UUID, consent: Consent, *, at: datetime) -> ConsentEntry | Refusal:
    """The signed consent, sealed to the chain of all that this insured has signed before."""
    if refusals := check_consent(consent):
        return refusals[0]
    number = f"{office.objects.number_of(object_id)}:consent"
    chain = tuple(row.record for row in office.consents.history(number))
    entry = append_consent(chain, consent)[-1]
    office.consents.add(number, entry, object_id=object_id, effective_at=consent.valid.start, known_at=at)
    return entry


def withdraw_consent(office: Office, object_id: UUID, *, at: datetime) -> ConsentEntry | Refusal:
    """The newest consent is taken back from this instant: no packet after it, and the orders that need it end."""
    number = f"{office.objects.number_of(object_id)}:consent"
    chain = tuple(row.record for row in office.consents.history(number))
    if not chain or chain[-1].consent.withdrawn_at is not None:
        return refuse(
            "consent_not_standing",
            number,
            zh="没有可撤回的授权书：尚未签署，或已经撤回。",
            en="There is no consent to take back: none was signed, or it was taken back already; sign one anew.",
        )
    entry = append_consent(chain, withdraw(chain[-1].consent, at))[-1]
    office.consents.add(number, entry, object_id=object_id, effective_at=at, known_at=at, state="withdrawn")
    end_without_consent(office, object_id, at=at)
    return entry
