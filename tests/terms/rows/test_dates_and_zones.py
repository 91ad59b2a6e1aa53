"""Claims made, discovery and notice as cover logic with dates; hours where the clocks change; extra and saved cost."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from small import compiled, hours, item, outage, part, settled

from ringwall.terms import (
    ALWAYS,
    All,
    AnyOf,
    Bound,
    Compare,
    CompiledTerms,
    Condition,
    Interruption,
    LossItem,
    Order,
    ParameterRef,
    Requirement,
    Verdict,
)

DATES = {
    "retroactive": "2025-03-01T00:00:00+08:00",
    "start": "2026-03-01T00:00:00+08:00",
    "end": "2027-03-01T00:00:00+08:00",
}
DAYS = {"reporting": 60, "discovery": 90, "notice": 30}
NUMBERS = {name: int(datetime.fromisoformat(text).timestamp()) for name, text in DATES.items()} | DAYS
VERDICTS = {"in": Verdict.COVERED, "out": Verdict.EXCLUDED, "open": Verdict.UNKNOWN}
IN_TIME = "2026-07-20T09:00:00+08:00"


def since(fact: str, name: str) -> Compare:
    return Compare(fact, Order.GE, ParameterRef(name))


def before(fact: str, name: str, plus: str = "") -> Compare:
    return Compare(fact, Order.LT, ParameterRef(name, plus))


MADE = AnyOf(
    (
        All((since("first_made_at", "start"), before("first_made_at", "end", "reporting"))),
        All((since("circumstances_at", "start"), before("circumstances_at", "end"))),
    )
)
CLAIMS_MADE = All((since("act_at", "retroactive"), before("act_at", "end"), MADE))
DISCOVERY = AnyOf(
    (
        All((since("discovered_at", "start"), before("discovered_at", "end"))),
        All((before("act_at", "end"), since("discovered_at", "end"), before("discovered_at", "end", "discovery"))),
    )
)
NOTICE = before("notified_at", "end", "notice")


def policy(when: Condition) -> CompiledTerms:
    return compiled([part("LIA")], [], NUMBERS, barriers=(Requirement("7.2", ("LIA",), when),))


def answer(when: Condition, facts: dict[str, str]) -> Verdict:
    known = {name: datetime.fromisoformat(text) for name, text in facts.items() if text not in ("never", "unknown")}
    never = {name: "never" for name, text in facts.items() if text == "never"}
    return settled(policy(when), item("LIA", 1), **known, **never).items[0].verdict


@pytest.mark.parametrize(
    ("act", "made", "circumstances", "side"),
    [
        ("2026-05-28T03:12:00+08:00", "2027-02-28T23:59:59+08:00", "never", "in"),
        ("2026-05-28T03:12:00+08:00", "2027-03-01T00:00:00+08:00", "never", "in"),  # extended reporting
        ("2026-05-28T03:12:00+08:00", "2027-04-29T23:59:59+08:00", "never", "in"),
        ("2026-05-28T03:12:00+08:00", "2027-04-30T00:00:00+08:00", "never", "out"),
        ("2026-05-28T03:12:00+08:00", "2027-04-29T16:30:00+00:00", "never", "out"),  # after midnight in Shanghai
        ("2025-03-01T00:00:00+08:00", IN_TIME, "never", "in"),  # the retroactive date itself
        ("2025-02-28T23:59:59+08:00", IN_TIME, "never", "out"),
        ("2027-03-01T00:00:00+08:00", "2027-03-15T09:00:00+08:00", "never", "out"),
        ("2026-05-28T03:12:00+08:00", "2026-02-28T23:59:59+08:00", "never", "out"),
        ("2026-05-28T03:12:00+08:00", "2029-01-10T09:00:00+08:00", "2027-02-28T23:59:59+08:00", "in"),
        ("2026-05-28T03:12:00+08:00", "2029-01-10T09:00:00+08:00", "2027-03-01T00:00:00+08:00", "out"),
        ("unknown", IN_TIME, "never", "open"),
        ("2026-05-28T03:12:00+08:00", "unknown", "2026-06-22T10:00:00+08:00", "in"),
    ],
)
def test_claims_made_with_retroactive_date_extended_reporting_and_circumstances(
    act: str, made: str, circumstances: str, side: str
) -> None:
    facts = {"act_at": act, "first_made_at": made, "circumstances_at": circumstances}
    assert answer(CLAIMS_MADE, facts) is VERDICTS[side]


@pytest.mark.parametrize(
    ("act", "discovered", "side"),
    [
        ("2025-01-01T00:00:00+08:00", "2026-03-01T00:00:00+08:00", "in"),
        ("2025-01-01T00:00:00+08:00", "2026-02-28T23:59:59+08:00", "out"),
        ("2027-02-28T23:59:59+08:00", "2027-05-29T23:59:59+08:00", "in"),  # the last of 90 days
        ("2027-02-28T23:59:59+08:00", "2027-05-30T00:00:00+08:00", "out"),
        ("2027-03-01T00:00:00+08:00", "2027-03-02T00:00:00+08:00", "out"),  # what happened after the end
        ("unknown", "2027-03-02T00:00:00+08:00", "open"),
        ("unknown", "2026-08-15T06:40:00+08:00", "in"),
    ],
)
def test_discovery_in_the_period_or_in_the_window_after_it(act: str, discovered: str, side: str) -> None:
    assert answer(DISCOVERY, {"act_at": act, "discovered_at": discovered}) is VERDICTS[side]


@pytest.mark.parametrize(
    ("notified", "side"),
    [
        ("2027-03-30T23:59:59+08:00", "in"),
        ("2027-03-31T00:00:00+08:00", "out"),
        ("2027-03-30T16:00:00+00:00", "out"),
        ("never", "out"),
        ("unknown", "open"),
    ],
)
def test_notice_before_its_window_closes(notified: str, side: str) -> None:
    assert answer(NOTICE, {"notified_at": notified}) is VERDICTS[side]


def spell(zone: str, start: str, end: str, rate: int = 3_600) -> LossItem:
    """An outage told in wall-clock time of a place; the rate is a fen a second."""
    instants = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in (start, end))
    return LossItem(zone, "NPBI", None, {}, Interruption(*instants, rate))


CHANGES = [
    # zone, wall clock from, until, hours in fact
    ("Europe/Berlin", "2026-03-28T20:00", "2026-03-29T20:00", 23),
    ("Europe/Berlin", "2026-10-24T20:00", "2026-10-25T20:00", 25),
    ("America/New_York", "2026-03-07T20:00", "2026-03-08T20:00", 23),
    ("America/New_York", "2026-10-31T20:00", "2026-11-01T20:00", 25),
    ("Australia/Lord_Howe", "2026-04-04T20:00", "2026-04-05T20:00", 24.5),  # half an hour
    ("Asia/Shanghai", "2026-03-28T20:00", "2026-03-29T20:00", 24),
]


@pytest.mark.parametrize(("zone", "start", "end", "lasted"), CHANGES)
def test_a_waiting_period_counts_elapsed_hours_where_the_clocks_change(
    zone: str, start: str, end: str, lasted: float
) -> None:
    outcome = settled(compiled([part("NPBI", interruption=hours())], [], {}), spell(zone, start, end))
    assert outcome.factual_minor == lasted * 3_600
    assert outcome.contract.low == (lasted - 12) * 3_600


@pytest.mark.parametrize(
    ("start", "end", "pays"),
    [
        ("2026-03-28T20:00", "2026-03-29T08:00", 0),  # twelve on the clock, eleven in fact
        ("2026-03-28T20:00", "2026-03-29T09:00", 0),  # twelve are not outlasted by twelve
        ("2026-03-28T20:00", "2026-03-29T09:01", 12 * 3_600 + 60),
        ("2026-10-24T20:00", "2026-10-25T08:00", 13 * 3_600),  # twelve on the clock, thirteen in fact
    ],
)
def test_a_waiting_period_as_trigger_looks_at_elapsed_hours(start: str, end: str, pays: int) -> None:
    terms = compiled([part("NPBI", interruption=hours(trigger=True))], [], {})
    assert settled(terms, spell("Europe/Berlin", start, end)).contract.low == pays


@pytest.mark.parametrize(
    ("end", "within"), [("2026-03-30T01:00", 24), ("2026-03-30T00:00", 24), ("2026-03-29T23:00", 23)]
)
def test_a_day_of_the_indemnity_period_has_twenty_four_hours_where_the_clocks_change(end: str, within: int) -> None:
    terms = compiled([part("NPBI", interruption=hours())], [], {"days": 1})
    outcome = settled(terms, spell("Europe/Berlin", "2026-03-28T23:00", end))
    assert outcome.within_cover.low == within * 3_600


@pytest.mark.parametrize(("spent", "avoided", "pays"), [(400, 900, 400), (400, 400, 400), (401, 400, 400), (400, 0, 0)])
def test_extra_expense_is_paid_up_to_the_loss_that_it_avoided_and_after_the_retention(
    spent: int, avoided: int, pays: int
) -> None:
    bound = Bound("3.4", "NPBI", ALWAYS, "loss_avoided_minor")
    terms = compiled([part("NPBI", interruption=hours())], [], {}, bounds=(bound,))
    extra = item("NPBI", spent, "generator", loss_avoided_minor=avoided)
    lost = LossItem("line", "NPBI", None, {"loss_avoided_minor": 10**9}, outage("NPBI", 13 * 3_600, 100).interruption)
    outcome = settled(terms, lost, extra)
    assert outcome.contract.low == 100 + pays
    assert outcome.factual_minor == 1_300 + spent


@pytest.mark.parametrize(("lost", "saved", "pays"), [(5_200, 3_200, 2_000), (5_200, 0, 5_200), (3_200, 3_200, 0)])
def test_saved_cost_is_no_loss(lost: int, saved: int, pays: int) -> None:
    terms = compiled([part("NPBI", interruption=hours())], [], {})
    outcome = settled(terms, outage("NPBI", 13 * 3_600, lost, saved_cost_minor_per_hour=saved))
    assert (outcome.contract.low, outcome.factual_minor) == (pays, 13 * pays)
