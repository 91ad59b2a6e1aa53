"""An exclusion of the whole claim is met for every item of its parts where the event or any one of them meets it."""

from __future__ import annotations

import pytest
from small import compiled, item, part, settled

from ringwall.terms import CompiledTerms, Exclusion, Level, OneOf, Outcome, Verdict, WriteBack
from ringwall.terms.cover import judge

WAR, SPARED = OneOf("cause", ("war",)), OneOf("consent", (True,))
PARTS = [part("A"), part("B"), part("C")]


def terms(level: Level = Level.CLAIM, **more: object) -> CompiledTerms:
    """Parts A and B stand under the exclusion, C does not; what it spares is written back."""
    barriers = (Exclusion("x.war", ("A", "B"), WAR, level), Exclusion("x.wide", ("A",), OneOf("widespread", (True,))))
    return compiled(PARTS, [], {}, barriers=barriers, write_backs=(WriteBack("w.far", "x.war", SPARED),), **more)


def verdicts(outcome: Outcome) -> list[Verdict]:
    return [row.verdict for row in outcome.items]


HIT, OTHER = {"cause": "war", "consent": False}, {"cause": "storm", "consent": False}
NOT_WIDE = {"widespread": False}


def test_one_item_that_meets_it_keeps_out_every_item_of_its_parts() -> None:
    items = [item("A", 500, "a", **HIT), item("B", 700, "b", **OTHER), item("C", 900, "c", **OTHER)]
    outcome = settled(terms(), *items, **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.EXCLUDED, Verdict.EXCLUDED, Verdict.COVERED]
    assert (outcome.items[1].clause, outcome.contract.low) == ("x.war", 900)
    by_item = settled(terms(Level.ITEM), *items, **NOT_WIDE)
    assert verdicts(by_item) == [Verdict.EXCLUDED, Verdict.COVERED, Verdict.COVERED]


def test_an_item_of_a_part_that_it_does_not_name_meets_it_for_nobody() -> None:
    outcome = settled(terms(), item("A", 500, **OTHER), item("C", 900, **HIT), **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.COVERED, Verdict.COVERED]


def test_the_event_meets_it_even_where_an_item_says_otherwise() -> None:
    outcome = settled(terms(), item("A", 500, **OTHER), cause="war", **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.EXCLUDED]


def test_a_write_back_spares_the_bystander_alone() -> None:
    far = {**OTHER, "consent": True}
    outcome = settled(terms(), item("A", 500, **HIT), item("B", 700, "b", **far), **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.EXCLUDED, Verdict.COVERED]
    (step,) = [node for node in outcome.trace.inputs[0].inputs[1].inputs if node.label == "b"]
    assert [node.clause for node in step.inputs] == ["w.far"]


def test_a_void_exclusion_of_the_claim_keeps_nobody_out() -> None:
    taken = terms(takes_away=frozenset({"x.war"}))
    items = [item("A", 500, **HIT), item("B", 700, **OTHER)]
    outcome = settled(taken, *items, void=frozenset({"x.war"}), **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.COVERED, Verdict.COVERED]
    met = settled(taken, *items, **NOT_WIDE)
    assert met.items[0].covered_if == ("cause=(other)", "consent=true", "x.war")
    assert met.items[1].covered_if == ("consent=true", "x.war")


def test_a_fact_that_one_item_lacks_leaves_all_of_them_open_as_one_point() -> None:
    items = [item("A", 500, "a", consent=False), item("B", 700, "b", **OTHER)]
    outcome = settled(terms(), *items, **NOT_WIDE)
    assert verdicts(outcome) == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    (point,) = outcome.open_points
    assert (point.item, point.clause, point.fact, point.adds_minor) == ("E", "x.war", "cause", 1_200)
    assert (outcome.payable.low, outcome.payable.high) == (0, 1_200)


def test_an_item_that_hangs_on_more_than_the_cause_is_a_point_of_its_own() -> None:
    items = [item("A", 500, "a", consent=False), item("B", 700, "b", consent=False), item("B", 40, "c", consent=False)]
    outcome = settled(terms(), *items)
    shared, own = outcome.open_points
    assert (shared.item, shared.fact, shared.adds_minor) == ("E", "cause", 740)
    assert (own.item, own.fact, own.adds_minor) == ("a", "cause,widespread", 500)


def test_a_single_item_is_settled_alike_at_either_level() -> None:
    for facts in (HIT, OTHER, {}, {"cause": "war"}, {"consent": True}, {"cause": "war", "consent": True}):
        found = [settled(terms(level), item("A", 500, "a", **facts), **NOT_WIDE) for level in Level]
        assert found[0] == found[1]


@pytest.mark.parametrize("own", [True, False])
def test_covered_if_changes_an_own_fact_for_the_item_and_any_other_for_the_event(own: bool) -> None:
    cause = {"cause": "war"}
    items = [item("A", 500, consent=False, **(cause if own else {})), item("B", 700, consent=False)]
    outcome = settled(terms(), *items, **NOT_WIDE, **({"cause": "storm"} if own else cause))
    assert verdicts(outcome) == [Verdict.EXCLUDED, Verdict.EXCLUDED]
    alone, shared = ("cause=(other)", "consent=true"), ("consent=true",)
    assert [row.covered_if for row in outcome.items] == ([alone, shared] if own else [alone, alone])


def test_an_item_judged_by_itself_speaks_for_the_whole_claim() -> None:
    one = item("A", 500, **HIT)
    assert judge(terms(), one, NOT_WIDE, frozenset()).finding.clause == "x.war"
    assert judge(terms(), item("A", 500, **OTHER), NOT_WIDE, frozenset()).admitted
