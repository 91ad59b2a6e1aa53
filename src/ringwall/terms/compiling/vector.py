"""What each part comes to, carried from step to step: running sums, cuts in proportion, and what was kept so far."""

from __future__ import annotations

from collections.abc import Sequence

from ringwall.basics import Words
from ringwall.terms.compiling.builder import GraphBuilder
from ringwall.terms.definition import PartTerms, TermsDefinition
from ringwall.terms.expressions import ALWAYS, Condition, Parameters, resolved
from ringwall.terms.graph import Given, Op, PeriodState, Subject
from ringwall.terms.rules import DeductibleBounds, Term


class Inputs:
    """What the graph reads: columns of a table, those that it may leave out, and what each stands for."""

    def __init__(self) -> None:
        self.columns: list[str] = []
        self.optional: dict[str, int] = {}
        self.subjects: dict[str, Subject] = {}
        self.nodes: dict[str, int] = {}

    def note(self, subject: Subject, default: int | None = None) -> None:
        if subject.name not in self.subjects:
            self.subjects[subject.name] = subject
            if default is None:
                self.columns.append(subject.name)
            else:
                self.optional[subject.name] = default


class PartVector:
    """The node of every part. A part that is reckoned item by item stays so until a step takes it as a whole."""

    def __init__(self, graph: GraphBuilder, parameters: Parameters) -> None:
        self.graph = graph
        self.definition: TermsDefinition = graph.definition
        self.parameters = parameters
        self.inputs = Inputs()
        self.node: dict[str, int] = {}
        self.beside: dict[str, int] = {}
        """What joins a part when its items are summed: the extra expense of an interruption."""
        self.kept: dict[str, list[int]] = {}
        bounds = [rule for rule in self.definition.rules if isinstance(rule, DeductibleBounds)]
        self.bounded = frozenset(code for rule in bounds for code in rule.parts)
        self.states: list[PeriodState] = []
        self.charges: dict[str, int] = {}
        self.running: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())

    def part(self, code: str) -> PartTerms:
        found = self.definition.part(code)
        assert found
        return found

    def parameter(self, term: Term, text: Words) -> int:
        return self.graph.parameter(term.parameter, term.clause, text)

    def leaf(
        self, subject: Subject, text: Words, high: int, default: int | None = None, *, scope: str = "", low: int = 0
    ) -> int:
        """A subject of the graph, written once however many rules read it."""
        if subject.name not in self.inputs.nodes:
            self.inputs.note(subject, default)
            found = self.graph.leaf(Op.SUBJECT, subject.name, subject.clause, text, low, high, scope=scope)
            self.inputs.nodes[subject.name] = found
        return self.inputs.nodes[subject.name]

    def fact(self, name: str, clause: str, scope: str = "") -> int:
        """The amount of a fact of the event, or of each item of a part."""
        spec = self.definition.facts[name]
        prefix = f"{scope}." if scope else ""
        subject = Subject(f"{prefix}fact.{name}", Given.FACT, scope, fact=name, clause=clause)
        return self.leaf(subject, spec.words, self.definition.maximum_minor, 0, scope=scope)

    def switch(self, name: str, clause: str, when: Condition, scope: str = "") -> int | None:
        """1 while the condition of a rule holds; None where the rule always works."""
        if when == ALWAYS:
            return None
        prefix = f"{scope}." if scope else ""
        filled = resolved(when, self.parameters, self.instants())
        subject = Subject(f"{prefix}{name}", Given.SWITCH, scope, filled, clause=clause)
        return self.leaf(subject, Words("条件成立", "the condition holds"), 1, 0, scope=scope)

    def instants(self) -> set[str]:
        return {name for name, spec in self.definition.facts.items() if spec.kind == "instant"}

    def chosen(self, switch: int | None, after: int, before: int, label: str, clause: str, text: Words) -> int:
        """What a rule makes of an amount, while it works."""
        if switch is None:
            return after
        shown = (before, after)
        return self.graph.step(Op.SELECT, (switch, after, before), label, clause, text, shown=shown, term=True)

    def flat(self, code: str) -> int:
        """The part as one amount: its items summed, with what joins them."""
        node = self.node[code]
        if self.graph.nodes[node].scope:
            part = self.part(code)
            text = Words("各次中断合计", "all interruptions") if part.interruption else named(part, "合计", "in all")
            node = self.graph.step(Op.EACH, (node,), f"{code}.each", "", text)
            if code in self.beside:
                text = named(part, "扣除自留后", "after the retention")
                node = self.graph.step(Op.ADD, (node, self.beside[code]), f"{code}.retained", "", text)
            self.put(code, node)
        return node

    def put(self, code: str, node: int) -> None:
        self.node[code] = node
        self.running = ((), ())

    def keep(self, code: str, node: int) -> None:
        """A deductible that was taken, where a rule bounds all of them together."""
        self.kept.setdefault(code, []).append(node)

    def sums(self, codes: Sequence[str]) -> tuple[int, ...]:
        """The running sums of the parts; after a cut or a share they are what was rounded, not summed anew."""
        if self.running[0] != tuple(codes):
            clause, text = self.definition.settlement.clause, Words("各项累计", "sum of the parts so far")
            found: list[int] = []
            for code in codes:
                node = self.flat(code)
                inputs = (found[-1], node) if found else ()
                found.append(self.graph.step(Op.ADD, inputs, f"sum.{code}", clause, text) if inputs else node)
            self.running = (tuple(codes), tuple(found))
        return self.running[1]

    def total(self, codes: Sequence[str]) -> int:
        return self.sums(codes)[-1] if codes else self.graph.constant(0, "nil")

    def cut(
        self, codes: Sequence[str], limit: int, clause: str, label: str, text: Words, switch: int | None = None
    ) -> tuple[int, int]:
        """Each part keeps its proportion, rounded on the running sum; returns the total before and after."""
        *sums, total = runs = self.sums(codes)
        edges = [self.graph.step(Op.CUT, (limit, run, total), f"{label}.cut", clause, text) for run in sums]
        edges.append(self.graph.step(Op.LEAST, (total, limit), f"{label}.total", clause, text))
        pairs = zip(edges, runs, strict=True)
        edges = [self.chosen(switch, edge, run, f"{label}.works", clause, text) for edge, run in pairs]
        self.divide(codes, edges, label, clause, text, (limit,), (total,))
        return total, edges[-1]

    def divide(
        self,
        codes: Sequence[str],
        edges: Sequence[int],
        label: str,
        clause: str,
        text: Words,
        follow: tuple[int, ...],
        beside: tuple[int, ...],
        start: int | None = None,
        scale: tuple[int, int] = (1, 1),
    ) -> None:
        """What each part gets: the rounded running sum with it less the one before it.

        Every part is scaled down by at least `scale`, and a difference of roundings is never above the next whole
        amount: that bounds each part by what it was, whatever the other parts come to.
        """
        after: dict[str, int] = {}
        for place, code in enumerate(codes):
            below = edges[place - 1] if place else start
            op, inputs = (Op.ADD, (edges[0],)) if below is None else (Op.APART, (edges[place], below))
            words, shown = named(self.part(code), text.zh, text.en), (self.node[code], *follow)
            name = f"{code}.{label}"
            above, whole = scale
            most = -(-self.graph.nodes[self.node[code]].high * above // whole)
            after[code] = self.graph.step(
                op, inputs, name, clause, words, shown=shown, beside=beside, term=True, most=most
            )
        self.node |= after
        self.running = (tuple(codes), tuple(edges)) if start is None else ((), ())


def named(part: PartTerms, zh: str, en: str) -> Words:
    return Words(f"{part.name.zh}：{zh}", f"{part.name.en}: {en}")
