"""The trace of one settlement: a tree built from the graph's own words, from the payment back to each invoice."""

from __future__ import annotations

from collections.abc import Sequence

from ringwall.basics import Words, round_ratio
from ringwall.terms.cover import Judged
from ringwall.terms.graph import CompiledTerms, Given, Node, Op, TraceStep
from ringwall.terms.outcome import TraceNode, Verdict
from ringwall.terms.straight import Values

ITEM_WORDS = {
    Verdict.COVERED: Words("在责任范围内", "covered"),
    Verdict.LIMITED: Words("有限承保", "covered within narrower terms"),
    Verdict.CONDITIONAL: Words("附条件承保", "covered, with a condition at work"),
    Verdict.EXCLUDED: Words("责任免除或条件不满足", "excluded"),
    Verdict.NOMINAL_ONLY: Words("名义承保，依法不赔", "named in the wording, not payable in law"),
    Verdict.UNMAPPED: Words("没有条款承保", "no clause grants it"),
    Verdict.UNKNOWN: Words("待认定", "unknown until ruled"),
}
BEHIND = frozenset({Given.AMOUNT, Given.ITEM, Given.SECONDS, Given.EXTRA})
"""The subjects behind which loss items stand."""
LIFTED = Words("免责例外成立，恢复承保", "an exception lifts the exclusion")


def build_trace(terms: CompiledTerms, judged: Sequence[Judged], values: Values, void: frozenset[str]) -> TraceNode:
    """An amount of an interruption before its one rounding is shown to the whole fen; the graph keeps it exact."""
    writer = _Writer(terms, judged, values, void)
    settlement = terms.definition.settlement.clause
    contract_parts = [p.part for p in terms.definition.parts if not p.statutory and not p.in_kind]
    parts = tuple(writer.node(terms.payable[code]) for code in contract_parts)
    text = Words("合同赔款", "contract payment")
    contract = TraceNode("contract", settlement, "add", writer.value(terms.contract, 0), text, parts)
    statutory = writer.node(terms.statutory)
    outside = tuple(writer.item(j) for j in judged if terms.definition.part(j.part) is None)
    outside += tuple(writer.node(node) for node in (*terms.in_kind.values(), *terms.charges.values()))
    text = Words("应付赔款（现可确定部分）", "payable now")
    total = contract.value + statutory.value
    return TraceNode("payable", settlement, "add", total, text, (contract, statutory, *outside))


class _Writer:
    """Walks the graph from the payment back; a rule that changed nothing is named in `tried`."""

    def __init__(self, terms: CompiledTerms, judged: Sequence[Judged], values: Values, void: frozenset[str]) -> None:
        self.terms = terms
        self.nodes = terms.nodes
        self.silent = terms.optional
        self.subjects = {subject.name: subject for subject in terms.subjects}
        self.written: dict[tuple[int, int], TraceNode] = {}
        self.judged = judged
        self.values = values
        self.void = void

    def item(self, judged: Judged) -> TraceNode:
        finding, words = judged.finding, ITEM_WORDS[judged.finding.verdict]
        name, clause = judged.item.what or judged.item.name, judged.bounded_by or finding.clause
        text = Words(f"{name}：{words.zh}", f"{name}: {words.en}")
        value = judged.within.low
        lifted = tuple(TraceNode(number, number, "write_back", value, LIFTED) for number in finding.lifted)
        return TraceNode(judged.item.name, clause, finding.verdict, value, text, lifted, (), finding.tried)

    def node(self, index: int, turn: int = 0) -> TraceNode:
        """One step with all below it; a step that several others read is written once."""
        key = (index, turn)
        found = self.written.get(key)
        if found is None:
            found = self.written[key] = self.write(index, turn)
        return found

    def write(self, index: int, turn: int) -> TraceNode:
        node, step = self.nodes[index], self.terms.steps[index]
        if node.op is Op.EACH:
            return self.interruptions(index, node)
        if node.op is Op.SUBJECT:
            return TraceNode(
                node.label, node.clause, node.op, self.value(index, turn), node.text, self.items(node, turn)
            )
        below = [self.node(i, turn) for i in step.below if self.nodes[i].name not in self.silent or self.tells(i, turn)]
        below += [self.alone(i, turn) for i in step.alone]
        read, value = step.read, self.value(index, turn)
        if self.void:
            read = tuple(r for r, clause in zip(read, step.clauses, strict=True) if clause not in self.void)
        tried = self.tried(node, step, value, turn)
        return TraceNode(node.label, node.clause, node.op, value, node.text, tuple(below), read, tried)

    def alone(self, index: int, turn: int) -> TraceNode:
        node = self.nodes[index]
        return TraceNode(node.label, node.clause, node.op, self.value(index, turn), node.text)

    def tells(self, index: int, turn: int) -> bool:
        """An optional subject at the value that it has when nobody names it tells the reader nothing."""
        return self.value(index, turn) != self.silent[self.nodes[index].name]

    def interruptions(self, index: int, node: Node) -> TraceNode:
        each = self.values[node.inputs[0]]
        count = len(each) if isinstance(each, tuple) else 1
        inputs = tuple(self.node(node.inputs[0], turn) for turn in range(count))
        return TraceNode(node.label, node.clause, node.op, self.value(index, 0), node.text, inputs)

    def items(self, node: Node, turn: int) -> tuple[TraceNode, ...]:
        """The invoices behind a subject: those of the part, its extra expense, or the interruption in its turn."""
        subject = self.subjects[node.name]
        if subject.given not in BEHIND:
            return ()
        mine = [j for j in self.judged if j.part == subject.part]
        if subject.given is Given.ITEM:
            mine = mine[turn : turn + 1]
        elif subject.given is not Given.AMOUNT:
            mine = [j for j in mine if (subject.given is Given.EXTRA) != _interrupts(j)]
        if subject.given is Given.SECONDS:
            mine = [j for j in mine if j.admitted][turn : turn + 1] + [j for j in mine if not j.admitted and not turn]
        return tuple(self.item(j) for j in mine)

    def value(self, index: int, turn: int) -> int:
        value, per = self.values[index], self.nodes[index].per
        whole = value[turn] if isinstance(value, tuple) else value
        return whole if per is None else round_ratio(whole, self.value(per, turn))

    def tried(self, node: Node, step: TraceStep, value: int, turn: int) -> tuple[str, ...]:
        """A rule that does not work, or changes nothing (a limit that does not bind), was tried and not fulfilled."""
        idle = node.clause in self.void or (node.term and self.value(step.first, turn) == value)
        return (node.clause,) if idle and node.clause else ()


def _interrupts(judged: Judged) -> bool:
    return judged.item.interruption is not None
