"""Premium up or down within the term (Insurance Law 51–53): days left, one rounding, VAT after, and the invoice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Refusal, Term, Words, day_start, local_day, refuse
from ringwall.policy.history import Policy, PolicyContent, PolicyVersion, VersionKind
from ringwall.policy.premium import PeriodDays, Premium, cut_at, part_of_authority, part_of_period
from ringwall.price import relative_fall, rerated_net


@dataclass(frozen=True, slots=True)
class FactorRules:
    """The filed range of the rate factor, and the relative change from which a change of risk is notable."""

    filed_low: Fraction
    filed_high: Fraction
    notable: Fraction


@dataclass(frozen=True, slots=True)
class Reduction:
    """What the insured asks for: the new factor and, for each finding behind the rate, when its re-test passed or its
    dispute was upheld."""

    factor_after: Fraction
    settled_at: Mapping[str, datetime | None]
    requested_at: datetime


class InvoiceKind(StrEnum):
    """A blue invoice charges, a red-letter invoice takes back."""

    BLUE = "blue"
    RED_LETTER = "red_letter"


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice to be issued: blue for more premium, red-letter (negative) for less, referring to the blue one."""

    kind: InvoiceKind
    refers_to: str
    amount: Premium


@dataclass(frozen=True, slots=True)
class Rate:
    """A factor and the net premium of the whole period at that factor, with what of it is unearned."""

    factor: Fraction
    annual_net_minor: int
    unearned_minor: int


@dataclass(frozen=True, slots=True)
class PremiumEndorsement:
    """A change of premium from a day on; the invoice's amount is the change, negative for a refund."""

    effective_at: datetime
    days: PeriodDays
    before: Rate
    after: Rate
    earned_minor: int
    invoice: Invoice
    premium_after: Premium
    to_authority_minor: int

    @property
    def exact_change(self) -> Fraction:
        """The change of the net premium for the days left, before any rounding."""
        return _for_days_left(self.after.annual_net_minor - self.before.annual_net_minor, self.days)

    @property
    def relative_change(self) -> Fraction:
        return relative_change(self.before.factor, self.after.factor)

    @property
    def refund(self) -> Premium:
        """What goes back; nothing where the premium rises."""
        return -self.invoice.amount if self.invoice.kind is InvoiceKind.RED_LETTER else Premium(0, 0)

    @property
    def to_insured_minor(self) -> int:
        return self.refund.gross_minor - self.to_authority_minor


def relative_change(before: Fraction, after: Fraction) -> Fraction:
    """The change of a factor by its own value: −5/24 from 1.20 to 0.95."""
    return -relative_fall(before, after)


def lower_premium(content: PolicyContent, rules: FactorRules, reduction: Reduction) -> PremiumEndorsement | Refusal:
    """Law 53: the daily refund, unless it is excluded, unproved, outside the filed range or not notable."""
    before, after = content.premium.rate_factor, reduction.factor_after
    refusal = (
        _excluded(content)
        or _untested(content, reduction.settled_at)
        or _outside_range(content, rules, after)
        or _not_notable(content, rules, -relative_change(before, after))
    )
    if refusal is not None:
        return refusal
    settled = [at for at in reduction.settled_at.values() if at is not None]
    return _change(content, after, day_after(max([*settled, reduction.requested_at])))


def raise_premium(
    content: PolicyContent, rules: FactorRules, factor_after: Fraction, notified_at: datetime
) -> PremiumEndorsement | Refusal:
    """Law 51 and 52: more premium for what is left of the period, from the day after the insured was told."""
    rise = relative_change(content.premium.rate_factor, factor_after)
    refusal = _outside_range(content, rules, factor_after) or _not_notable(content, rules, rise)
    return refusal or _change(content, factor_after, day_after(notified_at))


def endorse(policy: Policy, endorsement: PremiumEndorsement, *, known_at: datetime, because: Words) -> Policy | Refusal:
    """The policy with the changed premium as a further version."""
    content = policy.newest.content
    if content.premium.rate_factor != endorsement.before.factor:
        return _stale(policy, endorsement)
    running = content.premium.running
    premium = replace(
        content.premium,
        since_issue=replace(running, change=running.change + endorsement.exact_change),
        annual_net_minor=endorsement.after.annual_net_minor,
        premium=endorsement.premium_after,
        rate_factor=endorsement.after.factor,
    )
    changed = replace(content, premium=premium)
    version = PolicyVersion(VersionKind.ENDORSED, endorsement.effective_at, known_at, changed, because)
    return policy.with_version(version)


def day_after(instant: datetime) -> datetime:
    """00:00 of the local day after an instant."""
    return day_start(local_day(instant) + timedelta(days=1))


