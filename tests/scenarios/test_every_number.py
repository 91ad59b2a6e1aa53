"""Scenarios A to H: the shared page is walked leaf by leaf, and every number, verdict and date on it is our engine's.

Nothing is chosen by hand: a leaf for which our answer has no place fails as much as one with another value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.scenarios.books import answers_f, answers_h
from tests.scenarios.first_party import answers_a, answers_d, answers_g
from tests.scenarios.other_lines import answers_b, answers_c, answers_e
from tests.scenarios.statute import Json, grades, probe
from tests.terms.enterprise import merged, shared_page
from tests.terms.shared_policies import condition_of

from ringwall.product import event_from_mapping
from ringwall.terms import LossEvent, Truth, holds

ANSWERS: dict[str, Callable[[Json], dict[str, Any]]] = {
    "A": answers_a,
    "B": answers_b,
    "C": answers_c,
    "D": answers_d,
    "E": answers_e,
    "F": answers_f,
    "G": answers_g,
    "H": answers_h,
}
LEAVES = {"A": 312, "B": 120, "C": 130, "D": 163, "E": 89, "F": 99, "G": 248, "H": 72}
"""How many leaves each scenario has with its variants: a walk that lost some would show here."""
SIDES = {Truth.TRUE: "in", Truth.FALSE: "out", Truth.UNKNOWN: "unknown"}


def leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{where}.{key}")
    else:
        yield where, value


def differences(expected: Any, answer: Any, where: str) -> list[str]:
    """Every leaf that our answer lacks or gives otherwise; true is not 1."""
    ours = dict(leaves(answer, where))
    return [
        f"{name}: {right!r}, we have {ours.get(name, 'nothing')!r}"
        for name, right in leaves(expected, where)
        if name not in ours or ours[name] != right or type(ours[name]) is not type(right)
    ]


def page() -> Json:
    found = shared_page()
    if found is None:
        pytest.skip("the shared scenarios are not beside the project")
    return found


@pytest.mark.parametrize("letter", ANSWERS)
def test_every_leaf_of_a_scenario_and_its_variants_is_our_answer(letter: str) -> None:
    scenario = page()["scenarios"][letter]
    wrong = differences(scenario["expected"], ANSWERS[letter](scenario["input"]), letter)
    walked = len(list(leaves(scenario["expected"])))
    for name, variant in scenario["variants"].items():
        given = merged(scenario["input"], variant["change"])
        wrong += differences(variant["expected"], ANSWERS[letter](given), name)
        walked += len(list(leaves(variant["expected"])))
    assert wrong == []
    assert walked == LEAVES[letter]


def test_the_walk_leaves_no_scenario_out() -> None:
    assert set(page()["scenarios"]) == set(ANSWERS)


def test_every_probe_of_the_calendar_ends_on_its_day() -> None:
    probes = page()["calendar_probes"]
    assert len(probes) == 10
    for name, given in probes.items():
        assert differences(given["expected"], probe(given), name) == []


@pytest.mark.parametrize(
    ("letter", "clause", "probes"), [("A", "A-0.1", "period_probes"), ("C", "C-2.2", "claims_made_probes")]
)
def test_every_probe_of_a_period_falls_on_its_side(letter: str, clause: str, probes: str) -> None:
    given = page()["scenarios"][letter]["input"]
    when = next(condition_of(c["when"]) for c in given["policy"]["clauses"] if c["id"] == clause)
    for name, row in given[probes].items():
        facts = {"kind": "liability_award", **{key: value for key, value in row.items() if key != "expected"}}
        event = event_from_mapping({"name": name, "facts": facts, "items": [{"part": "LIA", "amount_minor": 1}]})
        assert isinstance(event, LossEvent)
        assert SIDES[holds(when, event.facts)] == row["expected"], name


def test_every_probe_of_a_grade_reaches_its_level() -> None:
    given = page()["scenarios"]["C"]["input"]
    for name, row in given["grade_probes"].items():
        grading = {
            **given["grading"],
            "schemes": ["CAC-2025"],
            "facts": {"persons": row["persons"], "direct_loss_fen": 0},
        }
        assert grades({"grading": grading})["CAC-2025"]["level"] == row["expected"], name
