"""Day clocks of the insurance law: first day not counted, the pause added first, the end rolled last.

Rules and holidays come from the catalogue's YAML; a number without unit, date, source or status refuses its file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import yaml

from ringwall.basics import (
    Calendar,
    Refusal,
    Words,
    days_between,
    due_before,
    last_day,
    local_day,
    read_yaml,
    refuse,
    years_later,
)
from ringwall.incident import Source, SourceStatus, source_of


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock: how many calendar days, whether it pauses and rolls, from what day it runs, and where it stands.

    `days` is None for a rule that gives no number (R-15). `never_after_years` caps a right by years from the contract.
    """

    rule: str
    what: Words
    law: Words
    starts: Words
    days: int | None
    pauses: bool
    rolls: bool
    source: Source
    never_after_years: int | None = None


@dataclass(frozen=True, slots=True)
class Holiday:
    """One legal holiday, both days included."""

    name: Words
    first: date
    last: date
    source: Source

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """The holidays that are known, and until which day a notice has been given."""

    zone: str
    known_from: date
    known_to: date
    holidays: tuple[Holiday, ...]
    working_weekend_days: frozenset[date]
    weekends_roll: bool
    source: str

    def calendar(self, weekends_roll: bool | None = None) -> Calendar:
        """The days that roll; by the table's own reading of the law, or by the other one where that is asked."""
        rolling = {
            holiday.first + timedelta(days=n)
            for holiday in self.holidays
            for n in range(days_between(holiday.first, holiday.last) + 1)
        }
        if self.weekends_roll if weekends_roll is None else weekends_roll:
            year = [
                self.known_from + timedelta(days=n) for n in range(days_between(self.known_from, self.known_to) + 1)
            ]
            rolling |= {day for day in year if day.weekday() >= 5} - self.working_weekend_days
        return Calendar(frozenset(rolling))

    def status_of(self, clock: Clock) -> SourceStatus:
        """How firm a clock's last day is: an assumed holiday, or a day without a notice, makes it assumed."""
        if not clock.rule.rolls:
            return clock.rule.source.status
        touched = [h for h in self.holidays if h.contains(clock.unrolled_last_day)]
        marks = [clock.rule.source.status, *(holiday.source.status for holiday in touched)]
        if not touched and not self.known_from <= clock.unrolled_last_day <= self.known_to:
            marks.append(SourceStatus.ASSUMED)
        return SourceStatus.weakest(tuple(marks))


@dataclass(frozen=True, slots=True)
class Pause:
    """From delivery of a notice that asks for documents to their receipt; None while they are outstanding."""

    notice_delivered_at: datetime
    documents_received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One running of a rule. While `stopped_since` is set the documents are outstanding and the last day moves on;
    the days given are then those that hold if they arrived on the day of the notice."""

    rule: ClockRule
    start: datetime
    count_days: int
    pause_days: int
    unrolled_last_day: date
    last_day: date
    due_before: datetime
    stopped_since: datetime | None = None


def run_clock(rule: ClockRule, start: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Clock:
    """The clock of a rule from its starting event; only a claim's first notice pauses it, where the rule lets it."""
    assert rule.days is not None, f"{rule.rule} gives no number of days"
    first = min(pauses, key=lambda pause: pause.notice_delivered_at, default=None) if rule.pauses else None
    if first is not None and first.notice_delivered_at >= _unpaused_due(rule.days, start, calendar, rule.rolls):
        first = None  # the time had run out before the notice: nothing was left to stop
    pause_days, stopped_since = _length(first)
    unrolled, last = last_day(local_day(start), rule.days, pause_days, calendar, rule.rolls)
    return Clock(rule, start, rule.days, pause_days, unrolled, last, due_before(last), stopped_since)


def in_time(clock: Clock, done_at: datetime) -> bool:
    """Before `due_before`; while the clock stands still nothing can be late."""
    return done_at < clock.due_before or clock.stopped_since is not None


