"""Reports that the law wants: to whom, until which instant, by which rule. Hour clocks neither pause nor roll."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ringwall.basics import Calendar, Words, due_before, last_day, local_day
from ringwall.incident.grading import Grade
from ringwall.incident.scheme import GradingScheme, OperatorKind
from ringwall.incident.sourced import Source


@dataclass(frozen=True, slots=True)
class ReportingDuty:
    """One report, in time at or before `due_at`; `certain` is False while unknown facts decide whether it is due."""

    scheme: str
    authority: Words
    due_at: datetime
    rule: str
    law: Words
    source: Source
    certain: bool


@dataclass(frozen=True, slots=True)
class FinalReport:
    """The report after handling: calendar days, not rolled; in time if made before `due_before`."""

    scheme: str
    due_before: datetime
    source: Source


def reporting_duties(
    grades: Sequence[Grade], operator: OperatorKind, learned_at: datetime
) -> tuple[ReportingDuty, ...]:
    """The duties that arise at the instant at which the operator discovers or learns of the incident."""
    duties = []
    for graded in grades:
        reporting = graded.scheme.reporting
        if reporting is None or graded.may_reach.rank < reporting.from_rank:
            continue
        for clock in reporting.clocks:
            if clock.operator is operator:
                duties.append(
                    ReportingDuty(
                        scheme=graded.scheme.code,
                        authority=clock.authority,
                        due_at=learned_at.astimezone(UTC) + timedelta(hours=clock.hours),
                        rule=reporting.rule,
                        law=reporting.law,
                        source=clock.source,
                        certain=graded.level.rank >= reporting.from_rank,
                    )
                )
    return tuple(duties)


def reported_in_time(duty: ReportingDuty, reported_at: datetime) -> bool:
    """The very instant is still in time; one second later is late."""
    return reported_at <= duty.due_at


def final_report(scheme: GradingScheme, handled_at: datetime) -> FinalReport | None:
    """When the report after handling falls due, where the scheme has one."""
    term = scheme.reporting.final_report if scheme.reporting else None
    if term is None:
        return None
    last, _ = last_day(local_day(handled_at), term.days, 0, Calendar(), False)
    return FinalReport(scheme.code, due_before(last), term.source)
