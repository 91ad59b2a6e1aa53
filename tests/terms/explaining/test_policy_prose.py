"""A policy in sentences: every clause and every kind of term is said, and every number comes from the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.catalogue.shelf import names
from tests.catalogue.shelf import product as shipped
from tests.terms.rows.small import at_least, at_most, compiled, fixed, hours, of_loss, part, term

from ringwall.basics import Refusal
from ringwall.product import compile_schedule, make_schedule
from ringwall.terms import (
    Averaging,
    CompiledTerms,
    Deductible,
    DeductibleBounds,
    HigherOf,
    Limit,
    LowerOf,
    OfValue,
    OneOf,
    ParametricTerms,
    Per,
    Reinstatements,
    Relation,
    Share,
    ShareAdd,
    SlidingShare,
    Step,
    all_clauses,
    compile_terms,
    explain_policy,
    parameters_of,
)
from ringwall.terms.explaining.spoken import KINDS

WIDESPREAD = OneOf("widespread", (True,))
NUMBERS = {
    "a": 1_100,
    "b": 1_200,
    "c": 1_300,
    "d": 1_400,
    "e": 1_500,
    "f": 1_600,
    "g": 1_700,
    "h": 1_800,
    "count": 2,
    "rate": 900,
    "premium": 77_000,
    "x": 10,
    "y": 700,
    "z": 800,
    "whole": 9_000,
    "insured": 55_500,
    "within": 72,
    "long": 24,
    "pays": 4_400,
    "law": 6_600,
    "kind": 8_800,
    "event": 30_300,
    "total": 40_400,
    "wait": 12,
    "days": 90,
}


def every_kind() -> CompiledTerms:
    """One wording with every kind of rule, measure and part."""
    spells = hours()
    parts = [
        part("A"),
        part("B"),
        part("N", interruption=spells, deductible=term("a")),
        part("T", parametric=ParametricTerms("c.fixed", ((term("long"), term("pays")),))),
        part("W", within="A", when=OneOf("cause", ("provider",))),
        part("S", in_kind=True, limit=term("kind")),
        part("M", statutory=True, limit=term("law")),
    ]
    value = OfValue(term("y"), "value_at_risk_minor")
    rules = [
        Deductible("item", "r.1", ("A",), Per.ITEM, HigherOf((fixed("a"), value)), when=WIDESPREAD),
        Deductible("franchise", "r.3", ("B",), Per.PART, at_most(at_least(of_loss("z"), "b"), "c"), franchise=True),
        Deductible("event", "r.4", ("A", "B"), Per.EVENT, LowerOf((fixed("d"), fixed("e")))),
        DeductibleBounds("bounds", "r.5", ("A", "B"), term("f"), term("g")),
        Deductible("period", "r.6", ("A", "B"), Per.PERIOD, fixed("h"), state="borne"),
        Averaging("average", "r.2", ("A", "B"), term("insured"), "value_at_risk_minor"),
        Limit("own", "r.7", ("A",), Per.PART, fixed("a"), when=WIDESPREAD),
        Limit(
            "year",
            "r.8",
            ("A", "B"),
            Per.PERIOD,
            fixed("b"),
            state="used",
            reinstatements=Reinstatements(term("count"), term("rate"), term("premium")),
        ),
        Share(
            "borne",
            "r.9",
            ("A", "B"),
            term("y"),
            (ShareAdd("r.10", "z", WIDESPREAD),),
            SlidingShare("r.11", "days_unpatched", ((term("x"), term("rate")),)),
            term("whole"),
        ),
    ]
    order = [*(rule.name for rule in rules), Step.PART_LIMIT, Step.EVENT_LIMIT, Step.SHARE, Step.AGGREGATE]
    shared = {
        "event_limit": term("event"),
        "share": term("rate"),
        "aggregate": term("total"),
        "outside_event_limit": frozenset({"T"}),
        "outside_aggregate": frozenset({"N", "T"}),
    }
    relation = Relation("r.12", ("cause",), term("within"))
    return compiled(parts, rules, NUMBERS, order=order, settlement=shared, relation=relation)


def own_terms(name: str) -> CompiledTerms:
    one = shipped(name)
    schedule = make_schedule(one, {})
    assert not isinstance(schedule, Refusal)
    found = compile_schedule(one, schedule)
    assert isinstance(found, CompiledTerms)
    return found


ALL = {**dict.fromkeys(names()), "every kind of rule": None}


def terms_of(name: str) -> CompiledTerms:
    return own_terms(name) if name in names() else every_kind()


def texts(terms: CompiledTerms) -> tuple[tuple[str, str], ...]:
    return tuple((one.words.zh, one.words.en) for one in explain_policy(terms).sentences)


@pytest.mark.parametrize("name", ALL)
def test_every_clause_and_every_rule_is_said(name: str) -> None:
    terms = terms_of(name)
    told = explain_policy(terms)
    said = {clause for one in told.sentences for clause in one.clauses}
    definition = terms.definition
    granted = {part.part for part in definition.parts}
    assert {clause.clause for clause in all_clauses(definition)} <= said
    assert {rule.clause for rule in definition.rules} <= said
    assert all(told.of_part(grant.part) for grant in definition.grants if grant.part in granted)
    for one in told.sentences:
        assert one.clauses, one
        for clause in one.clauses:
            assert clause in one.words.zh
            assert clause in one.words.en


def mutated(terms: CompiledTerms, name: str) -> CompiledTerms | None:
    """The same wording with one number of the contract changed; None where it does not compile so."""
    read = terms.parameters[name]
    other = 1 + read.value % 4 if read.unit == "code" or name.endswith("mode") else read.value + 1
    found = compile_terms(terms.definition, {**terms.parameters, name: replace(read, value=other)})
    return None if isinstance(found, Refusal) else found


@pytest.mark.parametrize("name", ALL)
def test_a_number_of_the_contract_that_changes_changes_a_sentence(name: str) -> None:
    terms = terms_of(name)
    before = texts(terms)
    spoken: Mapping[str, bool] = {}
    for number in terms.parameters:
        other = mutated(terms, number)
        assert other, number
        spoken = {**spoken, number: texts(other) != before}
    idle = idle_numbers(terms)
    assert {number for number, changed in spoken.items() if not changed} <= idle


def idle_numbers(terms: CompiledTerms) -> set[str]:
    """What the chosen mode of an interruption leaves without effect: the graph does not read it either."""
    read = {node.name for node in terms.nodes}
    read |= {name for clause in all_clauses(terms.definition) for name in parameters_of(clause.when)}
    relation = terms.definition.relation
    read |= {relation.hours.parameter} if relation and relation.hours else set()
    gone = set(terms.parameters) - read
    for each in terms.definition.parts:
        if each.interruption:
            mode = terms.parameters[each.interruption.mode.parameter].value
            gone |= {each.interruption.waiting.parameter} if mode == 2 else set()
            gone |= {each.deductible.parameter} if each.deductible and mode == 1 else set()
    return gone


@pytest.mark.parametrize("name", names())
def test_every_word_of_a_shipped_product_has_a_chinese_and_an_english_name(name: str) -> None:
    values = {value for spec in shipped(name).definition.facts.values() for value in spec.values}
    assert values <= set(KINDS)


def test_an_unused_kind_of_term_is_not_spoken_of() -> None:
    told = texts(own_terms("park-master/2026-01"))
    assert not any("中断" in zh or "interruption" in en for zh, en in told)


def test_the_retention_of_an_interruption_reads_as_people_say_it() -> None:
    said = [zh for zh, _ in texts(own_terms("enterprise-cyber/2026-07"))]
    assert (
        "营业中断：每次中断由您自留前 12 小时（等待期）的损失与 300,000 元两者中较高的一项（第 3.3、3.2 条）。" in said
    )
    said = [zh for zh, _ in texts(own_terms("park-master/2026-01"))]
    assert (
        "事故响应费用和数据恢复：每次事件每个责任项由您自留损失的 10%，不超过 20,000 元，不少于 5,000 元（第 2.2 条）。"
        in said
    )
