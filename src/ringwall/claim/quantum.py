"""What an interruption cost, from hourly figures that each lead to a piece of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Refusal, elapsed_seconds, refuse, round_fraction
from ringwall.terms import Facts, Interruption, LossItem

SECONDS_AN_HOUR = 3600


class FigureKind(StrEnum):
    """What a figure counts: revenue that did not come, cost that was saved, or money that others paid for it."""

    LOST_REVENUE = "lost_revenue"
    SAVED_COST = "saved_cost"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class EvidencedFigure:
    """One figure with the document that proves it: whole minor units an hour, for a credit in all."""

    kind: FigureKind
    amount_minor: int
    evidence: str
    what: str


@dataclass(frozen=True, slots=True)
class OutageRecord:
    """From when to when the insured's systems were down, which share of the output was lost, and the figures."""

    name: str
    part: str
    start: datetime
    end: datetime
    figures: tuple[EvidencedFigure, ...]
    share_lost: Fraction = Fraction(1)
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quantum:
    """The interruption as a loss item, with its steps; the evidence index says which paper proves which figure."""

    item: LossItem
    outage_hours: Fraction
    lost_revenue_minor_per_hour: int
    saved_cost_minor_per_hour: int
    gross_loss_minor_per_hour: int
    gross_loss_minor: int
    credits_minor: int
    evidence_index: Mapping[str, tuple[str, ...]]


def quantify_interruption(outage: OutageRecord) -> Quantum | Refusal:
    """Gross loss an hour = lost revenue − saved cost; times exact hours and the share lost, rounded once, half-even."""
    clash = _clash(outage)
    if clash is not None:
        return clash
    lost, saved, credits = (_total(outage.figures, kind) for kind in FigureKind)
    hours = Fraction(elapsed_seconds(outage.start, outage.end), SECONDS_AN_HOUR)
    interruption = Interruption(outage.start, outage.end, lost, saved, outage.share_lost, credits)
    return Quantum(
        item=LossItem(outage.name, outage.part, None, outage.facts, interruption),
        outage_hours=hours,
        lost_revenue_minor_per_hour=lost,
        saved_cost_minor_per_hour=saved,
        gross_loss_minor_per_hour=lost - saved,
        gross_loss_minor=round_fraction(hours * (lost - saved) * outage.share_lost),
        credits_minor=credits,
        evidence_index=_index(outage.figures),
    )


def _total(figures: Sequence[EvidencedFigure], kind: FigureKind) -> int:
    return sum(figure.amount_minor for figure in figures if figure.kind is kind)


def _index(figures: Sequence[EvidencedFigure]) -> Mapping[str, tuple[str, ...]]:
    papers: dict[str, tuple[str, ...]] = {}
    for figure in figures:
        papers[figure.evidence] = (*papers.get(figure.evidence, ()), figure.what)
    return papers


def _clash(outage: OutageRecord) -> Refusal | None:
    if outage.end <= outage.start:
        return _refused(
            outage,
            "outage_ends_before_it_begins",
            f"恢复时间 {outage.end.isoformat()} 不晚于中断时间 {outage.start.isoformat()}；请核对时间线",
            f"restored {outage.end.isoformat()}, not after it went down {outage.start.isoformat()}; check the timeline",
        )
    if not 0 < outage.share_lost <= 1:
        return _refused(
            outage,
            "share_lost_out_of_range",
            f"产出损失比例 {outage.share_lost} 不在 0 与 1 之间；请核对",
            f"the share of output lost is {outage.share_lost}, not above 0 and at most 1; check it",
        )
    for figure in outage.figures:
        if figure.amount_minor < 0 or not figure.evidence:
            return _refused(
                outage,
                "figure_without_evidence" if figure.amount_minor >= 0 else "figure_negative",
                f"“{figure.what}”须为不小于零的金额并附证据；请补正",
                f'"{figure.what}" must be an amount not below nil with its evidence; complete it',
            )
    lost, saved = (_total(outage.figures, kind) for kind in (FigureKind.LOST_REVENUE, FigureKind.SAVED_COST))
    if lost < saved or not lost:
        return _refused(
            outage,
            "no_loss_an_hour",
            f"每小时损失收入 {lost} 分不高于节省成本 {saved} 分，没有停业损失；请核对每小时数据",
            f"lost revenue of {lost} minor units an hour does not exceed the saved cost of {saved}; check the figures",
        )
    return None


def _refused(outage: OutageRecord, code: str, zh: str, en: str) -> Refusal:
    return refuse(code, outage.name, zh=f"停业损失 {outage.name}：{zh}。", en=f"Interruption {outage.name}: {en}.")
