"""A settlement with its whole trace is stored by field names and comes back as the records that it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ringwall.basics import Words
from ringwall.shell.cli.answer import plain
from ringwall.shell.store.codec import decode, encode
from ringwall.terms import (
    Between,
    ItemOutcome,
    OpenPoint,
    Outcome,
    ParameterRead,
    PartOutcome,
    TraceNode,
    Verdict,
)

READ = ParameterRead("dias_limit", 500, "minor", "none", date(2026, 1, 1))
STEP = TraceNode("DIAS.limited", "6.1", "least", 500, Words("分项限额之内", "within its limit"), (), (READ,), ("6.1",))
OUTCOME = Outcome(
    (ItemOutcome("data", "DIAS", Verdict.COVERED, "2.1", 900, Between(900, 900), ("prior_consent=true",)),),
    (PartOutcome("DIAS", 900, Between(900, 900), Between(500, 500)),),
    Between(500, 500),
    Between(0, 0),
    {"aggregate_used": 0},
    {"aggregate_used": 500},
    (OpenPoint("data", "2.1", "kind", 0),),
    TraceNode("payable", "6.1", "add", 500, Words("应付赔款", "payable now"), (STEP,)),
)


def test_a_settlement_comes_back_from_the_store_as_it_was() -> None:
    stored = encode(OUTCOME)
    assert isinstance(stored, dict)
    assert stored["contract"] == {"low": 500, "high": 500}
    back = decode(Outcome, stored)
    assert back == OUTCOME
    assert isinstance(back.trace.inputs[0], TraceNode)
    assert isinstance(back.items[0].within_cover, Between)


def test_an_answer_names_the_fields_of_every_record() -> None:
    told = plain({"outcome": OUTCOME, "at": datetime(2026, 3, 1, tzinfo=UTC)})
    assert told["outcome"]["trace"]["inputs"][0]["text"] == {"zh": "分项限额之内", "en": "within its limit"}
    assert told["outcome"]["parts"][0]["payable"] == {"low": 500, "high": 500}
