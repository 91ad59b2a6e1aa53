"""Scenario A's decision and its case, from the first notice to the payment, as every claim test may ask for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from ringwall.basics import Refusal, Words
from ringwall.claim import (
    Claim,
    agree,
    ask_supplement,
    decide,
    notify,
    receive_documents,
    refuse_items,
    register,
    supplement_delivered,
)
from ringwall.terms import Between, ItemOutcome, OpenPoint, Outcome, PartOutcome, TraceNode, Verdict

COVERED, EXCLUDED = Verdict.COVERED, Verdict.EXCLUDED
ITEMS = [
    ("A-I1", "INRE", COVERED, "A-1.1", 18_600_000, 18_600_000),
    ("A-I2", "INRE", EXCLUDED, "A-1.2", 3_000_000, 0),
    ("A-I3", "DIAS", COVERED, "A-2.1", 24_000_000, 24_000_000),
    ("A-I4", "DIAS", COVERED, "A-2.1", 9_000_000, 9_000_000),
    ("A-I5", "DIAS", EXCLUDED, "A-2.2", 3_500_000, 0),
    ("A-I6", "NPBI", COVERED, "A-3.1", 120_000_000, 120_000_000),
    ("A-I7", "NPBI", COVERED, "A-3.1", 4_800_000, 4_800_000),
    ("A-I8", "EXT", COVERED, "A-4.1", 6_000_000, 6_000_000),
    ("A-I9", "EXT", Verdict.NOMINAL_ONLY, "A-4.2", 40_000_000, 0),
    ("A-I10", "MIT", COVERED, "A-5.1", 7_500_000, 7_500_000),
    ("A-I11", "INV", COVERED, "A-5.2", 5_800_000, 5_800_000),
    ("A-I12", "NONE", Verdict.UNMAPPED, "", 1_200_000, 0),
]
PARTS = [
    ("INRE", 21_600_000, 18_600_000, 16_600_000),
    ("DIAS", 36_500_000, 33_000_000, 28_000_000),
    ("NPBI", 124_800_000, 124_800_000, 94_800_000),
    ("EXT", 46_000_000, 6_000_000, 6_000_000),
    ("MIT", 7_500_000, 7_500_000, 7_500_000),
    ("INV", 5_800_000, 5_800_000, 5_800_000),
    ("NONE", 1_200_000, 0, 0),
]
TRACE = TraceNode("payable", "A-6.1", "sum", 158_700_000, Words("应付", "payable"))


def exactly(minor: int) -> Between:
    return Between(minor, minor)


@pytest.fixture(scope="session")
def outcome_a() -> Outcome:
    """The settlement of scenario A: 243,400,000 lost, 195,700,000 within cover, 158,700,000 payable."""
    return Outcome(
        items=tuple(ItemOutcome(n, part, v, clause, f, exactly(w)) for n, part, v, clause, f, w in ITEMS),
        parts=tuple(PartOutcome(part, f, exactly(w), exactly(p)) for part, f, w, p in PARTS),
        contract=exactly(145_400_000),
        statutory=exactly(13_300_000),
        state_before={"aggregate": 380_000_000},
        state_after={"aggregate": 234_600_000},
        open_points=(),
        trace=TRACE,
    )


@pytest.fixture(scope="session")
def outcome_a19(outcome_a: Outcome) -> Outcome:
    """Variant A19: whether A-I10 was necessary and reasonable waits for a ruling."""
    open_mitigation = Between(0, 7_500_000)
    return Outcome(
        items=tuple(
            ItemOutcome(i.name, i.part, Verdict.UNKNOWN, i.clause, i.factual_minor, open_mitigation)
            if i.name == "A-I10"
            else i
            for i in outcome_a.items
        ),
        parts=tuple(
            PartOutcome(p.part, p.factual_minor, open_mitigation, open_mitigation) if p.part == "MIT" else p
            for p in outcome_a.parts
        ),
        contract=outcome_a.contract,
        statutory=Between(5_800_000, 13_300_000),
        state_before=outcome_a.state_before,
        state_after=outcome_a.state_after,
        open_points=(OpenPoint("A-I10", "A-5.1", "necessary_and_reasonable", 7_500_000),),
        trace=TRACE,
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


def nothing_refused(claim: Claim | Refusal) -> Claim:
    assert isinstance(claim, Claim), claim
    return claim


Step = Callable[[Claim], Claim | Refusal]


def steps_of_case_a(outcome: Outcome) -> Sequence[tuple[str, Step]]:
    """The acts of scenario A in order; each gives the claim after it."""
    refused = ("A-I2", "A-I5", "A-I9", "A-I12")
    return (
        ("registered", lambda c: register(c, "CLM-1", at=instant("08-15T09:00"), by="handler")),
        ("documents", lambda c: receive_documents(c, ("claim", "invoices"), at=instant("08-27T15:20"), by="handler")),
        ("asked", lambda c: ask_supplement(c, ("order logs", "payroll"), at=instant("09-07T11:00"), by="handler")),
        ("told", lambda c: supplement_delivered(c, at=instant("09-07T11:30"), by="inbox", note="Lin")),
        (
            "complete",
            lambda c: receive_documents(c, ("payroll", "order logs"), at=instant("09-14T16:40"), by="handler"),
        ),
        ("decided", lambda c: decide(c, outcome, at=instant("09-22T17:00"), by="handler")),
        ("agreed", lambda c: agree(c, at=instant("09-23T14:00"), by="insured")),
        ("letter", lambda c: refuse_items(c, refused, at=instant("09-28T09:15"), by="handler")),
    )


@pytest.fixture(scope="session")
def case_a(outcome_a: Outcome) -> dict[str, Claim]:
    """The claim of scenario A after each act, by the act's name."""
    claim = notify("N-1", "P-1", "I-1", at=instant("08-15T08:10"), by="insured")
    stages = {"notified": claim}
    for name, step in steps_of_case_a(outcome_a):
        claim = nothing_refused(step(claim))
        stages[name] = claim
    return stages


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """An instant of 2026 in Shanghai, as `at("08-27T15:20")`."""
    return instant


@pytest.fixture
def done() -> Callable[[Claim | Refusal], Claim]:
    """The claim after an act that must not be refused."""
    return nothing_refused
