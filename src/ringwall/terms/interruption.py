"""One interruption as nodes: hours in exact seconds, a retention by one of four modes, one rounding at the end.

Amounts before that rounding are kept in minor-unit seconds (× 3600, and × the denominator of the share of output lost).
"""

from __future__ import annotations

from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.terms.definition import InterruptionTerms, PartTerms, RetentionMode
from ringwall.terms.graph import GraphBuilder, Op

SECONDS_AN_HOUR = 3_600
SECONDS_A_DAY = 86_400
LONGEST_SECONDS = 20 * 366 * SECONDS_A_DAY
"""No interruption is longer than twenty years: the admissible range of a subject, for the overflow proof."""


@dataclass(frozen=True, slots=True)
class CompiledInterruption:
    """The node of a part after its retention, the columns that it reads, and how long an interruption counts."""

    node: int
    columns: tuple[str, ...]
    optional: dict[str, int]
    longest_seconds: int


def compile_interruption(graph: GraphBuilder, part: PartTerms, terms: InterruptionTerms) -> CompiledInterruption:
    """R(max(gross − retention, 0)) for each interruption, less credits, and with the extra expense of the event."""
    work = _Interruption(graph, part, terms)
    code = part.part
    each = graph.step(Op.EACH, (work.paid(),), f"{code}.each", "", Words("各次中断合计", "all interruptions"))
    text = Words(f"{part.name.zh}：扣除自留后", f"{part.name.en}: after the retention")
    node = graph.step(Op.ADD, (each, work.extra_expense()), f"{code}.retained", "", text)
    columns = tuple(f"{code}.{name}" for name in ("seconds", "rate", "extra", "avoided"))
    optional = {f"{code}.share_lost": 1, f"{code}.share_of": 1}
    if terms.credits_clause:
        optional[f"{code}.credits"] = 0
    return CompiledInterruption(node, columns, optional, work.longest_seconds)


