"""A member's certificate under a master policy: pro-rata premium, subsidy, and issue only after the member has paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from ringwall.basics import Refusal, Term, day_start, local_day, refuse
from ringwall.policy.premium import PeriodDays, Premium, cut_at, part_of_period, with_vat
from ringwall.policy.receipt import Receipt, complete_at, premium_not_received, received_minor
from ringwall.price import SubsidyScheme, split_subsidy


@dataclass(frozen=True, slots=True)
class MasterPolicy:
    """What every member's certificate takes from the master policy; `annual_net_minor` is for one member."""

    number: str
    insurer: str
    period: Term
    annual_net_minor: int
    vat_rate: Fraction


@dataclass(frozen=True, slots=True)
class MemberPremium:
    """A member's premium from a day on; the subsidy part is paid by the authority, the own part by the member."""

    days: PeriodDays
    premium: Premium
    subsidy_minor: int
    own_part_minor: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """A member's cover; `returned_minor` is what the member paid too much because its cover starts later."""

    master: str
    member: str
    period: Term
    premium: MemberPremium
    issuable_from: datetime
    issued_at: datetime
    returned_minor: int


def member_premium(master: MasterPolicy, scheme: SubsidyScheme, from_day: date) -> MemberPremium:
    """Annual net × days left / days of the period, rounded once; VAT on it; subsidy on net + VAT."""
    days = cut_at(master.period, day_start(from_day))
    premium = with_vat(part_of_period(master.annual_net_minor, days.left, days.whole), master.vat_rate)
    split = split_subsidy(premium.gross_minor, scheme)
    return MemberPremium(days, premium, split.subsidy_minor, split.insured_part_minor)


def issue_certificate(
    master: MasterPolicy,
    member: str,
    asked_from: date,
    scheme: SubsidyScheme,
    receipts: Sequence[Receipt],
    *,
    at: datetime,
) -> Certificate | Refusal:
    """The certificate, if the insurer held the member's own part in full at that instant (E-1.2, E-1.3)."""
    if not local_day(master.period.start) <= asked_from < local_day(master.period.end):
        return _outside(master, member, asked_from)
    asked = member_premium(master, scheme, asked_from)
    short = asked.own_part_minor - received_minor(receipts, {master.insurer}, at)
    complete = complete_at(asked.own_part_minor, receipts, {master.insurer})
    if short > 0 or complete is None:
        return premium_not_received(f"{master.number}/{member}", asked.own_part_minor, short)
    start = asked_from if complete < day_start(asked_from) else local_day(complete) + timedelta(days=1)
    if start >= local_day(master.period.end):
        return _outside(master, member, start)
    premium = member_premium(master, scheme, start)
    returned = received_minor(receipts, {master.insurer}, complete) - premium.own_part_minor
    period = Term(day_start(start), master.period.end)
    return Certificate(master.number, member, period, premium, complete, at, returned)


def _outside(master: MasterPolicy, member: str, day: date) -> Refusal:
    first, end = local_day(master.period.start), local_day(master.period.end)
    return refuse(
        "outside_master_period",
        f"{master.number}/{member}",
        zh=f"起保日 {day} 不在总保单期间 [{first}, {end}) 内；请改选期间内的日期。",
        en=f"Cover from {day} lies outside the master policy's period [{first}, {end}); choose a day within it.",
    )
