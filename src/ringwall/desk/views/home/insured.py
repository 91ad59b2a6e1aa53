"""The risk manager of an insured: what to confirm, to pay, to fix and what it saves, to hand in, to accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words, due_before
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.permissions import RISK_MANAGER
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.home.open_offers import Missing, missing_for, open_quotes
from ringwall.desk.views.home.waiting import Waiting, cover_ends, to_settle
from ringwall.desk.views.knowing import dossier_known, fixes_known, is_still_open
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name, last_instant_before
from ringwall.evidence import Standing
from ringwall.service import OrderState

PEOPLE = frozenset({RISK_MANAGER})


@dataclass(frozen=True, slots=True)
class Matter:
    """One case at one instant."""

    object_id: UUID
    number: str
    now: datetime


FIX = Words("去整改", "See what to fix")
CONFIRM = Words("阅读并确认", "Read and confirm")


def waiting(office: Office, now: datetime) -> tuple[Waiting, ...]:
    """Everything that waits for the insured, over all of its cases."""
    tasks: list[Waiting] = []
    for row in all_known(office.submissions, now):
        matter = Matter(row.object_id, row.number, now)
        for look in (_offers, _notices, _documents, _deliveries, _endings):
            tasks += look(office, matter)
        tasks += to_settle(office, now, of_insured=True, object_id=row.object_id)
    return tuple(tasks)


def fixes_to_do(office: Office, now: datetime, bases: KeptBases) -> Iterator[Waiting]:
    """What mending each weakness saves in a year; it is priced anew, so it takes the kept bases."""
    for row in all_known(office.submissions, now):
        found = fixes_known(office, row.object_id, now, bases)
        for fix in found.fixes if found else ():
            if fix.effect_minor:
                yield Waiting(
                    "fix",
                    fix.label,
                    fix.next_step,
                    f"/posture/{row.number}#fix-{fix.code}",
                    FIX,
                    amount_minor=fix.effect_minor,
                    amount_is=Words("对年保费的影响", "effect on a year's premium"),
                )


def figures(office: Office, now: datetime) -> tuple[Figure, ...]:
    """My cover and my posture at a glance."""
    found: list[Figure] = []
    for row in all_known(office.policies, now):
        content = row.record.policy.newest.content
        link = f"/policy/{row.number}"
        found.append(Figure(Words("每次事故限额", "Limit per event"), content.cover.event_limit_minor, "money", link))
        premium = content.premium.premium.gross_minor
        found.append(Figure(Words("含税保费", "Premium with VAT"), premium, "money", f"{link}#premium"))
    for submission in all_known(office.submissions, now):
        dossier = dossier_known(office, submission.object_id, now)
        link = f"/posture/{submission.number}"
        broken = sum(each.standing is Standing.BROKEN for each in dossier.controls) if dossier else 0
        still_open = len(dossier.open_findings) if dossier else 0
        found.append(Figure(Words("未关闭发现项", "Open findings"), still_open, "count", f"{link}#findings"))
        found.append(Figure(Words("失效控制措施", "Controls broken"), broken, "count", f"{link}#controls"))
    return tuple(found)


def _offers(office: Office, matter: Matter) -> Iterator[Waiting]:
    for row in open_quotes(office, matter.object_id, matter.now):
        match missing_for(office, row, matter.now):
            case Missing.EXPLANATIONS:
                what = Words(f"确认报价 {row.number} 的免责条款", f"Confirm the exclusions of quote {row.number}")
                yield _offer(office, row, "confirm_explanations", what, f"/explain/{row.number}", CONFIRM)
            case Missing.PREMIUM:
                what = Words(f"支付报价 {row.number} 的保费", f"Pay the premium of quote {row.number}")
                see = Words("查看报价", "See the quote")
                yield _offer(office, row, "pay_premium", what, f"/quote/{row.number}", see)
            case _:
                continue


def _offer(office: Office, row: Row[QuoteFile], kind: str, what: Words, link: str, action: Words) -> Waiting:
    return Waiting(
        kind,
        what,
        insured_name(office, row.object_id),
        link,
        action,
        Bar(row.known_at, row.record.valid_until),
        amount_minor=row.record.priced.insured_part_minor,
        amount_is=Words("应付保费", "premium to pay"),
    )


def _notices(office: Office, matter: Matter) -> Iterator[Waiting]:
    for row in all_known(office.notices, matter.now, matter.object_id):
        notice = row.record
        if notice.delivered_at is None or notice.deadline is None:
            continue
        if is_still_open(office, matter.object_id, notice.finding, matter.now):
            yield Waiting(
                "fix_by_notice",
                Words(f"按书面建议 {row.number} 整改并复测", f"Fix and re-test as notice {row.number} asks"),
                notice.text,
                f"/posture/{matter.number}#finding-{notice.finding}",
                FIX,
                Bar(notice.delivered_at, last_instant_before(due_before(notice.deadline))),
            )


def _documents(office: Office, matter: Matter) -> Iterator[Waiting]:
    for row in all_known(office.claims, matter.now, matter.object_id):
        wanted = row.record.claim.known_at(matter.now).outstanding_documents
        if wanted:
            names = "、".join(wanted), ", ".join(wanted)
            yield Waiting(
                "hand_in_documents",
                Words(f"为赔案 {row.number} 补充材料", f"Hand in documents for claim {row.number}"),
                Words(*names),
                f"/claim/{row.number}",
                Words("查看赔案", "See the claim"),
                since=row.known_at,
            )


def _deliveries(office: Office, matter: Matter) -> Iterator[Waiting]:
    for row in all_known(office.orders, matter.now, matter.object_id):
        if row.record.state is OrderState.DELIVERED:
            yield Waiting(
                "accept_deliverable",
                Words(f"验收服务工单 {row.number}", f"Accept service order {row.number}"),
                insured_name(office, matter.object_id),
                f"/order/{row.number}",
                Words("查看交付物", "See what was delivered"),
                since=row.known_at,
            )


def _endings(office: Office, matter: Matter) -> Iterator[Waiting]:
    for row in all_known(office.policies, matter.now, matter.object_id):
        yield from cover_ends(row, insured_name(office, matter.object_id), matter.now)
