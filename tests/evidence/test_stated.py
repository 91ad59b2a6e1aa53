"""A finding between two sides: no statement of the insured closes it, and only the insurer gives a dispute right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.conftest import AT, seen

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.evidence import (
    Finding,
    FindingState,
    FindingStatus,
    Periods,
    Rules,
    Said,
    Statement,
    StatementKind,
    as_stated,
    decide_dispute,
    find,
    parse_periods,
    parse_rules,
    say,
    state_of,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = 10
SAID: tuple[Said, ...] = (
    StatementKind.ANSWERED,
    StatementKind.DISPUTED,
    StatementKind.SAID_FIXED,
    StatementKind.RETEST_ASKED,
)


def redis() -> Finding:
    rules = parse_rules(read_folder("controls")["checks.yaml"], "checks.yaml")
    assert isinstance(rules, Rules)
    return find("X", (seen("redis", "open", "erp.jiangkou.test:6379"),), AT, rules)[0]


FINDING = redis()


def stated(kind: StatementKind, hours: int = 1, finding: Finding = FINDING) -> Statement:
    return Statement(finding.uid, kind, "because", "somebody", AT + hours * HOUR, finding.evidence_sha256)


def good(result: Statement | Refusal) -> Statement:
    assert isinstance(result, Statement), result
    return result


@given(st.lists(st.tuples(st.sampled_from(SAID), st.integers(1, 400)), max_size=12))
def test_whatever_the_insured_says_an_open_finding_stays_open_and_keeps_its_price(said: list[tuple[Said, int]]) -> None:
    statements = [stated(kind, hours) for kind, hours in said]
    assert state_of(FINDING, statements, AT + 90 * DAY, DAYS).is_open
    assert as_stated(FINDING, statements, AT + 90 * DAY).may_price


@pytest.mark.parametrize("kind", SAID)
def test_the_newest_statement_names_the_state_and_what_is_said_later_does_not_count_yet(kind: Said) -> None:
    statement = good(say(FINDING, (), kind, "because", by="somebody", at=AT + HOUR))
    assert state_of(FINDING, (statement,), AT + HOUR, DAYS).state.value == kind.value
    assert state_of(FINDING, (statement,), AT, DAYS).state is FindingState.OPEN


def test_a_dispute_is_answered_before_midnight_after_the_tenth_day() -> None:
    disputed = state_of(FINDING, (stated(StatementKind.DISPUTED),), AT + DAY, DAYS)
    assert disputed.disputed_at == AT + HOUR
    assert disputed.answer_before is not None
    assert disputed.answer_before.isoformat() == "2025-12-26T00:00:00+08:00"


def test_a_dispute_that_is_upheld_withdraws_the_finding_and_its_price() -> None:
    dispute = stated(StatementKind.DISPUTED)
    upheld = good(
        decide_dispute(FINDING, (dispute,), StatementKind.UPHELD, "a trap of ours", by="uw", at=AT + 2 * HOUR)
    )
    both = (dispute, upheld)
    assert state_of(FINDING, both, AT + DAY, DAYS).state is FindingState.WITHDRAWN
    assert as_stated(FINDING, both, AT + DAY).status is FindingStatus.RESOLVED
    assert as_stated(FINDING, both, AT + HOUR).may_price, "until the decision it counts"


def test_a_withdrawn_finding_stays_so_while_looks_show_the_same_and_opens_again_on_other_evidence() -> None:
    both = (stated(StatementKind.DISPUTED), stated(StatementKind.UPHELD, 2))
    again = replace(FINDING, last_seen=AT + 5 * DAY)
    assert not state_of(again, both, AT + 6 * DAY, DAYS).is_open
    other = replace(again, evidence_sha256="f" * 64)
    assert state_of(other, both, AT + 6 * DAY, DAYS).is_open


def test_a_rejected_dispute_leaves_the_finding_open_and_may_be_disputed_anew() -> None:
    both = (stated(StatementKind.DISPUTED), stated(StatementKind.REJECTED, 2))
    assert state_of(FINDING, both, AT + DAY, DAYS).state is FindingState.DISPUTE_REJECTED
    good(say(FINDING, both, StatementKind.DISPUTED, "look here", by="insured", at=AT + DAY))


def test_what_is_said_to_be_fixed_and_seen_again_is_open_and_what_is_gone_is_closed_by_the_look() -> None:
    fixed = (stated(StatementKind.SAID_FIXED),)
    assert state_of(FINDING, fixed, AT + DAY, DAYS).state is FindingState.SAID_FIXED
    again = replace(FINDING, last_seen=AT + 2 * HOUR)
    assert state_of(again, fixed, AT + DAY, DAYS).state is FindingState.OPEN
    gone = replace(FINDING, status=FindingStatus.RESOLVED)
    assert state_of(gone, fixed, AT + DAY, DAYS).state is FindingState.CLOSED


@pytest.mark.parametrize(
    ("finding", "said", "kind", "text", "code"),
    [
        (FINDING, (), StatementKind.DISPUTED, " ", "statement_without_reason"),
        (FINDING, (), StatementKind.ANSWERED, "", "statement_without_reason"),
        (FINDING, (stated(StatementKind.DISPUTED),), StatementKind.DISPUTED, "again", "dispute_pending"),
        (replace(FINDING, status=FindingStatus.RESOLVED), (), StatementKind.SAID_FIXED, "", "finding_closed"),
    ],
)
def test_a_statement_that_cannot_stand_is_refused_with_its_reason(
    finding: Finding, said: tuple[Statement, ...], kind: Said, text: str, code: str
) -> None:
    refused = say(finding, said, kind, text, by="insured", at=AT + DAY)
    assert isinstance(refused, Refusal)
    assert refused.code == code


def test_nobody_decides_what_was_not_disputed() -> None:
    refused = decide_dispute(FINDING, (), StatementKind.UPHELD, "so", by="uw", at=AT + DAY)
    assert isinstance(refused, Refusal)
    assert refused.code == "dispute_missing"


@pytest.mark.parametrize(
    "text",
    [
        "periods: {}",
        "[",
        "periods: {dispute: {value: 0, unit: day, date: x, source: y}, near: {value: 7, unit: day}}",
        "periods: {dispute: {value: 5, unit: week, date: x, source: y}, near: {value: 7, unit: day}}",
    ],
)
def test_a_table_of_periods_with_a_fault_is_refused(text: str) -> None:
    assert isinstance(parse_periods(text, "periods.yaml"), Refusal)


def test_the_shipped_periods_can_be_read() -> None:
    assert parse_periods(read_folder("controls")["periods.yaml"], "periods.yaml") == Periods(DAYS, 7)
