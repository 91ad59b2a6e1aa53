"""Faults of the money terms in a product that still reads: amounts that never bind, units, ranges and the order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ringwall.basics import Refusal, refuse
from ringwall.product.proof.reading import numbers_read
from ringwall.product.records import Parameter, Product
from ringwall.terms import (
    ALWAYS,
    Deductible,
    Limit,
    ParametricTerms,
    PartTerms,
    Per,
    Share,
    SlidingShare,
    Step,
    Term,
    idle_limits,
)

HOURS_A_DAY = 24
UNIT_OF = {
    "deductible": ("minor",),
    "limit": ("minor",),
    "event_limit": ("minor",),
    "aggregate": ("minor",),
    "share": ("per_ten_thousand",),
    "conditional": ("per_ten_thousand",),
    "waiting": ("hour",),
    "indemnity": ("day",),
    "mode": ("code",),
    "amount": ("minor", "count"),
    "base": ("per_ten_thousand",),
    "adds": ("per_ten_thousand",),
    "at_least": ("minor",),
    "at_most": ("minor",),
    "sum_insured": ("minor",),
    "count": ("count",),
    "charge": ("per_ten_thousand",),
    "premium": ("minor",),
    "hours": ("hour",),
}
"""The unit that a role needs; a role that does not stand here takes any unit."""


def parts_outside_the_settlement(product: Product) -> Iterator[Refusal]:
    settled = {part.part for part in product.definition.parts}
    for part in product.parts:
        if part.code not in settled:
            yield refuse(
                "product_part_not_settled",
                product.definition.place(product.definition.settlement.clause),
                zh=f"理算顺序没有提到责任项 {part.code}，其损失永远得不到赔付；请把它列入 parts。",
                en=f"The order of settlement does not name part {part.code}, so that it would never be paid; "
                "list it under parts.",
            )


def limits_that_never_bind(product: Product) -> Iterator[Refusal]:
    """Under the product's own values: a narrower limit that acts later always binds first."""
    for idle in idle_limits(product.definition, product.parameters):
        if idle.later:
            yield _idle_limit(product, idle.term, idle.what, idle.later)
            continue
        event = product.parameters[idle.term.parameter]
        yield refuse(
            "product_idle_limit",
            event.place,
            zh=f"各分项限额合计不超过 {event.name}（{event.value}），每次事故限额永远不起作用；请改其中之一。",
            en=f"The limits of the parts sum to no more than {event.name} ({event.value}), "
            "so that the event limit never binds; change one of them.",
        )


def _idle_limit(product: Product, limit: Term, name: str, later: Term) -> Refusal:
    mine, other = product.parameters[limit.parameter], product.parameters[later.parameter]
    return refuse(
        "product_idle_limit",
        mine.place,
        zh=f"限额 {mine.name}（{name}，{mine.value}）高于其后的 {other.name}（{other.value}），"
        "永远不起作用；请改其中之一。",
        en=f"The limit {mine.name} ({name}, {mine.value}) lies above {other.name} ({other.value}), "
        "which acts after it, so that it never binds; change one of them.",
    )


def deductibles_above_their_limit(product: Product) -> Iterator[Refusal]:
    for part in product.definition.parts:
        if not part.deductible or not part.limit:
            continue
        mine, limit = (product.parameters[term.parameter] for term in (part.deductible, part.limit))
        if mine.unit == limit.unit and mine.value >= limit.value:
            yield refuse(
                "product_deductible_above_limit",
                mine.place,
                zh=f"免赔额 {mine.name}（{mine.value}）不低于同一责任项的限额 {limit.name}（{limit.value}）；"
                "请降低免赔额或提高限额。",
                en=f"The deductible {mine.name} ({mine.value}) is not below {limit.name} ({limit.value}), "
                "the limit of the same part; lower the deductible or raise the limit.",
            )


def waiting_periods_without_an_end(product: Product) -> Iterator[Refusal]:
    for part in product.definition.parts:
        if not part.interruption or part.interruption.after_waiting:
            continue
        waiting = product.parameters[part.interruption.waiting.parameter]
        indemnity = product.parameters[part.interruption.indemnity.parameter]
        if waiting.unit == "hour" and indemnity.unit == "day" and waiting.value >= indemnity.value * HOURS_A_DAY:
            yield refuse(
                "product_waiting_beyond_indemnity",
                waiting.place,
                zh=f"等待期 {waiting.name}（{waiting.value} 小时）不短于赔偿期 {indemnity.name}"
                f"（{indemnity.value} 日）；请缩短等待期或延长赔偿期。",
                en=f"The waiting period {waiting.name} ({waiting.value} h) is not shorter than the indemnity period "
                f"{indemnity.name} ({indemnity.value} d); shorten the one or lengthen the other.",
            )


def losses_without_a_ceiling(product: Product) -> Iterator[Refusal]:
    """A part of the contract without its own limit needs one that it shares."""
    settlement = product.definition.settlement
    for part in product.definition.parts:
        if not part.statutory and not _has_ceiling(product, part):
            yield refuse(
                "product_no_ceiling",
                product.definition.place(settlement.clause),
                zh=f"责任项 {part.part} 既无分项限额，也无共用限额；请在条款 {settlement.clause} 中规定一个。",
                en=f"Part {part.part} has no limit of its own and shares none; state one in clause "
                f"{settlement.clause}.",
            )


