"""The trace of a graph as straight-line Python: one step a line, written once for each structure and kept.

The shape of a trace hangs on the graph alone, but for the items behind it and the number of interruptions. Words and
the numbers of the contract come in as data, so that schedules share the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from ringwall.basics import round_ratio
from ringwall.terms.graph import CompiledTerms, Given, Node, Op
from ringwall.terms.outcome import TraceNode
from ringwall.terms.straight import Values, load_text

TraceSteps = Callable[[Values, Any], tuple[TraceNode, ...]]
"""From the values of one settlement, and the items behind each subject, to the steps that were asked for."""

_BEHIND = {Given.AMOUNT: "amount", Given.EXTRA: "extra", Given.ITEM: "item", Given.SECONDS: "spell"}
"""The subjects behind which loss items stand, and how these are asked for."""
_WORDS: dict[str, Any] = {
    "step": TraceNode,
    "enumerate": enumerate,
    "zip": zip,
    "tuple": tuple,
    "half_even": round_ratio,
    **{f"op_{op}": op for op in Op},
}


def compile_trace(terms: CompiledTerms, roots: Sequence[int], void: frozenset[str]) -> TraceSteps:
    """The steps of these nodes with all below them; a void clause reads no number and is told as tried."""
    bind = load_text(_Writer(terms, roots).text(), "bind", "<trace>", _WORDS)
    read = [
        tuple(r for r, clause in zip(step.read, step.clauses, strict=True) if clause not in void)
        for step in terms.steps
    ]
    named = [(node.clause,) if node.clause else () for node in terms.nodes]
    always = [clause if node.clause in void else () for node, clause in zip(terms.nodes, named, strict=True)]
    return cast(TraceSteps, bind([node.text for node in terms.nodes], read, named, always))


class _Writer:
    """Follows the graph down from the roots, then writes each step after those below it."""

    def __init__(self, terms: CompiledTerms, roots: Sequence[int]) -> None:
        self.nodes, self.steps, self.roots = terms.nodes, terms.steps, roots
        self.silent = terms.optional
        self.subjects = {subject.name: subject for subject in terms.subjects}
        self.followed: set[int] = set()
        self.whole: set[int] = set()
        """The nodes shown to the whole fen whose value a line before has reckoned."""
        self.shared: set[int] = set()
        """The nodes shown alone whose step a line before has made."""
        self.data: dict[str, str] = {}
        for root in roots:
            self.follow(root)

    def follow(self, index: int) -> None:
        if index not in self.followed:
            self.followed.add(index)
            for below in self.below(index):
                self.follow(below)

    def below(self, index: int) -> tuple[int, ...]:
        node = self.nodes[index]
        return node.inputs[:1] if node.op is Op.EACH else self.steps[index].below

    def text(self) -> str:
        lines = []
        for index in sorted(self.followed):
            node = self.nodes[index]
            if node.op is Op.EACH:
                lines += self.each(index, node)
            elif not node.scope:
                lines += self.line(index)
        names = ", ".join(f"v{index}" for index in range(len(self.nodes)))
        asked = "".join(f"n{root}, " for root in self.roots)
        told, sources = ", ".join(self.data), ", ".join(self.data.values())
        head = ["def bind(text, read, named, always):", f"    data = ({sources},)", "    def trace(values, items):"]
        head.append(f"        {told}, = data")
        body = [f"        {names}, = values", *lines, f"        return ({asked})"]
        return "\n".join([*head, *body, "    return trace", ""])

    def each(self, index: int, node: Node) -> list[str]:
        """The steps of one interruption or item, in its turn; each of their nodes has one value a turn."""
        scoped = sorted(self.inside(node.inputs[0], set()))
        columns = sorted({i for one in scoped for i in self.values_read(one) if self.nodes[i].scope})
        names, sources = (", ".join(f"{letter}{i}" for i in columns) for letter in "xv")
        lines = [f"        e{index} = []", f"        for turn, ({names},) in enumerate(zip({sources})):"]
        lines += [f"    {line}" for one in scoped for line in self.line(one)]
        lines.append(f"            e{index}.append(n{node.inputs[0]})")
        return [*lines, f"        n{index} = {self.made(index, f'v{index}', f'tuple(e{index})')}"]

    def inside(self, index: int, found: set[int]) -> set[int]:
        if self.nodes[index].scope and index not in found:
            found.add(index)
            for below in self.below(index):
                self.inside(below, found)
        return found

    def values_read(self, index: int) -> list[int]:
        """The nodes whose value the step of this node shows or asks for."""
        step = self.steps[index]
        read = [index, *step.alone, *([step.first] if self.nodes[index].term else ())]
        return read + [per for i in read if (per := self.nodes[i].per) is not None]

    def line(self, index: int) -> list[str]:
        node, step = self.nodes[index], self.steps[index]
        if node.op is Op.SUBJECT:
            return [f"        n{index} = {self.subject(index, node)}"]
        lines = []
        if node.per is not None:
            lines.append(f"        w{index} = {self.value(index)}")
            self.whole.add(index)
        value, read = self.value(index), self.datum("r", "read", index) if step.read else "()"
        tried = self.datum("a", "always", index) if node.clause else "()"
        if node.term and node.clause:
            tried = f"{self.datum('c', 'named', index)} if {value} == {self.value(step.first)} else {tried}"
        lines += [line for i in step.alone for line in self.alone(i)]
        told = [*(self.told(i) for i in step.below), *(f"m{i}" for i in step.alone)]
        below = f"({', '.join(told)},)" if told else "()"
        return [*lines, f"        n{index} = {self.made(index, value, below, read, tried)}"]

    def alone(self, index: int) -> list[str]:
        """A node whose value is shown without what is below it; made once, or once in each turn."""
        if index in self.shared:
            return []
        if not self.nodes[index].scope:
            self.shared.add(index)
        return [f"        m{index} = {self.made(index, self.value(index), '()')}"]

    def told(self, index: int) -> str:
        """An optional subject at the value that it has when nobody names it tells the reader nothing."""
        return f"*((n{index},) if n{index} else ())" if self.nodes[index].name in self.silent else f"n{index}"

    def subject(self, index: int, node: Node) -> str:
        given = self.subjects[node.name]
        turn = ", turn" if node.scope else ""
        behind = f"items.{_BEHIND[given.given]}({given.part!r}{turn})" if given.given in _BEHIND else "()"
        value, made = self.value(index), self.made(index, self.value(index), behind)
        return f"{made} if {value} != {self.silent[node.name]} else None" if node.name in self.silent else made

    def made(self, index: int, value: str, below: str, read: str = "()", tried: str = "()") -> str:
        node, text = self.nodes[index], self.datum("t", "text", index)
        return f"step({node.label!r}, {node.clause!r}, op_{node.op}, {value}, {text}, {below}, {read}, {tried})"

    def value(self, index: int) -> str:
        """An amount kept in minor-unit seconds is shown to the whole fen; the graph keeps it exact."""
        if index in self.whole:
            return f"w{index}"
        node = self.nodes[index]
        exact = f"x{index}" if node.scope else f"v{index}"
        return exact if node.per is None else f"half_even({exact}, {self.value(node.per)})"

    def datum(self, letter: str, source: str, index: int) -> str:
        self.data[f"{letter}{index}"] = f"{source}[{index}]"
        return f"{letter}{index}"
