"""Small wrongs done to a product on purpose: one amount, comparison, order, share, verdict or step at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ringwall.basics import Words
from ringwall.product.proof.reading import numbers_read
from ringwall.product.records import Parameter, Product
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Compare,
    CompiledTerms,
    Condition,
    Deductible,
    HigherOf,
    Limit,
    LowerOf,
    Measure,
    MoneyRule,
    Not,
    OneOf,
    Order,
    ParameterRef,
    Per,
    Share,
    Step,
    TermsDefinition,
    Verdict,
    parameters_of,
)

COVER = ("grants", "barriers", "write_backs", "bounds")
"""The fields of a definition that hold clauses of cover logic."""
T = TypeVar("T")
Program = Callable[[CompiledTerms], CompiledTerms]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version of the product: `product` where the texts differ, `program` where a compiled step does."""

    clause: str
    kind: str
    says: Words
    product: Product
    program: Program | None = None


def mutants(product: Product) -> Iterator[Mutant]:
    """Every wrong of the definition and of the numbers; those of compiled steps come from `step_mutants`."""
    yield from _numbers(product)
    yield from _conditions(product)
    yield from _clauses(product)
    yield from _rules(product)
    yield from _order(product)


def _numbers(product: Product) -> Iterator[Mutant]:
    read = {number.parameter: number.clause for number in reversed(list(numbers_read(product)))}
    for name, clause in _compared(product.definition):
        read.setdefault(name, clause)
    for name, clause in read.items():
        parameter = product.parameters[name]
        for value in _other_values(parameter):
            parameters = {
                **product.parameters,
                name: replace(parameter, value=value, choices=None, low=None, free=True),
            }
            said = Words(f"{name} 由 {parameter.value} 改为 {value}", f"{name} is {value} instead of {parameter.value}")
            yield Mutant(clause, "amount", said, replace(product, parameters=parameters))


def _compared(definition: TermsDefinition) -> Iterator[tuple[str, str]]:
    for clause in (*definition.grants, *definition.barriers, *definition.write_backs, *definition.bounds):
        for name in parameters_of(clause.when):
            yield name, clause.clause
    if definition.conditional:
        for name in parameters_of(definition.conditional.when):
            yield name, definition.conditional.clause


def _other_values(parameter: Parameter) -> tuple[int, ...]:
    if parameter.choices:
        return tuple(code for code in parameter.choices if code != parameter.value)
    return tuple(value for value in (parameter.value - 1, parameter.value + 1) if value >= 0)


def _conditions(product: Product) -> Iterator[Mutant]:
    definition = product.definition
    for field in COVER:
        clauses = getattr(definition, field)
        for place, clause in enumerate(clauses):
            for when, said in other_conditions(clause.when):
                changed = _changed(definition, field, _with(clauses, place, replace(clause, when=when)))
                yield _defined(product, clause.clause, "comparison", said, changed)
    if definition.conditional:
        for when, said in other_conditions(definition.conditional.when):
            conditional = replace(definition.conditional, when=when)
            changed_definition = replace(definition, conditional=conditional)
            yield _defined(product, conditional.clause, "comparison", said, changed_definition)


def _changed(definition: TermsDefinition, field: str, value: Any) -> TermsDefinition:
    return replace(definition, **{field: value})


def _with(items: tuple[T, ...], place: int, *instead: T) -> tuple[T, ...]:
    return (*items[:place], *instead, *items[place + 1 :])


def _defined(product: Product, clause: str, kind: str, said: str, definition: TermsDefinition) -> Mutant:
    return Mutant(clause, kind, Words(said, said), replace(product, definition=definition))


LOOSER = {Order.GE: Order.GT, Order.GT: Order.GE, Order.LE: Order.LT, Order.LT: Order.LE}
REVERSED = {Order.GE: Order.LT, Order.GT: Order.LE, Order.LE: Order.GT, Order.LT: Order.GE}


