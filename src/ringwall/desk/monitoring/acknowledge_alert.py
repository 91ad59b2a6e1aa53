"""Somebody takes note of an alert: who and when, kept for good; it closes nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.monitoring.alerts_of import alerts_of
from ringwall.desk.monitoring.known_of import KnownOf
from ringwall.desk.office import Office, own_code
from ringwall.monitoring import Acknowledgement


def acknowledge_alert(office: Office, object_id: UUID, key: str, *, by: str, at: datetime) -> Acknowledgement | Refusal:
    """The alert as it stands now; raised again later, it is new again."""
    number = office.objects.number_of(object_id)
    alert = next((each for each in alerts_of(KnownOf(office, object_id, number, at)) if each.key == key), None)
    if alert is None:
        return refuse(
            "alert_not_raised",
            key,
            zh=f"{number} 目前没有告警 {key}：可能已经解除；请刷新告警列表。",
            en=f"No alert {key} stands at {number} now: it may be settled; load the list of alerts again.",
        )
    noted = Acknowledgement(key, alert.raised_at, by, own_code(office), at)
    office.acknowledgements.add(
        f"{number}:{key}:{noted.organisation}", noted, object_id=object_id, effective_at=at, known_at=at
    )
    return noted
