"""Changes that are no yes or no: longer interruptions, days left unpatched, a value at risk, a loss avoided."""

from __future__ import annotations

from typing import Any

from tests.terms.rows.small import compiled, hours, item, outage, part, term

from ringwall.terms import (
    DURATION,
    Aim,
    Always,
    Averaging,
    Bound,
    CompiledTerms,
    Counterfactual,
    Counterfactuals,
    Exclusion,
    Grant,
    LossEvent,
    LossItem,
    OneOf,
    ParametricTerms,
    Share,
    SlidingShare,
    Step,
    WriteBack,
    counterfactuals,
)

HOUR = 3_600


def found(terms: CompiledTerms, *items: LossItem, aim: Aim = Aim.PAYMENT, **facts: Any) -> tuple[Counterfactual, ...]:
    told = counterfactuals(terms, LossEvent("E", facts, items), {}, aim=aim)
    assert isinstance(told, Counterfactuals), told
    return told.found


def test_an_interruption_shorter_than_its_trigger_is_covered_had_it_lasted_longer() -> None:
    terms = compiled([part("N", interruption=hours(trigger=True))], [], {}, order=[Step.RETENTION])
    (told,) = found(terms, outage("N", 9 * HOUR, 100_000), aim=Aim.ADMITTED)
    (change,) = told.changes
    assert (change.fact, change.before, change.after) == (DURATION, 9 * HOUR, 12 * HOUR + 1)
    assert told.adds_minor == 1_200_028  # 43,201 seconds at 100,000 an hour, half-even
    assert "中断再持续 3 小时 1 秒（共 12 小时 1 秒）" in told.words.zh
    assert "3 h 1 s longer" in told.words.en


def test_a_fixed_payment_names_each_longer_step() -> None:
    steps = ParametricTerms("p.1", ((term("short"), term("some")), (term("long"), term("more"))))
    terms = compiled([part("T", parametric=steps)], [], {"short": 8, "some": 500, "long": 24, "more": 2_000})
    told = found(terms, outage("T", 9 * HOUR, 0))
    assert [(each.changes[0].after, each.adds_minor) for each in told] == [(24 * HOUR, 1_500)]


def test_a_sliding_share_is_asked_at_the_nearest_day_on_either_side() -> None:
    sliding = SlidingShare("s.1", "days_unpatched", ((term("d15"), term("five")), (term("d30"), term("ten"))))
    numbers = {"d15": 15, "d30": 30, "five": 500, "ten": 1_000}
    terms = compiled([part("A")], [Share("borne", "s.1", ("A",), sliding=sliding)], numbers)
    told = found(terms, item("A", 10_000), days_unpatched=20)
    assert [(each.changes[0].after, each.adds_minor) for each in told] == [(14, 500), (30, -500)]


def test_a_value_at_risk_is_asked_at_the_sum_insured() -> None:
    rule = Averaging("average", "a.1", ("A",), term("insured"), "value_at_risk_minor")
    terms = compiled([part("A")], [rule], {"insured": 50_000})
    told = found(terms, item("A", 10_000), value_at_risk_minor=100_000)
    assert [(each.changes[0].after, each.adds_minor) for each in told] == [(50_000, 5_000)]


def test_a_bound_is_asked_at_the_whole_amount() -> None:
    bound = Bound("b.1", "A", Always(), "value_at_risk_minor")
    terms = compiled([part("A")], [], {}, order=[], bounds=(bound,))
    told = found(terms, item("A", 10_000, value_at_risk_minor=4_000))
    assert [(each.changes[0].after, each.adds_minor) for each in told] == [(10_000, 6_000)]


def test_two_facts_that_only_together_keep_an_item_out_are_one_pair() -> None:
    war = Exclusion("x.1", ("A",), OneOf("widespread", (True,)))
    back = WriteBack("x.2", "x.1", OneOf("consent", (True,)))
    grants = (Grant("g.1", "A", Always()),)
    terms = compiled([part("A")], [], {}, order=[], grants=grants, barriers=(war,), write_backs=(back,))
    told = found(terms, item("A", 10_000), widespread=False, consent=True)
    assert [{c.fact: c.after for c in each.changes} for each in told] == [{"widespread": True, "consent": False}]
    assert told[0].adds_minor == -10_000


def test_a_fact_that_nobody_has_established_counts_as_a_change() -> None:
    grants = (Grant("g.1", "A", OneOf("consent", (True,))),)
    terms = compiled([part("A")], [], {}, order=[], grants=grants)
    (told,) = found(terms, item("A", 10_000), aim=Aim.ADMITTED)
    assert told.changes[0].before is None
    assert "尚未查明" in told.words.zh
