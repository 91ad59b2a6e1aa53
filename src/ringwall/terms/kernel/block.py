"""The graph as a loop over a block of losses of one policy: straight lines that a compiler takes several at a time.

For terms whose parts have one amount an event each. A policy's numbers come as a row, so that a table of policies needs
no compilation each; the proof of overflow holds for the ranges that the plan was made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import Refusal, Rounding, refuse
from ringwall.terms.compiling.intervals import Interval, interval_of
from ringwall.terms.graph import INT64_MAX, CompiledTerms, Given, Node, Op
from ringwall.terms.kernel.steps import NEAR, NEAREST, ROUNDS, right_side

Whole = NDArray[np.int64]
QUICK = 2**34
"""One up to this lies less than 2**-17 beside the right quotient: away from a tie its nearest whole number is right."""
TIE = "0.49999237060546875"
"""A half less 2**-17, in the text."""


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """One structure: its text, and what stands in each column of the numbers and each row of a block.

    The text's `settle(most, count, numbers, policy, amounts, paid)` reads `amounts[part, i]`, writes `paid[part, i]`;
    what it returns is below nil where an amount is, or is above `most`, the declared maximum that the proof assumed.
    With period states it also takes `period, used` after `policy`: the period of each loss, never decreasing, and the
    states with which the first of them opens, which are afterwards those after the last loss.
    """

    text: str
    parameters: tuple[str, ...]
    ranges: Mapping[str, Interval]
    parts: tuple[str, ...]
    states: tuple[str, ...]


def plan_block(terms: CompiledTerms, ranges: Mapping[str, Interval]) -> BlockPlan | Refusal:
    """The loop for policies whose numbers lie within `ranges`; a parameter not named there stays what it is."""
    odd = next((s for s in terms.subjects if s.given not in (Given.AMOUNT, Given.SWITCH, Given.FACT)), None)
    if odd:
        return refuse(
            "kernel_block_terms",
            odd.name,
            zh=f"「{odd.name}」逐项核算，成块核算只适用于每责任项一个金额的条款；请改用逐项核算。",
            en=f"“{odd.name}” is reckoned item by item, while a block takes one amount a part; use the item loop.",
        )
    found = _intervals(terms, ranges)
    fault = _out_of_range(terms, found)
    if fault:
        return fault
    roundings = [(node, high) for node, (_, high) in zip(terms.nodes, found, strict=True) if node.op in ROUNDS]
    quick = all(high <= QUICK and node.rounding is Rounding.HALF_EVEN for node, high in roundings)
    return _Writer(terms, ranges, quick=quick and bool(roundings) and not terms.states).plan()


def block_numbers(plan: BlockPlan, columns: Mapping[str, Whole]) -> Whole:
    """One row a policy, in the order of the plan's parameters."""
    for name, column in columns.items():
        low, high = plan.ranges[name]
        assert len(column) == 0 or (low <= column.min() and column.max() <= high), f"{name} leaves its proved range"
    return np.ascontiguousarray(np.column_stack([columns[name] for name in plan.parameters]).astype(np.int64))


def _intervals(terms: CompiledTerms, ranges: Mapping[str, Interval]) -> list[Interval]:
    """Interval analysis anew, with every parameter anywhere in its range."""
    found: list[Interval] = []
    for node in terms.nodes:
        if node.op is Op.PARAMETER and node.name in ranges:
            found.append(ranges[node.name])
        else:
            inputs = [found[i] for i in node.inputs]
            found.append(interval_of(node.op, inputs) if inputs else (node.low, node.high))
    return found


def _out_of_range(terms: CompiledTerms, found: Sequence[Interval]) -> Refusal | None:
    for index, node in enumerate(terms.nodes):
        most = NEAREST if node.op in ROUNDS else INT64_MAX // 2
        if max(found[i][1] for i in (index, *node.inputs)) > most:
            return refuse(
                "kernel_block_range",
                node.label,
                zh=f"「{node.label}」可能超出成块核算可证明的范围（{most}）；请缩小参数范围或申报的最大金额。",
                en=f"“{node.label}” could leave the range proved for a block ({most}); narrow the ranges of the "
                "parameters or lower the declared maximum.",
            )
    return None


