"""The alert centre as a page: every alert of every insured in sight, filtered, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.monitoring.standing_alerts import standing_alerts
from ringwall.desk.office import Office, own_code
from ringwall.desk.views.parts import all_known
from ringwall.evidence import Severity
from ringwall.monitoring import Acknowledgement, AlertKind, AlertState, NotedAlert, most_urgent_first, noted

KIND_WORDS: Mapping[AlertKind, Words] = {
    AlertKind.TRAFFIC: Words("流量", "Traffic"),
    AlertKind.EXPLOITED: Words("已被利用", "Exploited"),
    AlertKind.DRIFT: Words("承保后变化", "Drift since binding"),
    AlertKind.DEADLINE: Words("期限与申请", "Deadlines and requests"),
    AlertKind.CONTRADICTION: Words("答复与所见不符", "Contradictions"),
    AlertKind.MESSAGE: Words("未能送达", "Not delivered"),
}
STATE_WORDS: Mapping[AlertState, Words] = {
    AlertState.NEW: Words("未确认", "not noted"),
    AlertState.NOTED: Words("已确认", "noted"),
}
SEVERITY_WORDS: Mapping[Severity, Words] = {
    Severity.CRITICAL: Words("严重", "critical"),
    Severity.HIGH: Words("高", "high"),
    Severity.MEDIUM: Words("中", "medium"),
    Severity.LOW: Words("低", "low"),
    Severity.INFO: Words("信息", "for information"),
}


@dataclass(frozen=True, slots=True)
class AlertWish:
    """What the reader filters by; None and the empty text let everything through. Severity is the least shown."""

    kind: AlertKind | None = None
    severity: Severity | None = None
    state: AlertState | None = None
    insured: str = ""

    def lets_through(self, line: AlertLine) -> bool:
        """Whether a line passes every filter."""
        alert = line.noted.alert
        return (
            self.kind in (None, alert.kind)
            and (self.severity is None or alert.severity >= self.severity)
            and self.state in (None, line.noted.state)
            and self.insured in ("", line.number)
        )


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert of one insured."""

    number: str
    insured: Words
    noted: NotedAlert
    overdue: bool


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """The lines that pass, of how many, and how many of each kind nobody of ours has taken note of."""

    wish: AlertWish
    lines: tuple[AlertLine, ...]
    all_lines: int
    new_by_kind: Mapping[AlertKind, int]
    insured: tuple[tuple[str, Words], ...]


def alerts_page(office: Office, now: datetime, wish: AlertWish) -> AlertsPage:
    """Over every application in sight; the walls decide which those are."""
    lines = _lines(office, now)
    counts = dict.fromkeys(AlertKind, 0)
    for line in lines:
        counts[line.noted.alert.kind] += line.noted.state is AlertState.NEW
    names = {line.number: line.insured for line in lines}
    shown = tuple(line for line in lines if wish.lets_through(line))
    return AlertsPage(wish, shown, len(lines), counts, tuple(sorted(names.items())))


def _lines(office: Office, now: datetime) -> tuple[AlertLine, ...]:
    me, found = own_code(office), dict[int, AlertLine]()
    acts = defaultdict[UUID, list[Acknowledgement]](list)
    for row in all_known(office.acknowledgements, now):
        acts[row.object_id].append(row.record)
    for each in standing_alerts(office, now):
        for alert in each.kept.alerts:
            one = noted(alert, acts[each.object_id], me)
            found[id(one)] = AlertLine(each.number, each.kept.insured, one, alert.is_overdue(now))
    ordered = most_urgent_first([line.noted for line in found.values()], now)
    return tuple(found[id(one)] for one in ordered)
