"""An outcome in sentences: each names its clause, and what the rules took is the whole way from cover to payment."""

from __future__ import annotations

import pytest
from tests.catalogue.shelf import names
from tests.catalogue.shelf import product as shipped

from ringwall.basics import Refusal
from ringwall.product import Example, Product, compile_schedule, make_schedule
from ringwall.terms import (
    CompiledTerms,
    Counterfactuals,
    Outcome,
    Says,
    Sentence,
    counterfactuals,
    explain_outcome,
    settle,
)


def settled(product: Product, example: Example) -> tuple[CompiledTerms, Outcome] | None:
    schedule = make_schedule(product, example.schedule)
    assert not isinstance(schedule, Refusal)
    terms = compile_schedule(product, schedule)
    assert isinstance(terms, CompiledTerms)
    found = settle(terms, example.event, example.state, void=example.void)
    return None if isinstance(found, Refusal) else (terms, found)


def assert_named(sentences: tuple[Sentence, ...]) -> None:
    for one in sentences:
        assert one.clauses, one
        assert all(clause in one.words.zh and clause in one.words.en for clause in one.clauses), one


@pytest.mark.parametrize("name", names())
def test_what_the_rules_took_leads_from_the_loss_within_cover_to_the_payment(name: str) -> None:
    one = shipped(name)
    for example in one.examples:
        found = settled(one, example)
        if found is None:
            continue
        terms, outcome = found
        in_kind = {part.part for part in terms.definition.parts if part.in_kind}
        told = explain_outcome(terms, example.event, outcome)
        taken = sum(rule.amount_minor or 0 for rule in told.rules if not in_kind & set(rule.parts))
        assert outcome.within_cover.low - taken == outcome.payable.low, example.name.en
        assert_named(told.sentences)
        assert len(told.items) == len(outcome.items)
        assert len(told.open_points) == len(outcome.open_points)


def test_an_item_that_is_kept_out_says_what_would_change_that() -> None:
    one = shipped("enterprise-cyber/2026-07")
    example = next(e for e in one.examples if e.name.zh == "谈判人员未经同意聘请：不予赔偿")
    found = settled(one, example)
    assert found
    terms, outcome = found
    changes = counterfactuals(terms, example.event, example.state, void=example.void)
    assert isinstance(changes, Counterfactuals)
    (told,) = explain_outcome(terms, example.event, outcome, changes).items
    assert told.says is Says.ITEM
    assert told.words.zh == (
        "「negotiator」不予赔偿，因为不属于赎金，且「事先书面同意」不属实，不符合承保的要求（第 4.3 条）。"
        "若「事先书面同意」为“是”（现为“否”），「negotiator」即可获承保，现可确定的赔款增加 60,000 元。"
    )
