"""Parcels that are on their way, as a door is handed them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.doors import Parcel
from ringwall.monitoring import Channel, DeliveryReceipt, Message

WRITTEN_AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
LATER = WRITTEN_AT + timedelta(minutes=5)
MESSAGE = Message(
    UUID(int=1),
    UUID(int=2),
    UUID(int=3),
    UUID(int=4),
    "notice",
    "SHOUAN-N-000001",
    Words("安全整改书面建议", "Written suggestion on security"),
    Words("请关闭 6379 端口。\n十日内。", "Close port 6379.\nWithin ten days."),
    "/policy/P-1",
    WRITTEN_AT,
)


def parcel(to: str, channel: Channel, *receipts: DeliveryReceipt, person: int = 9) -> Parcel:
    message = Message(
        *(getattr(MESSAGE, name) for name in MESSAGE.__dataclass_fields__ if name != "receipts"), receipts
    )
    return Parcel(message, UUID(int=person), channel, to, "zh", 0)
