"""The trace of one settlement: a tree built from the graph's own words, from the payment back to each invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ringwall.basics import Words
from ringwall.terms.cover import Judged
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import TraceNode, Verdict
from ringwall.terms.readers.exact.subjects import Rows
from ringwall.terms.readers.exact.trace_text import compile_trace
from ringwall.terms.straight import Values

ITEM_WORDS = {
    Verdict.COVERED: ("：在责任范围内", ": covered"),
    Verdict.LIMITED: ("：有限承保", ": covered within narrower terms"),
    Verdict.CONDITIONAL: ("：附条件承保", ": covered, with a condition at work"),
    Verdict.EXCLUDED: ("：责任免除或条件不满足", ": excluded"),
    Verdict.NOMINAL_ONLY: ("：名义承保，依法不赔", ": named in the wording, not payable in law"),
    Verdict.UNMAPPED: ("：没有条款承保", ": no clause grants it"),
    Verdict.UNKNOWN: ("：待认定", ": unknown until ruled"),
}
"""What follows an item's name, in both languages."""
NOTHING: tuple[TraceNode, ...] = ()
ELSEWHERE = Words("按此责任项的条件理算", "settled under the money terms of this part")
LIFTED = Words("免责例外成立，恢复承保", "an exception lifts the exclusion")
CONTRACT = Words("合同赔款", "contract payment")
PAYABLE = Words("应付赔款（现可确定部分）", "payable now")


class Tracer:
    """The trace of any event under these terms with the same clauses void."""

    def __init__(self, terms: CompiledTerms, void: frozenset[str]) -> None:
        contract = [terms.payable[p.part] for p in terms.definition.parts if not p.statutory and not p.in_kind]
        others = [*terms.in_kind.values(), *terms.charges.values()]
        self.clause, self.contract, self.count = terms.definition.settlement.clause, terms.contract, len(contract)
        self.homes = {part.part: part.within_clause for part in terms.definition.parts}
        self.steps = compile_trace(terms, [*contract, terms.statutory, *others], void)

    def trace(self, rows: Rows, values: Values) -> TraceNode:
        """The whole tree. A step that several others read is written once."""
        behind = _Behind(rows, self.homes)
        steps = self.steps(values, behind)
        paid, statutory, others = steps[: self.count], steps[self.count], steps[self.count + 1 :]
        contract = TraceNode("contract", self.clause, "add", values[self.contract], CONTRACT, paid)
        outside = [step for part, steps in behind.steps.items() if part not in self.homes for step in steps]
        total = contract.value + statutory.value
        return TraceNode("payable", self.clause, "add", total, PAYABLE, (contract, statutory, *outside, *others))


def item_steps(rows: Iterable[Judged], home: str) -> tuple[TraceNode, ...]:
    """A step for each loss item, below it the exceptions that lifted an exclusion for it.

    `home` is the clause by which an item is settled under another part than its own; empty where none says so.
    """
    found = []
    for row in rows:
        item, finding, value, below = row.item, row.finding, row.within.low, NOTHING
        verdict, name = finding.verdict, item.what or item.name
        if finding.lifted:
            below = tuple([TraceNode(number, number, "write_back", value, LIFTED) for number in finding.lifted])
        if home and row.part != item.part:
            below += (TraceNode(row.part, home, "within", value, ELSEWHERE),)
        zh, en = ITEM_WORDS[verdict]
        clause, text = row.bounded_by or finding.clause, Words(name + zh, name + en)
        found.append(TraceNode(item.name, clause, verdict, value, text, below, (), finding.tried))
    return tuple(found)


class _Behind:
    """The steps of the items behind each subject of the graph."""

    def __init__(self, rows: Rows, homes: Mapping[str, str]) -> None:
        self.rows = rows
        self.steps = {part: item_steps(mine.rows, homes.get(part, "")) for part, mine in rows.items()}

    def amount(self, part: str) -> tuple[TraceNode, ...]:
        return self.steps.get(part, ())

    def pairs(self, part: str) -> Iterable[tuple[Judged, TraceNode]]:
        return zip(self.rows[part].rows, self.steps[part], strict=True) if part in self.rows else ()

    def extra(self, part: str) -> tuple[TraceNode, ...]:
        return tuple([step for row, step in self.pairs(part) if row.item.interruption is None])

    def item(self, part: str, turn: int) -> tuple[TraceNode, ...]:
        return (self.steps[part][turn],)

    def spell(self, part: str, turn: int) -> tuple[TraceNode, ...]:
        """The interruption in its turn; those that are not let in stand beside the first."""
        mine: list[TraceNode] = []
        others: list[TraceNode] = []
        for row, step in self.pairs(part):
            if row.item.interruption is not None:
                (mine if row.admitted else others).append(step)
        return (mine[turn], *others) if not turn else (mine[turn],)
