"""A product's terms as its author states them: cover clauses, money terms, and the order in which they settle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from ringwall.basics import Words
from ringwall.terms.expressions import ALWAYS, Condition
from ringwall.terms.memo import Memo
from ringwall.terms.outcome import Verdict
from ringwall.terms.rules import MoneyRule, ParametricTerms, Relation, Term


class FactKind(StrEnum):
    YES_NO = "yes_no"
    WORD = "word"
    AMOUNT = "amount"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A word of the product: what can be established about an event or an item.

    `fixed` says that the fact is what the item is, so that no counterfactual proposes to change it.
    """

    name: str
    kind: FactKind
    words: Words
    values: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What a part pays for; its verdict is covered, limited, or nominal_only where the law empties it."""

    clause: str
    part: str
    when: Condition
    verdict: Verdict = Verdict.COVERED


class Level(StrEnum):
    """What an exclusion defeats: the loss item that meets it, or the whole claim as soon as one item meets it."""

    ITEM = "item"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What keeps an item out where its condition is met and no write-back lifts it."""

    clause: str
    parts: tuple[str, ...]
    when: Condition
    level: Level = Level.ITEM


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be true; where it is false the item is excluded."""

    clause: str
    parts: tuple[str, ...]
    when: Condition


@dataclass(frozen=True, slots=True)
class WriteBack:
    """An exception to one exclusion; it lifts that exclusion only and grants nothing."""

    clause: str
    excepts: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Bound:
    """An item counts within cover only up to the amount that a fact states."""

    clause: str
    part: str
    when: Condition
    up_to: str


@dataclass(frozen=True, slots=True)
class ConditionalShare:
    """A further share of the insured that hangs on facts; while they are open it is reckoned each way."""

    clause: str
    parts: tuple[str, ...]
    when: Condition
    parameter: str


@dataclass(frozen=True, slots=True)
class Barrier:
    """What keeps an item of a part out, with the exceptions to it and every fact that it hangs on."""

    clause: str
    wanted: bool
    """A requirement keeps out where its condition fails, an exclusion where it is met."""
    when: Condition
    exceptions: tuple[WriteBack, ...]
    facts: tuple[str, ...]
    whole_claim: bool = False
    """An exclusion that is met for every item of its parts where any one of them meets it."""


@dataclass(frozen=True, slots=True)
class PartCover:
    """The cover clauses of one part under one schedule, in clause order."""

    grants: tuple[Grant, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    bounds: tuple[Bound, ...] = ()
    share: ConditionalShare | None = None
    counting: Counting | None = None
    inside: tuple[tuple[str, Condition], ...] = ()
    """Parts that settle some of its items, with the condition that takes an item there."""
    memo: Memo = field(default_factory=Memo, init=False, repr=False, compare=False)
    """What the exact reader prepares at the first item of the part."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What of an interruption's hours is within cover: how long at most, and from what length on at all."""

    longest_seconds: int | None = None
    trigger: str = ""
    """The clause of a waiting period that is a trigger; empty: none."""
    outlasts_seconds: int = 0
    net_of_credits: bool = False
    fixed: tuple[tuple[int, int], ...] = ()
    """(seconds, amount) of a fixed payment by duration, rising."""


class RetentionMode(IntEnum):
    """What the insured keeps of an interruption; the codes are those of the mode parameter."""

    WAITING_ONLY = 1
    DEDUCTIBLE_ONLY = 2
    HIGHER_OF = 3
    BOTH = 4


@dataclass(frozen=True, slots=True)
class InterruptionTerms:
    """How an interruption is counted: hour by hour, after a retention by one of four modes."""

    waiting: Term
    mode: Term
    indemnity: Term
    extra_clause: str
    credits_clause: str = ""
    trigger: bool = False
    """The waiting period is a trigger: an interruption that outlasts it counts from its first minute."""
    after_waiting: bool = False
    """The indemnity period begins when the waiting period ends."""
    net_of_credits: bool = False
    """The factual loss is what the insured is really short of, money received from others taken off."""


@dataclass(frozen=True, slots=True)
class PartTerms:
    """The money terms of one coverage part; an interruption part has its deductible on each interruption."""

    part: str
    name: Words
    deductible: Term | None = None
    limit: Term | None = None
    interruption: InterruptionTerms | None = None
    statutory: bool = False
    within: str = ""
    """The part whose grants and barriers speak for it: items of that part that meet `when` are settled here."""
    when: Condition = ALWAYS
    within_clause: str = ""
    """The clause that says so."""
    in_kind: bool = False
    """Services, not cash: outside the contract payment, drawn down in service units or in money."""
    parametric: ParametricTerms | None = None


class Step(StrEnum):
    """The steps of a settlement, in whatever order the product states."""

    VERDICT = "verdict"
    RETENTION = "retention"
    PART_LIMIT = "part_limit"
    EVENT_LIMIT = "event_limit"
    SHARE = "share"
    AGGREGATE = "aggregate"


@dataclass(frozen=True, slots=True)
class Settlement:
    """The order of the steps, and the money terms that all parts share."""

    clause: str
    order: tuple[Step | str, ...]
    """Steps, and names of money rules where they act."""
    event_limit: Term | None = None
    aggregate: Term | None = None
    aggregate_state: str = "aggregate_used"
    share: Term | None = None
    """The insured's share of every loss, in parts of 10,000."""
    outside_event_limit: frozenset[str] = frozenset()
    outside_aggregate: frozenset[str] = frozenset()
    """Parts that do not use the event limit, or the aggregate."""
    items_in_order_of: str = ""
    """The instant fact by which items use up deductibles and limits; empty: each keeps its proportion."""


@dataclass(frozen=True, slots=True)
class TermsDefinition:
    """All that compiles into one graph. Clauses stand in clause order; parts in settlement order."""

    facts: Mapping[str, FactSpec]
    parts: tuple[PartTerms, ...]
    settlement: Settlement
    maximum_minor: int
    grants: tuple[Grant, ...] = ()
    barriers: tuple[Exclusion | Requirement, ...] = ()
    write_backs: tuple[WriteBack, ...] = ()
    bounds: tuple[Bound, ...] = ()
    conditional: ConditionalShare | None = None
    takes_away: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)
    """Clause number to file:line, so that a refusal can point there."""
    rules: tuple[MoneyRule, ...] = ()
    relation: Relation | None = None
    """When several incidents are one event; None: each incident is its own."""

    def part(self, code: str) -> PartTerms | None:
        return next((part for part in self.parts if part.part == code), None)

    def rule(self, name: str) -> MoneyRule | None:
        return next((rule for rule in self.rules if rule.name == name), None)

    def place(self, clause: str) -> str:
        return self.places.get(clause, clause)
