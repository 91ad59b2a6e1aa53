"""A sentence with the clauses that it rests on, and the conditions of clauses as phrases in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import assert_never

from ringwall.basics import Words
from ringwall.terms.definition import FactKind, FactSpec
from ringwall.terms.explaining.spoken import value_words
from ringwall.terms.expressions import (
    All,
    Always,
    AnyOf,
    Compare,
    Condition,
    Not,
    OneOf,
    Order,
    ParameterRef,
    holds,
    resolved,
)
from ringwall.terms.facts import Facts, Truth
from ringwall.terms.graph import CompiledTerms


class Says(StrEnum):
    """What a sentence is about."""

    GRANT = "grant"
    EXCLUSION = "exclusion"
    EXCEPTION = "exception"
    REQUIREMENT = "requirement"
    BOUND = "bound"
    MONEY = "money"
    NUMBER = "number"
    ITEM = "item"
    RULE = "rule"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; its words name the clauses. `amount_minor` is what a rule took, where it tells that."""

    says: Says
    clauses: tuple[str, ...]
    words: Words
    parts: tuple[str, ...] = ()
    """The parts that it is about; none: all of them."""
    amount_minor: int | None = None


def sentence(says: Says, clauses: Iterable[str], zh: str, en: str, *parts: str) -> Sentence:
    """The sentence with its clauses named at the end."""
    named = tuple(dict.fromkeys(clause for clause in clauses if clause))
    en = en[:1].upper() + en[1:]
    words = Words(f"{zh}（第 {'、'.join(named)} 条）。", f"{en} (clause{'s' * (len(named) > 1)} {', '.join(named)}).")
    return Sentence(says, named, words, parts)


def listed(phrases: Sequence[Words], zh: str = "或", en: str = "or") -> Words:
    """A and B, or A, B or C."""
    if len(phrases) < 2:
        return phrases[0]
    *first, last = phrases
    return Words(f"{'、'.join(p.zh for p in first)}{zh}{last.zh}", f"{', '.join(p.en for p in first)} {en} {last.en}")


def part_names(terms: CompiledTerms, codes: tuple[str, ...]) -> Words:
    """The names of the parts, as a list."""
    parts = [terms.definition.part(code) for code in codes]
    return listed([part.name for part in parts if part], "和", "and")


def filled(terms: CompiledTerms, condition: Condition) -> Condition:
    """The condition with the numbers of this contract put in."""
    instants = {name for name, spec in terms.definition.facts.items() if spec.kind is FactKind.INSTANT}
    return resolved(condition, terms.parameters, instants)


def condition_words(terms: CompiledTerms, condition: Condition, facts: Facts | None = None) -> Words:
    """The condition as a phrase: what must be so for it to hold; with facts, only what is so."""
    plain = _plain(filled(terms, condition))
    return _said(terms.definition.facts, plain if facts is None else _met(plain, facts))


def _met(condition: Condition, facts: Facts) -> Condition:
    """Of alternatives only those that are met: the reason why the condition holds."""
    match condition:
        case AnyOf(parts):
            met = tuple(_met(part, facts) for part in parts if holds(part, facts) is Truth.TRUE)
            return met[0] if len(met) == 1 else AnyOf(met or parts)
        case All(parts):
            return All(tuple(_met(part, facts) for part in parts))
        case _:
            return condition


ANY_CASE = Words("属于本责任项", "it belongs to the part")
OPPOSITE = {Order.GE: Order.LT, Order.LT: Order.GE, Order.GT: Order.LE, Order.LE: Order.GT}


def _plain(condition: Condition, negative: bool = False) -> Condition:
    """The same condition with every *not* at a single fact."""
    match condition:
        case Not(part):
            return _plain(part, not negative)
        case All(parts) | AnyOf(parts):
            inner = tuple(_plain(part, negative) for part in parts)
            return All(inner) if isinstance(condition, All) is not negative else AnyOf(inner)
        case Compare(fact, order, bound):
            return Compare(fact, OPPOSITE[order], bound) if negative else condition
        case OneOf() | Always():
            return Not(condition) if negative else condition
        case _:
            assert_never(condition)


def _said(facts: Mapping[str, FactSpec], condition: Condition, inside: bool = False) -> Words:
    match condition:
        case All(parts):
            return _joined(list(_all(facts, parts)), "，且", " and ", inside)
        case AnyOf(parts):
            return _joined([_said(facts, part, inside=True) for part in parts], "，或者", " or ", inside)
        case Not(OneOf() as leaf):
            return _one_of(facts[leaf.fact], leaf, negative=True)
        case Not():
            return Words("不属于本责任项", "it does not belong to the part")
        case OneOf():
            return _one_of(facts[condition.fact], condition)
        case Compare():
            return _compared(facts[condition.fact], [condition])
        case Always():
            return ANY_CASE
        case _:
            assert_never(condition)


def _joined(phrases: list[Words], zh: str, en: str, inside: bool) -> Words:
    if not phrases:
        return ANY_CASE
    if len(phrases) == 1:
        return phrases[0]
    said = Words(zh.join(p.zh for p in phrases), en.join(p.en for p in phrases))
    return Words(f"（{said.zh}）", f"({said.en})") if inside else said


def _all(facts: Mapping[str, FactSpec], parts: Sequence[Condition]) -> Iterator[Words]:
    """Comparisons of one fact that stand together are one phrase."""
    for fact, group in groupby(parts, key=lambda part: part.fact if isinstance(part, Compare) else None):
        together = list(group)
        if fact is None:
            yield from (_said(facts, part, inside=True) for part in together)
        else:
            yield _compared(facts[fact], [part for part in together if isinstance(part, Compare)])


def _one_of(spec: FactSpec, leaf: OneOf, *, negative: bool = False) -> Words:
    name = spec.words
    if spec.kind is FactKind.YES_NO and set(leaf.values) < {True, False}:
        if (leaf.values == (True,)) is not negative:
            return Words(f"「{name.zh}」属实", f"“{name.en}” is true")
        return Words(f"「{name.zh}」不属实", f"“{name.en}” is not true")
    values = listed([value_words(spec, value) for value in leaf.values])
    if spec.fixed:
        return Words(f"{'不' * negative}属于{values.zh}", f"the item is {'not ' * negative}{values.en}")
    return Words(f"「{name.zh}」{'不' * negative}为{values.zh}", f"“{name.en}” is {'not ' * negative}{values.en}")


ORDERS = {
    Order.GE: (Words("不早于", "not before"), Words("不少于", "at least")),
    Order.GT: (Words("晚于", "after"), Words("超过", "more than")),
    Order.LE: (Words("不晚于", "not after"), Words("不超过", "at most")),
    Order.LT: (Words("早于", "before"), Words("少于", "less than")),
}


def _compared(spec: FactSpec, leaves: Sequence[Compare]) -> Words:
    zh, en = [], []
    for leaf in leaves:
        assert not isinstance(leaf.bound, ParameterRef), "the numbers of the contract are put in"
        of_time, of_amount = ORDERS[leaf.order]
        order = of_time if isinstance(leaf.bound, datetime) else of_amount
        bound = value_words(spec, leaf.bound)
        zh.append(f"{order.zh}{bound.zh}")
        en.append(f"{order.en} {bound.en}")
    return Words(f"「{spec.words.zh}」{' 且'.join(zh)}", f"“{spec.words.en}” is {' and '.join(en)}")
