"""War and cyber operations in four models, each with and without attribution: good, proved, apart where it matters."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from tests.catalogue.shelf import endorsement_report, endorsement_texts

from ringwall.product import (
    Product,
    compile_schedule,
    make_schedule,
    mutation_report,
    prove_product,
)
from ringwall.product.schedule import Schedule
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, Verdict, settle

MODELS = ("5564", "5565", "5566", "5567")
ENDORSEMENTS = [f"{model}{version}" for model in MODELS for version in "ab"]
ATTRIBUTION, BYSTANDERS, SUB_LIMITS = "90.6", "90.5", {"90.3", "90.4"}


def product(name: str) -> Product:
    found = endorsement_report(f"war-{name}").product
    assert found, endorsement_report(f"war-{name}").refusals
    return found


@cache
def terms(name: str) -> CompiledTerms:
    schedule = make_schedule(product(name), {})
    assert isinstance(schedule, Schedule)
    found = compile_schedule(product(name), schedule)
    assert isinstance(found, CompiledTerms)
    return found


def paid(name: str, **facts: bool) -> Outcome:
    """60,000,000 of restored data less the deductible of 5,000,000, discovered in the period."""
    item = LossItem("data", "DIAS", 60_000_000, {"kind": "data_restoration"})
    discovered = next(e for e in product(name).examples if e.name.en.startswith("War:")).event.facts["discovered_at"]
    found = settle(terms(name), LossEvent("operation", {"discovered_at": discovered, **facts}, (item,)), {})
    assert isinstance(found, Outcome), found
    return found


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_an_endorsement_is_good_and_proved_and_every_clause_speaks(name: str) -> None:
    found = endorsement_report(f"war-{name}")
    assert found.refusals == ()
    assert [(e.place, e.differences) for e in found.examples if e.differences] == []
    assert (found.coverage, found.silent) == (1, ())
    assert [theorem.code for theorem in prove_product(product(name)).theorems if not theorem.proved] == []


@pytest.mark.full
@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_its_examples_notice_a_wrong_in_its_own_clauses(name: str) -> None:
    survivors = [s for s in mutation_report(product(name)).survivors if s.clause.startswith("90.")]
    assert len(survivors) <= 2, [(s.clause, s.says.en) for s in survivors]


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_only_version_a_has_an_attribution_clause(name: str) -> None:
    own = {clause.number for clause in product(name).clauses if clause.number.startswith("90.")}
    assert (ATTRIBUTION in own) is name.endswith("a")
    assert (BYSTANDERS in own) is name.startswith("5567")
    assert (own & SUB_LIMITS == SUB_LIMITS) is name.startswith("5565")


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_a_draft_is_never_quoted_and_says_only_what_differs(name: str) -> None:
    assert not product(name).filing.allows(date(2026, 8, 1))
    texts = endorsement_texts(f"war-{name}")
    own = {path for path in texts if not path.startswith("base/") and not path.startswith("examples/")}
    base = sum(len(text) for path, text in texts.items() if path.startswith("base/"))
    assert sum(len(texts[path]) for path in own) < base / 4


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_until_somebody_has_ruled_the_item_is_unknown(name: str) -> None:
    outcome = paid(name, war=False)
    assert outcome.items[0].verdict is Verdict.UNKNOWN
    assert (outcome.payable.low, outcome.payable.high) == (0, 55_000_000)
    assert {point.clause for point in outcome.open_points} >= {"90.2"}


@pytest.mark.parametrize("model", MODELS)
def test_with_attribution_an_inference_alone_decides_nothing_and_without_it_the_proof_does(model: str) -> None:
    facts = {"war": False, "state_operation": True}
    if model != "5564":
        facts["impacted_state"] = True
    if model == "5567":
        facts["outside_impacted_state"] = False
    inferred, proved = paid(f"{model}a", **facts), paid(f"{model}b", **facts)
    assert (inferred.items[0].verdict, proved.items[0].verdict) == (Verdict.UNKNOWN, Verdict.EXCLUDED)
    attributed = paid(f"{model}a", **facts, attributed_to_state=True)
    assert (attributed.items[0].verdict, attributed.items[0].clause) == (Verdict.EXCLUDED, "90.2")
    nobody = paid(f"{model}a", **facts, attributed_to_state=False)
    assert (nobody.items[0].verdict, nobody.payable.low) == (Verdict.COVERED, 55_000_000)


@pytest.mark.parametrize(
    ("model", "pays"), [("5564", 0), ("5565", 20_000_000), ("5566", 55_000_000), ("5567", 55_000_000)]
)
def test_an_operation_without_major_detrimental_impact_tells_the_models_apart(model: str, pays: int) -> None:
    impact = {} if model == "5564" else {"impacted_state": False}
    assert paid(f"{model}b", war=False, state_operation=True, **impact).payable.low == pays


@pytest.mark.parametrize(("model", "pays"), [("5565", 0), ("5566", 0), ("5567", 55_000_000)])
def test_a_bystanding_system_outside_the_state_is_written_back_by_one_model_only(model: str, pays: int) -> None:
    facts = {"war": False, "state_operation": True, "impacted_state": True}
    place = {"outside_impacted_state": True} if model == "5567" else {}
    assert paid(f"{model}b", **facts, **place).payable.low == pays


@pytest.mark.parametrize("name", ENDORSEMENTS)
def test_war_is_excluded_whoever_is_named(name: str) -> None:
    outcome = paid(name, war=True)
    assert (outcome.items[0].verdict, outcome.items[0].clause, outcome.payable.high) == (Verdict.EXCLUDED, "90.1", 0)
