"""What the scenarios show beside their numbers: open points, the columnar reader, what makes one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from tests.scenarios.first_party import finding_facts, in_plain_rates
from tests.scenarios.policies import compiled, policy_b, settled
from tests.terms.enterprise import event_of, merged, shared_scenario
from tests.terms.shared_policies import compiled_policy

from ringwall.basics import Words
from ringwall.terms import (
    CompiledTerms,
    EventColumns,
    FactKind,
    FactSpec,
    LossEvent,
    Relation,
    Term,
    relate,
    settle_columns,
)


def scenario(letter: str) -> dict[str, Any]:
    found = shared_scenario(letter)
    if found is None:
        pytest.skip("the shared scenarios are not beside the project")
    return found


def test_an_open_conditional_share_is_an_open_point_with_its_amount() -> None:
    whole = scenario("D")
    given = merged(whole["input"], whole["variants"]["D5"]["change"])
    event = event_of(in_plain_rates(given), **given["event_facts"], **finding_facts(given))
    (point,) = settled(compiled_policy(given["policy"]), event, {}).open_points
    assert (point.clause, point.fact, point.adds_minor) == ("D-4.2", "finding_caused_event", 8_401_233)


def test_the_columnar_reader_takes_the_share_with_its_condition() -> None:
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
    terms = compiled_policy(scenario("D")["input"]["policy"])
    found = settle_columns(terms, EventColumns(np.array([1, 2], np.int64), subject), {})
    assert found.contract.tolist() == [67_209_862, 75_611_095]
    assert found.payable["INRE"].tolist() == [8_276_542, 9_311_110]


def test_interruptions_from_one_cause_at_one_provider_are_one_event() -> None:
    """B-2.5 sets no window; the treaty's 72 hours would part what begins 73 hours later."""
    given = scenario("B")["input"]
    policy = policy_b(given, given["book"]["P01"])
    spells = given["interruptions"] | {"P17": {**given["interruptions"]["P17"], "start": "2026-11-14T03:00:00+08:00"}}
    incidents = [
        LossEvent(code, {"cause": row["cause"], "began_at": datetime.fromisoformat(row["start"])}, ())
        for code, row in spells.items()
    ]
    found = relate(with_relation(policy, Relation("B-2.5", ("cause",))), incidents)
    assert [len(e.name.split(" + ")) for e in found.events] == [8, 1]
    windowed = relate(with_relation(policy, Relation("T", ("cause",), Term("T", "window"))), incidents)
    assert [len(e.name.split(" + ")) for e in windowed.events] == [7, 1, 1]


def with_relation(terms: CompiledTerms, relation: Relation) -> CompiledTerms:
    kinds = {"cause": FactKind.WORD, "began_at": FactKind.INSTANT}
    facts = {name: FactSpec(name, kind, Words(name, name)) for name, kind in kinds.items()}
    definition = replace(terms.definition, relation=relation, facts={**terms.definition.facts, **facts})
    numbers = {name: read.value for name, read in terms.parameters.items()}
    return compiled(definition, numbers | {"window": 72})
