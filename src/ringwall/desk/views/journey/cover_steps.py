"""From the application to the bound policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from ringwall.basics import Words
from ringwall.desk.doors import Row
from ringwall.desk.records import QuoteFile, ScanFile
from ringwall.desk.views.journey.step import Lane, Stage, Step, Told
from ringwall.desk.views.parts import Figure, all_known
from ringwall.evidence import Severity
from ringwall.product import shared_limits
from ringwall.underwriting import Route

T = TypeVar("T")

ROUTES = {
    Route.ACCEPT: Words("核保通过", "accepted"),
    Route.REFER: Words("转上级核保", "referred"),
    Route.DECLINE: Words("拒保", "declined"),
}


def steps(told: Told) -> Iterator[Step]:
    """Application, consent, proofs, scans, quotes, explanations, receipts."""
    for look in (_applications, _assets, _consents, _proofs, _scans, _quotes, _explanations, _receipts):
        yield from look(told)


def _applications(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.submissions, told.now, told.object_id):
        answers = row.record.answers
        proved = sum(bool(answer.evidence_sha256) for answer in answers)
        link = f"/posture/{told.number}#answers"
        product = told.office.catalogue.versions.get(f"{row.record.product_code}/{row.record.product_version}")
        yield Step(
            row.number,
            Stage.APPLY,
            Lane.INSURED,
            Words(f"投保 {row.number}", f"Application {row.number}"),
            row.effective_at,
            row.known_at,
            link,
            (
                Figure(Words("询问事项答复", "Answers"), len(answers), "count", link),
                Figure(Words("附证据", "with evidence"), proved, "count", link),
            ),
            product.title if product else None,
            (Lane.LEAD,),
        )


def _assets(told: Told) -> Iterator[Step]:
    for known_at, group in _together(all_known(told.office.assets, told.now, told.object_id)):
        link = f"/posture/{told.number}#assets"
        yield Step(
            f"assets-{known_at:%Y%m%d%H%M}",
            told.stage_at(known_at),
            Lane.INSURED,
            Words("申报资产", "Assets declared"),
            group[0].effective_at,
            known_at,
            link,
            (Figure(Words("资产", "Assets"), len(group), "count", link),),
        )


def _consents(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.consents, told.now, told.object_id):
        consent = row.record.consent
        yield Step(
            f"consent-{consent.text_version}",
            told.stage_at(row.known_at),
            Lane.INSURED,
            Words("签署检测授权书", "Consent to be looked at, signed"),
            row.effective_at,
            row.known_at,
            f"/posture/{told.number}#assets",
            (
                Figure(Words("授权资产", "Assets in scope"), len(consent.scope.assets), "count"),
                Figure(Words("有效至", "Valid until"), consent.valid.end.date(), "day"),
            ),
            reaches=(Lane.LEAD, Lane.PROVIDER),
        )


def _proofs(told: Told) -> Iterator[Step]:
    for known_at, group in _together(all_known(told.office.proofs, told.now, told.object_id)):
        proofs = [row.record for row in group]
        proved = sum(proof.proved for proof in proofs)
        yield Step(
            f"proofs-{known_at:%Y%m%d%H%M}",
            told.stage_at(known_at),
            Lane.INSURED,
            Words("证明资产控制权", "Control of assets proved"),
            group[0].effective_at,
            known_at,
            f"/posture/{told.number}#assets",
            (Figure(Words("已证明 / 已查", "proved / looked at"), f"{proved} / {len(proofs)}"),),
            Words("DNS 记录与网页令牌", "by DNS record and web token"),
        )


def _scans(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.scans, told.now, told.object_id):
        yield _scan(told, row)


def _scan(told: Told, row: Row[ScanFile]) -> Step:
    scan, link = row.record, f"/posture/{told.number}?at={row.known_at:%Y-%m-%d}#findings"
    still_open = [finding for finding in scan.findings if finding.is_open]
    grave = sum(finding.severity >= Severity.HIGH for finding in still_open)
    settled = sum(attempt.settles for attempt in scan.result.attempts)
    return Step(
        row.number,
        told.stage_at(row.known_at),
        Lane.INSURED,
        Words(f"扫描 {row.number}", f"Scan {row.number}"),
        row.effective_at,
        row.known_at,
        link,
        (
            Figure(Words("未关闭发现项", "Open findings"), len(still_open), "count", link),
            Figure(Words("其中高危及以上", "high or critical"), grave, "count", link),
            Figure(Words("得出结论 / 检测次数", "settled / looks"), f"{settled} / {len(scan.result.attempts)}"),
        ),
        reaches=(Lane.LEAD,),
    )


def _quotes(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.quotes, told.now, told.object_id):
        yield _quote(told, row)


def _quote(told: Told, row: Row[QuoteFile]) -> Step:
    quote, link = row.record, f"/quote/{row.number}"
    product = told.office.catalogue.version(quote.product, quote.version)
    event_minor, _ = shared_limits(product).of(quote.schedule)
    return Step(
        row.number,
        Stage.COVER,
        Lane.LEAD,
        Words(f"报价 {row.number}", f"Quote {row.number}"),
        row.effective_at,
        row.known_at,
        link,
        (
            Figure(Words("含税保费", "Premium with VAT"), quote.priced.gross_minor, "money", link),
            Figure(Words("费率因子", "Rate factor"), f"{float(quote.priced.rate_factor):.3f}", link=link),
            Figure(Words("每次事故限额", "Limit per event"), event_minor, "money", link),
        ),
        ROUTES[quote.decision.route],
        (Lane.INSURED,),
    )


def _explanations(told: Told) -> Iterator[Step]:
    policy = told.policy
    link = f"/policy/{policy.policy.number}#clauses" if policy else ""
    for known_at, group in _together(all_known(told.office.explanations, told.now, told.object_id)):
        explained = [row.record for row in group]
        by = "、".join(sorted({each.confirmed_by for each in explained if each.confirmed_by}))
        yield Step(
            f"explained-{known_at:%Y%m%d%H%M}",
            Stage.COVER,
            Lane.INSURED,
            Words("免责条款已说明并确认", "Exclusions explained and confirmed"),
            group[0].effective_at,
            known_at,
            link,
            (Figure(Words("条款", "Clauses"), len(explained), "count", link),),
            Words(f"确认人：{by}", f"confirmed by {by}") if by else None,
            (Lane.LEAD,),
        )


def _receipts(told: Told) -> Iterator[Step]:
    for row in all_known(told.office.receipts, told.now, told.object_id):
        quote = row.number.partition(":")[0]
        yield Step(
            f"receipt-{row.number.replace(':', '-')}",
            Stage.COVER,
            Lane.INSURED,
            Words("保费到账（见费出单）", "Premium received, before the policy"),
            row.effective_at,
            row.known_at,
            f"/quote/{quote}",
            (Figure(Words("实收", "Received"), row.record.amount_minor, "money", f"/quote/{quote}"),),
            reaches=(Lane.LEAD,),
        )


def _together(rows: Iterable[Row[T]]) -> Iterator[tuple[datetime, list[Row[T]]]]:
    """Rows that were learned at one instant are one step."""
    ordered = sorted(rows, key=lambda row: row.known_at)
    for known_at, group in groupby(ordered, key=lambda row: row.known_at):
        yield known_at, list(group)
