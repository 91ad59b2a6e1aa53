"""What may be settled at all: amounts within the proof, facts of their kind, void clauses that can be void."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import NoneType
from typing import NamedTuple

from ringwall.basics import Refusal, refuse
from ringwall.terms.definition import FactKind, PartTerms
from ringwall.terms.facts import FactValue, Interruption, LossEvent, LossItem
from ringwall.terms.graph import USED_MAXIMUM, CompiledTerms


class Gate(NamedTuple):
    """What is asked of every event under some terms, prepared once."""

    terms: CompiledTerms
    plain: Mapping[str, type]
    """By fact: the type whose values are of its kind without a second look."""
    parts: Mapping[str, PartTerms]
    parametric: frozenset[str]


def gate_of(terms: CompiledTerms) -> Gate:
    plain = {name: _PLAIN[spec.kind] for name, spec in terms.definition.facts.items()}
    parts = {part.part: part for part in terms.definition.parts}
    return Gate(terms, plain, parts, frozenset(code for code, part in parts.items() if part.parametric))


def inadmissible(gate: Gate, event: LossEvent, state: Mapping[str, int], void: frozenset[str]) -> Refusal | None:
    """The first reason why the event cannot be settled under these terms, or None."""
    terms, plain, parts, parametric = gate
    for clause in sorted(void - terms.definition.takes_away):
        return refuse(
            "void_clause",
            clause,
            zh=f"条款 {clause} 不是须经明确说明的条款，不因未说明而无效；请只列须说明的条款。",
            en=f"Clause {clause} needs no explanation, so that a missing one cannot make it void; "
            "name only clauses that must be explained.",
        )
    for name, used in state.items():
        if used < 0:
            return refuse(
                "state_negative",
                name,
                zh=f"期间状态 {name} 为 {used}，不能为负；请核对此前赔款。",
                en=f"The period state {name} is {used} and cannot be negative; check the payments before.",
            )
        if used > USED_MAXIMUM:
            return _too_large(terms, name, used)
    sums: dict[str, int] = {}
    needed = terms.item_facts
    for item in event.items:
        part, amount = item.part, item.amount_minor
        if item.interruption is not None or amount is None or amount < 0 or part in parametric:
            fault = _bad_item(terms, parts.get(part), item)
            if fault:
                return fault
        for name, value in item.facts.items():
            if type(value) is not plain.get(name) and not _of_kind(terms, name, value):
                return _bad_fact(terms, item.name, name, value)
        if needed and (fault := _fact_needed(terms, event, item)):
            return fault
        sums[part] = sums.get(part, 0) + (amount or 0)
    most = max(sums.values(), default=0)
    if most > terms.definition.maximum_minor:
        return next(_too_large(terms, part, sums[part]) for part in sums if sums[part] > terms.definition.maximum_minor)
    for name, value in event.facts.items():
        if type(value) is not plain.get(name) and not _of_kind(terms, name, value):
            return _bad_fact(terms, event.name, name, value)
    return None


def _bad_item(terms: CompiledTerms, part: PartTerms | None, item: LossItem) -> Refusal | None:
    if item.interruption is None:
        if item.amount_minor is None or item.amount_minor < 0:
            return refuse(
                "item_amount",
                item.name,
                zh=f"损失项 {item.name} 的金额为 {item.amount_minor}；须为不小于零的整数分。",
                en=f"Item {item.name} has the amount {item.amount_minor}; it must be a whole number of fen, "
                "nil or more.",
            )
        return _no_duration(item) if part and part.parametric else None
    return _bad_interruption(terms, part, item, item.interruption)


def _no_duration(item: LossItem) -> Refusal:
    return refuse(
        "item_interruption",
        item.name,
        zh=f"损失项 {item.name} 给出了金额，但责任项 {item.part} 按触发时长定额赔付；请给出起止时刻。",
        en=f"Item {item.name} states an amount, but part {item.part} pays by the length of the trigger; "
        "state when it began and ended.",
    )


def _fact_needed(terms: CompiledTerms, event: LossEvent, item: LossItem) -> Refusal | None:
    """A value by which each item of a part is measured must be established before anything can be settled."""
    for subject in terms.item_facts:
        value = item.facts.get(subject.fact, event.facts.get(subject.fact))
        if item.part == subject.part and not (isinstance(value, int) and 0 <= value <= terms.definition.maximum_minor):
            return refuse(
                "fact_needed",
                item.name,
                zh=f"损失项 {item.name} 的「{subject.fact}」为 {value}，而条款 {subject.clause} 须以它计算；"
                "请先查明该金额。",
                en=f"Item {item.name}: “{subject.fact}” is {value}, but clause {subject.clause} measures by it; "
                "establish that amount first.",
            )
    return None


def _bad_interruption(
    terms: CompiledTerms, part: PartTerms | None, item: LossItem, spell: Interruption
) -> Refusal | None:
    if part is not None and part.interruption is None and part.parametric is None:
        return refuse(
            "item_interruption",
            item.name,
            zh=f"损失项 {item.name} 是营业中断，但责任项 {item.part} 不按小时计算；请改为营业中断责任项或给出金额。",
            en=f"Item {item.name} is an interruption, but part {item.part} does not count hours; "
            "move it to an interruption part or give an amount.",
        )
    if spell.start.tzinfo is None or spell.end.tzinfo is None or spell.end < spell.start:
        return refuse(
            "item_interruption",
            item.name,
            zh=f"损失项 {item.name} 的中断须有带时区偏移的起止时刻，且结束不早于开始；请核对两个时刻。",
            en=f"The interruption of item {item.name} needs two instants with an offset, the end not before the start; "
            "check both.",
        )
    amounts = (spell.lost_revenue_minor_per_hour, spell.saved_cost_minor_per_hour, spell.credits_minor)
    if not 0 < spell.share_lost.numerator <= spell.share_lost.denominator or min(amounts) < 0:
        return refuse(
            "item_interruption",
            item.name,
            zh=f"损失项 {item.name} 的产出损失份额（{spell.share_lost}）须在 0 与 1 之间，金额不得为负；请更正。",
            en=f"Item {item.name}: the share of output lost ({spell.share_lost}) must lie in (0, 1] and no amount "
            "below nil; correct them.",
        )
    most = max(amounts)
    return _too_large(terms, item.name, most) if most > terms.definition.maximum_minor else None


def _too_large(terms: CompiledTerms, where: str, amount: int) -> Refusal:
    most = terms.definition.maximum_minor
    return refuse(
        "amount_above_maximum",
        where,
        zh=f"{where} 的金额 {amount} 超过产品申报的最大金额 {most}；请核对单位（分），或转人工处理。",
        en=f"{where}: {amount} is above the product's declared maximum amount {most}; "
        "check the unit (fen) or refer it.",
    )


_PLAIN: Mapping[FactKind, type] = {
    FactKind.YES_NO: bool,
    FactKind.WORD: str,
    FactKind.AMOUNT: int,
    FactKind.INSTANT: NoneType,
}
"""An instant always needs its second look: it may be "never", and else it must have an offset."""


def _of_kind(terms: CompiledTerms, name: str, value: FactValue) -> bool:
    """A fact that the product does not name is of any kind."""
    spec = terms.definition.facts.get(name)
    if spec is None:
        return True
    if isinstance(value, bool):
        return spec.kind is FactKind.YES_NO
    if spec.kind is FactKind.INSTANT:
        return value == "never" or (isinstance(value, datetime) and value.tzinfo is not None)
    return isinstance(value, _PLAIN[spec.kind])


def _bad_fact(terms: CompiledTerms, where: str, name: str, value: FactValue) -> Refusal:
    kind = terms.definition.facts[name].kind
    return refuse(
        "fact_of_wrong_kind",
        where,
        zh=f"{where} 的事实「{name}」为 {value!r}，而产品要求类型 {kind}；请更正。",
        en=f"{where}: the fact “{name}” is {value!r}, but the product wants {kind}; correct it.",
    )
