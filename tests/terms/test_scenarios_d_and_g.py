"""The settlements of scenarios D (conditional share) and G (write-back by place, rulings): every number of theirs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from enterprise import event_of, merged, shared_scenario
from shared_policies import compiled_policy

from ringwall.basics import local_day
from ringwall.terms import EventColumns, LossEvent, Outcome, settle, settle_columns

RESCINDED = {"D6"}


@pytest.fixture(scope="module", params=["D", "G"])
def scenario(request: pytest.FixtureRequest) -> dict[str, Any]:
    found = shared_scenario(request.param)
    if found is None:
        pytest.skip("the shared scenarios are not beside the project")
    return {"letter": request.param, **found}


def day(text: str) -> date:
    return local_day(datetime.fromisoformat(text))


def finding_facts(given: dict[str, Any]) -> dict[str, Any]:
    """What monitoring would hand over of the finding of scenario D."""
    finding, start = given["finding"], given["event"]["started_at"]
    letter = finding["written_notice_delivered_at"]
    return {
        "finding_critical": finding["severity"] == "critical",
        "finding_notified_in_writing": letter != "never",
        "fix_term_over_before_event": letter != "never"
        and day(start) > day(letter) + timedelta(finding["fix_term_days"]),
        "finding_closed_before_event": any(r["result"] == "closed" and r["at"] < start for r in finding["rescans"]),
    }


def given_event(given: dict[str, Any]) -> LossEvent:
    facts = dict(given["event_facts"])
    if "finding" in given:
        facts |= finding_facts(given)
    items = {}
    for name, item in given["items"].items():
        known = dict(item["facts"])
        place = known.get("asset_state")
        if place and place != "unknown":
            known["asset_in_impacted_state"] = place == given["event"]["target_state"]
        row = {**item, "facts": known}
        if "interruption" in item:
            rate = item["interruption"]["gross_loss_fen_per_hour"]
            spell = {k: item["interruption"][k] for k in ("start", "end")}
            row["interruption"] = {**spell, "lost_revenue_fen_per_hour": rate}
        items[name] = row
    return event_of({**given, "items": items}, **facts)


def outcome_of(given: dict[str, Any]) -> Outcome:
    policy = given["policy"]
    void = frozenset(clause for clause, explained in policy["explanations"].items() if not explained)
    found = settle(compiled_policy(policy), given_event(given), {}, void=void)
    assert isinstance(found, Outcome), found
    return found


def check(outcome: Outcome, expected: dict[str, Any], aggregate_limit: int) -> None:
    items = {item.name: item for item in outcome.items}
    for name, row in expected.get("items", {}).items():
        item = items[name]
        low = row.get("within_cover_fen", row.get("within_cover_low_fen"))
        high = row.get("within_cover_fen", row.get("within_cover_high_fen"))
        right = (row["verdict"], row.get("clause", item.clause), row["factual_fen"])
        assert (item.verdict, item.clause, item.factual_minor) == right, name
        assert (item.within_cover.low, item.within_cover.high) == (low, high), name
    parts = {part.part: part for part in outcome.parts}
    for code, row in expected.get("parts", {}).items():
        part = parts[code]
        found = (part.factual_minor, part.within_cover.low, part.payable.low)
        assert found == (row["factual_fen"], row["within_cover_fen"], row["payable_fen"]), code
    for code, row in expected.get("parts_payable", {}).items():
        assert (parts[code].payable.low, parts[code].payable.high) == (row["low_fen"], row["high_fen"]), code
    left = aggregate_limit - outcome.state_after["aggregate_used"]
    figures = {
        "contract_payable_fen": outcome.contract.low,
        "aggregate_left_fen": left,
        "aggregate_left_after_interim_fen": left,
        "payable_low_fen": outcome.payable.low,
        "payable_high_fen": outcome.payable.high,
        "open_difference_fen": outcome.payable.high - outcome.payable.low,
    }
    for name, figure in figures.items():
        assert figure == expected.get(name, figure), name
    total = expected.get("total", {})
    assert outcome.within_cover.low == total.get("within_cover_fen", outcome.within_cover.low)
    assert outcome.within_cover.high == total.get("within_cover_high_fen", outcome.within_cover.high)


def test_the_main_case_gives_its_numbers(scenario: dict[str, Any]) -> None:
    given = scenario["input"]
    check(outcome_of(given), scenario["expected"], given["policy"]["aggregate_limit_fen"])


def test_every_variant_gives_its_numbers(scenario: dict[str, Any]) -> None:
    for name, variant in scenario["variants"].items():
        if name not in RESCINDED:
            given = merged(scenario["input"], variant["change"])
            check(outcome_of(given), variant["expected"], given["policy"]["aggregate_limit_fen"])


def test_an_open_conditional_share_is_an_open_point_with_its_amount() -> None:
    scenario = shared_scenario("D")
    if scenario is None:
        pytest.skip("the shared scenarios are not beside the project")
    given = merged(scenario["input"], scenario["variants"]["D5"]["change"])
    (point,) = outcome_of(given).open_points
    assert (point.clause, point.fact, point.adds_minor) == ("D-4.2", "finding_caused_event", 8_401_233)


def test_the_columnar_reader_takes_the_share_with_its_condition() -> None:
    scenario = shared_scenario("D")
    if scenario is None:
        pytest.skip("the shared scenarios are not beside the project")
    row = {
        "INRE": 12_345_678,
        "DIAS": 40_000_000,
        "NPBI.seconds": 144_000,
        "NPBI.rate": 1_555_555,
        "NPBI.extra": 0,
        "NPBI.avoided": 0,
    }
    subject = {name: np.array([value, value], np.int64) for name, value in row.items()}
    subject["D-4.2"] = np.array([1, 0], np.int64)
    terms = compiled_policy(scenario["input"]["policy"])
    found = settle_columns(terms, EventColumns(np.array([1, 2], np.int64), subject), {})
    assert found.contract.tolist() == [67_209_862, 75_611_095]
    assert found.payable["INRE"].tolist() == [8_276_542, 9_311_110]
