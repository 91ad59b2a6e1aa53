"""Compile a definition and the numbers of a schedule into the graph; drafting conflicts and overflow are refused."""

from __future__ import annotations

from collections.abc import Mapping

from ringwall.basics import Refusal, Words
from ringwall.terms.cover import compile_cover
from ringwall.terms.definition import (
    PartTerms,
    Settlement,
    Step,
    Term,
    TermsDefinition,
)
from ringwall.terms.drafting import drafting_faults
from ringwall.terms.graph import CeilingState, CompiledTerms, GraphBuilder, Op, trace_steps
from ringwall.terms.interruption import compile_interruption
from ringwall.terms.outcome import ParameterRead
from ringwall.terms.straight import write_program

SHARE_WHOLE = 10_000
USED_MAXIMUM = 2**60


def compile_terms(definition: TermsDefinition, parameters: Mapping[str, ParameterRead]) -> CompiledTerms | Refusal:
    """One graph for every reader, or the first drafting conflict or overflow, named by clause and line."""
    faults = drafting_faults(definition, parameters)
    if faults:
        return faults[0]
    work = _Compilation(definition, parameters)
    terms = work.finish()
    return work.graph.refusals[0] if work.graph.refusals else terms


class _Compilation:
    """One compilation: the vector of part nodes is carried from step to step in the order that the product states."""

    def __init__(self, definition: TermsDefinition, parameters: Mapping[str, ParameterRead]) -> None:
        self.definition = definition
        self.graph = GraphBuilder(definition, parameters)
        self.columns: list[str] = []
        self.optional: dict[str, int] = {}
        self.capped: dict[str, int] = {}
        self.states: list[CeilingState] = []
        self.vector: dict[str, int] = {}
        self.running: tuple[int, ...] = ()

    def finish(self) -> CompiledTerms:
        contract_parts = [p for p in self.definition.parts if not p.statutory]
        statutory_parts = [p for p in self.definition.parts if p.statutory]
        for part in contract_parts:
            self.vector[part.part] = self.subject(part)
        for step in self.definition.settlement.order:
            self.apply(step, contract_parts)
        contract = self.sums()[-1]
        statutory = {p.part: self.limited(p, self.subject(p)) for p in statutory_parts}
        nodes = tuple(statutory.values()) or (self.graph.constant(0, "nil"),)
        on_top = self.graph.step(
            Op.ADD, nodes, "statutory", "", Words("法定费用（限额之外）", "statutory costs, on top of the limits")
        )
        return CompiledTerms(
            self.definition,
            self.graph.parameters,
            compile_cover(self.definition, self.graph.parameters),
            tuple(self.graph.nodes),
            tuple(self.columns),
            self.optional,
            self.vector | statutory,
            contract,
            on_top,
            tuple(self.states),
            tuple(node.value for node in self.graph.nodes),
            write_program(self.graph.nodes),
            trace_steps(self.graph.nodes, self.graph.parameters),
            self.capped,
        )

    def apply(self, step: Step, parts: list[PartTerms]) -> None:
        settlement = self.definition.settlement
        match step:
            case Step.RETENTION:
                self.vector, self.running = {p.part: self.retained(p, self.vector[p.part]) for p in parts}, ()
            case Step.PART_LIMIT:
                self.vector, self.running = {p.part: self.limited(p, self.vector[p.part]) for p in parts}, ()
            case Step.EVENT_LIMIT if settlement.event_limit:
                limit = self.parameter(settlement.event_limit, Words("每次事故限额", "event limit"))
                self.cut(limit, settlement.clause, "event_limit", Words("每次事故限额之后", "after the event limit"))
            case Step.SHARE if settlement.share:
                self.share(settlement)
            case Step.AGGREGATE if settlement.aggregate:
                self.aggregate(settlement)
            case _:
                pass

    def subject(self, part: PartTerms) -> int:
        if part.interruption:
            found = compile_interruption(self.graph, part, part.interruption)
            self.columns += found.columns
            self.optional |= found.optional
            self.capped[part.part] = found.longest_seconds
            return found.node
        self.columns.append(part.part)
        return self.amount(part.part, _named(part, "责任范围内损失", "loss within cover"))

    def amount(self, name: str, text: Words, clause: str = "", scope: str = "") -> int:
        high = self.definition.maximum_minor
        return self.graph.leaf(Op.SUBJECT, name, clause, text, 0, high, scope=scope)

    def parameter(self, term: Term, text: Words) -> int:
        return self.graph.parameter(term.parameter, term.clause, text)

    def retained(self, part: PartTerms, node: int) -> int:
        """An interruption's retention already acted hour by hour, inside its own nodes."""
        if part.interruption or not part.deductible:
            return node
        deductible = self.parameter(part.deductible, _named(part, "免赔额", "deductible"))
        text = _named(part, "扣除免赔额后", "after the deductible")
        return self.graph.step(
            Op.LESS, (node, deductible), f"{part.part}.retained", part.deductible.clause, text, term=True
        )

    def limited(self, part: PartTerms, node: int) -> int:
        if not part.limit:
            return node
        limit = self.parameter(part.limit, _named(part, "分项限额", "limit"))
        text = _named(part, "分项限额之内", "within its limit")
        return self.graph.step(Op.LEAST, (node, limit), f"{part.part}.limited", part.limit.clause, text, term=True)

    def sums(self) -> tuple[int, ...]:
        """The running sums of the parts; after a cut or a share they are what was rounded, not summed anew."""
        if not self.running:
            clause, text = self.definition.settlement.clause, Words("各项累计", "sum of the parts so far")
            found: list[int] = []
            for code, node in self.vector.items():
                inputs = (found[-1], node) if found else ()
                found.append(self.graph.step(Op.ADD, inputs, f"sum.{code}", clause, text) if inputs else node)
            self.running = tuple(found)
        return self.running

    def cut(self, limit: int, clause: str, label: str, text: Words) -> int:
        """Each part keeps its proportion, rounded on the running sum; the last running sum is the limit itself."""
        *sums, total = self.sums()
        edges = [self.graph.step(Op.CUT, (limit, run, total), f"{label}.cut", clause, text) for run in sums]
        edges.append(self.graph.step(Op.LEAST, (total, limit), f"{label}.total", clause, text))
        self.divide(edges, label, clause, text, (limit,), (total,))
        return total

    def share(self, settlement: Settlement) -> None:
        """The insurer's share on the running sum of the parts, rounded once for each running sum."""
        assert settlement.share
        graph, clause = self.graph, settlement.share.clause
        whole, borne = graph.constant(SHARE_WHOLE, "whole"), self.borne(settlement.share)
        text = Words("保险人比例（万分之）", "insurer's share, of 10,000")
        paid = graph.step(Op.LESS, (whole, borne), "share.paid", clause, text)
        text, edges = Words("扣除自负比例后", "after the insured's share"), []
        for run in self.sums():
            product = graph.step(Op.TIMES, (run, paid), "share.product", clause, text)
            edges.append(graph.step(Op.ROUND, (product, whole), "share.round", clause, text))
        self.divide(edges, "share", clause, text, (borne,), ())

    def borne(self, term: Term) -> int:
        """The insured's share; a conditional share is added to it while its condition holds."""
        graph, conditional = self.graph, self.definition.conditional
        base = self.parameter(term, Words("被保险人自负比例（万分之）", "insured's share, of 10,000"))
        if conditional is None:
            return base
        clause = conditional.clause
        applies = graph.leaf(Op.SUBJECT, clause, clause, Words("条件成立", "the condition holds"), 0, 1)
        self.optional[clause] = 0
        adds = graph.parameter(conditional.parameter, clause, Words("加扣（万分之）", "added, of 10,000"))
        choice = (applies, adds, graph.constant(0, "nil"))
        added = graph.step(Op.SELECT, choice, "share.added", clause, Words("加扣比例", "added share, of 10,000"))
        text = Words("自负比例合计（万分之）", "insured's share in all, of 10,000")
        return graph.step(Op.ADD, (base, added), "share.borne", term.clause, text)

    def divide(
        self,
        edges: list[int],
        label: str,
        clause: str,
        text: Words,
        follow: tuple[int, ...],
        beside: tuple[int, ...],
    ) -> None:
        """What each part gets: the rounded running sum with it less the one before it."""
        after: dict[str, int] = {}
        for place, (code, node) in enumerate(self.vector.items()):
            part = self.definition.part(code)
            assert part
            op, inputs = (Op.APART, (edges[place], edges[place - 1])) if place else (Op.ADD, (edges[0],))
            words, shown = _named(part, text.zh, text.en), (node, *follow)
            name = f"{code}.{label}"
            after[code] = self.graph.step(op, inputs, name, clause, words, shown=shown, beside=beside, term=True)
        self.vector, self.running = after, tuple(edges)

    def aggregate(self, settlement: Settlement) -> None:
        assert settlement.aggregate
        graph, clause = self.graph, settlement.aggregate.clause
        limit = self.parameter(settlement.aggregate, Words("累计限额", "aggregate limit"))
        name, text = settlement.aggregate_state, Words("此前已用累计限额", "aggregate used before")
        used = graph.leaf(Op.STATE, name, clause, text, 0, USED_MAXIMUM)
        text = Words("累计限额余额", "left of the aggregate limit")
        left = graph.step(Op.LESS, (limit, used), "aggregate.left", clause, text)
        asked = self.cut(left, clause, "aggregate", Words("累计限额之后", "after the aggregate limit"))
        self.states.append(CeilingState(name, used, limit, asked))


def _named(part: PartTerms, zh: str, en: str) -> Words:
    return Words(f"{part.name.zh}：{zh}", f"{part.name.en}: {en}")
