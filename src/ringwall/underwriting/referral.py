"""Accept, refer or decline: each measure of a risk against the authority of the level that has it on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Refusal, Words, refuse, yuan
from ringwall.evidence import Contradiction, Finding, Severity
from ringwall.underwriting.authority import Authority, Level, Measure


class Route(StrEnum):
    """Where a submission goes from the desk of a level."""

    ACCEPT = "accept"
    REFER = "refer"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class RiskAtHand:
    """What an underwriter weighs; premiums are net for the period, `limit_minor` is the largest limit asked for."""

    revenue_minor: int
    limit_minor: int
    records_held: int
    technical_net_minor: int
    charged_net_minor: int
    findings: tuple[Finding, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    over_capacity: int = 0
    """Stated capacities of the book that the risk would exceed; nil where the book was never simulated."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One measure above the level's authority, and the level that may accept it (empty: none may)."""

    measure: Measure
    value: Fraction
    at_most: Fraction
    may_accept: str
    message: Words


@dataclass(frozen=True, slots=True)
class Decision:
    """The way a risk goes from here; `refer_to` is the lowest level that may accept all of it."""

    route: Route
    level: str
    refer_to: str
    reasons: tuple[Reason, ...]


MEASURE_NAMES: Mapping[Measure, Words] = {
    Measure.REVENUE: Words("年营业收入", "Yearly revenue"),
    Measure.LIMIT: Words("限额", "The limit"),
    Measure.RECORDS_HELD: Words("持有的个人信息条数", "The number of records held"),
    Measure.PRICE_BELOW_TECHNICAL: Words("低于技术保费的幅度", "The discount on the technical premium"),
    Measure.PRICE_ABOVE_TECHNICAL: Words("高于技术保费的幅度", "The charge above the technical premium"),
    Measure.OPEN_CRITICAL: Words("未关闭的严重发现项", "Open critical findings"),
    Measure.OPEN_KNOWN_EXPLOITED: Words("未关闭且已知被利用的发现项", "Open findings known to be exploited"),
    Measure.CONTRADICTIONS: Words("答复与检测的矛盾", "Contradictions between answers and looks"),
    Measure.OVER_CAPACITY: Words("超出的承保能力项数", "Stated capacities of the book that are exceeded"),
}


def decide(risk: RiskAtHand, authority: Authority, level: str) -> Decision | Refusal:
    """Accepted when nothing exceeds the level; declined when something exceeds every level; else referred."""
    mine = authority.level(level)
    if mine is None:
        known = "、".join(each.code for each in authority.levels)
        return refuse(
            "level_unknown",
            level,
            zh=f"核保级别 {level} 不在 {authority.product} 的权限表中（{known}）；请选用其中之一。",
            en=f"Level {level} is not among the levels of {authority.product} ({known}); choose one of them.",
        )
    sizes = measure(risk)
    reasons = tuple(
        _reason(which, sizes[which], mine, authority) for which in Measure if sizes[which] > mine.limits[which].at_most
    )
    if not reasons:
        return Decision(Route.ACCEPT, level, "", ())
    if any(not reason.may_accept for reason in reasons):
        return Decision(Route.DECLINE, level, "", reasons)
    order = [each.code for each in authority.levels]
    return Decision(Route.REFER, level, max((reason.may_accept for reason in reasons), key=order.index), reasons)


def measure(risk: RiskAtHand) -> dict[Measure, Fraction]:
    """Every measure of the risk, exact; a technical premium is positive."""
    assert risk.technical_net_minor > 0, "a technical premium is positive"
    price = Fraction(risk.charged_net_minor, risk.technical_net_minor)
    still_open = [finding for finding in risk.findings if finding.is_open]
    return {
        Measure.REVENUE: Fraction(risk.revenue_minor),
        Measure.LIMIT: Fraction(risk.limit_minor),
        Measure.RECORDS_HELD: Fraction(risk.records_held),
        Measure.PRICE_BELOW_TECHNICAL: max(1 - price, Fraction(0)),
        Measure.PRICE_ABOVE_TECHNICAL: max(price - 1, Fraction(0)),
        Measure.OPEN_CRITICAL: Fraction(sum(finding.severity is Severity.CRITICAL for finding in still_open)),
        Measure.OPEN_KNOWN_EXPLOITED: Fraction(sum(finding.known_exploited is True for finding in still_open)),
        Measure.CONTRADICTIONS: Fraction(len(risk.contradictions)),
        Measure.OVER_CAPACITY: Fraction(risk.over_capacity),
    }


def _reason(which: Measure, value: Fraction, mine: Level, authority: Authority) -> Reason:
    higher = authority.levels[authority.levels.index(mine) + 1 :]
    enough = next((level for level in higher if value <= level.limits[which].at_most), None)
    limit = mine.limits[which]
    said, bound = _said(value, limit.unit), _said(limit.at_most, limit.unit)
    next_zh = f"转{enough.name.zh}" if enough else "超出各级权限，须先降低后再报"
    next_en = f"refer to: {enough.name.en}" if enough else "no level may accept it, reduce it first"
    name = MEASURE_NAMES[which]
    message = Words(
        f"{name.zh}为 {said}，{mine.name.zh}权限为 {bound}；{next_zh}。",
        f"{name.en}: {said}; the authority of {mine.name.en} ends at {bound}; {next_en}.",
    )
    return Reason(which, value, limit.at_most, enough.code if enough else "", message)


def _said(value: Fraction, unit: str) -> str:
    return f"CNY {yuan(int(value))}" if unit == "fen" else f"{int(value):,}" if unit == "count" else str(value)