def other_conditions(condition: Condition) -> Iterator[tuple[Condition, str]]:
    """The condition with one thing wrong in it."""
    match condition:
        case All(parts) | AnyOf(parts):
            for place, part in enumerate(parts):
                if len(parts) > 1:
                    yield replace(condition, parts=_with(parts, place)), f"- {_short(part)}"
                for other, said in other_conditions(part):
                    yield replace(condition, parts=_with(parts, place, other)), said
            if len(parts) > 1:
                swapped = AnyOf(parts) if isinstance(condition, All) else All(parts)
                yield swapped, "all ↔ any"
        case Not(part):
            yield part, f"not {_short(part)} → {_short(part)}"
            for other, said in other_conditions(part):
                yield Not(other), said
        case OneOf(fact, values):
            yield Not(condition), f"not {_short(condition)}"
            for place, value in enumerate(values):
                if len(values) > 1:
                    yield OneOf(fact, _with(values, place)), f"{fact}: - {value}"
        case Compare(fact, order, bound):
            for wrong in (LOOSER[order], REVERSED[order]):
                yield Compare(fact, wrong, bound), f"{fact} {order} → {wrong}"
            if isinstance(bound, ParameterRef) and bound.plus_days:
                yield Compare(fact, order, ParameterRef(bound.name)), f"{fact}: - {bound.plus_days}"
            if isinstance(bound, int):
                for step in (-1, 1):
                    yield Compare(fact, order, bound + step), f"{fact} {order} {bound + step}"


def _short(condition: Condition) -> str:
    match condition:
        case OneOf(fact, values):
            return f"{fact} in {', '.join(str(value) for value in values)}"
        case Compare(fact, order, bound):
            return f"{fact} {order} {bound.name if isinstance(bound, ParameterRef) else bound}"
    return type(condition).__name__.lower()


def _clauses(product: Product) -> Iterator[Mutant]:
    """A clause left out, a part forgotten, another verdict."""
    definition = product.definition
    for field in COVER:
        clauses = getattr(definition, field)
        for place, clause in enumerate(clauses):
            gone = _changed(definition, field, _with(clauses, place))
            yield _defined(product, clause.clause, "clause", f"- {clause.clause}", gone)
            for part in getattr(clause, "parts", ()) if len(getattr(clause, "parts", ())) > 1 else ():
                fewer = replace(clause, parts=tuple(p for p in clause.parts if p != part))
                changed = _changed(definition, field, _with(clauses, place, fewer))
                yield _defined(product, clause.clause, "clause", f"{clause.clause}: - {part}", changed)
    for place, grant in enumerate(definition.grants):
        verdict = Verdict.LIMITED if grant.verdict is Verdict.COVERED else Verdict.COVERED
        changed = replace(definition, grants=_with(definition.grants, place, replace(grant, verdict=verdict)))
        yield _defined(product, grant.clause, "verdict", f"{grant.verdict} → {verdict}", changed)
    if definition.conditional:
        gone, number = replace(definition, conditional=None), definition.conditional.clause
        yield _defined(product, number, "clause", f"- {number}", gone)
        for part in definition.conditional.parts:
            parts = tuple(p for p in definition.conditional.parts if p != part)
            conditional = replace(definition.conditional, parts=parts)
            yield _defined(product, number, "clause", f"- {part}", replace(definition, conditional=conditional))


def _rules(product: Product) -> Iterator[Mutant]:
    """Money rules beside the plain terms: another condition, a part forgotten, the higher for the lower."""
    definition = product.definition
    for place, rule in enumerate(definition.rules):
        for other, kind, said in _other_rules(rule):
            changed = replace(definition, rules=_with(definition.rules, place, other))
            yield _defined(product, rule.clause, kind, said, changed)


def _other_rules(rule: MoneyRule) -> Iterator[tuple[MoneyRule, str, str]]:
    for part in rule.parts if len(rule.parts) > 1 else ():
        yield replace(rule, parts=tuple(p for p in rule.parts if p != part)), "clause", f"{rule.name}: - {part}"
    if isinstance(rule, Deductible | Limit | Share) and rule.when != Always():
        yield replace(rule, when=Always()), "comparison", f"{rule.name}: always"
        for when, said in other_conditions(rule.when):
            yield replace(rule, when=when), "comparison", said
    if isinstance(rule, Deductible):
        yield replace(rule, franchise=not rule.franchise), "limit", f"{rule.name}: franchise {not rule.franchise}"
    if isinstance(rule, Deductible | Limit):
        for measure, said in _other_measures(rule.measure):
            yield replace(rule, measure=measure), "limit", f"{rule.name}: {said}"
        for per in Per:
            if per not in (rule.per, Per.PERIOD) and rule.per is not Per.PERIOD:
                yield replace(rule, per=per), "limit", f"{rule.name}: {rule.per} → {per}"
    if isinstance(rule, Share):
        for place, add in enumerate(rule.adds):
            yield replace(rule, adds=_with(rule.adds, place)), "clause", f"- {add.clause}"
            for when, said in other_conditions(add.when):
                yield replace(rule, adds=_with(rule.adds, place, replace(add, when=when))), "comparison", said


