"""What the lints ask of a product: which numbers and which words are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from ringwall.product.records import Product
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Compare,
    Deductible,
    DeductibleBounds,
    Fixed,
    Limit,
    Not,
    OfLoss,
    OfValue,
    OneOf,
    ParametricTerms,
    Share,
    SlidingShare,
    facts_of,
    parameters_of,
)


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A parameter at work under a clause; `role` is what it does there, such as `deductible`."""

    clause: str
    parameter: str
    role: str
    part: str = ""
    effect: str = ""
    """The kind of money rule that it belongs to, such as `deductible`; empty for a plain term."""


def numbers_read(product: Product) -> Iterator[NumberRead]:
    """Every number of the contract that a money term or a share reads, whatever the kind of the term."""
    definition = product.definition
    for field in fields(definition):
        yield from _below(getattr(definition, field.name), field.name, "")


RULE_EFFECTS: Mapping[type, str] = {
    Deductible: "deductible",
    DeductibleBounds: "deductible",
    Limit: "limit",
    Share: "share",
}
MEASURE_ROLES: Mapping[type, str] = {Fixed: "amount", OfLoss: "share", OfValue: "share"}
FACT_FIELDS = ("value", "fact", "began", "same", "items_in_order_of", "up_to")
"""Fields of terms that name facts outside a condition."""


def words_read(product: Product) -> frozenset[str]:
    """Every name that a money rule, a part or the settlement reads: facts, and parameters inside their conditions."""
    definition = product.definition
    found: set[str] = set()
    for value in (definition.rules, definition.parts, definition.settlement, definition.relation, definition.bounds):
        found |= set(_words(value))
    return frozenset(found)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from _words(each)
    elif isinstance(value, Always | All | AnyOf | Not | OneOf | Compare):
        yield from facts_of(value)
        yield from parameters_of(value)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name in FACT_FIELDS:
                yield from (inner,) if isinstance(inner, str) else inner if isinstance(inner, tuple) else ()
            yield from _words(inner)


def _below(value: object, role: str, part: str, effect: str = "") -> Iterator[NumberRead]:
    if isinstance(value, tuple):
        for each in value:
            yield from _below(each, role, part, effect)
        return
    if not is_dataclass(value) or isinstance(value, type):
        return
    clause, parameter = getattr(value, "clause", ""), getattr(value, "parameter", "")
    if isinstance(parameter, str) and parameter:
        yield NumberRead(str(clause), parameter, role, part, effect)
    mine = getattr(value, "part", part)
    effect = RULE_EFFECTS.get(type(value), effect)
    if isinstance(value, (ParametricTerms, SlidingShare)):
        yield from _of_steps(value, mine if isinstance(mine, str) else part, effect)
        return
    for field in fields(value):
        name = _role(value, field.name)
        yield from _below(getattr(value, field.name), name, mine if isinstance(mine, str) else part, effect)


def _role(value: object, name: str) -> str:
    """What a number does there; the base of a share of some other whole than 10,000 may have any unit."""
    if isinstance(value, Share) and value.whole:
        return "lines"
    return MEASURE_ROLES.get(type(value), name)


def _of_steps(table: ParametricTerms | SlidingShare, part: str, effect: str) -> Iterator[NumberRead]:
    roles = ("hours", "amount") if isinstance(table, ParametricTerms) else ("from", "share")
    for step in table.steps:
        for term, role in zip(step, roles, strict=True):
            yield NumberRead(term.clause, term.parameter, role, part, effect)
