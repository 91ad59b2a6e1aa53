"""Clocks, grades and rescission of a shared scenario, as our rooms answer them and in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from ringwall.basics import SHANGHAI, Refusal, Words
from ringwall.catalogue import read_folder
from ringwall.claim import (
    ClockRule,
    HolidayTable,
    Pause,
    contract_term,
    in_time,
    read_clock_rules,
    read_holidays,
    run_clock,
)
from ringwall.incident import (
    GradingScheme,
    OperatorKind,
    Source,
    SourceStatus,
    grade,
    read_scheme,
    reported_in_time,
    reporting_duties,
)
from ringwall.underwriting import (
    Culpability,
    DisclosureAssessment,
    FalseAnswer,
    InsurerConduct,
    assess_disclosure,
)

Json = Mapping[str, Any]
HOUSE = Source("shared scenario", date(2026, 1, 1), SourceStatus.ASSUMED)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()


def maybe(text: str | None) -> datetime | None:
    return None if text in (None, "never") else instant(str(text))


@cache
def rules() -> Mapping[str, ClockRule]:
    found = read_clock_rules(read_folder("schemes")["statute-clocks.yaml"], "statute-clocks.yaml")
    assert not isinstance(found, Refusal), found
    return dict(found)


@cache
def holidays() -> HolidayTable:
    found = read_holidays(read_folder("schemes")["calendar-cn.yaml"], "calendar-cn.yaml")
    assert isinstance(found, HolidayTable), found
    return found


@cache
def scheme(code: str) -> GradingScheme:
    name = f"grading-{code.lower()}.yaml"
    found = read_scheme(read_folder("schemes")[name], name)
    assert isinstance(found, GradingScheme), found
    return found


def pauses_of(supplements: Sequence[Mapping[str, str]]) -> tuple[Pause, ...]:
    rows = ((row["notice_delivered_at"], row["documents_received_at"]) for row in supplements)
    return tuple(Pause(instant(notice), instant(papers)) for notice, papers in rows)


def clock(given: Json, supplements: Sequence[Mapping[str, str]], *, weekends_roll: bool = False) -> dict[str, Any]:
    rule = rules().get(given["rule"])
    if rule is None:
        rule = contract_term(given["days"], clause="-", what=Words("约定期限", "term agreed"), source=HOUSE)
    calendar = holidays().calendar(weekends_roll=weekends_roll)
    ran = run_clock(rule, instant(given["from"]), calendar, pauses_of(supplements))
    answer = {
        "unrolled_last_day": str(ran.unrolled_last_day),
        "last_day": str(ran.last_day),
        "due_before": shown(ran.due_before),
    }
    return answer | ({"on_time": in_time(ran, instant(given["done_at"]))} if "done_at" in given else {})


def clocks(given: Json) -> dict[str, Any]:
    supplements = given.get("claim", {}).get("supplements", [])
    return {name: clock(one, supplements) for name, one in given.get("clocks", {}).items()}


def probe(given: Json) -> dict[str, Any]:
    supplements = given.get("supplements", [])
    weekends = clock(given, supplements, weekends_roll=True)["last_day"]
    return clock(given, supplements) | {"last_day_if_weekends_roll": weekends}


def grades(given: Json) -> dict[str, Any]:
    grading, found = given["grading"], {}
    known = {name.replace("_fen", "_minor"): value for name, value in grading["facts"].items()}
    for code in grading["schemes"]:
        graded = grade(scheme(code), known)
        duties = reporting_duties([graded], OperatorKind(grading["operator"]), instant(grading["learned_at"]))
        row: dict[str, Any] = {"level": graded.level.code, "report_duty": bool(duties), "due_at": None}
        for duty in duties:
            row |= {"due_at": shown(duty.due_at), "recipient": duty.authority.en}
            if "reported_at" in grading:
                row["on_time"] = reported_in_time(duty, instant(grading["reported_at"]))
        found[code] = row
    return found


def assessment(given: Json) -> DisclosureAssessment | None:
    """Rules R-01 to R-05; of a premium taken after knowing the page says only that it was."""
    if "disclosure" not in given:
        return None
    told, policy = given["disclosure"], given["policy"]
    answer = FalseAnswer(
        told["question"],
        1,
        told["asked_specifically"],
        told["answer_false"],
        told["material"],
        Culpability(told["culpability"]),
        told["serious_effect_on_event"],
    )
    knew = instant(told["insurer_knew_at"])
    conduct = InsurerConduct(
        date.fromisoformat(policy["concluded_on"]),
        knew,
        (knew + timedelta(days=7),) if told["premium_collected_after_knowing"] else (),
        maybe(told["rescission_notice_delivered_at"]),
        maybe(told["refusal_letter_for_nondisclosure_at"]),
    )
    found = assess_disclosure(answer, conduct, policy["premium"]["gross_fen"], holidays().calendar())
    assert isinstance(found, DisclosureAssessment), found
    return found


def rescission(found: DisclosureAssessment) -> dict[str, Any]:
    return {
        "right_existed": found.right_existed,
        "right_last_day": str(found.right_last_day) if found.right_last_day else None,
        "rescinded": found.rescinded,
        "decided_by": found.decided_by,
        "insurer_pays_event": found.event_paid,
        "premium_refund_gross_fen": found.premium_refund_minor,
    }