class _Interruption:
    """The nodes that are reckoned once for each interruption, and what they share."""

    def __init__(self, graph: GraphBuilder, part: PartTerms, terms: InterruptionTerms) -> None:
        self.graph = graph
        self.part = part
        self.terms = terms
        self.code = part.part
        self.clause = part.deductible.clause if part.deductible else terms.waiting.clause
        of = self.leaf("share_of", "", Words("产出份额的分母", "share of output, below"), 1, 1)
        hour = graph.constant(SECONDS_AN_HOUR, "seconds an hour")
        text = Words("一小时的秒数乘份额分母", "seconds of an hour × share below")
        self.whole = graph.step(Op.TIMES, (hour, of), f"{self.code}.whole", "", text)
        self.longest_seconds = 0

    def leaf(self, name: str, clause: str, text: Words, low: int, high: int, *, once: bool = False) -> int:
        scope = "" if once else self.code
        return self.graph.leaf(Op.SUBJECT, f"{self.code}.{name}", clause, text, low, high, scope=scope)

    def amount(self, name: str, clause: str, text: Words, *, once: bool = False) -> int:
        return self.leaf(name, clause, text, 0, self.graph.definition.maximum_minor, once=once)

    def seconds_of(self, parameter: str, clause: str, factor: int, zh: str, en: str) -> int:
        """A parameter of the contract in hours or days, as seconds."""
        named = self.graph.parameter(parameter, clause, Words(zh, en))
        text = Words(f"{zh}（秒）", f"{en} in seconds")
        unit = self.graph.constant(factor, f"{factor} seconds")
        return self.graph.step(Op.TIMES, (named, unit), f"{self.code}.{parameter}", clause, text)

    def paid(self) -> int:
        gross, waited = self.counted()
        retention, label = self.retention(waited), f"{self.code}.left"
        text = Words("扣除自留后", "after the retention")
        left = self.graph.step(Op.LESS, (gross, retention), label, self.clause, text, per=self.whole, term=True)
        text = Words("一次中断扣除自留后，取整到分", "one interruption after its retention, to the whole fen")
        rounding, label = self.graph.definition.settlement.clause, f"{self.code}.rounded"
        rounded = self.graph.step(Op.ROUND, (left, self.whole), label, rounding, text, shown=(left,))
        clause = self.terms.credits_clause
        if not clause:
            return rounded
        credits = self.amount("credits", clause, Words("已收补偿", "credits received"))
        text = Words("扣除已收补偿后", "less credits received")
        return self.graph.step(Op.LESS, (rounded, credits), f"{self.code}.net", clause, text, term=True)

    def counted(self) -> tuple[int, int]:
        """The gross loss, and the loss of the hours that fall within the waiting period."""
        code, graph, indemnity, waiting = self.code, self.graph, self.terms.indemnity, self.terms.waiting
        cap = self.seconds_of(indemnity.parameter, indemnity.clause, SECONDS_A_DAY, "赔偿期", "indemnity period")
        self.longest_seconds = graph.nodes[cap].high
        text = Words("中断时长（秒）", "length of the interruption in seconds")
        seconds = self.leaf("seconds", "", text, 0, LONGEST_SECONDS)
        text = Words("计入的时长（秒）", "seconds that count")
        counted = graph.step(Op.LEAST, (seconds, cap), f"{code}.counted", indemnity.clause, text, term=True)
        rate = self.amount("rate", "", Words("每小时毛损失", "gross loss an hour"))
        lost = self.leaf("share_lost", "", Words("损失产出份额的分子", "share of output lost, above"), 1, 1)
        hourly = graph.step(Op.TIMES, (rate, lost), f"{code}.hourly", "", Words("每小时损失", "loss an hour"))
        text = Words("毛损失", "gross loss")
        gross = graph.step(Op.TIMES, (counted, hourly), f"{code}.gross", indemnity.clause, text, per=self.whole)
        wait = self.seconds_of(waiting.parameter, waiting.clause, SECONDS_AN_HOUR, "等待期", "waiting period")
        text = Words("等待期内的时长（秒）", "seconds within the waiting period")
        inside = graph.step(Op.LEAST, (wait, counted), f"{code}.waiting", waiting.clause, text, shown=(wait,))
        text, label = Words("等待期内的损失", "loss of the waiting period"), f"{code}.waited"
        waited = graph.step(Op.TIMES, (inside, hourly), label, waiting.clause, text, shown=(inside,), per=self.whole)
        return gross, waited

    def retention(self, waited: int) -> int:
        mode = RetentionMode(self.graph.parameters[self.terms.mode.parameter].value)
        if mode is RetentionMode.WAITING_ONLY or not self.part.deductible:
            return waited
        term, text = self.part.deductible, Words("每次中断免赔额", "deductible of the interruption")
        amount = self.graph.parameter(term.parameter, term.clause, text)
        both, label = (amount, self.whole), f"{self.code}.deductible"
        deductible = self.graph.step(Op.TIMES, both, label, term.clause, text, shown=(amount,), per=self.whole)
        if mode is RetentionMode.DEDUCTIBLE_ONLY:
            return deductible
        op, text = Op.ADD, Words("自留：等待期损失加免赔额", "retention: waiting period and deductible")
        if mode is RetentionMode.HIGHER_OF:
            op, text = Op.MOST, Words("自留：等待期损失与免赔额取高", "retention: the higher of both")
        clause, label = self.terms.mode.clause, f"{self.code}.retention"
        return self.graph.step(op, (waited, deductible), label, clause, text, per=self.whole)

    def extra_expense(self) -> int:
        clause = self.terms.extra_clause
        extra = self.amount("extra", clause, Words("额外费用", "extra expense"), once=True)
        avoided = self.amount("avoided", clause, Words("因此避免的损失", "loss that it avoided"), once=True)
        text = Words("额外费用，以其避免的损失为限", "extra expense up to the loss that it avoided")
        label = f"{self.code}.expense"
        return self.graph.step(Op.LEAST, (extra, avoided), label, clause, text, shown=(extra,), term=True)
