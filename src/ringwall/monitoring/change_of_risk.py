"""Has the risk risen or fallen notably? The answer gives the policy room the inputs of its endorsement (Law 52, 53)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Refusal, refuse
from ringwall.monitoring.looks import Retest
from ringwall.monitoring.notice import Notice
from ringwall.monitoring.since_binding import Drift, DriftKind
from ringwall.policy import FactorRules, Reduction, relative_change


@dataclass(frozen=True, slots=True)
class Increase:
    """A notable increase of risk: what is new since binding, and when the insured was told of it."""

    factor_after: Fraction
    relative_rise: Fraction
    findings: tuple[str, ...]
    notified_at: datetime


@dataclass(frozen=True, slots=True)
class Decrease:
    """A notable decrease of risk, ready for `policy.lower_premium`, which has the last word."""

    reduction: Reduction
    relative_fall: Fraction


@dataclass(frozen=True, slots=True)
class NotNotable:
    """A change too small to move the premium; positive is a rise."""

    relative_change: Fraction


@dataclass(frozen=True, slots=True)
class RiskTold:
    """An increase of risk of which the insured itself told the insurer (Law 52), in its own words."""

    number: str
    policy: str
    what: str
    since: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """What monitoring has for one policy: drift, notices, re-tests behind the rate, the request, the insured's word."""

    drifts: tuple[Drift, ...] = ()
    notices: tuple[Notice, ...] = ()
    retests: tuple[Retest, ...] = ()
    requested_at: datetime | None = None
    told_at: datetime | None = None
    """When the insured itself told of an increase."""
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)
    """Of the findings behind the rate, when the dispute of each was upheld: it needs no re-test."""


def risk_change(
    policy: str, factor_before: Fraction, factor_after: Fraction, rules: FactorRules, watched: Watched
) -> Increase | Decrease | NotNotable | Refusal:
    """The change by the factor's own value; the same threshold holds in both directions."""
    change = relative_change(factor_before, factor_after)
    if abs(change) < rules.notable:
        return NotNotable(change)
    if change > 0:
        return _increase(policy, factor_after, change, watched)
    if watched.requested_at is None:
        return _request_missing(policy, change)
    settled = {each.finding: each.passed_at for each in watched.retests} | dict(watched.withdrawn)
    return Decrease(Reduction(factor_after, settled, watched.requested_at), -change)


def _increase(policy: str, factor_after: Fraction, rise: Fraction, watched: Watched) -> Increase | Refusal:
    """Only what came after conclusion is an increase (R-06); it costs from when the insured was told, or told us."""
    fresh = [each.uid for each in watched.drifts if each.kind in (DriftKind.NEW, DriftKind.WORSE)]
    if not fresh:
        return refuse(
            "known_at_conclusion",
            policy,
            zh=f"费率因子上升 {rise}，但没有承保后新增或加重的发现项；订立时已知的状态不是危险程度增加，"
            "请在续保时调整。",
            en=f"The factor rises by {rise}, but nothing is new or worse since conclusion; a state that was "
            "known then is no "
            "increase of risk, adjust the renewal.",
        )
    told = [each for each in (_delivered(fresh, watched.notices), watched.told_at) if each is not None]
    if not told:
        return refuse(
            "notice_missing",
            policy,
            zh=f"费率因子上升 {rise}，但新增发现项尚无已送达的书面建议，"
            "被保险人也未自行通知；请先送达（保险法第五十一条）。",
            en=f"The factor rises by {rise}, but no written suggestion on what is new was delivered and the "
            "insured has not told of it; deliver one first (Law 51).",
        )
    return Increase(factor_after, rise, tuple(fresh), min(told))


def _delivered(findings: Sequence[str], notices: Sequence[Notice]) -> datetime | None:
    """The instant at which the insured had been told of all of them."""
    told = {each.finding: each.delivered_at for each in notices if each.delivered_at is not None}
    return max(told[uid] for uid in findings) if all(uid in told for uid in findings) else None


def _request_missing(policy: str, change: Fraction) -> Refusal:
    return refuse(
        "request_missing",
        policy,
        zh=f"费率因子下降 {-change}，但被保险人尚未申请降低保险费；请告知其权利并登记申请日（保险法第五十三条）。",
        en=f"The factor falls by {-change}, but the insured has not asked for a lower premium; tell it of its "
        "right and record "
        "the day of the request (Law 53).",
    )