def _other_measures(measure: Measure) -> Iterator[tuple[Measure, str]]:
    if isinstance(measure, HigherOf | LowerOf):
        other = LowerOf(measure.measures) if isinstance(measure, HigherOf) else HigherOf(measure.measures)
        yield other, "higher ↔ lower"
        for place, inner in enumerate(measure.measures):
            yield replace(measure, measures=_with(measure.measures, place)), f"- {place + 1}"
            for wrong, said in _other_measures(inner):
                yield replace(measure, measures=_with(measure.measures, place, wrong)), said


def _order(product: Product) -> Iterator[Mutant]:
    definition, settlement = product.definition, product.definition.settlement
    order = settlement.order
    for place in range(2, len(order)):
        fewer = replace(settlement, order=_with(order, place))
        said = f"- {order[place]}"
        yield _defined(product, settlement.clause, "order", said, replace(definition, settlement=fewer))
        if place + 1 < len(order):
            swapped = (*order[:place], order[place + 1], order[place], *order[place + 2 :])
            changed = replace(definition, settlement=replace(settlement, order=swapped))
            said = f"{order[place]} ↔ {order[place + 1]}"
            yield _defined(product, settlement.clause, "order", said, changed)
    contract = [part for part in definition.parts if not part.statutory]
    for place in range(len(contract) - 1 if _cuts(order) else 0):
        parts = [*contract]
        parts[place], parts[place + 1] = parts[place + 1], parts[place]
        others = [part for part in definition.parts if part.statutory]
        said = f"{contract[place].part} ↔ {contract[place + 1].part}"
        yield _defined(product, settlement.clause, "order", said, replace(definition, parts=(*parts, *others)))


def _cuts(order: tuple[Step | str, ...]) -> bool:
    """Only where a sum is cut or shared does the order of the parts decide who gets the odd fen."""
    return bool({Step.EVENT_LIMIT, Step.AGGREGATE, Step.SHARE} & set(order))


HALF_EVEN, FLOOR = "half_even(", "(lambda a, b: a // b)("
STEP_WRONGS: tuple[tuple[str, str, str, str], ...] = (
    ("rounding", "↓", HALF_EVEN, FLOOR),
    ("rounding", "↑", HALF_EVEN, "(lambda a, b: -(-a // b))("),
    ("rounding", "½↑", HALF_EVEN, "(lambda a, b: (2 * a + b) // (2 * b))("),
    ("limit", "min → first", "min(", "(lambda a, *b: a)("),
    ("limit", "min → second", "min(", "(lambda a, *b: b[0])("),
    ("limit", "max → first", "max(", "(lambda a, *b: a)("),
    ("limit", "max → second", "max(", "(lambda a, *b: b[0])("),
)
"""Kind, what is wrong, the text of a step and the text instead of it."""
LESS = re.compile(r"\((\w+) - (\w+) if \1 > \2 else 0\)")


def step_mutants(product: Product, terms: CompiledTerms) -> Iterator[Mutant]:
    """Wrongs of single compiled steps; a step is found by its label, since other schedules number it otherwise."""
    lines = terms.program.splitlines()
    for index, node in enumerate(terms.nodes):
        line = lines[index + 1] if index + 1 < len(lines) else ""
        for kind, wrong, right_text, wrong_text in STEP_WRONGS:
            if right_text in line:
                said = Words(f"{node.text.zh}（{node.label}）：{wrong}", f"{node.text.en} ({node.label}): {wrong}")
                yield Mutant(node.clause, kind, said, product, _rewrite(node.label, right_text, wrong_text))
        if LESS.search(line):
            zh, en = f"{node.text.zh}（{node.label}）：不扣除", f"{node.text.en} ({node.label}): nothing is taken off"
            said = Words(zh, en)
            yield Mutant(node.clause, "limit", said, product, _rewrite(node.label, "", ""))


def _rewrite(label: str, right_text: str, wrong_text: str) -> Program:
    def apply(terms: CompiledTerms) -> CompiledTerms:
        lines = terms.program.splitlines()
        for index, node in enumerate(terms.nodes):
            if node.label == label and node.inputs:
                line = lines[index + 1]
                lines[index + 1] = line.replace(right_text, wrong_text, 1) if right_text else LESS.sub(r"\1", line)
        return replace(terms, program="\n".join([*lines, ""]))

    return apply
