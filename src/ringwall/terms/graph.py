"""The typed graph that a product compiles into: whole-number nodes with clause, interval and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ringwall.basics import Refusal, Words, refuse
from ringwall.terms.definition import PartCover, TermsDefinition
from ringwall.terms.outcome import ParameterRead

INT64_MAX = 2**63 - 1


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
    EACH = "each"
    """the sum of a per-interruption node over the interruptions of the event"""


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
    """The part whose interruptions the node is reckoned for one by one; empty: once an event."""
    shown: tuple[int, ...] | None = None
    """The nodes that the trace follows, where these are not simply the inputs."""
    beside: tuple[int, ...] = ()
    """Nodes whose value the trace shows without what is below them."""
    per: int | None = None
    """The node by whose value the trace divides: an amount kept exact in minor-unit seconds is shown in minor units."""
    term: bool = False
    """A rule that may change the first input that is shown; where it does not, the trace says that it was tried."""
    split_bits: int = 0
    """For CUT: the running total is multiplied in two halves of this many bits, where the product would leave int64."""


@dataclass(frozen=True, slots=True)
class CeilingState:
    """A period state that grows by what is paid, up to a ceiling: before an event it is min(ceiling, opening + sum)."""

    name: str
    node: int
    ceiling: int
    grows_by: int
    """The node that would be added were there no ceiling; it depends on no state."""


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
    states: tuple[CeilingState, ...]
    numbers: tuple[int, ...]
    """The value of every parameter and constant, by the place of its node; nil elsewhere."""
    program: str
    """The graph as straight-line text, the same for every schedule of one structure."""
    steps: tuple[TraceStep, ...]
    """By the place of each node."""
    capped_seconds: Mapping[str, int] = field(default_factory=dict)
    """Interruption part to the longest interruption that counts, in seconds."""


def maximum_payable(terms: CompiledTerms) -> int:
    """What no event can exceed, contract and statute together (Law 64 costs stop at the product's declared maximum)."""
    return terms.nodes[terms.contract].high + terms.nodes[terms.statutory].high


def contract_maximum(terms: CompiledTerms) -> int:
    """What no event can exceed under the contract alone, statutory costs left out."""
    return terms.nodes[terms.contract].high


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


class GraphBuilder:
    """Appends nodes and proves for each that it stays within int64; what cannot be proved becomes a refusal."""

    def __init__(self, definition: TermsDefinition, parameters: Mapping[str, ParameterRead]) -> None:
        self.definition = definition
        self.parameters = parameters
        self.nodes: list[Node] = []
        self.refusals: list[Refusal] = []

    def leaf(self, op: Op, name: str, clause: str, text: Words, low: int, high: int, *, scope: str = "") -> int:
        return self._append(Node(op, (), name, clause, text, low, high, name=name, scope=scope))

    def constant(self, value: int, label: str) -> int:
        return self._append(Node(Op.CONSTANT, (), label, "", Words(label, label), value, value, value=value))

    def parameter(self, name: str, clause: str, text: Words) -> int:
        value = self.parameters[name].value
        low = 0 if clause in self.definition.takes_away else value
        return self._append(Node(Op.PARAMETER, (), name, clause, text, low, value, name=name, value=value))

    def step(
        self,
        op: Op,
        inputs: tuple[int, ...],
        label: str,
        clause: str,
        text: Words,
        *,
        shown: tuple[int, ...] | None = None,
        beside: tuple[int, ...] = (),
        per: int | None = None,
        term: bool = False,
    ) -> int:
        scope = "" if op is Op.EACH else next((s for i in inputs if (s := self.nodes[i].scope)), "")
        low, high, bits = self._interval(op, inputs, label, clause)
        return self._append(
            Node(op, inputs, label, clause, text, low, high, "", 0, scope, shown, beside, per, term, bits)
        )

    def _append(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _interval(self, op: Op, inputs: tuple[int, ...], label: str, clause: str) -> tuple[int, int, int]:
        ins = [self.nodes[i] for i in inputs]
        lows, highs = [n.low for n in ins], [n.high for n in ins]
        bits = 0
        match op:
            case Op.ADD:
                low, high = sum(lows), sum(highs)
            case Op.LESS | Op.APART:
                low, high = max(lows[0] - highs[1], 0), max(highs[0] - lows[1], 0)
            case Op.LEAST:
                low, high = min(lows), min(highs)
            case Op.MOST:
                low, high = max(lows), max(highs)
            case Op.TIMES:
                low, high = lows[0] * lows[1], highs[0] * highs[1]
            case Op.ROUND:
                low, high = lows[0] // max(highs[1], 1), -(-highs[0] // max(lows[1], 1))
            case Op.CUT:
                low, high = 0, min(highs[0], highs[1])
                bits = self._split(highs[0], highs[1], highs[2], label, clause)
            case Op.SELECT:
                low, high = min(lows[1:]), max(highs[1:])
            case _:
                low, high = lows[0], highs[0]
        if high > INT64_MAX // 2:
            self._overflow(label, clause, high)
        return low, high, bits

    def _split(self, limit: int, running: int, total: int, label: str, clause: str) -> int:
        """Bits of the lower half such that every partial product fits; nil where no split is needed."""
        if limit * running <= INT64_MAX // 4:
            return 0
        for bits in range(4, 48):
            if limit * (running >> bits) <= INT64_MAX // 4 and (total + limit) << bits <= INT64_MAX // 4:
                return bits
        self._overflow(label, clause, limit * running)
        return 0

    def _overflow(self, label: str, clause: str, value: int) -> None:
        where = self.definition.place(clause)
        self.refusals.append(
            refuse(
                "terms_overflow",
                where,
                zh=f"条款 {clause} 的「{label}」最大可达 {value}，超出 64 位整数；"
                "请降低产品申报的最大金额或该条款的限额。",
                en=f"Clause {clause}: “{label}” can reach {value}, beyond a 64-bit integer; "
                "lower the product's declared maximum amount or the limit of this clause.",
            )
        )
