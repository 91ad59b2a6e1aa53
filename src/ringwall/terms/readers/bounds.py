"""The bounds reader: the most that can be paid, limits and deductibles that never bind, and what is always the same.

Every node carries the interval of its values, so that nothing has to be tried. Cases are searched for clauses only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ringwall.terms.compiling import compile_terms
from ringwall.terms.definition import TermsDefinition
from ringwall.terms.drafting import unreachable
from ringwall.terms.expressions import Parameters
from ringwall.terms.graph import CompiledTerms, Node, Op
from ringwall.terms.rules import Term


def maximum_payable(terms: CompiledTerms) -> int:
    """What no event can exceed, contract and statute together (Law 64 costs stop at the product's declared maximum)."""
    return contract_maximum(terms) + terms.nodes[terms.statutory].high


def contract_maximum(terms: CompiledTerms) -> int:
    """What no event can exceed under the contract alone, statutory costs left out."""
    return terms.nodes[terms.contract].high


@dataclass(frozen=True, slots=True)
class IdleLimit:
    """A limit that never binds: `later` is narrower and acts after it; without one the parts never come to so much."""

    what: str
    """The part, or `event` for the limit that all parts share."""
    term: Term
    later: Term | None = None


@dataclass(frozen=True, slots=True)
class SameValue:
    """A step that has one value whatever happens, with the clause that it stands under."""

    label: str
    clause: str
    value: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds of every event under one schedule, all clauses in force; amounts in whole minor units."""

    parts: Mapping[str, int]
    """Part code to the most that an event is paid under it."""
    contract_minor: int
    statutory_minor: int
    idle: tuple[str, ...]
    """Clauses of limits that never cut and of deductibles that take nothing."""
    same: tuple[SameValue, ...]
    unreachable: tuple[str, ...]
    """Clauses of cover logic that decide in no case."""

    @property
    def payable_minor(self) -> int:
        return self.contract_minor + self.statutory_minor


def bounds(terms: CompiledTerms) -> Bounds:
    """A void clause counts its number as nil and would widen every interval: here all clauses are in force."""
    definition = terms.definition
    sharp = compile_terms(replace(definition, takes_away=frozenset()), terms.parameters)
    assert isinstance(sharp, CompiledTerms), "narrower intervals fit where wider ones did"
    idle = [limit.term.clause for limit in idle_limits(definition, terms.parameters)]
    idle += [node.clause for node in sharp.nodes if _changes_nothing(sharp, node)]
    same = (node for node in _hanging_on_events(sharp) if node.low == node.high and node.clause)
    return Bounds(
        {code: sharp.nodes[node].high for code, node in sharp.payable.items()},
        contract_maximum(sharp),
        sharp.nodes[sharp.statutory].high,
        tuple(dict.fromkeys(idle)),
        tuple(dict.fromkeys(SameValue(n.label, n.clause, n.low) for n in same)),
        unreachable(definition, terms.parameters),
    )


def _hanging_on_events(terms: CompiledTerms) -> Iterator[Node]:
    """The steps that hang on the event or the period, and not on the numbers of the contract alone."""
    hanging = set[int]()
    for index, node in enumerate(terms.nodes):
        open_leaf = node.op in (Op.SUBJECT, Op.STATE) and node.low < node.high
        if open_leaf or hanging & set(node.inputs):
            hanging.add(index)
            yield node


def _changes_nothing(terms: CompiledTerms, node: Node) -> bool:
    """A limit that the amount before it never exceeds, or a deductible of nil."""
    if not node.clause or len(node.inputs) != 2:
        return False
    before, other = (terms.nodes[index] for index in node.inputs)
    if node.op is Op.LEAST:
        return other.op is Op.PARAMETER and before.high <= other.low
    return node.op is Op.LESS and other.op is Op.PARAMETER and other.high == 0


def idle_limits(definition: TermsDefinition, parameters: Parameters) -> Iterator[IdleLimit]:
    """The limits of parts and of the event that a narrower one after them makes needless, or that nothing reaches."""
    settlement, values = definition.settlement, {name: read.value for name, read in parameters.items()}
    limits = [(part.part, part.limit) for part in definition.parts if part.limit and not part.statutory]
    event, aggregate = settlement.event_limit, settlement.aggregate
    for code, limit in limits:
        later = [term for term in (event, aggregate) if term and values[term.parameter] < values[limit.parameter]]
        if later:
            yield IdleLimit(code, limit, later[0])
    if event and aggregate and values[aggregate.parameter] < values[event.parameter]:
        yield IdleLimit("event", event, aggregate)
    unlimited = any(not part.limit for part in definition.parts if not part.statutory)
    if event and not unlimited and sum(values[limit.parameter] for _, limit in limits) <= values[event.parameter]:
        yield IdleLimit("event", event)
