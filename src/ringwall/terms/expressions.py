"""Conditions on facts, three-valued: a fact that nobody has established leaves a condition unknown, never false."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from ringwall.terms.facts import Facts, FactValue, Truth

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_SECONDS = 86_400


class Order(StrEnum):
    """How a fact stands to a value; `ge` reads "at or after", `lt` "before"."""

    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"


class HasValue(Protocol):
    """A parameter of the contract: all that a condition needs of it is its number."""

    @property
    def value(self) -> int: ...


Parameters = Mapping[str, HasValue]


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A number of the contract named in a condition; an instant is in seconds since 1970 UTC.

    `plus_days` names a second parameter, in days of 24 hours: right for zones without daylight saving.
    """

    name: str
    plus_days: str = ""

    def read(self, parameters: Parameters) -> int:
        days = parameters[self.plus_days].value if self.plus_days else 0
        return parameters[self.name].value + days * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Always:
    """True whatever the facts are."""


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is; unknown where one is and none is false."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where one part is; unknown where one is and none is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of the values; `is` in a text is a set of one."""

    fact: str
    values: tuple[FactValue, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The fact, an amount or an instant, stands so to a value or a parameter. "never" satisfies no comparison."""

    fact: str
    order: Order
    bound: int | datetime | ParameterRef


Condition = Always | All | AnyOf | Not | OneOf | Compare
ALWAYS = Always()


def resolved(condition: Condition, parameters: Parameters, instants: Collection[str]) -> Condition:
    """The condition with the numbers of the contract put in; a fact named in `instants` is held against an instant."""
    match condition:
        case All(parts):
            return All(tuple(resolved(part, parameters, instants) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(resolved(part, parameters, instants) for part in parts))
        case Not(part):
            return Not(resolved(part, parameters, instants))
        case Compare(fact, order, ParameterRef() as reference):
            number = reference.read(parameters)
            return Compare(fact, order, EPOCH + timedelta(seconds=number) if fact in instants else number)
        case _:
            return condition


def holds(condition: Condition, facts: Facts) -> Truth:
    """The truth of a resolved condition."""
    match condition:
        case OneOf(fact, values):
            value = facts.get(fact)
            return Truth.UNKNOWN if value is None else Truth.TRUE if value in values else Truth.FALSE
        case All(parts):
            return min([holds(part, facts) for part in parts], default=Truth.TRUE)
        case AnyOf(parts):
            return max([holds(part, facts) for part in parts], default=Truth.FALSE)
        case Compare():
            return _compare(condition, facts.get(condition.fact))
        case Not(part):
            return holds(part, facts).negated()
        case Always():
            return Truth.TRUE


_COMPARE: Mapping[Order, Callable[[Any, Any], bool]] = {
    Order.GE: operator.ge,
    Order.GT: operator.gt,
    Order.LE: operator.le,
    Order.LT: operator.lt,
}


def _compare(condition: Compare, value: FactValue | None) -> Truth:
    """Instants are compared with instants and amounts with amounts; nothing else stands in an order."""
    if value is None:
        return Truth.UNKNOWN
    bound = condition.bound
    assert not isinstance(bound, ParameterRef), f"{condition.fact} is held against a parameter that nobody put in"
    if isinstance(value, bool) or isinstance(value, datetime) != isinstance(bound, datetime) or isinstance(value, str):
        return Truth.FALSE
    return Truth.TRUE if _COMPARE[condition.order](value, bound) else Truth.FALSE


def leaves(condition: Condition) -> Iterator[OneOf | Compare]:
    """The single conditions on facts, in the order in which they stand."""
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case OneOf() | Compare():
            yield condition
        case Always():
            return


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that the condition reads, in order, each once."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(condition)))


def parameters_of(condition: Condition) -> tuple[str, ...]:
    """The numbers of the contract that the condition reads, each once."""
    refs = [leaf.bound for leaf in leaves(condition) if isinstance(leaf, Compare)]
    names = [name for ref in refs if isinstance(ref, ParameterRef) for name in (ref.name, ref.plus_days)]
    return tuple(dict.fromkeys(name for name in names if name))