def _has_ceiling(product: Product, part: PartTerms) -> bool:
    """Its own limit, a fixed payment, a limit that it shares, or a rule that always limits it."""
    settlement, code = product.definition.settlement, part.part
    event = settlement.event_limit and code not in settlement.outside_event_limit
    aggregate = settlement.aggregate and code not in settlement.outside_aggregate
    limits = [rule for rule in product.definition.rules if isinstance(rule, Limit) and rule.when == ALWAYS]
    return bool(part.limit or part.parametric or event or aggregate or any(code in rule.parts for rule in limits))


def ranges_that_hold_nothing(product: Product) -> Iterator[Refusal]:
    for parameter in product.parameters.values():
        if parameter.low is not None and parameter.high is not None and parameter.low > parameter.high:
            yield refuse(
                "product_range",
                parameter.place,
                zh=f"参数 {parameter.name} 的下限 {parameter.low} 高于上限 {parameter.high}；请对调或改正。",
                en=f"The least value of {parameter.name} ({parameter.low}) lies above its largest "
                f"({parameter.high}); correct one of them.",
            )
        if parameter.unit == "per_ten_thousand" and max(parameter.value, parameter.high or 0) > 10_000:
            yield refuse(
                "product_range",
                parameter.place,
                zh=f"参数 {parameter.name} 可超过一万分之一万，即大于损失本身；请改正。",
                en=f"{parameter.name} can exceed 10,000 of 10,000, more than the whole; correct it.",
            )


def units_that_do_not_fit(product: Product) -> Iterator[Refusal]:
    for number in numbers_read(product):
        parameter, wanted = product.parameters[number.parameter], UNIT_OF.get(number.role, ())
        if wanted and parameter.unit not in wanted:
            yield _wrong_unit(number.clause, parameter, wanted[0])


def _wrong_unit(clause: str, parameter: Parameter, unit: str) -> Refusal:
    return refuse(
        "product_unit",
        parameter.place,
        zh=f"条款 {clause} 需要以 {unit} 为单位的参数，而 {parameter.name} 的单位是 {parameter.unit}；请改正。",
        en=f"Clause {clause} needs a parameter in the unit {unit}, "
        f"but {parameter.name} is in {parameter.unit}; correct one of them.",
    )


def orders_that_do_not_fit(product: Product) -> Iterator[Refusal]:
    """Verdict first, then what acts on single items, then the retention, each step once: hours before any limit."""
    settlement = product.definition.settlement
    order = tuple(step for step in settlement.order if not _by_item(product, step))
    once = len(set(order)) == len(order)
    if not once or order[:2] != (Step.VERDICT, Step.RETENTION) or settlement.order[0] != Step.VERDICT:
        yield refuse(
            "product_order",
            product.definition.place(settlement.clause),
            zh=f"条款 {settlement.clause} 的理算顺序须以 verdict、retention 开始（其间只可有逐项作用的步骤），"
            "且每步只出现一次；请调整。",
            en=f"The order of settlement in clause {settlement.clause} must begin with verdict, retention, with "
            "nothing between them but steps that act on each item, and name each step once; correct it.",
        )
    limited = any(part.limit for part in product.definition.parts if not part.statutory)
    stated = {
        Step.PART_LIMIT: limited,
        Step.EVENT_LIMIT: settlement.event_limit is not None,
        Step.SHARE: settlement.share is not None,
        Step.AGGREGATE: settlement.aggregate is not None,
    }
    for step, there in stated.items():
        if (step in order) != there:
            yield refuse(
                "product_order",
                product.definition.place(settlement.clause),
                zh=f"理算步骤 {step} 与其数额须同时存在；请在条款 {settlement.clause} 中补上缺的一个。",
                en=f"The step {step} and its amount go together; add the one that clause {settlement.clause} lacks.",
            )


def steps_that_do_not_rise(product: Product) -> Iterator[Refusal]:
    """The last step reached holds: a step behind a higher one would never be reached as the text says."""
    parts, rules = product.definition.parts, product.definition.rules
    tables: list[ParametricTerms | SlidingShare] = [part.parametric for part in parts if part.parametric]
    tables += [rule.sliding for rule in rules if isinstance(rule, Share) and rule.sliding]
    for table in tables:
        for (before, _), (after, _) in pairwise(table.steps):
            low, high = (product.parameters[term.parameter] for term in (before, after))
            if low.value >= high.value:
                yield refuse(
                    "product_steps",
                    product.definition.place(table.clause),
                    zh=f"条款 {table.clause} 的各档须递增，而 {low.name}（{low.value}）之后是 "
                    f"{high.name}（{high.value}）；请调整次序或数值。",
                    en=f"The steps of clause {table.clause} must rise, but after {low.name} ({low.value}) comes "
                    f"{high.name} ({high.value}); change their order or a value.",
                )


def _by_item(product: Product, step: Step | str) -> bool:
    rule = product.definition.rule(step)
    return isinstance(rule, (Deductible, Limit)) and rule.per is Per.ITEM
