"""The typed graph that a product compiles into: whole-number nodes with clause, interval and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ringwall.basics import Rounding, Words
from ringwall.terms.definition import PartCover, TermsDefinition
from ringwall.terms.expressions import ALWAYS, Condition
from ringwall.terms.memo import Memo
from ringwall.terms.outcome import ParameterRead

INT64_MAX = 2**63 - 1
USED_MAXIMUM = 2**60
"""No period state opens above this; the overflow proof rests on it."""


class Op(StrEnum):
    """What a node does with its inputs. Every rounding is a node of its own (ROUND, CUT, both half-even)."""

    CONSTANT = "constant"
    PARAMETER = "parameter"
    SUBJECT = "subject"
    STATE = "state"
    ADD = "add"
    LESS = "less"
    """a − b, not below zero"""
    APART = "apart"
    """a − b of two running totals, never below zero by construction"""
    LEAST = "least"
    MOST = "most"
    TIMES = "times"
    ROUND = "round"
    """a / b, half-even"""
    CUT = "cut"
    """(limit, running, total): limit × running / total half-even where the total is above the limit, else running"""
    SELECT = "select"
    """(condition, a, b): a where the condition is not nil, else b"""
    ABOVE = "above"
    """1 where a > b, else 0"""
    REACHES = "reaches"
    """1 where a ≥ b, else 0"""
    PORTION = "portion"
    """(a, b, c): a × b / c, rounded by the mode of the node"""
    IN_FORCE = "in_force"
    """1, and 0 where the clause is void"""
    EACH = "each"
    """the sum of a node that is reckoned for each item or interruption, over those of the event"""


@dataclass(frozen=True, slots=True)
class Node:
    """One step: `inputs` are indices of earlier nodes; `low` and `high` hold for every admissible event."""

    op: Op
    inputs: tuple[int, ...]
    label: str
    clause: str
    text: Words
    low: int
    high: int
    name: str = ""
    value: int = 0
    scope: str = ""
    """The part whose items or interruptions the node is reckoned for one by one; empty: once an event."""
    shown: tuple[int, ...] | None = None
    """The nodes that the trace follows, where these are not simply the inputs."""
    beside: tuple[int, ...] = ()
    """Nodes whose value the trace shows without what is below them."""
    per: int | None = None
    """The node by whose value the trace divides: an amount kept exact in minor-unit seconds is shown in minor units."""
    term: bool = False
    """A rule that may change the first input that is shown; where it does not, the trace says that it was tried."""
    split_bits: int = 0
    """CUT, PORTION: the second factor is taken in two halves of this many bits, where the product would leave int64."""
    rounding: Rounding = Rounding.HALF_EVEN
    """PORTION: how it becomes whole minor units; the place and the mode are part of the filed product."""


@dataclass(frozen=True, slots=True)
class PeriodState:
    """A number that lasts over a period: before an event it is `node`, after it `node` + `drawn`.

    With a ceiling it is also min(ceiling, opening + sum of `asked`), whatever the events between were.
    """

    name: str
    node: int
    drawn: int
    asked: int
    ceiling: int | None = None


class Given(StrEnum):
    """What stands in a subject of the graph."""

    __hash__ = str.__hash__

    AMOUNT = "amount"
    ITEM = "item"
    SECONDS = "seconds"
    RATE = "rate"
    SHARE_LOST = "share_lost"
    SHARE_OF = "share_of"
    CREDITS = "credits"
    EXTRA = "extra"
    AVOIDED = "avoided"
    SWITCH = "switch"
    """1 while the condition of a rule holds"""
    FACT = "fact"
    """the amount of a fact"""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of the graph: what it is, of which part, and the condition or fact that it tells."""

    name: str
    given: Given
    part: str = ""
    when: Condition = ALWAYS
    fact: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What the trace of a node shows below it: nodes followed, nodes shown alone, parameters read."""

    below: tuple[int, ...]
    alone: tuple[int, ...]
    read: tuple[ParameterRead, ...]
    clauses: tuple[str, ...]
    """The clause of each parameter read."""
    first: int
    """The node whose value a term carries on where it changes nothing."""


@dataclass(frozen=True, slots=True)
class CompiledTerms:
    """One wording under one schedule, ready for every reader."""

    definition: TermsDefinition
    parameters: Mapping[str, ParameterRead]
    cover: Mapping[str, PartCover]
    nodes: tuple[Node, ...]
    columns: tuple[str, ...]
    optional: Mapping[str, int]
    """Subjects that a table may leave out, with the value that then holds."""
    payable: Mapping[str, int]
    """Part code to the node of what is paid under it."""
    contract: int
    statutory: int
    states: tuple[PeriodState, ...]
    numbers: tuple[int, ...]
    """The value of every parameter and constant, by the place of its node; nil elsewhere."""
    program: str
    """The graph as straight-line text, the same for every schedule of one structure."""
    steps: tuple[TraceStep, ...]
    """By the place of each node."""
    subjects: tuple[Subject, ...] = ()
    in_kind: Mapping[str, int] = field(default_factory=dict)
    """Part of services to the node of what is drawn down under it; no part of the contract payment."""
    item_facts: tuple[Subject, ...] = ()
    """Amounts of facts by which each item of a part is measured."""
    charges: Mapping[str, int] = field(default_factory=dict)
    """Limit that is reinstated at a premium, to the node of the premium due for this event."""
    memo: Memo = field(default_factory=Memo, init=False, repr=False, compare=False)
    """What the exact reader prepares at the first event; most of a book never settles one."""


def trace_steps(nodes: Sequence[Node], parameters: Mapping[str, ParameterRead]) -> tuple[TraceStep, ...]:
    """A constant tells nothing, a parameter is read, anything else is followed."""
    steps = []
    for node in nodes:
        shown = node.inputs if node.shown is None else node.shown
        told = [i for i in shown if nodes[i].op not in (Op.PARAMETER, Op.CONSTANT)]
        read = [i for i in shown if nodes[i].op is Op.PARAMETER]
        steps.append(
            TraceStep(
                tuple(told),
                node.beside,
                tuple(parameters[nodes[i].name] for i in read),
                tuple(nodes[i].clause for i in read),
                shown[0] if shown else -1,
            )
        )
    return tuple(steps)
