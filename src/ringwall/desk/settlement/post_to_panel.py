"""One posting for the whole panel: decided, split on the running total, booked in every carrier's books at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from ringwall.basics import Refusal, local_day, refuse
from ringwall.desk.office import Office
from ringwall.ledger import CompoundEntry, Transfer, transfers_of
from ringwall.settlement import (
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PostingKind,
    Voucher,
    lead_fee_entries,
    lead_fees,
    panel_entries,
    resume_sequence,
)
from ringwall.settlement import post_to_panel as split


def post_to_panel(
    office: Office,
    object_id: UUID,
    agreement: PanelAgreement,
    event: PanelEvent,
    votes: Mapping[str, bool] | None = None,
) -> PanelPosting | Refusal:
    """Under the sequence's lock: the posting's parts go on from what is booked, and each carrier's entries balance."""
    office.panel_chain.lock(agreement, event.kind.sequence.value)
    sequence = resume_sequence(agreement, event.kind.sequence, office.panel_chain.log(object_id))
    answer = split(agreement, sequence, event, votes=votes)
    if isinstance(answer, Refusal):
        return answer
    posting = answer[1]
    voucher = Voucher(event.reference, local_day(event.at), event.at, event.claim or agreement.panel)
    entries = panel_entries(agreement, posting, voucher)
    if event.kind is PostingKind.PREMIUM and agreement.lead_fee:
        fees = lead_fees(agreement, posting)
        entries += lead_fee_entries(agreement, fees, voucher.within("lead-fee"))
    transfers = _balanced(entries)
    if isinstance(transfers, Refusal):
        return transfers
    carriers = _carriers(office, agreement)
    if isinstance(carriers, Refusal):
        return carriers
    office.panel_chain.post(object_id, agreement, posting, carriers, transfers)
    return posting


def enter(office: Office, object_id: UUID, entry: CompoundEntry | Refusal) -> Refusal | None:
    """One entry into the acting organisation's own books, or why it cannot be."""
    transfers = entry if isinstance(entry, Refusal) else _balanced([entry])
    if isinstance(transfers, Refusal):
        return transfers
    office.books.enter(object_id, transfers)
    return None


def _balanced(entries: Iterable[CompoundEntry]) -> tuple[Transfer, ...] | Refusal:
    """The movements of the entries, or the first entry that does not balance."""
    movements: list[Transfer] = []
    for entry in entries:
        found = transfers_of(entry)
        if isinstance(found, Refusal):
            return found
        movements += found
    return tuple(movements)


def _carriers(office: Office, agreement: PanelAgreement) -> dict[str, UUID] | Refusal:
    found: dict[str, UUID] = {}
    for name in agreement.names:
        member = office.directory.by_code(name)
        if member is None:
            return refuse(
                "party_unknown",
                name,
                zh=f"平台上没有代码为 {name} 的保险人，共保体 {agreement.panel} 无法记账；请核对代码。",
                en=f"No insurer with the code {name} is on the platform, so {agreement.panel} cannot post; check it.",
            )
        found[name] = member.id
    return found