def _change(content: PolicyContent, factor_after: Fraction, effective_at: datetime) -> PremiumEndorsement | Refusal:
    terms, effective_at = content.premium, max(effective_at, content.period.start)
    if effective_at >= content.period.end:
        return _after_period(content.period, effective_at)
    falls = factor_after < terms.rate_factor
    if falls and not terms.invoice:
        return _no_blue_invoice(content)
    days = cut_at(content.period, effective_at)
    issue = terms.running
    annual_after = rerated_net(issue.issued_net_minor, issue.issued_factor, factor_after)
    amount = terms.booked_for(_for_days_left(annual_after - terms.annual_net_minor, days))
    refund = -amount.gross_minor if falls else 0
    return PremiumEndorsement(
        effective_at=effective_at,
        days=days,
        before=_rate(terms.rate_factor, terms.annual_net_minor, days),
        after=_rate(factor_after, annual_after, days),
        earned_minor=part_of_period(terms.annual_net_minor, days.gone, days.whole),
        invoice=Invoice(InvoiceKind.RED_LETTER if falls else InvoiceKind.BLUE, terms.invoice if falls else "", amount),
        premium_after=terms.premium + amount,
        to_authority_minor=part_of_authority(refund, terms.subsidy_share),
    )


def _for_days_left(annual_minor: int, days: PeriodDays) -> Fraction:
    return Fraction(annual_minor * days.left, days.whole)


def _rate(factor: Fraction, annual_minor: int, days: PeriodDays) -> Rate:
    return Rate(factor, annual_minor, part_of_period(annual_minor, days.left, days.whole))


def _where(content: PolicyContent) -> str:
    return f"{content.product_code} {content.product_version}"


def _excluded(content: PolicyContent) -> Refusal | None:
    if not content.premium.reduction_excluded:
        return None
    return refuse(
        "excluded_by_agreement",
        _where(content),
        zh="申请降低保险费，但特别约定已排除期内调减（保险法第五十三条但书）；请在续保时协商。",
        en="A lower premium is asked for, but a special agreement excludes it within the term (Law 53); raise "
        "it at renewal.",
    )


def _untested(content: PolicyContent, settled_at: Mapping[str, datetime | None]) -> Refusal | None:
    missing = [finding for finding, at in settled_at.items() if at is None]
    if settled_at and not missing:
        return None
    names = ("、".join(missing) or "—", ", ".join(missing) or "—")
    return refuse(
        "retest_missing",
        _where(content),
        zh=f"申请降低保险费，但下列发现项没有通过复测：{names[0]}；已整改而未复测视为未关闭，请安排复测。",
        en=f"A lower premium is asked for, but no re-test passed for: {names[1]}; fixed without a re-test counts "
        "as open, so re-test.",
    )


def _outside_range(content: PolicyContent, rules: FactorRules, after: Fraction) -> Refusal | None:
    if rules.filed_low <= after <= rules.filed_high:
        return None
    return refuse(
        "outside_filed_range",
        _where(content),
        zh=f"费率因子 {after} 超出备案区间 [{rules.filed_low}, {rules.filed_high}]；请使用区间内的因子。",
        en=f"The factor {after} lies outside the filed range [{rules.filed_low}, {rules.filed_high}]; use a "
        "factor within it.",
    )


def _not_notable(content: PolicyContent, rules: FactorRules, change: Fraction) -> Refusal | None:
    if change >= rules.notable:
        return None
    return refuse(
        "not_notable",
        _where(content),
        zh=f"费率因子变动 {change}，未达显著变化的 {rules.notable}；保险费不变，达到后再申请。",
        en=f"The factor changes by {change} of its value, a notable change begins at {rules.notable}; "
        "the premium stays, ask again when it is reached.",
    )


def _after_period(period: Term, effective_at: datetime) -> Refusal:
    return refuse(
        "after_period",
        str(local_day(period.end)),
        zh=f"变更生效日 {local_day(effective_at)} 已不在保险期间内（{local_day(period.end)} 止）；请在续保中调整。",
        en=f"The change would hold from {local_day(effective_at)}, the period ends on {local_day(period.end)}; "
        "adjust the renewal.",
    )


def _no_blue_invoice(content: PolicyContent) -> Refusal:
    return refuse(
        "invoice_missing",
        _where(content),
        zh="退还保险费须开具红字发票，但原蓝字发票号缺失；请先补登原发票。",
        en="A refund needs a red-letter invoice, but the number of the blue invoice is missing; record it first.",
    )


def _stale(policy: Policy, endorsement: PremiumEndorsement) -> Refusal:
    now = policy.newest.content.premium.rate_factor
    return refuse(
        "endorsement_stale",
        policy.number,
        zh=f"批单按因子 {endorsement.before.factor} 计算，而现行因子为 {now}；请重新计算。",
        en=f"The endorsement was computed from factor {endorsement.before.factor}, the policy now has {now}; "
        "compute it again.",
    )
