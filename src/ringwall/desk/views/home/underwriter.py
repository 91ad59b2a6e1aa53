"""The lead's underwriter: submissions to quote, quotes to bind, drift to act on, policies that end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words, due_before
from ringwall.desk.doors import Row
from ringwall.desk.monitoring.drift_since import drift_known
from ringwall.desk.office import Office
from ringwall.desk.permissions import UNDERWRITER
from ringwall.desk.records import PolicyFile, QuoteFile
from ringwall.desk.views.home.open_offers import Missing, missing_for, open_quotes
from ringwall.desk.views.home.waiting import Waiting, cover_ends
from ringwall.desk.views.knowing import is_still_open, scans_known
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name, last_instant_before
from ringwall.desk.views.service.provider import providers_page
from ringwall.monitoring import Drift, DriftKind
from ringwall.settlement import PostingKind

PEOPLE = frozenset({UNDERWRITER})

STANDS = {
    Missing.ACCEPTANCE: Words("须转上级核保", "has to be referred"),
    Missing.EXPLANATIONS: Words("待投保人确认免责条款", "waits for the applicant to confirm the exclusions"),
    Missing.PREMIUM: Words("待收取保费", "waits for the premium"),
    Missing.NOTHING: Words("可以出单", "can be bound"),
}


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """The queue of everything that this insurer leads."""
    tasks: list[Waiting] = []
    for row in all_known(office.submissions, now):
        if "lead" in office.objects.roles(row.object_id):
            tasks += _to_quote(office, row.object_id, row.number, row.known_at, now)
            tasks += (_to_bind(office, quote, now) for quote in open_quotes(office, row.object_id, now))
            for policy in all_known(office.policies, now, row.object_id):
                tasks += _to_watch(office, policy, now)
                tasks += cover_ends(policy, insured_name(office, row.object_id), now)
    return (*tasks, *_to_vet(office, now))


def _to_vet(office: Office, now: datetime) -> Iterator[Waiting]:
    """Providers whose certificates or rate cards this insurer has not looked at yet, where it leads anything."""
    if not any("lead" in office.objects.roles(row.object_id) for row in all_known(office.submissions, now)):
        return
    for line in providers_page(office, now):
        if line.waiting:
            name = line.provider.name
            yield Waiting(
                "vet_provider",
                Words(f"核验服务机构 {name.zh} 的资质", f"Verify certificates of {name.en}"),
                Words(f"待核验 {line.waiting} 份", f"to verify: {line.waiting}"),
                f"/provider/{line.provider.id}#waiting",
                Words("核验", "Verify"),
            )
        if line.cards_waiting:
            name = line.provider.name
            yield Waiting(
                "answer_rate_card",
                Words(f"答复服务机构 {name.zh} 提出的价目表", f"Answer the rate card that {name.en} proposes"),
                Words(f"待答复 {line.cards_waiting} 份", f"to answer: {line.cards_waiting}"),
                f"/provider/{line.provider.id}#cards",
                Words("答复", "Answer"),
            )


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """What this insurer leads, and its own part of the premium."""
    rows = [row for row in all_known(office.policies, now) if "lead" in office.objects.roles(row.object_id)]
    if not rows:
        return ()
    link = f"/policy/{rows[-1].number}#panel"
    mine = sum(_own_premium(office, row, now) for row in rows)
    whole = sum(row.record.policy.newest.content.premium.premium.net_minor for row in rows)
    return (
        Figure(Words("主承保单", "Policies led"), len(rows), "count"),
        Figure(Words("净保费合计（全部份额）", "Net premium, all shares"), whole, "money", link),
        Figure(Words("其中本公司份额", "of it our own share"), mine, "money", link),
    )


def _own_premium(office: Office, row: Row[PolicyFile], now: datetime) -> int:
    lead = row.record.agreement.lead
    log = (each for each in office.panel_chain.log(row.object_id) if each.event.at <= now)
    return sum(posting.part_of(lead) for posting in log if posting.event.kind is PostingKind.PREMIUM)


def _to_quote(office: Office, object_id: UUID, number: str, since: datetime, now: datetime) -> Iterator[Waiting]:
    if not all_known(office.quotes, now, object_id):
        yield Waiting(
            "quote",
            Words(f"为投保单 {number} 报价", f"Quote submission {number}"),
            insured_name(office, object_id),
            f"/dossier/{number}",
            Words("查看风险档案", "See the dossier"),
            since=since,
        )


def _to_bind(office: Office, row: Row[QuoteFile], now: datetime) -> Waiting:
    missing = missing_for(office, row, now)
    stands = STANDS[missing]
    return Waiting(
        "bind" if missing is Missing.NOTHING else f"quote_{missing.value}",
        Words(f"报价 {row.number}：{stands.zh}", f"Quote {row.number}: {stands.en}"),
        insured_name(office, row.object_id),
        f"/quote/{row.number}",
        Words("打开报价", "Open the quote"),
        Bar(row.known_at, row.record.valid_until),
        amount_minor=row.record.priced.gross_minor,
        amount_is=Words("含税保费", "premium with VAT"),
    )


def _to_watch(office: Office, row: Row[PolicyFile], now: datetime) -> Iterator[Waiting]:
    """Drift without a notice, notices whose finding is still open, and a re-test that the premium has not followed."""
    told = {each.record.finding: each for each in all_known(office.notices, now, row.object_id)}
    drifts = drift_known(office, row.object_id, now).drifts
    for each in drifts:
        if each.kind in (DriftKind.NEW, DriftKind.WORSE) and each.uid not in told:
            yield Waiting(
                "send_notice",
                Words("发现风险变化，须发书面建议", "The risk has changed: send a notice"),
                each.message,
                f"/policy/{row.number}#drift",
                Words("查看变化", "See the change"),
            )
    for uid, notice in told.items():
        delivered, deadline = notice.record.delivered_at, notice.record.deadline
        if delivered and deadline and is_still_open(office, row.object_id, uid, now):
            yield Waiting(
                "follow_notice",
                Words(f"跟进书面建议 {notice.number}", f"Follow up on notice {notice.number}"),
                insured_name(office, row.object_id),
                f"/policy/{row.number}#notices",
                Words("查看建议", "See the notice"),
                Bar(delivered, last_instant_before(due_before(deadline))),
            )
    if _is_to_be_rated(office, row, drifts, now):
        yield Waiting(
            "rerate",
            Words(f"复测已通过，重新计算保险单 {row.number} 的保费", f"Re-test passed: rate policy {row.number} again"),
            insured_name(office, row.object_id),
            f"/policy/{row.number}#drift",
            Words("查看变化", "See the change"),
        )


def _is_to_be_rated(office: Office, row: Row[PolicyFile], drifts: tuple[Drift, ...], now: datetime) -> bool:
    """A rated finding is gone in a look that is newer than the policy's newest version."""
    scans = scans_known(office, row.object_id, now)
    rated = {finding.uid for finding in row.record.rated_findings}
    gone = any(each.kind is DriftKind.GONE and each.uid in rated for each in drifts)
    return gone and scans[-1].result.at > row.record.policy.newest.known_at
