"""Money rules beside the plain terms of a part: what they act on, how much they come to, and where they stand.

A rule acts where its name stands in the settlement order that the product states; on items, parts, events or periods.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ringwall.basics import Rounding
from ringwall.terms.expressions import ALWAYS, Condition


@dataclass(frozen=True, slots=True)
class Term:
    """A number of the contract at work under a clause."""

    clause: str
    parameter: str


class Per(StrEnum):
    """What a rule acts on: each loss item, each part by itself, the parts of an event together, or a whole period."""

    ITEM = "item"
    PART = "part"
    EVENT = "event"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Fixed:
    """An amount of the contract."""

    term: Term


@dataclass(frozen=True, slots=True)
class OfLoss:
    """So many parts in 10,000 of the loss that the rule acts on, rounded half-even."""

    term: Term


@dataclass(frozen=True, slots=True)
class OfValue:
    """So many parts in 10,000 of an insured value, rounded half-even; `value` names a fact or a parameter."""

    term: Term
    value: str


@dataclass(frozen=True, slots=True)
class HigherOf:
    """The largest of several measures; with a fixed amount it reads "at least"."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class LowerOf:
    """The smallest of several measures; with a fixed amount it reads "at most"."""

    measures: tuple[Measure, ...]


Measure = Fixed | OfLoss | OfValue | HigherOf | LowerOf


def terms_of(measure: Measure) -> tuple[Term, ...]:
    """The numbers of the contract that a measure reads."""
    match measure:
        case HigherOf(measures) | LowerOf(measures):
            return tuple(term for inner in measures for term in terms_of(inner))
        case Fixed(term) | OfLoss(term):
            return (term,)
        case OfValue(term, _):
            return (term,)


def values_of(measure: Measure) -> tuple[str, ...]:
    """The insured values that a measure reads, as names of facts or parameters."""
    match measure:
        case HigherOf(measures) | LowerOf(measures):
            return tuple(name for inner in measures for name in values_of(inner))
        case OfValue(_, value):
            return (value,)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Deductible:
    """What the insured keeps; a franchise is kept whole or, once the loss exceeds it, not at all.

    Per event the parts share one deductible in proportion; per period it is used up by what was kept before.
    """

    name: str
    clause: str
    parts: tuple[str, ...]
    per: Per
    measure: Measure
    franchise: bool = False
    when: Condition = ALWAYS
    state: str = ""


@dataclass(frozen=True, slots=True)
class DeductibleBounds:
    """The least and the most that all deductibles so far may come to: each event, or with a state each period."""

    name: str
    clause: str
    parts: tuple[str, ...]
    at_least: Term | None = None
    at_most: Term | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Reinstatements:
    """How often a used limit is restored, and the premium for it: `charge` in parts of 10,000 of `premium`.

    Charged as to amount, without regard to time; without a charge it is free.
    """

    count: Term
    charge: Term | None = None
    premium: Term | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling; over several parts it cuts each in proportion. Limits of limits make a tree of any depth."""

    name: str
    clause: str
    parts: tuple[str, ...]
    per: Per
    measure: Measure
    when: Condition = ALWAYS
    state: str = ""
    reinstatements: Reinstatements | None = None


@dataclass(frozen=True, slots=True)
class ShareAdd:
    """A further share while a condition holds."""

    clause: str
    parameter: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class SlidingShare:
    """A further share that grows with an amount fact, such as days unpatched: the last step reached holds."""

    clause: str
    fact: str
    steps: tuple[tuple[Term, Term], ...]
    """(from how much, share), rising."""


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody else bears of every loss, in parts of `whole` (10,000 where none is named).

    With a state the running total of the period is rounded and the difference paid (docs/settlement.md).
    """

    name: str
    clause: str
    parts: tuple[str, ...]
    base: Term | None = None
    adds: tuple[ShareAdd, ...] = ()
    sliding: SlidingShare | None = None
    whole: Term | None = None
    when: Condition = ALWAYS
    state: str = ""
    rounding: Rounding = Rounding.HALF_EVEN


@dataclass(frozen=True, slots=True)
class Averaging:
    """Under-insurance: a loss is paid as sum insured to value at risk where the value is the larger."""

    name: str
    clause: str
    parts: tuple[str, ...]
    sum_insured: Term
    value: str


MoneyRule = Deductible | DeductibleBounds | Limit | Share | Averaging


@dataclass(frozen=True, slots=True)
class ParametricTerms:
    """A fixed payment by the length of the trigger: the last step reached is paid, whatever the loss was."""

    clause: str
    steps: tuple[tuple[Term, Term], ...]
    """(hours, amount), rising."""


@dataclass(frozen=True, slots=True)
class Relation:
    """When several incidents are one event: the facts that must be the same, and hours counted from the first."""

    clause: str
    same: tuple[str, ...]
    hours: Term | None = None
    began: str = "began_at"
    """The instant fact from which the hours count."""


def rule_terms(rule: MoneyRule) -> tuple[Term, ...]:
    """Every number of the contract that a rule reads."""
    match rule:
        case Deductible() | Limit():
            more = rule.reinstatements if isinstance(rule, Limit) else None
            found = [*terms_of(rule.measure)]
            found += [t for t in (more.count, more.charge, more.premium) if t] if more else []
            return tuple(found)
        case DeductibleBounds():
            return tuple(t for t in (rule.at_least, rule.at_most) if t)
        case Averaging():
            return (rule.sum_insured,)
        case Share():
            found = [t for t in (rule.base, rule.whole) if t]
            found += [Term(add.clause, add.parameter) for add in rule.adds]
            found += [t for step in (rule.sliding.steps if rule.sliding else ()) for t in step]
            return tuple(found)


def rule_facts(rule: MoneyRule) -> tuple[tuple[str, str], ...]:
    """(clause, fact) for every fact whose amount a rule reads; conditions are read elsewhere."""
    match rule:
        case Deductible() | Limit():
            return tuple((rule.clause, name) for name in values_of(rule.measure))
        case Averaging():
            return ((rule.clause, rule.value),)
        case Share(sliding=SlidingShare() as sliding):
            return ((sliding.clause, sliding.fact),)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class RuleCondition:
    """A condition under which a money rule, or an addition to it, works."""

    clause: str
    when: Condition


def rule_conditions(rule: MoneyRule) -> tuple[RuleCondition, ...]:
    """Every condition of a rule that does not always work."""
    found: list[RuleCondition] = []
    if not isinstance(rule, (DeductibleBounds, Averaging)) and rule.when != ALWAYS:
        found.append(RuleCondition(rule.clause, rule.when))
    if isinstance(rule, Share):
        found += [RuleCondition(add.clause, add.when) for add in rule.adds if add.when != ALWAYS]
    return tuple(found)
