"""Every word of the product language is read from a product's text and settles to a number worked by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.product.small_products import files_of, names

from ringwall.product import (
    Product,
    Schedule,
    check_product,
    compile_schedule,
    make_schedule,
    parse_product,
    run_example,
)
from ringwall.product.reading.clauses import EFFECTS
from ringwall.terms import CompiledTerms, LossEvent, Outcome, relate


def read(name: str) -> Product:
    found = parse_product(files_of(name))
    assert isinstance(found, Product), [(r.where, r.message.en) for r in found]
    return found


def settled(name: str, example: str) -> Outcome:
    product = read(name)
    found = run_example(product, next(e for e in product.examples if e.name.en == example))
    assert isinstance(found, Outcome), found
    return found


@pytest.mark.parametrize("name", names())
def test_a_small_product_is_good_and_its_examples_make_every_clause_speak(name: str) -> None:
    report = check_product(files_of(name))
    assert report.refusals == ()
    assert [(e.place, e.differences) for e in report.examples if e.differences] == []
    assert len(report.examples) >= 3
    assert (report.coverage, report.silent) == (1, ())


def test_every_effect_flag_and_scope_is_read_somewhere() -> None:
    text = "\n".join(files_of(name)["terms.yaml"] for name in names())
    flags = ("franchise", "trigger", "after_waiting", "net_of_credits", "reinstatements", "items_in_order_of")
    measures = ("share_of_loss", "share_of_value", "higher_of", "lower_of", "outside_aggregate", "outside_event_limit")
    for word in (*EFFECTS, *flags, *measures):
        if word not in IN_THE_CATALOGUE:
            assert f"{word}:" in text, word
    for per in ("item", "part", "event", "period"):
        assert f"per: {per}" in text
    for level in ("level: claim", "level: item"):
        assert level in text


IN_THE_CATALOGUE = {"write_back", "conditional_share"}
"""Words that no small product needs: the shipped products use them."""


def test_a_reinstatement_is_charged_for_what_it_restores() -> None:
    """10,000,000 of the first 40,000,000 are restored, at 3,000,000 for the whole."""
    assert settled("park", "the layer is reinstated").charges == {"layer": 750_000}


def test_services_in_kind_are_no_part_of_the_payment() -> None:
    outcome = settled("hours", "services in kind")
    assert [(part.part, part.payable.low) for part in outcome.in_kind] == [("SERVICE", 3)]
    assert (outcome.factual_minor, outcome.payable.high) == (0, 0)


def test_incidents_of_one_cause_at_one_provider_within_the_window_are_one_event() -> None:
    product = read("hours")
    schedule = make_schedule(product, {})
    assert isinstance(schedule, Schedule)
    terms = compile_schedule(product, schedule)
    assert isinstance(terms, CompiledTerms)

    def incident(name: str, hour: int, cause: str = "E1") -> LossEvent:
        began = datetime.fromisoformat("2026-11-10T18:00:00+00:00") + timedelta(hours=hour)
        return LossEvent(name, {"cause": cause, "provider": "V", "began_at": began}, ())

    found = relate(terms, [incident("a", 0), incident("b", 71), incident("c", 72), incident("d", 1, "E2")])
    assert [event.name for event in found.events] == ["a + b", "d", "c"]


def test_the_trace_names_the_clause_that_settles_an_item_under_another_part() -> None:
    walk, found = [settled("liability", "scenario C").trace], {}
    while walk:
        node = walk.pop()
        found |= {below.clause: node.label for below in node.inputs if below.operation == "within"}
        walk += node.inputs
    assert found == {"2.5": "C-D1"}
