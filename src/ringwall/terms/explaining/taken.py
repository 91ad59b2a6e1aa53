"""What each rule took of the loss within cover, read from the trace: together, the whole way to the payment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.terms.definition import PartTerms
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import TraceNode
from ringwall.terms.rules import Averaging, Deductible, DeductibleBounds, Limit, MoneyRule, Share, rule_terms

WORKS = ".works"
"""How the label of a step ends that chooses whether a rule works."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one rule took from one part (below nil: gave back to it)."""

    part: str
    rule: Words
    clauses: tuple[str, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the graph that changes what a part comes to."""

    part: str
    rule: Words
    clauses: tuple[str, ...]


def rules_that_acted(terms: CompiledTerms, trace: TraceNode) -> tuple[Taken, ...]:
    """In settlement order, each rule once for each part, with what it took over all items and interruptions."""
    steps, seen = dict(_steps(terms)), set[int]()
    acting = [node for node in _walk(trace, seen) if node.label in steps and node.inputs]
    # A rule that hangs on a condition is a choice around the rule itself: only the choice says what was taken.
    chosen = {id(node.inputs[1]) for node in acting if node.label.endswith(WORKS) and len(node.inputs) > 1}
    found: dict[_Step, int] = {}
    for node in acting:
        if id(node) not in chosen:
            step = steps[node.label]
            found[step] = found.get(step, 0) + node.inputs[0].value - node.value
    place = {node.label: index for index, node in enumerate(terms.nodes)}
    order = {step: place.get(label, 0) for label, step in steps.items()}
    acted = sorted((step for step in found if found[step]), key=lambda step: order[step])
    return tuple(Taken(step.part, step.rule, step.clauses, found[step]) for step in acted)


def _walk(node: TraceNode, seen: set[int]) -> Iterator[TraceNode]:
    """Each step once, however many others read it; what reads a step stands before it."""
    if id(node) in seen:
        return
    seen.add(id(node))
    yield node
    for below in node.inputs:
        yield from _walk(below, seen)


def rule_words(rule: MoneyRule) -> Words:
    """What people call a rule."""
    match rule:
        case Deductible():
            return Words("免赔额", "the deductible")
        case DeductibleBounds():
            return Words("免赔合计的上下限", "the bounds on all deductibles")
        case Limit():
            return Words("限额", "the limit")
        case Share():
            return Words("自负比例", "the share borne")
        case Averaging():
            return Words("不足额投保的比例分摊", "averaging for under-insurance")


def _steps(terms: CompiledTerms) -> Iterator[tuple[str, _Step]]:
    settlement, rules = terms.definition.settlement, terms.definition.rules
    for part in terms.definition.parts:
        yield from _of_interruption(part)
        code = part.part
        if part.deductible and not part.interruption:
            yield f"{code}.retained", _Step(code, Words("免赔额", "the deductible"), (part.deductible.clause,))
        if part.limit:
            yield f"{code}.limited", _Step(code, Words("分项限额", "the limit of the part"), (part.limit.clause,))
        for rule in rules:
            clauses = tuple(dict.fromkeys((rule.clause, *(term.clause for term in rule_terms(rule)))))
            for label in (f"{code}.{rule.name}", f"{code}.{rule.name}{WORKS}") if code in rule.parts else ():
                yield label, _Step(code, rule_words(rule), clauses)
        shared = {
            "event_limit": (settlement.event_limit, Words("每次事故限额", "the event limit")),
            "share": (settlement.share, Words("被保险人自负比例", "the insured's share")),
            "aggregate": (settlement.aggregate, Words("累计限额余额", "what is left of the aggregate limit")),
        }
        for name, (term, words) in shared.items():
            if term:
                yield f"{code}.{name}", _Step(code, words, (term.clause,))


def _of_interruption(part: PartTerms) -> Iterator[tuple[str, _Step]]:
    if part.interruption:
        terms, code = part.interruption, part.part
        kept = tuple(dict.fromkeys((terms.waiting.clause, part.deductible.clause if part.deductible else "")))
        yield f"{code}.left", _Step(code, Words("每次中断的自留", "the retention of each interruption"), kept)
        if terms.credits_clause:
            yield f"{code}.net", _Step(code, Words("已收补偿", "credits received"), (terms.credits_clause,))
