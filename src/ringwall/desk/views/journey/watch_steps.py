"""The policy and what is watched within its term: versions, traffic, notices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

from ringwall.basics import Words, due_before, local_day
from ringwall.desk.doors import Row
from ringwall.desk.views.journey.step import Lane, Stage, Step, Told
from ringwall.desk.views.parts import Bar, Figure, all_known, last_instant_before
from ringwall.evidence import TrafficBatch, indicators_of
from ringwall.monitoring import Notice
from ringwall.policy import PolicyVersion


def steps(told: Told) -> Iterator[Step]:
    """What the policy says over time, and what was seen meanwhile."""
    yield from _versions(told)
    days: defaultdict[date, list[Row[TrafficBatch]]] = defaultdict(list)
    for row in all_known(told.office.traffic, told.now, told.object_id):
        days[local_day(row.known_at)].append(row)
    for rows in days.values():
        yield _traffic(told, rows)
    for notice in all_known(told.office.notices, told.now, told.object_id):
        yield from _notice(told, notice)


def _versions(told: Told) -> Iterator[Step]:
    file = told.policy
    if file is None:
        return
    versions = [version for version in file.policy.versions if version.known_at <= told.now]
    yield _issued(file.policy.number, versions[0])
    for place, (before, after) in enumerate(pairwise(versions), start=1):
        yield _changed(file.policy.number, place, before, after)


def _issued(number: str, version: PolicyVersion) -> Step:
    content, link = version.content, f"/policy/{number}"
    premium = content.premium.premium.gross_minor
    return Step(
        number,
        Stage.COVER,
        Lane.LEAD,
        Words(f"出单：保险单 {number}", f"Policy {number} bound"),
        version.effective_at,
        version.known_at,
        link,
        (
            Figure(Words("含税保费", "Premium with VAT"), premium, "money", f"{link}#premium"),
            Figure(Words("累计限额", "Aggregate limit"), content.cover.aggregate_limit_minor, "money", f"{link}#cover"),
            Figure(Words("共保人", "Insurers on the panel"), len(content.panel.lines), "count", f"{link}#panel"),
        ),
        version.because,
        (Lane.INSURED, Lane.FOLLOWERS, Lane.PROVIDER),
    )


def _changed(number: str, place: int, before: PolicyVersion, after: PolicyVersion) -> Step:
    link = f"/policy/{number}#premium"
    change = after.content.premium.premium.gross_minor - before.content.premium.premium.gross_minor
    return Step(
        f"{number}-{place}",
        Stage.WATCH,
        Lane.LEAD,
        Words(f"批单：保险单 {number} 保费变更", f"Endorsement: the premium of policy {number} changes"),
        after.effective_at,
        after.known_at,
        link,
        (
            Figure(Words("含税保费变动", "Change of premium with VAT"), change, "change", link),
            Figure(Words("费率因子", "Rate factor"), f"{float(after.content.premium.rate_factor):.3f}", link=link),
        ),
        after.because,
        (Lane.INSURED, Lane.FOLLOWERS),
    )


def _traffic(told: Told, rows: list[Row[TrafficBatch]]) -> Step:
    """All files that came on one day, and the alerts over everything that was known by then."""
    row, link = max(rows, key=lambda each: each.known_at), f"/posture/{told.number}#traffic"
    known = indicators_of(told.office.hours.counts(told.object_id, row.known_at))
    raised, lines = sum(each.raised is True for each in known), sum(each.record.lines for each in rows)
    return Step(
        f"traffic-{row.record.sha256[:12]}",
        told.stage_at(row.known_at),
        Lane.INSURED,
        Words("流量监测文件计数入档", "Traffic file counted and put on record"),
        row.effective_at,
        row.known_at,
        link,
        (
            Figure(Words("EVE 行数", "EVE lines"), lines, "count", link),
            Figure(Words("流量告警", "Traffic alerts"), raised, "count", link),
        ),
        Words("告警不影响价格", "an alert never moves the price"),
        (Lane.LEAD, Lane.PROVIDER),
    )


def _notice(told: Told, row: Row[Notice]) -> Iterator[Step]:
    """Sent and delivered are two steps: the term runs from delivery."""
    notice, link = row.record, f"/policy/{row.record.policy}#notices"
    yield Step(
        f"{row.number}-sent",
        Stage.WATCH,
        Lane.LEAD,
        Words(f"发出书面建议 {row.number}", f"Written suggestion {row.number} sent"),
        notice.sent_at,
        notice.sent_at,
        link,
        (),
        notice.text,
        (Lane.INSURED,),
    )
    if notice.delivered_at is None or notice.deadline is None:
        return
    yield Step(
        row.number,
        Stage.WATCH,
        Lane.INSURED,
        Words(f"书面建议 {row.number} 送达", f"Written suggestion {row.number} delivered"),
        notice.delivered_at,
        notice.delivered_at,
        link,
        (Figure(Words("整改期限", "To be fixed by"), notice.deadline, "day", link),),
        bars=(Bar(notice.delivered_at, last_instant_before(due_before(notice.deadline)), fixed_at(told, notice)),),
    )


def fixed_at(told: Told, notice: Notice) -> datetime | None:
    """When a look no longer saw the finding of a notice."""
    rows = all_known(told.office.findings, told.now, told.object_id)
    closed = [row for row in rows if row.record.uid == notice.finding and not row.record.is_open]
    return closed[-1].known_at if closed else None
