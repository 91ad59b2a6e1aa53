"""The lead records money that arrived: premium before policy (R-12)."""

from __future__ import annotations

from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.policy import Receipt


def record_receipt(office: Office, object_id: UUID, quote_number: str, receipt: Receipt) -> Receipt | Refusal:
    """A receipt for a quote; money that an intermediary holds is recorded as what it is and pays for nothing yet."""
    quoted = office.quotes.newest(quote_number)
    if quoted is None or quoted.object_id != object_id:
        return refuse(
            "quote_unknown",
            quote_number,
            zh=f"本业务下没有报价 {quote_number}，收款无从归属；请核对报价号。",
            en=f"There is no quote {quote_number} on this object that the money could pay for; check its number.",
        )
    if receipt.amount_minor <= 0:
        return refuse(
            "receipt_not_positive",
            quote_number,
            zh=f"收款金额为 {receipt.amount_minor} 分，须大于零；退款请作为批单办理。",
            en=f"The receipt is of {receipt.amount_minor} fen and must be above nil; a refund is an endorsement.",
        )
    count = len([row for row in office.receipts.of_object(object_id) if row.number.startswith(f"{quote_number}:")])
    office.receipts.add(
        f"{quote_number}:{count + 1}",
        receipt,
        object_id=object_id,
        effective_at=receipt.received_at,
        known_at=receipt.received_at,
    )
    return receipt
