"""Compile a definition and the numbers of a schedule into the graph; drafting conflicts and overflow are refused."""

from __future__ import annotations

from collections.abc import Mapping

from ringwall.basics import Refusal, Words
from ringwall.terms.compiling.builder import GraphBuilder
from ringwall.terms.compiling.interruption import compile_interruption, compile_parametric
from ringwall.terms.compiling.measures import SHARE_WHOLE
from ringwall.terms.compiling.rules import compile_rule
from ringwall.terms.compiling.vector import PartVector, named
from ringwall.terms.cover import compile_cover
from ringwall.terms.definition import PartTerms, Settlement, Step, TermsDefinition
from ringwall.terms.drafting import drafting_faults
from ringwall.terms.graph import USED_MAXIMUM, CompiledTerms, Given, Op, PeriodState, Subject, trace_steps
from ringwall.terms.outcome import ParameterRead
from ringwall.terms.rules import Deductible, Limit, Per, Term
from ringwall.terms.straight import write_program


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
        self.vector = PartVector(self.graph, parameters)
        self.contract = [p.part for p in definition.parts if not p.statutory and not p.in_kind]
        item_rules = [r for r in definition.rules if isinstance(r, (Deductible, Limit)) and r.per is Per.ITEM]
        self.by_item = {code for rule in item_rules for code in rule.parts}

    def finish(self) -> CompiledTerms:
        definition, graph, vector = self.definition, self.graph, self.vector
        for part in definition.parts:
            vector.node[part.part] = self.subject(part)
        for step in definition.settlement.order:
            self.apply(step)
        contract = vector.total(self.contract)
        for part in definition.parts:
            if part.statutory:
                vector.put(part.part, self.limited(part))
        statutory = self.sum([p.part for p in definition.parts if p.statutory])
        in_kind = {p.part: vector.flat(p.part) for p in definition.parts if p.in_kind}
        nodes, subjects = tuple(graph.nodes), tuple(vector.inputs.subjects.values())
        return CompiledTerms(
            definition,
            graph.parameters,
            compile_cover(definition, graph.parameters),
            nodes,
            tuple(vector.inputs.columns),
            vector.inputs.optional,
            {p.part: vector.flat(p.part) for p in definition.parts if not p.in_kind},
            contract,
            statutory,
            tuple(vector.states),
            tuple(node.value for node in nodes),
            write_program(nodes),
            trace_steps(nodes, graph.parameters),
            subjects,
            in_kind,
            tuple(s for s in subjects if s.given is Given.FACT and s.part),
            vector.charges,
        )

    def sum(self, codes: list[str]) -> int:
        nodes = tuple(self.vector.flat(code) for code in codes) or (self.graph.constant(0, "nil"),)
        text = Words("法定费用（限额之外）", "statutory costs, on top of the limits")
        return self.graph.step(Op.ADD, nodes, "statutory", "", text)

    def apply(self, step: Step | str) -> None:
        settlement, contract = self.definition.settlement, self.contract
        rule = self.definition.rule(step)
        match step:
            case Step.RETENTION:
                for part in self.acted_on():
                    self.vector.put(part.part, self.retained(part))
            case Step.PART_LIMIT:
                for part in self.acted_on():
                    self.vector.put(part.part, self.limited(part))
            case Step.EVENT_LIMIT if settlement.event_limit:
                limit = self.vector.parameter(settlement.event_limit, Words("每次事故限额", "event limit"))
                codes = [code for code in contract if code not in settlement.outside_event_limit]
                text = Words("每次事故限额之后", "after the event limit")
                self.vector.cut(codes, limit, settlement.clause, "event_limit", text)
            case Step.SHARE if settlement.share:
                self.share(settlement)
            case Step.AGGREGATE if settlement.aggregate:
                self.aggregate(settlement)
            case _:
                if rule:
                    compile_rule(self.vector, rule)

    def acted_on(self) -> list[PartTerms]:
        return [part for part in self.definition.parts if not part.statutory]

    def subject(self, part: PartTerms) -> int:
        """What a part begins with: its hours, its fixed payments, its items one by one, or their sum."""
        if part.interruption:
            found = compile_interruption(self.vector, part, part.interruption)
            self.vector.beside[part.part] = found.beside
            return found.node
        if part.parametric:
            return compile_parametric(self.vector, part, part.parametric)
        high, text = self.definition.maximum_minor, named(part, "责任范围内损失", "loss within cover")
        if part.part in self.by_item:
            subject = Subject(f"{part.part}.item", Given.ITEM, part.part)
            return self.vector.leaf(subject, text, high, scope=part.part)
        return self.vector.leaf(Subject(part.part, Given.AMOUNT, part.part), text, high)

    def retained(self, part: PartTerms) -> int:
        """An interruption's retention already acted hour by hour, inside its own nodes."""
        node = self.vector.flat(part.part)
        if part.interruption or not part.deductible:
            return node
        clause, label = part.deductible.clause, f"{part.part}.retained"
        deductible = self.vector.parameter(part.deductible, named(part, "免赔额", "deductible"))
        text = named(part, "扣除免赔额后", "after the deductible")
        if part.part in self.vector.bounded:
            words = named(part, "已扣免赔", "deductible taken")
            kept = self.graph.step(Op.LEAST, (node, deductible), f"{label}.kept", clause, words)
            self.vector.keep(part.part, kept)
        return self.graph.step(Op.LESS, (node, deductible), label, clause, text, term=True)

    def limited(self, part: PartTerms) -> int:
        node = self.vector.flat(part.part)
        if not part.limit:
            return node
        limit = self.vector.parameter(part.limit, named(part, "分项限额", "limit"))
        text = named(part, "分项限额之内", "within its limit")
        return self.graph.step(Op.LEAST, (node, limit), f"{part.part}.limited", part.limit.clause, text, term=True)

    def share(self, settlement: Settlement) -> None:
        """The insurer's share on the running sum of the parts, rounded once for each running sum."""
        assert settlement.share
        graph, clause = self.graph, settlement.share.clause
        whole, borne = graph.constant(SHARE_WHOLE, "whole"), self.borne(settlement.share)
        text = Words("保险人比例（万分之）", "insurer's share, of 10,000")
        paid = graph.step(Op.LESS, (whole, borne), "share.paid", clause, text)
        text, edges = Words("扣除自负比例后", "after the insured's share"), []
        for run in self.vector.sums(self.contract):
            product = graph.step(Op.TIMES, (run, paid), "share.product", clause, text)
            edges.append(graph.step(Op.ROUND, (product, whole), "share.round", clause, text))
        scale = (graph.nodes[paid].high, SHARE_WHOLE)
        self.vector.divide(self.contract, edges, "share", clause, text, (borne,), (), scale=scale)

    def borne(self, term: Term) -> int:
        """The insured's share; a conditional share is added to it while its condition holds."""
        graph, conditional = self.graph, self.definition.conditional
        base = self.vector.parameter(term, Words("被保险人自负比例（万分之）", "insured's share, of 10,000"))
        if conditional is None:
            return base
        clause = conditional.clause
        applies = self.vector.switch(clause, clause, conditional.when)
        adds = graph.parameter(conditional.parameter, clause, Words("加扣（万分之）", "added, of 10,000"))
        if applies is not None:
            choice, text = (applies, adds, graph.constant(0, "nil")), Words("加扣比例", "added share, of 10,000")
            adds = graph.step(Op.SELECT, choice, "share.added", clause, text)
        text = Words("自负比例合计（万分之）", "insured's share in all, of 10,000")
        return graph.step(Op.ADD, (base, adds), "share.borne", term.clause, text)

    def aggregate(self, settlement: Settlement) -> None:
        assert settlement.aggregate
        graph, clause = self.graph, settlement.aggregate.clause
        codes = [code for code in self.contract if code not in settlement.outside_aggregate]
        limit = self.vector.parameter(settlement.aggregate, Words("累计限额", "aggregate limit"))
        name, text = settlement.aggregate_state, Words("此前已用累计限额", "aggregate used before")
        used = graph.leaf(Op.STATE, name, clause, text, 0, USED_MAXIMUM)
        text = Words("累计限额余额", "left of the aggregate limit")
        left = graph.step(Op.LESS, (limit, used), "aggregate.left", clause, text)
        text = Words("累计限额之后", "after the aggregate limit")
        asked, drawn = self.vector.cut(codes, left, clause, "aggregate", text)
        self.vector.states.append(PeriodState(name, used, drawn, asked, limit))
