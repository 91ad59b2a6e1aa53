"""The claims handler of the lead: every clock of the law that runs, and consents that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words, day_start, local_day
from ringwall.claim import Claim, ClaimClock, ClaimState, EntryKind, clocks_of, consent_for, outstanding_minor
from ringwall.desk.office import Office
from ringwall.desk.permissions import CLAIMS_HANDLER
from ringwall.desk.settlement.pay_providers import owed_for
from ringwall.desk.views.home.waiting import Waiting, to_settle
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name, last_instant_before
from ringwall.service import OrderState, PayableState

PEOPLE = frozenset({CLAIMS_HANDLER})

OPEN = Words("打开赔案", "Open the claim")


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """Cases by clock, of everything that this insurer leads."""
    tasks: list[Waiting] = []
    for row in all_known(office.claims, now):
        if not _leads(office, row.object_id):
            continue
        claim, insured = row.record.claim.known_at(now), insured_name(office, row.object_id)
        tasks += _clocks(office, claim, insured)
        tasks += _consents(claim, insured)
        if claim.state is ClaimState.REGISTERED and not claim.first(EntryKind.DOCUMENTS_RECEIVED):
            what = Words(f"赔案 {claim.number}：待收取索赔材料", f"Claim {claim.number}: documents are to come")
            tasks.append(Waiting("await_documents", what, insured, f"/claim/{claim.number}", OPEN, since=row.known_at))
    return (*tasks, *_orders(office, now), *to_settle(office, now, of_insured=False), *_to_pay(office, now))


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """Open cases, what is reserved and what has been paid."""
    claims = [row.record.claim.known_at(now) for row in all_known(office.claims, now)]
    if not claims:
        return ()
    still_open = sum(claim.state not in (ClaimState.PAID, ClaimState.CLOSED, ClaimState.REFUSED) for claim in claims)
    link = f"/claim/{claims[-1].number}"
    return (
        Figure(Words("在办赔案", "Claims open"), still_open, "count"),
        Figure(Words("未决赔款准备金", "Case reserves"), sum(outstanding_minor(c) for c in claims), "money", link),
        Figure(Words("已付赔款", "Paid"), sum(claim.paid_minor for claim in claims), "money", link),
    )


def bar_of(clock: ClaimClock) -> Bar:
    """A clock of the law as a bar."""
    run = clock.clock
    return Bar(run.start, last_instant_before(run.due_before), clock.done_at, run.stopped_since)


def _clocks(office: Office, claim: Claim, insured: Words) -> Iterator[Waiting]:
    for clock in clocks_of(claim, office.catalogue.clock_rules, office.catalogue.calendar):
        if clock.done_at is None:
            rule = clock.clock.rule
            yield Waiting(
                f"clock_{rule.rule}",
                Words(f"赔案 {claim.number}：{rule.what.zh}", f"Claim {claim.number}: {rule.what.en}"),
                insured,
                f"/claim/{claim.number}",
                OPEN,
                bar_of(clock),
                amount_minor=claim.outcome.payable.low if claim.outcome else None,
                amount_is=Words("应付赔款", "payable") if claim.outcome else None,
            )


def _consents(claim: Claim, insured: Words) -> Iterator[Waiting]:
    subjects = {entry.about[0] for entry in claim.entries(EntryKind.CONSENT_REQUESTED)}
    for subject in sorted(subjects):
        consent = consent_for(claim, subject)
        if consent is not None and consent.answer is None:
            yield Waiting(
                "answer_consent",
                Words(f"赔案 {claim.number}：答复 {subject} 的征询", f"Claim {claim.number}: answer on {subject}"),
                insured,
                f"/claim/{claim.number}",
                OPEN,
                Bar(consent.requested_at, consent.deemed_from) if consent.deemed_from else None,
                since=consent.requested_at,
            )


def _to_pay(office: Office, now: datetime) -> Iterator[Waiting]:
    """Settled invoices of providers that are due: one act for all of them."""
    owed = owed_for(office, all_known(office.orders, now))
    due = [each for _, each in owed if each.state(local_day(now)) is PayableState.DUE]
    if due:
        yield Waiting(
            "pay_providers",
            Words(f"支付服务机构到期发票 {len(due)} 张", f"Pay invoices of providers that are due: {len(due)}"),
            Words("、".join(each.invoice for each in due), ", ".join(each.invoice for each in due)),
            "/payables",
            Words("付款", "Pay"),
            since=day_start(min(each.due_on for each in due)),
            amount_minor=sum(each.amount_minor for each in due),
            amount_is=Words("应付，不含增值税", "owed, without VAT"),
        )


def _leads(office: Office, object_id: UUID) -> bool:
    return "lead" in office.objects.roles(object_id)


def _orders(office: Office, now: datetime) -> Iterator[Waiting]:
    for row in all_known(office.orders, now):
        if row.record.state is OrderState.REQUESTED and _leads(office, row.object_id):
            yield Waiting(
                "consent_order",
                Words(f"同意服务工单 {row.number}", f"Consent to service order {row.number}"),
                insured_name(office, row.object_id),
                f"/order/{row.number}",
                Words("查看工单", "See the order"),
                since=row.known_at,
            )
