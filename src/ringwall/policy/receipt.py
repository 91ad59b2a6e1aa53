"""Premium before policy (见费出单, R-12): what the insurer itself has received, and what is short."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, refuse, yuan


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that arrived: `by` is who holds it; only what an insurer holds has been received."""

    amount_minor: int
    received_at: datetime
    by: str


def received_minor(receipts: Iterable[Receipt], insurers: Collection[str], at: datetime) -> int:
    """What the named insurers held at an instant; money with an intermediary does not count."""
    return sum(receipt.amount_minor for receipt in receipts if receipt.by in insurers and receipt.received_at <= at)


def complete_at(due_minor: int, receipts: Iterable[Receipt], insurers: Collection[str]) -> datetime | None:
    """The instant of the receipt that made the amount due complete."""
    mine = sorted((receipt for receipt in receipts if receipt.by in insurers), key=lambda receipt: receipt.received_at)
    instants = (receipt.received_at for receipt in mine)
    return next((at for at in instants if received_minor(mine, insurers, at) >= due_minor), None)


def short_minor(due_minor: int, receipts: Iterable[Receipt], insurers: Collection[str], at: datetime) -> int:
    """What is still missing of the amount due at an instant."""
    return max(due_minor - received_minor(receipts, insurers, at), 0)


def premium_not_received(where: str, due_minor: int, short: int) -> Refusal:
    """The refusal to issue: the amount due, what is short, and who has to receive it."""
    return refuse(
        "premium_not_received",
        where,
        zh=f"应收保险费 {yuan(due_minor)} 元，保险人尚未收到 {yuan(short)} 元（中介代收不算收到）；"
        "请足额汇入保险人账户后再出单。",
        en=f"Of CNY {yuan(due_minor)} due, CNY {yuan(short)} is short: money with an intermediary has not been "
        "received; "
        "pay the insurer itself in full, then issue.",
    )
