"""What makes a set of clauses impossible to apply: clauses at odds, exceptions to nothing, words without a meaning."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ringwall.basics import Refusal, refuse
from ringwall.terms.definition import (
    Bound,
    ConditionalShare,
    Exclusion,
    Grant,
    Requirement,
    TermsDefinition,
    WriteBack,
)
from ringwall.terms.drafting.order import order_faults
from ringwall.terms.drafting.search import witness
from ringwall.terms.expressions import All, Parameters, facts_of, parameters_of
from ringwall.terms.facts import Truth
from ringwall.terms.rules import RuleCondition, rule_conditions, rule_facts, rule_terms

Clause = Grant | Exclusion | Requirement | WriteBack | Bound | ConditionalShare | RuleCondition


def all_clauses(definition: TermsDefinition) -> tuple[Clause, ...]:
    """Every clause with a condition: cover logic, and money rules that do not always work."""
    conditional = (definition.conditional,) if definition.conditional else ()
    ruled = (condition for rule in definition.rules for condition in rule_conditions(rule))
    cover = (*definition.grants, *definition.barriers, *definition.write_backs, *definition.bounds)
    return (*cover, *conditional, *ruled)


def drafting_faults(definition: TermsDefinition, parameters: Parameters) -> tuple[Refusal, ...]:
    """Every reason why the terms cannot compile; undefined words first, since all else hangs on them."""
    undefined = (*_undefined_words(definition, parameters), *_undefined_terms(definition, parameters))
    if undefined:
        return undefined
    return (*_exceptions_to_nothing(definition), *order_faults(definition), *_conflicts(definition, parameters))


def _undefined_words(definition: TermsDefinition, parameters: Parameters) -> Iterator[Refusal]:
    for clause in all_clauses(definition):
        names = facts_of(clause.when) + ((clause.up_to,) if isinstance(clause, Bound) else ())
        for name in names:
            if name not in definition.facts:
                yield _undefined_fact(definition, clause.clause, name)
        for name in parameters_of(clause.when):
            if name not in parameters:
                yield _undefined_parameter(definition, clause.clause, name)
    for clause_number, name in (read for rule in definition.rules for read in rule_facts(rule)):
        if name not in definition.facts and name not in parameters:
            yield _undefined_fact(definition, clause_number, name)
    for part in definition.parts:
        for name in facts_of(part.when):
            if name not in definition.facts:
                yield _undefined_fact(definition, part.part, name)
    for clause_number, name in _facts_of_the_whole(definition):
        if name not in definition.facts:
            yield _undefined_fact(definition, clause_number, name)


def _facts_of_the_whole(definition: TermsDefinition) -> Iterator[tuple[str, str]]:
    """(clause, fact) for what relates incidents and for the order in which items use up limits."""
    settlement, relation = definition.settlement, definition.relation
    if settlement.items_in_order_of:
        yield settlement.clause, settlement.items_in_order_of
    if relation:
        for name in (*relation.same, *((relation.began,) if relation.hours else ())):
            yield relation.clause, name


def _undefined_fact(definition: TermsDefinition, clause: str, name: str) -> Refusal:
    return refuse(
        "terms_undefined_fact",
        definition.place(clause),
        zh=f"条款 {clause} 使用了事实「{name}」，但事实表未定义它；请在 facts 中定义，或改用已定义的名称。",
        en=f"Clause {clause} uses the fact “{name}”, which the list of facts does not define; "
        "define it under facts or use a defined name.",
    )


def _undefined_terms(definition: TermsDefinition, parameters: Parameters) -> Iterator[Refusal]:
    settlement = definition.settlement
    terms = [settlement.event_limit, settlement.aggregate, settlement.share]
    for part in definition.parts:
        terms += [part.deductible, part.limit]
        if part.interruption:
            terms += [part.interruption.waiting, part.interruption.mode, part.interruption.indemnity]
        terms += [term for step in (part.parametric.steps if part.parametric else ()) for term in step]
    terms += [term for rule in definition.rules for term in rule_terms(rule)]
    terms += [definition.relation.hours] if definition.relation else []
    for term in terms:
        if term and term.parameter not in parameters:
            yield _undefined_parameter(definition, term.clause, term.parameter)
    if definition.conditional and definition.conditional.parameter not in parameters:
        yield _undefined_parameter(definition, definition.conditional.clause, definition.conditional.parameter)


def _undefined_parameter(definition: TermsDefinition, clause: str, name: str) -> Refusal:
    return refuse(
        "terms_undefined_parameter",
        definition.place(clause),
        zh=f"条款 {clause} 引用了参数「{name}」，但没有参数文件定义它；请在 parameters 中补上，注明单位、日期与来源。",
        en=f"Clause {clause} reads the parameter “{name}”, which no parameter file defines; "
        "add it under parameters with its unit, date and source.",
    )


def _exceptions_to_nothing(definition: TermsDefinition) -> Iterator[Refusal]:
    exclusions = {b.clause for b in definition.barriers if isinstance(b, Exclusion)}
    for back in definition.write_backs:
        if back.excepts not in exclusions:
            yield refuse(
                "terms_exception_to_nothing",
                definition.place(back.clause),
                zh=f"条款 {back.clause} 是对 {back.excepts} 的例外，但 {back.excepts} 不是责任免除条款；"
                "请改正其所例外的条款号。",
                en=f"Clause {back.clause} is an exception to {back.excepts}, but {back.excepts} is no exclusion; "
                "correct the number of the clause that it excepts.",
            )


def _conflicts(definition: TermsDefinition, parameters: Parameters) -> Iterator[Refusal]:
    """Two grants of one part that can reach the same item and answer differently: no rule says which one speaks."""
    for first, second in combinations(definition.grants, 2):
        if first.part != second.part or first.verdict == second.verdict:
            continue
        found = witness(All((first.when, second.when)), definition.facts, parameters)
        if found.truth is Truth.UNKNOWN:
            yield _unproved(definition, first, second)
        if found.truth is Truth.TRUE:
            facts = ", ".join(f"{name}={value}" for name, value in found.case.items())
            yield refuse(
                "terms_drafting_conflict",
                definition.place(second.clause),
                zh=f"条款 {first.clause}（{first.verdict}）与 {second.clause}（{second.verdict}）"
                f"可同时适用（例如 {facts}）而结论不同，且互不为例外；请收窄其中一条的条件。",
                en=f"Clauses {first.clause} ({first.verdict}) and {second.clause} ({second.verdict}) can both apply "
                f"(for example {facts}) and disagree, and neither is an exception to the other; narrow one of them.",
            )


def _unproved(definition: TermsDefinition, first: Grant, second: Grant) -> Refusal:
    return refuse(
        "terms_unproved",
        definition.place(second.clause),
        zh=f"条款 {first.clause} 与 {second.clause} 涉及的事实过多，无法证明二者不冲突；请简化其中一条的条件。",
        en=f"Clauses {first.clause} and {second.clause} name so many facts that nobody can prove "
        "that they never clash; simplify one of them.",
    )