def rescission_clock(rule: ClockRule, knew_at: datetime, concluded_on: date, calendar: Calendar) -> Clock:
    """R-02: days from knowledge, and never after so many years from the contract, whichever ends first."""
    clock = run_clock(rule, knew_at, calendar)
    if rule.never_after_years is None:
        return clock
    last = min(clock.last_day, years_later(concluded_on, rule.never_after_years))
    return Clock(rule, knew_at, clock.count_days, 0, clock.unrolled_last_day, last, due_before(last))


def contract_term(days: int, *, clause: str, what: Words, source: Source) -> ClockRule:
    """A term of days that a policy sets: the first day does not count, and it does not roll."""
    law = Words(f"保险条款 {clause}", f"policy clause {clause}")
    starts = Words("起算事件发生之日", "the day of the starting event")
    return ClockRule("contract_day", what, law, starts, days, False, False, source)


def _unpaused_due(days: int, start: datetime, calendar: Calendar, rolls: bool) -> datetime:
    return due_before(last_day(local_day(start), days, 0, calendar, rolls)[1])


def _length(pause: Pause | None) -> tuple[int, datetime | None]:
    if pause is None:
        return 0, None
    if pause.documents_received_at is None:
        return 0, pause.notice_delivered_at
    delivered, received = local_day(pause.notice_delivered_at), local_day(pause.documents_received_at)
    assert received >= delivered, "documents are received after they are asked for"
    return days_between(delivered, received), None


_ANSWERS = {"yes": True, "no": False}
_UNREADABLE = (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError)


def read_clock_rules(text: str, where: str) -> Mapping[str, ClockRule] | Refusal:
    """The rules by their number, as R-16; two rules of one number refuse the file."""
    try:
        rules = [_rule(row) for row in read_yaml(text)["rules"]]
    except _UNREADABLE as fault:
        return _faulty("clock_rules_faulty", where, str(fault))
    by_number = {rule.rule: rule for rule in rules}
    if len(by_number) < len(rules):
        return _faulty("clock_rules_faulty", where, "two rules have one number")
    return by_number


def read_holidays(text: str, where: str) -> HolidayTable | Refusal:
    """The holiday table; each holiday ends on or after its first day."""
    try:
        data = read_yaml(text)
        table = HolidayTable(
            zone=data["zone"],
            known_from=date.fromisoformat(data["known_from"]),
            known_to=date.fromisoformat(data["known_to"]),
            holidays=tuple(_holiday(row) for row in data["holidays"]),
            working_weekend_days=frozenset(date.fromisoformat(day) for day in data["working_weekend_days"]),
            weekends_roll=_ANSWERS[data["weekends_roll"]],
            source=data["source"],
        )
    except _UNREADABLE as fault:
        return _faulty("calendar_faulty", where, str(fault))
    backward = next((holiday for holiday in table.holidays if holiday.last < holiday.first), None)
    if backward is not None:
        return _faulty("calendar_faulty", where, f"{backward.name.en} ends before it begins: {backward.last}")
    return table


def _rule(row: Mapping[str, Any]) -> ClockRule:
    if row["unit"] != "calendar day":
        raise ValueError(f"{row['rule']}: unit {row['unit']}, expected calendar day")
    return ClockRule(
        rule=row["rule"],
        what=_words(row["what"]),
        law=_words(row["law"]),
        starts=_words(row["starts"]),
        days=None if row["days"] == "none" else int(row["days"]),
        pauses=_ANSWERS[row["pauses"]],
        rolls=_ANSWERS[row["rolls"]],
        source=source_of(row),
        never_after_years=int(row["never_after_years"]) if "never_after_years" in row else None,
    )


def _holiday(row: Mapping[str, Any]) -> Holiday:
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    return Holiday(_words(row["name"]), first, last, source_of(row))


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["zh"], row["en"])


def _faulty(code: str, where: str, fault: str) -> Refusal:
    return refuse(
        code,
        where,
        zh=f"期限规则文件无法使用：{fault}；请更正该处后重新载入。",
        en=f"The file of clock rules or holidays cannot be used: {fault}; correct it and load it again.",
    )
