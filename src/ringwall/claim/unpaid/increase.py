"""An increase of risk of which nobody told the insurer, and the loss that it caused (Insurance Law 52, paragraph 2).

A person rules on each point: whether the increase is notable, whether it was told, whether the insurer may still rely
on it, and which loss it caused. Only then is that loss unpaid; the records answer none of these by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.claim.unpaid.by_law import NOTHING, nothing_owed, unpaid_item
from ringwall.terms import ItemOutcome, LossItem, Outcome, PartOutcome, TraceNode
from ringwall.underwriting import DisclosureStep

INCREASE, KNOWN = "R-06", "R-03"


@dataclass(frozen=True, slots=True)
class IncreaseRuling:
    """What a person ruled on one increase, point by point, with the reason; `findings` are those that it rests on."""

    what: str
    since: datetime
    findings: tuple[str, ...]
    notable: bool
    told: bool
    insurer_bound: bool
    """The insurer knew of it and let it be, so that it may not rely on it now (R-03)."""
    caused: tuple[str, ...]
    """The loss items that the increase caused."""
    because: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IncreaseAssessment:
    """Which items go unpaid for the increase, by which rule, and the steps to it."""

    ruling: IncreaseRuling
    unpaid: tuple[str, ...]
    decided_by: str
    steps: tuple[DisclosureStep, ...]


def assess_increase(
    ruling: IncreaseRuling, items: Sequence[LossItem], *, concluded_at: datetime, began_at: datetime
) -> IncreaseAssessment | Refusal:
    """The points in order; the first that stands against the insurer decides."""
    if not ruling.because.strip():
        return _no_reason(ruling)
    unknown = sorted(set(ruling.caused) - {item.name for item in items})
    if unknown:
        return _no_such_item(ruling, unknown)
    steps: list[DisclosureStep] = []
    for rule, paid, step in _points(ruling, concluded_at, began_at):
        steps.append(DisclosureStep(rule, step))
        if paid:
            return IncreaseAssessment(ruling, (), rule, tuple(steps))
    return IncreaseAssessment(ruling, ruling.caused, INCREASE, tuple(steps))


def after_increase(whole: Outcome, rest: Outcome | None, assessment: IncreaseAssessment) -> Outcome:
    """What is owed where some items go unpaid for an increase: the rest is settled as if it had been claimed alone.

    `rest` is that settlement, None where every item goes unpaid. The loss in fact stays as it was.
    """
    if not assessment.unpaid:
        return whole
    if rest is None:
        return nothing_owed(whole, assessment.decided_by, "increase", assessment.steps)
    left = {item.name: item for item in rest.items}
    paid = {part.part: part for part in rest.parts}
    told = tuple(TraceNode("increase", step.rule, "rule", 0, step.finding) for step in assessment.steps)
    text = Words(
        f"扣除危险程度显著增加所致损失后（{'、'.join(assessment.unpaid)}）",
        f"without the loss that the increase of risk caused ({', '.join(assessment.unpaid)})",
    )
    return replace(
        rest,
        items=tuple(_item(item, left, assessment) for item in whole.items),
        parts=tuple(_part(part, paid) for part in whole.parts),
        trace=TraceNode("payable", assessment.decided_by, "increase", rest.trace.value, text, (rest.trace, *told)),
    )


def _item(item: ItemOutcome, left: dict[str, ItemOutcome], assessment: IncreaseAssessment) -> ItemOutcome:
    return left[item.name] if item.name in left else unpaid_item(item, assessment.decided_by)


def _part(part: PartOutcome, paid: dict[str, PartOutcome]) -> PartOutcome:
    """The loss in fact of all items, with what the others leave within cover and payable."""
    mine = paid.get(part.part)
    within, payable = (mine.within_cover, mine.payable) if mine else (NOTHING, NOTHING)
    return PartOutcome(part.part, part.factual_minor, within, payable)


def _points(ruling: IncreaseRuling, concluded_at: datetime, began_at: datetime) -> Sequence[tuple[str, bool, Words]]:
    """Each point as (rule, whether the loss is paid by it, what it gives here)."""
    since, concluded, began = (local_day(at) for at in (ruling.since, concluded_at, began_at))
    within = concluded_at < ruling.since < began_at
    caused = "、".join(ruling.caused), ", ".join(ruling.caused)
    return (
        _point(
            INCREASE,
            not within,
            Words(
                f"增加始于 {since}，不在订立（{concluded}）之后、事故（{began}）之前：不构成期内危险程度增加。",
                f"It began on {since}, not between conclusion ({concluded}) and the event ({began}): no increase "
                "within the term.",
            ),
            Words(
                f"增加始于 {since}，在订立（{concluded}）之后、事故（{began}）之前。",
                f"It began on {since}, after conclusion ({concluded}) and before the event ({began}).",
            ),
        ),
        _point(
            INCREASE,
            not ruling.notable,
            Words("认定：未达显著。", "Ruled: it is not notable."),
            Words("认定：危险程度显著增加。", "Ruled: the increase is notable."),
        ),
        _point(
            INCREASE,
            ruling.told,
            Words(
                "认定：被保险人已通知，义务已履行；保险人只能增加保险费或者解除合同。",
                "Ruled: the insured told of it and did its duty; the insurer may only raise the premium or end the "
                "contract.",
            ),
            Words("认定：被保险人未及时通知。", "Ruled: the insured did not tell of it in time."),
        ),
        _point(
            KNOWN,
            ruling.insurer_bound,
            Words(
                "认定：保险人此前已知情而未处理，不得再以未通知拒赔。",
                "Ruled: the insurer knew of it and let it be, so it may not refuse for want of notice.",
            ),
            Words("认定：保险人的知情不妨碍其主张。", "Ruled: what the insurer knew does not bar it."),
        ),
        _point(
            INCREASE,
            not ruling.caused,
            Words(
                "认定：损失并非因该增加而发生，应予赔付（保险法第五十二条第二款）。",
                "Ruled: it caused none of the loss, which is paid (Insurance Law 52(2)).",
            ),
            Words(
                f"认定：{caused[0]} 因该增加而发生，不承担赔偿责任（保险法第五十二条第二款）。",
                f"Ruled: it caused {caused[1]}, which is not paid (Insurance Law 52(2)).",
            ),
        ),
    )


def _point(rule: str, paid: bool, if_paid: Words, otherwise: Words) -> tuple[str, bool, Words]:
    return rule, paid, if_paid if paid else otherwise


def _no_reason(ruling: IncreaseRuling) -> Refusal:
    return refuse(
        "ruling_without_reason",
        ruling.what,
        zh=f"关于“{ruling.what}”的认定没有写明理由；请写明依据的事实与因果关系后再提交。",
        en=f"The ruling on '{ruling.what}' gives no reason; state the facts and the causation that it rests on.",
    )


def _no_such_item(ruling: IncreaseRuling, unknown: Sequence[str]) -> Refusal:
    named = "、".join(unknown), ", ".join(unknown)
    return refuse(
        "loss_item_unknown",
        unknown[0],
        zh=f"关于“{ruling.what}”的认定所列 {named[0]} 不是本案的损失项目；请核对项目编号。",
        en=f"The ruling on '{ruling.what}' names {named[1]}, which is no loss item of this claim; check the items.",
    )
