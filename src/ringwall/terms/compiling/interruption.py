"""One interruption as nodes: hours in exact seconds, a retention by one of four modes, one rounding at the end.

Amounts before that rounding are kept in minor-unit seconds (× 3600, and × the denominator of the share of output lost).
"""

from __future__ import annotations

from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.terms.compiling.vector import PartVector, named
from ringwall.terms.definition import InterruptionTerms, PartTerms, RetentionMode
from ringwall.terms.graph import Given, Op, Subject
from ringwall.terms.rules import ParametricTerms

SECONDS_AN_HOUR = 3_600
SECONDS_A_DAY = 86_400
LONGEST_SECONDS = 20 * 366 * SECONDS_A_DAY
"""No interruption is longer than twenty years: the admissible range of a subject, for the overflow proof."""


@dataclass(frozen=True, slots=True)
class CompiledInterruption:
    """The node of each interruption after its retention, and what joins the sum of them."""

    node: int
    beside: int


def compile_interruption(vector: PartVector, part: PartTerms, terms: InterruptionTerms) -> CompiledInterruption:
    """R(max(gross − retention, 0)) for each interruption, less credits; extra expense joins the sum of them."""
    work = _Interruption(vector, part, terms)
    node = work.paid()
    return CompiledInterruption(node, work.extra_expense())


def compile_parametric(vector: PartVector, part: PartTerms, terms: ParametricTerms) -> int:
    """The fixed payment of the last step that each interruption reaches."""
    graph, code, clause = vector.graph, part.part, terms.clause
    text = Words("触发时长（秒）", "length of the trigger in seconds")
    subject = Subject(f"{code}.seconds", Given.SECONDS, code)
    seconds = vector.leaf(subject, text, LONGEST_SECONDS, scope=code)
    paid = graph.constant(0, "nil")
    for hours, amount in terms.steps:
        at = vector.parameter(hours, Words("触发小时数", "hours of the trigger"))
        unit = graph.constant(SECONDS_AN_HOUR, "seconds an hour")
        needed = graph.step(Op.TIMES, (at, unit), f"{code}.at", clause, text, shown=(at,))
        text = Words("达到触发时长", "the trigger is reached")
        reached = graph.step(Op.REACHES, (seconds, needed), f"{code}.reached", clause, text)
        fixed = vector.parameter(amount, Words("定额赔付", "fixed payment"))
        text = named(part, "按触发时长定额赔付", "fixed payment by duration")
        paid = graph.step(Op.SELECT, (reached, fixed, paid), f"{code}.fixed", clause, text, shown=(seconds, fixed, at))
    return paid


