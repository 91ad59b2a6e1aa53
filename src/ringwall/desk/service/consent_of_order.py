"""The consent under which an order looks at the insured's systems, and what becomes of orders when it is withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Letter
from ringwall.desk.office import Office
from ringwall.exposure import Consent
from ringwall.service import (
    Order,
    OrderEntry,
    OrderState,
    Service,
    advance,
    assets_to_touch,
    may_begin,
    next_states,
)

TAKEN_BACK = Words("被保险人已撤回授权", "The insured has taken its consent back")
ENDS_BY_WITHDRAWAL = (OrderState.CANCELLED, OrderState.REJECTED)


def consent_signed(office: Office, object_id: UUID) -> Consent | None:
    """The newest consent of an insured, withdrawn or not; None where none was signed."""
    rows = office.consents.of_object(object_id)
    return rows[-1].record.consent if rows else None


def assets_within_consent(
    office: Office, object_id: UUID, service: Service, named: Collection[str], *, at: datetime
) -> tuple[str, ...] | Refusal:
    """What an order of a service may look at on this object, or what its consent has against the order."""
    declared = [row.record.name for row in office.assets.of_object(object_id)]
    return assets_to_touch(service, consent_signed(office, object_id), declared, named, at)


def end_without_consent(office: Office, object_id: UUID, *, at: datetime) -> tuple[Order, ...]:
    """Open orders that need the consent and have it no more are ended, their unit given back, their provider told.

    What was delivered while the consent held stays: it was looked at rightly.
    """
    consent, ended = consent_signed(office, object_id), []
    for row in office.orders.of_object(object_id):
        order, service = row.record, office.catalogue.services.service(row.record.service)
        if isinstance(service, Refusal) or order.is_done:
            continue
        if may_begin(order, service, consent, at) is None:
            continue
        state = next(each for each in next_states(service, order.state) if each in ENDS_BY_WITHDRAWAL)
        stopped = advance(order, service, OrderEntry(state, at, str(office.me), f"{TAKEN_BACK.zh} / {TAKEN_BACK.en}"))
        assert isinstance(stopped, Order), "an order that has not been delivered may be ended with a reason"
        office.orders.add(order.number, stopped, object_id=object_id, effective_at=at, known_at=at, state=state.value)
        office.post.send(_letter(object_id, stopped, service, at))
        ended.append(stopped)
    return tuple(ended)


def _letter(object_id: UUID, order: Order, service: Service, at: datetime) -> Letter:
    subject = Words(
        f"服务工单 {order.number} 终止：{service.name.zh}", f"Service order {order.number} ends: {service.name.en}"
    )
    text = Words(f"{TAKEN_BACK.zh}，请立即停止检测。", f"{TAKEN_BACK.en}: stop looking at its systems at once.")
    return Letter(object_id, "order", "provider", subject, text, f"/order/{order.number}", at, order.number)
