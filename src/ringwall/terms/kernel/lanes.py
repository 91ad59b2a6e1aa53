"""Writes the loop for events that open their period: none waits for another, so that a compiler takes several at once.

Items that are reckoned by themselves come first, all those of a policy in one loop. Then 64 events at a time: what
their items sum to stands in one row of lanes for each kind of loss, and the nodes of the graph go over these rows.
Quotients are those of `near`: the loop is for policies for which `lanes_hold` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from ringwall.terms.graph import CompiledTerms, Given, Node, Op, Subject
from ringwall.terms.kernel.steps import NEAREST, ROUNDS, right_side, state_place, sum_name

LANES = 64
ODD = "odd |= x[i] | (most - x[i]) | t[i]"
ARGUMENTS = (
    "most, lanes, costs, policy_start, numbers, opening, item_start, kind, amount, seconds, contract, statutory, parts"
)


def lanes_hold(policies: Iterable[CompiledTerms]) -> bool:
    """Whether no quotient of these policies can be larger than the loop can reckon."""
    return all(node.high <= NEAREST for terms in policies for node in terms.nodes if node.op in ROUNDS)


@dataclass(frozen=True, slots=True)
class Lanes:
    """What the text of one structure is made of; `kinds` and `steady` as its item loop has them."""

    terms: CompiledTerms
    kinds: Sequence[str]
    plain: int
    """So many kinds are summed as they stand."""
    parts: Sequence[str]
    steady: Set[int]

    @property
    def each(self) -> list[int]:
        """Sums over the items of one part."""
        return [i for i, node in enumerate(self.terms.nodes) if node.op is Op.EACH and i not in self.steady]

    @property
    def rows(self) -> int:
        """Of lanes: plain kinds, one for items of all others, sums over items, and what is paid."""
        return self.paid_row + 2 + len(self.parts)

    @property
    def paid_row(self) -> int:
        return self.plain + 1 + len(self.each)

    def lines(self, policy: Sequence[str]) -> Iterator[str]:
        """`policy`: the lines that read a policy's numbers and opening states."""
        yield "odd = 0"
        yield "for policy in range(len(policy_start) - 1):"
        yield from (f"    {line}" for line in (*policy, *self.items(), *self.events()))
        yield "return odd"

    def items(self) -> Iterator[str]:
        """Sums over items take one loop each, which writes one column."""
        yield "first, last = policy_start[policy], policy_start[policy + 1]"
        yield "begins, ends = item_start[first], item_start[last]"
        yield "what, x, t = kind[begins:ends], amount[begins:ends], seconds[begins:ends]"
        if not self.each:
            yield "for i in range(ends - begins):"
            yield f"    {ODD}"
        for place, index in enumerate(self.each):
            yield f"cost = costs[{place}]"
            yield "for i in range(ends - begins):"
            yield from (f"    {line}" for line in (*self.item(index), *([ODD] if place == 0 else [])))

    def item(self, index: int) -> Iterator[str]:
        inner = self.terms.nodes[index].inputs[0]
        scope = self.terms.nodes[inner].scope
        for number, node in enumerate(self.terms.nodes[: inner + 1]):
            if node.scope == scope and number not in self.steady:
                yield f"v{number} = {self.item_value(node)}"
        yield f"cost[i] = v{inner} if what[i] == {self.kind_of(scope)} else 0"

    def item_value(self, node: Node) -> str:
        if node.op is not Op.SUBJECT:
            return right_side(node)
        return "t[i]" if self.subject(node.name).given is Given.SECONDS else "x[i]"

    def kind_of(self, scope: str) -> int:
        return next(k for k, name in enumerate(self.kinds) if k >= self.plain and self.subject(name).part == scope)

    def subject(self, name: str) -> Subject:
        return next(s for s in self.terms.subjects if s.name == name)

    def events(self) -> Iterator[str]:
        """One item an event: it is copied; else the items of each are added up."""
        yield from self.begun()
        yield "owner = first - 1"
        yield f"for at in range(first, last, {LANES}):"
        yield f"    count = min(last - at, {LANES})"
        yield f"    if not alone or count < {LANES}:"
        yield f"        for i in range({LANES * self.paid_row}):"
        yield "            lanes[i] = 0"
        yield "    if alone:"
        yield from (f"        {line}" for line in self.copied())
        yield "    else:"
        yield from (f"        {line}" for line in self.added())
        yield f"    for i in range({LANES * self.plain}):"
        yield "        odd |= most - lanes[i]"
        yield f"    for i in range({LANES}):"
        yield from (f"        {line}" for line in self.settled())
        yield "    on, by = contract[at:], statutory[at:]"
        yield "    for i in range(count):"
        yield f"        on[i] = lanes[{LANES * self.paid_row} + i]"
        yield "    for i in range(count):"
        yield f"        by[i] = lanes[{LANES * (self.paid_row + 1)} + i]"
        if self.parts:
            yield f"    for k in range({len(self.parts)}):"
            yield "        for i in range(count):"
            yield f"            parts[at + i, k] = lanes[{LANES} * (k + {self.paid_row + 2}) + i]"

    def begun(self) -> Iterator[str]:
        """How many events begin at each item: which item is whose is not to be guessed by the processor."""
        yield "starts, apart = item_start[first:], 0"
        yield "for i in range(last - first + 1):"
        yield "    apart |= starts[i] - begins - i"
        yield "alone = apart == 0"
        yield f"begun = costs[{len(self.each)}]"
        yield "if not alone:"
        yield "    for i in range(ends - begins + 1):"
        yield "        begun[i] = 0"
        yield "    for i in range(first, last):"
        yield "        begun[item_start[i] - begins] += 1"

    def copied(self) -> Iterator[str]:
        yield "kinds, amounts = what[at - first:], x[at - first:]"
        for k in range(self.plain):
            yield "for i in range(count):"
            yield f"    lanes[{LANES * k} + i] = amounts[i] if kinds[i] == {k} else 0"
        for place in range(len(self.each)):
            yield f"cost = costs[{place}, at - first:]"
            yield "for i in range(count):"
            yield f"    lanes[{LANES * (self.plain + 1 + place)} + i] = cost[i]"

    def added(self) -> Iterator[str]:
        yield "for j in range(item_start[at] - begins, item_start[at + count] - begins):"
        yield "    owner += begun[j]"
        yield "    lane = owner - at"
        yield f"    lanes[{LANES} * min(int(what[j]), {self.plain}) + lane] += x[j]"
        for place in range(len(self.each)):
            yield f"    lanes[{LANES * (self.plain + 1 + place)} + lane] += costs[{place}, j]"

    def settled(self) -> Iterator[str]:
        for place in range(self.plain):
            yield f"a{place} = lanes[{LANES * place} + i]"
        for place, index in enumerate(self.each):
            yield f"v{index} = lanes[{LANES * (self.plain + 1 + place)} + i]"
        for index, node in enumerate(self.terms.nodes):
            if index not in self.steady and not node.scope and node.op is not Op.EACH:
                yield f"v{index} = {self.event_value(index, node)}"
        paid = (self.terms.contract, self.terms.statutory, *(self.terms.payable[part] for part in self.parts))
        for row, node_paid in enumerate(paid):
            yield f"lanes[{LANES * (self.paid_row + row)} + i] = v{node_paid}"

    def event_value(self, index: int, node: Node) -> str:
        if node.op is Op.STATE:
            return f"s{state_place(self.terms, index)}"
        if node.op is Op.SUBJECT:
            return f"a{self.kinds.index(sum_name(self.subject(node.name)))}"
        return right_side(node)
