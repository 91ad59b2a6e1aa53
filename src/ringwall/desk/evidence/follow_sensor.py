"""One step of a live sensor is put on record with its checkpoint; a severe alert becomes a letter at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import GrantRole, Letter
from ringwall.desk.office import Office
from ringwall.evidence import Checkpoint, Interesting, TailStep

SEVERE = 1
TOLD: tuple[GrantRole, ...] = ("insured", "lead")


def record_tail(office: Office, object_id: UUID, step: TailStep, *, at: datetime) -> Checkpoint | Refusal:
    """Alerts, letters and checkpoint in the one transaction of this office; the next step begins at the answer."""
    news = office.tails.advance(object_id, step)
    if news is None:
        return _moved(step.sensor)
    severe = [alert for alert in news if alert.severity == SEVERE]
    if severe:
        for role in TOLD:
            office.post.send(_letter(office, object_id, severe, role, at))
    return step.after


def _letter(office: Office, object_id: UUID, severe: list[Interesting], role: GrantRole, at: datetime) -> Letter:
    number, first = office.objects.number_of(object_id), severe[0]
    subject = Words(f"最高级别流量告警 {len(severe)} 条", f"Traffic alerts of the highest severity: {len(severe)}")
    text = Words(
        f"{number}：主机 {first.host} 与 {first.peer}，{first.detail}；请立即核实。",
        f"{number}: host {first.host} and {first.peer}, {first.detail}; look at it now.",
    )
    return Letter(object_id, "traffic_alert", role, subject, text, f"/posture/{number}", at)


def _moved(sensor: str) -> Refusal:
    return refuse(
        "traffic_tail_moved",
        sensor,
        zh="检查点与本次读取的起点不同：同一传感器正由另一进程读取；请只运行一个读取进程。",
        en="The checkpoint is not where this step began: another process reads the same sensor; run only one.",
    )
