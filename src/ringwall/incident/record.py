"""The incident as it is known: what happened to whom, with a timeline that only grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ringwall.basics import OrganisationId, Refusal, Words, refuse


class IncidentClass(StrEnum):
    """The ten classes of GB/T 20986-2023 by name; their code letters stay empty until the annex is at hand."""

    MALICIOUS_PROGRAM = "malicious-program"
    NETWORK_ATTACK = "network-attack"
    DATA_SECURITY = "data-security"
    INFORMATION_CONTENT = "information-content"
    FACILITY_FAILURE = "equipment-and-facility-failure"
    VIOLATION = "violation-or-mis-operation"
    HIDDEN_DANGER = "security-hidden-danger"
    ABNORMAL_BEHAVIOUR = "abnormal-behaviour"
    FORCE_MAJEURE = "force-majeure"
    OTHER = "other"


CLASS_NAMES: Mapping[IncidentClass, Words] = {
    IncidentClass.MALICIOUS_PROGRAM: Words("恶意程序事件", "malicious program"),
    IncidentClass.NETWORK_ATTACK: Words("网络攻击事件", "network attack"),
    IncidentClass.DATA_SECURITY: Words("数据安全事件", "data security"),
    IncidentClass.INFORMATION_CONTENT: Words("信息内容安全事件", "information content"),
    IncidentClass.FACILITY_FAILURE: Words("设备设施故障事件", "equipment and facility failure"),
    IncidentClass.VIOLATION: Words("违规操作事件", "violation or mis-operation"),
    IncidentClass.HIDDEN_DANGER: Words("安全隐患事件", "security hidden danger"),
    IncidentClass.ABNORMAL_BEHAVIOUR: Words("异常行为事件", "abnormal behaviour"),
    IncidentClass.FORCE_MAJEURE: Words("不可抗力事件", "force majeure"),
    IncidentClass.OTHER: Words("其他事件", "other"),
}


class TimelineKind(StrEnum):
    """What a line of the timeline tells."""

    STARTED = "started"
    DISCOVERED = "discovered"
    INSURER_TOLD = "insurer_told"
    FACT_ESTABLISHED = "fact_established"
    REPORTED = "reported"
    PROVIDER_SENT = "provider_sent"
    CONTAINED = "contained"
    RESTORED = "restored"
    HANDLED = "handled"
    NOTE = "note"


TIMELINE_NAMES: Mapping[TimelineKind, Words] = {
    TimelineKind.STARTED: Words("事件发生", "began"),
    TimelineKind.DISCOVERED: Words("发现", "discovered"),
    TimelineKind.INSURER_TOLD: Words("通知保险人", "insurer told"),
    TimelineKind.FACT_ESTABLISHED: Words("查明事实", "fact established"),
    TimelineKind.REPORTED: Words("向主管部门报告", "reported to the authority"),
    TimelineKind.PROVIDER_SENT: Words("派遣服务方", "provider sent"),
    TimelineKind.CONTAINED: Words("控制", "contained"),
    TimelineKind.RESTORED: Words("恢复", "restored"),
    TimelineKind.HANDLED: Words("处置完毕", "handling finished"),
    TimelineKind.NOTE: Words("记录", "note"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: when it happened, when we learned it, from whom, and the fact that it establishes (if any)."""

    kind: TimelineKind
    at: datetime
    known_at: datetime
    by: str
    what: Words
    fact: str = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened to an insured. Facts are counts and whole minor units; an absent fact is unknown."""

    number: str
    organisation: OrganisationId
    incident_class: IncidentClass
    started_at: datetime | None
    discovered_at: datetime
    facts: Mapping[str, int] = field(default_factory=dict)
    timeline: tuple[TimelineEntry, ...] = ()

    def facts_known_at(self, instant: datetime) -> Mapping[str, int]:
        """The facts as they stood at an instant: those given at opening, then each one that was established since."""
        known = dict(self.facts)
        for entry in sorted(self.timeline, key=lambda entry: entry.known_at):
            if entry.value is not None and entry.known_at <= instant:
                known[entry.fact] = entry.value
        return known


def open_incident(
    number: str,
    organisation: OrganisationId,
    incident_class: IncidentClass,
    *,
    started_at: datetime | None,
    discovered_at: datetime,
    facts: Mapping[str, int],
    known_at: datetime,
) -> Incident | Refusal:
    """A new incident: discovered not before it began, recorded not before it was discovered, no fact below nil."""
    if started_at is not None and discovered_at < started_at:
        return refuse(
            "discovered_before_start",
            number,
            zh=f"发现时间 {discovered_at.isoformat()} 早于发生时间 {started_at.isoformat()}；请核对两个时间。",
            en=f"Discovered {discovered_at.isoformat()}, before it began {started_at.isoformat()}; check both times.",
        )
    if known_at < discovered_at:
        return refuse(
            "known_before_discovery",
            number,
            zh=f"登记时间 {known_at.isoformat()} 早于发现时间 {discovered_at.isoformat()}；请核对发现时间。",
            en=f"Recorded {known_at.isoformat()}, before its discovery {discovered_at.isoformat()}; check both.",
        )
    if negative := next((name for name, value in facts.items() if value < 0), None):
        return _negative(number, negative, facts[negative])
    return Incident(number, organisation, incident_class, started_at, discovered_at, dict(facts))


def add_entry(incident: Incident, entry: TimelineEntry) -> Incident | Refusal:
    """The incident with one more line; nothing is edited, and nothing is entered as known before it happened."""
    if entry.known_at < entry.at:
        return refuse(
            "entry_known_too_early",
            incident.number,
            zh=f"时间线记录的知悉时间 {entry.known_at.isoformat()} 早于发生时间 {entry.at.isoformat()}；请更正后再记。",
            en=f"A line is known at {entry.known_at.isoformat()}, before it happened {entry.at.isoformat()}; fix it.",
        )
    if bool(entry.fact) != (entry.value is not None):
        return refuse(
            "fact_incomplete",
            incident.number,
            zh="事实须同时有名称和数值；请补全后再记。",
            en="A fact needs both a name and a value; complete the line and enter it again.",
        )
    if entry.value is not None and entry.value < 0:
        return _negative(incident.number, entry.fact, entry.value)
    return replace(incident, timeline=(*incident.timeline, entry))


def _negative(number: str, fact: str, value: int) -> Refusal:
    return refuse(
        "fact_negative",
        number,
        zh=f"事实 {fact} 的数值 {value} 小于零；请填写不小于零的整数。",
        en=f"The fact {fact} is {value}, below nil; enter a whole number that is not negative.",
    )