class _Writer:
    """Numbers of the policy first, then every loss of the block."""

    def __init__(self, terms: CompiledTerms, ranges: Mapping[str, Interval], *, quick: bool) -> None:
        self.terms, self.ranges, self.quick = terms, ranges, quick
        self.parts = tuple(terms.payable)
        varying = (node.name for node in terms.nodes if node.op is Op.PARAMETER and node.name in ranges)
        self.parameters = tuple(dict.fromkeys(varying))
        self.steady = self.find_steady()

    def find_steady(self) -> set[int]:
        """Nodes that hang on the contract alone."""
        found = set[int]()
        for index, node in enumerate(self.terms.nodes):
            if self.stands(node) or (node.inputs and found.issuperset(node.inputs)):
                found.add(index)
        return found

    def stands(self, node: Node) -> bool:
        optional = node.op is Op.SUBJECT and node.name in self.terms.optional
        return optional or node.op in (Op.PARAMETER, Op.CONSTANT, Op.IN_FORCE)

    def plan(self) -> BlockPlan:
        lines = "\n".join(f"    {line}" for line in self.lines())
        states = tuple(rule.name for rule in self.terms.states)
        over_periods = "period, used, " if states else ""
        text = f"{NEAR}def settle(most, count, numbers, policy, {over_periods}amounts, paid):\n{lines}\n"
        return BlockPlan(text, self.parameters, dict(self.ranges), self.parts, states)

    def lines(self) -> Iterator[str]:
        """Quickly first; where that comes near a tie, all of the block once more with exact rests."""
        yield from (f"v{i} = {self.value(i, node)}" for i, node in enumerate(self.terms.nodes) if i in self.steady)
        yield "odd = 0"
        if self.quick:
            yield "ties = 0"
            yield from self.loop(quick=True)
            yield "if ties == 0:"
            yield "    return odd"
        for place in range(len(self.terms.states)):
            yield f"s{place} = used[{place}]"
        yield from self.loop(quick=False)
        for place in range(len(self.terms.states)):
            yield f"used[{place}] = s{place}"
        yield "return odd"

    def loop(self, *, quick: bool) -> Iterator[str]:
        """A state is nil where the period changes; chosen, not branched to, as that comes at random."""
        yield "for i in range(count):"
        if self.terms.states:
            yield "    same = i == 0 or period[i] == period[i - 1]"
        for place in range(len(self.terms.states)):
            yield f"    s{place} = s{place} if same else 0"
        for index, node in enumerate(self.terms.nodes):
            if index in self.steady:
                continue
            if quick and node.op in ROUNDS:
                yield from (f"    {line}" for line in self.nearest(index, node))
            else:
                yield f"    v{index} = {self.value(index, node)}"
            if node.op is Op.SUBJECT:
                yield f"    odd |= v{index} | (most - v{index})"
        for place, part in enumerate(self.parts):
            yield f"    paid[{place}, i] = v{self.terms.payable[part]}"
        for place, rule in enumerate(self.terms.states):
            yield f"    s{place} += v{rule.drawn}"

    def nearest(self, index: int, node: Node) -> Iterator[str]:
        """The nearest whole number of a quotient in floats, and whether that came near a tie."""
        a = [f"v{i}" for i in node.inputs]
        if node.op is Op.ROUND:
            a = [a[0], "1", a[1]]
        cuts = f" if {a[2]} > {a[0]} else float({a[1]})" if node.op is Op.CUT else ""
        yield f"q = float({a[0]}) / float({a[2]}) * float({a[1]}){cuts}"
        yield f"v{index} = int(q + 0.5)"
        yield f"ties |= 1 if abs(q - float(v{index})) > {TIE} else 0"

    def value(self, index: int, node: Node) -> str:
        """One step on its own line, exact."""
        match node.op:
            case Op.PARAMETER if node.name in self.ranges:
                return f"numbers[policy, {self.parameters.index(node.name)}]"
            case Op.PARAMETER | Op.CONSTANT | Op.IN_FORCE:
                return str(node.value)
            case Op.SUBJECT if index in self.steady:
                return str(self.terms.optional[node.name])
            case Op.STATE:
                return f"s{next(p for p, rule in enumerate(self.terms.states) if rule.node == index)}"
            case Op.SUBJECT:
                return f"amounts[{self.parts.index(node.name)}, i]"
            case _:
                return right_side(node)
