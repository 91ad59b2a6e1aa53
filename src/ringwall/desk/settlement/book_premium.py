"""The premium in the books: whole with the lead that received it, then gross to each follower, VAT beside it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, local_day
from ringwall.desk.office import Office
from ringwall.desk.records import PolicyFile
from ringwall.desk.settlement.post_to_panel import enter, post_to_panel
from ringwall.ledger import CompoundEntry
from ringwall.policy import Premium
from ringwall.settlement import (
    PanelEvent,
    PostingKind,
    PremiumReceived,
    PremiumRefund,
    Voucher,
    premium_at_issue,
    premium_refund,
)


def book_premium(
    office: Office, object_id: UUID, file: PolicyFile, premium: Premium, *, reference: str, at: datetime
) -> Refusal | None:
    """A premium at issue or more of it (above nil), or a refund under its red-letter invoice (below nil)."""
    voucher = Voucher(reference, local_day(at), at, file.policy.number)
    if refused := enter(office, object_id, _lead_entry(file, premium, voucher)):
        return refused
    for kind, amount in ((PostingKind.PREMIUM, premium.net_minor), (PostingKind.VAT, premium.vat_minor)):
        if not amount:
            continue
        event = PanelEvent(kind, amount, at, reference=f"{reference}:{kind.value}")
        posting = post_to_panel(office, object_id, file.agreement, event)
        if isinstance(posting, Refusal):
            return posting
    return None


def _lead_entry(file: PolicyFile, premium: Premium, voucher: Voucher) -> CompoundEntry | Refusal:
    lead = file.agreement.lead
    if premium.net_minor >= 0:
        received = PremiumReceived(premium.net_minor, premium.vat_minor, premium.gross_minor)
        return premium_at_issue(lead, received, voucher)
    invoice = file.policy.newest.content.premium.invoice
    share = file.policy.newest.content.premium.subsidy_share
    refund = PremiumRefund(-premium.net_minor, -premium.vat_minor, f"{invoice}-R", invoice, share)
    return premium_refund(lead, refund, voucher)
