"""Builds the graph node by node, and proves for each that it stays within int64."""

from __future__ import annotations

from collections.abc import Mapping

from ringwall.basics import Refusal, Rounding, Words, refuse
from ringwall.terms.compiling.intervals import interval_of
from ringwall.terms.definition import TermsDefinition
from ringwall.terms.graph import INT64_MAX, Node, Op
from ringwall.terms.outcome import ParameterRead


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

    def in_force(self, clause: str) -> int:
        """1, and 0 where the clause is void for want of an explanation."""
        low = 0 if clause in self.definition.takes_away else 1
        text = Words("条款有效", "the clause is in force")
        return self._append(Node(Op.IN_FORCE, (), "in force", clause, text, low, 1, value=1))

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
        rounding: Rounding = Rounding.HALF_EVEN,
        most: int | None = None,
    ) -> int:
        """Append a step; `most` is what the caller can prove it never exceeds, where that is less than its interval."""
        scope = "" if op is Op.EACH else next((s for i in inputs if (s := self.nodes[i].scope)), "")
        low, high, bits = self._interval(op, inputs, label, clause)
        high = high if most is None else min(high, most)
        return self._append(
            Node(op, inputs, label, clause, text, low, high, "", 0, scope, shown, beside, per, term, bits, rounding)
        )

    def _append(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _interval(self, op: Op, inputs: tuple[int, ...], label: str, clause: str) -> tuple[int, int, int]:
        ins = [self.nodes[i] for i in inputs]
        low, high = interval_of(op, [(node.low, node.high) for node in ins])
        bits = 0
        if op in (Op.CUT, Op.PORTION):
            first, second, below = (node.high for node in ins)
            bits = self._split(first, second, below, label, clause)
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
