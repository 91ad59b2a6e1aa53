"""Endorsements beside the shelf: drafts laid over a filed edition, good, proved, every clause and wrong noticed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from tests.catalogue.shelf import endorsement_report

from ringwall.catalogue import read_folder
from ringwall.product import (
    Schedule,
    compile_schedule,
    make_schedule,
    mutation_report,
    prove_product,
    run_example,
)
from ringwall.terms import CompiledTerms, LossEvent, Outcome, relate

NAMES = ("unpatched-share", "patched-in-time", "services-in-kind", "cloud-outage")


def test_every_endorsement_of_the_catalogue_is_tested() -> None:
    there = {path.split("/")[0] for path in read_folder("endorsements")}
    assert {name for name in there if not name.startswith("war-")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_endorsement_keeps_the_promises_of_its_base_and_its_own(name: str) -> None:
    found = endorsement_report(name)
    assert found.refusals == ()
    assert [(e.place, e.differences) for e in found.examples if e.differences] == []
    assert (found.coverage, found.silent) == (1, ())
    assert found.product is not None
    assert [theorem.code for theorem in prove_product(found.product).theorems if not theorem.proved] == []
    assert not found.product.filing.allows(date(2026, 8, 1))


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
def test_the_examples_notice_nine_wrongs_of_ten(name: str) -> None:
    product = endorsement_report(name).product
    assert product is not None
    assert mutation_report(product).score >= Fraction(9, 10)


def test_expert_days_are_drawn_down_in_days_and_paid_in_no_cash() -> None:
    product = endorsement_report("services-in-kind").product
    assert product is not None
    example = next(e for e in product.examples if e.name.en == "The days are used up")
    outcome = run_example(product, example)
    assert isinstance(outcome, Outcome)
    assert [(part.part, part.payable.low) for part in outcome.in_kind] == [("SERVICE", 2)]
    assert outcome.payable.high == 0


def test_outages_of_one_cause_within_the_window_are_one_event() -> None:
    product = endorsement_report("cloud-outage").product
    assert product is not None
    schedule = make_schedule(product, {})
    assert isinstance(schedule, Schedule)
    terms = compile_schedule(product, schedule)
    assert isinstance(terms, CompiledTerms)
    first = datetime.fromisoformat("2026-09-01T00:00:00+08:00")
    told = [("a", 0, "E1"), ("b", 71, "E1"), ("c", 72, "E1"), ("d", 1, "E2")]
    incidents = [
        LossEvent(name, {"outage_cause": cause, "outage_began_at": first + timedelta(hours=hours)}, ())
        for name, hours, cause in told
    ]
    assert [event.name for event in relate(terms, incidents).events] == ["a + b", "d", "c"]