class _Interruption:
    """The nodes that are reckoned once for each interruption, and what they share."""

    def __init__(self, vector: PartVector, part: PartTerms, terms: InterruptionTerms) -> None:
        self.vector = vector
        self.graph = vector.graph
        self.part = part
        self.terms = terms
        self.code = part.part
        self.clause = part.deductible.clause if part.deductible else terms.waiting.clause
        of = self.leaf(Given.SHARE_OF, "", Words("产出份额的分母", "share of output, below"), 1, default=1)
        hour = self.graph.constant(SECONDS_AN_HOUR, "seconds an hour")
        text = Words("一小时的秒数乘份额分母", "seconds of an hour × share below")
        self.whole = self.graph.step(Op.TIMES, (hour, of), f"{self.code}.whole", "", text)

    def leaf(
        self, given: Given, clause: str, text: Words, high: int = 0, *, default: int | None = None, once: bool = False
    ) -> int:
        """A share of output lost is whole in columns: a table states the loss an hour at that share."""
        subject = Subject(f"{self.code}.{given}", given, self.code, clause=clause)
        most, low = high or self.graph.definition.maximum_minor, 1 if default == 1 else 0
        return self.vector.leaf(subject, text, most, default, scope="" if once else self.code, low=low)

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
        credits = self.leaf(Given.CREDITS, clause, Words("已收补偿", "credits received"), default=0)
        text = Words("扣除已收补偿后", "less credits received")
        return self.graph.step(Op.LESS, (rounded, credits), f"{self.code}.net", clause, text, term=True)

    def counted(self) -> tuple[int, int]:
        """The gross loss, and the loss of the hours that fall within the waiting period."""
        code, graph, waiting = self.code, self.graph, self.terms.waiting
        wait = self.seconds_of(waiting.parameter, waiting.clause, SECONDS_AN_HOUR, "等待期", "waiting period")
        counted, seconds = self.length(wait)
        rate = self.leaf(Given.RATE, "", Words("每小时毛损失", "gross loss an hour"))
        text = Words("损失产出份额的分子", "share of output lost, above")
        lost = self.leaf(Given.SHARE_LOST, "", text, 1, default=1)
        hourly = graph.step(Op.TIMES, (rate, lost), f"{code}.hourly", "", Words("每小时损失", "loss an hour"))
        text, clause = Words("毛损失", "gross loss"), self.terms.indemnity.clause
        gross = graph.step(Op.TIMES, (counted, hourly), f"{code}.gross", clause, text, per=self.whole)
        if self.terms.trigger:
            return self.triggered(seconds, wait, gross), graph.constant(0, "nil")
        text = Words("等待期内的时长（秒）", "seconds within the waiting period")
        inside = graph.step(Op.LEAST, (wait, counted), f"{code}.waiting", waiting.clause, text, shown=(wait,))
        text, label = Words("等待期内的损失", "loss of the waiting period"), f"{code}.waited"
        waited = graph.step(Op.TIMES, (inside, hourly), label, waiting.clause, text, shown=(inside,), per=self.whole)
        return gross, waited

    def length(self, wait: int) -> tuple[int, int]:
        """The seconds that count within the indemnity period, and all of them."""
        code, graph, indemnity = self.code, self.graph, self.terms.indemnity
        cap = self.seconds_of(indemnity.parameter, indemnity.clause, SECONDS_A_DAY, "赔偿期", "indemnity period")
        if self.terms.after_waiting:
            text = Words("等待期与赔偿期合计（秒）", "waiting and indemnity period in seconds")
            cap = graph.step(Op.ADD, (wait, cap), f"{code}.window", indemnity.clause, text)
        text = Words("中断时长（秒）", "length of the interruption in seconds")
        seconds = self.leaf(Given.SECONDS, "", text, LONGEST_SECONDS)
        text = Words("计入的时长（秒）", "seconds that count")
        counted = graph.step(Op.LEAST, (seconds, cap), f"{code}.counted", indemnity.clause, text, term=True)
        return counted, seconds

    def triggered(self, seconds: int, wait: int, gross: int) -> int:
        """The whole loss from the first minute, once the interruption outlasts the waiting period."""
        code, graph, clause = self.code, self.graph, self.terms.waiting.clause
        text = Words("中断超过等待期", "the interruption outlasts the waiting period")
        over = graph.step(Op.ABOVE, (seconds, wait), f"{code}.over", clause, text)
        text = Words("触发后自始计算的损失", "loss from the first minute, once triggered")
        nil = graph.constant(0, "nil")
        shown = (gross, wait)
        label = f"{code}.triggered"
        return graph.step(Op.SELECT, (over, gross, nil), label, clause, text, shown=shown, per=self.whole, term=True)

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
        extra = self.leaf(Given.EXTRA, clause, Words("额外费用", "extra expense"), once=True)
        avoided = self.leaf(Given.AVOIDED, clause, Words("因此避免的损失", "loss that it avoided"), once=True)
        text = Words("额外费用，以其避免的损失为限", "extra expense up to the loss that it avoided")
        label = f"{self.code}.expense"
        return self.graph.step(Op.LEAST, (extra, avoided), label, clause, text, shown=(extra,), term=True)
