"""What waits for a person: the thing, its clock, what hangs on it, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.records import PolicyFile
from ringwall.desk.service.advance_order import INVOICED_IN
from ringwall.desk.service.scorecard_of import checked
from ringwall.desk.views.parts import Bar, BarState, Case, Figure, all_known, insured_name, last_instant_before
from ringwall.service import Charge

RENEWAL_NEAR = timedelta(days=60)
"""How long before its end a policy is on the desk of whoever renews it (our own choice, 2026-11)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: `amount_minor` hangs on it (below nil: saved), `since` is its age where it has no clock."""

    kind: str
    what: Words
    about: Words
    link: str
    action: Words
    bar: Bar | None = None
    since: datetime | None = None
    amount_minor: int | None = None
    amount_is: Words | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The first page after signing in."""

    tasks: tuple[Waiting, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Case, ...]


def most_urgent_first(tasks: Iterable[Waiting], now: datetime) -> tuple[Waiting, ...]:
    """Overdue, then by the next deadline; then what has no clock, the greatest amount first."""

    def urgency(task: Waiting) -> tuple[int, float, int]:
        if task.bar is None:
            return 2, 0.0, -abs(task.amount_minor or 0)
        standing = task.bar.state(now) is BarState.STANDING
        return (1 if standing else 0), task.bar.due_at.timestamp(), 0

    return tuple(sorted(tasks, key=urgency))


def cover_ends(row: Row[PolicyFile], insured: Words, now: datetime) -> tuple[Waiting, ...]:
    """A policy that ends soon, and has not ended yet."""
    period = row.record.policy.newest.content.period
    near = period.end - RENEWAL_NEAR
    if not near <= now < period.end:
        return ()
    return (
        Waiting(
            "cover_ends",
            Words(f"保险单 {row.number} 即将到期", f"Policy {row.number} ends soon"),
            insured,
            f"/policy/{row.number}",
            Words("查看保单", "See the policy"),
            Bar(near, last_instant_before(period.end)),
        ),
    )


def to_settle(office: Office, now: datetime, *, of_insured: bool, object_id: UUID | None = None) -> Iterator[Waiting]:
    """Provider invoices that wait for their payer: those of the insured itself, or those that the insurer bears."""
    for row in all_known(office.orders, now, object_id):
        order = row.record
        check = checked(office, row.object_id, order)
        if order.state not in INVOICED_IN or check is None or (order.charge is Charge.INSURED) is not of_insured:
            continue
        insured = insured_name(office, row.object_id)
        card_zh = "在价目表内" if check.is_accepted else "高于价目表，结算须写明理由"
        card_en = "within the rate card" if check.is_accepted else "above the rate card: give the reason to settle it"
        yield Waiting(
            "settle_order",
            Words(
                f"结算工单 {order.number} 的发票 {check.invoice}", f"Settle invoice {check.invoice} of {order.number}"
            ),
            Words(f"{insured.zh} · {card_zh}", f"{insured.en} · {card_en}"),
            f"/order/{order.number}#invoice",
            Words("查看发票", "See the invoice"),
            since=row.known_at,
            amount_minor=check.charged_minor,
            amount_is=Words("发票金额（不含增值税）", "invoiced, without VAT"),
        )
