"""What makes a settlement order impossible: rules that never act, act twice, or act where they can no longer act."""

from __future__ import annotations

from collections.abc import Iterator

from ringwall.basics import Refusal, refuse
from ringwall.terms.definition import PartTerms, Step, TermsDefinition
from ringwall.terms.rules import Averaging, Deductible, DeductibleBounds, Limit, MoneyRule, Per, Share

STEPS = frozenset(Step)


def order_faults(definition: TermsDefinition) -> tuple[Refusal, ...]:
    """Every fault of the order that the product states."""
    faults = (*_names(definition), *_parts(definition))
    return faults or tuple(_walk(definition))


def _names(definition: TermsDefinition) -> Iterator[Refusal]:
    names = [rule.name for rule in definition.rules]
    order = definition.settlement.order
    for rule in definition.rules:
        if rule.name in STEPS or names.count(rule.name) > 1 or order.count(rule.name) != 1:
            yield refuse(
                "terms_rule_order",
                definition.place(rule.clause),
                zh=f"条款 {rule.clause} 的步骤「{rule.name}」须恰好在理算顺序中出现一次，且名称不得重复；"
                "请在 settlement 的 order 中写明它的位置。",
                en=f"Clause {rule.clause}: the step “{rule.name}” must stand exactly once in the settlement order, "
                "under a name of its own; write its place in the order of the settlement.",
            )
    for step in order:
        if step not in STEPS and step not in names:
            yield refuse(
                "terms_rule_order",
                definition.place(definition.settlement.clause),
                zh=f"理算顺序中的「{step}」没有条款定义；请删去它，或增加以它为步骤的条款。",
                en=f"No clause defines the step “{step}” of the settlement order; remove it or add a clause for it.",
            )


def _parts(definition: TermsDefinition) -> Iterator[Refusal]:
    for rule in definition.rules:
        for code in rule.parts or ("",):
            part = definition.part(code)
            if part is None or part.statutory or rule.parts.count(code) > 1:
                yield refuse(
                    "terms_rule_parts",
                    definition.place(rule.clause),
                    zh=f"条款 {rule.clause} 作用于责任项「{code}」，但它不是本合同的责任项（或列了两次）；请改正。",
                    en=f"Clause {rule.clause} acts on the part “{code}”, which is no part of the contract payment "
                    "(or stands twice); correct its parts.",
                )


def _walk(definition: TermsDefinition) -> Iterator[Refusal]:
    """Follow the order: which parts are summed already, and which a limit or share has cut."""
    summed, cut = set[str](), set[str]()
    contract = [p.part for p in definition.parts if not p.statutory]
    for step in definition.settlement.order:
        rule = definition.rule(step)
        if rule is None:
            if step is not Step.VERDICT and step in STEPS:
                summed |= set(contract)
                cut |= set() if step is Step.RETENTION else set(contract)
            continue
        yield from _late(definition, rule, summed, cut)
        if not _by_item(rule):
            summed |= set(rule.parts)
        if isinstance(rule, (Limit, Share, Averaging)):
            cut |= set(rule.parts)


def _late(definition: TermsDefinition, rule: MoneyRule, summed: set[str], cut: set[str]) -> Iterator[Refusal]:
    place = definition.place(rule.clause)
    for code in rule.parts:
        if _by_item(rule) and code in summed:
            yield refuse(
                "terms_rule_late",
                place,
                zh=f"条款 {rule.clause} 逐项作用于 {code}，但此前的步骤已将该责任项合计；请把它排在前面。",
                en=f"Clause {rule.clause} acts on each item of {code}, but a step before it has summed the part; "
                "move it forward in the order.",
            )
        if isinstance(rule, DeductibleBounds) and (code in cut or _keeps_by_the_hour(definition.part(code))):
            yield refuse(
                "terms_rule_late",
                place,
                zh=f"条款 {rule.clause} 约束 {code} 的免赔合计，须排在该责任项的限额与比例之前，"
                "且该责任项不得按小时自留；请调整顺序或责任项。",
                en=f"Clause {rule.clause} bounds all deductibles of {code}: it must stand before the limits and shares "
                "of that part, which must not have its retention by the hour; change the order or the parts.",
            )


def _by_item(rule: MoneyRule) -> bool:
    return isinstance(rule, (Deductible, Limit)) and rule.per is Per.ITEM


def _keeps_by_the_hour(part: PartTerms | None) -> bool:
    return part is not None and part.interruption is not None
