"""Cancellation after the start of the period: the unearned premium goes back pro rata, and the cover ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Refusal, Term, Words, refuse
from ringwall.policy.endorsement import Invoice, InvoiceKind, day_after
from ringwall.policy.history import Policy, PolicyVersion, VersionKind
from ringwall.policy.premium import PeriodDays, cut_at, part_of_authority


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The end of a policy before its time; the red-letter invoice's amount is negative."""

    policy: Policy
    effective_at: datetime
    days: PeriodDays
    invoice: Invoice
    to_authority_minor: int

    @property
    def to_insured_minor(self) -> int:
        return -self.invoice.amount.gross_minor - self.to_authority_minor


def cancel(policy: Policy, *, requested_at: datetime, because: Words) -> Cancellation | Refusal:
    """The cover ends at 00:00 of the day after the request (Insurance Law 54, second sentence)."""
    content = policy.newest.content
    effective_at = day_after(requested_at)
    if requested_at < content.period.start or effective_at >= content.period.end:
        return _not_running(policy, content.period, requested_at)
    days = cut_at(content.period, effective_at)
    terms = content.premium
    refund = -terms.booked_for(Fraction(-terms.annual_net_minor * days.left, days.whole))
    ended = replace(
        content,
        period=Term(content.period.start, effective_at),
        premium=replace(terms, premium=terms.premium + -refund),
    )
    version = PolicyVersion(VersionKind.CANCELLED, effective_at, requested_at, ended, because)
    cancelled = policy.with_version(version)
    if isinstance(cancelled, Refusal):
        return cancelled
    invoice = Invoice(InvoiceKind.RED_LETTER, terms.invoice, -refund)
    to_authority = part_of_authority(refund.gross_minor, terms.subsidy_share)
    return Cancellation(cancelled, effective_at, days, invoice, to_authority)


def _not_running(policy: Policy, period: Term, requested_at: datetime) -> Refusal:
    return refuse(
        "not_running",
        policy.number,
        zh=f"退保申请于 {requested_at} 提出，不在保险期间 [{period.start}, {period.end}) 内；"
        "起保前退保按合同约定的手续费另行办理（保险法第五十四条）。",
        en=f"Cancellation is asked for at {requested_at}, outside [{period.start}, {period.end}); "
        "before the start it needs the fee that the contract fixes (Insurance Law 54), handled apart.",
    )
