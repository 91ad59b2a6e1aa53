"""The policy schedule as data in both languages: headings, tables and a verification code, printed elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction

from ringwall.basics import SHANGHAI, Words, local_day, round_fraction, yuan
from ringwall.policy.history import Party, PolicyContent, PolicyVersion, PremiumTerms
from ringwall.underwriting import Explanation

Cells = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One section of the document; every row has as many cells as there are columns."""

    heading: Words
    columns: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class ScheduleDocument:
    """The schedule (保险单明细表) of one version of one policy; the code is the digest of all that it says."""

    title: Words
    number: str
    known_at: datetime
    tables: tuple[Table, ...]
    verification_code: str


TITLE = Words("网络安全保险 · 保险单明细表", "Cyber-security insurance · policy schedule")
ITEM = (Words("项目", "Item"), Words("内容", "Content"))


def schedule(number: str, version: PolicyVersion, explanations: Sequence[Explanation]) -> ScheduleDocument:
    """All that the version says, in a fixed order; the same version always gives the same code."""
    content = version.content
    tables = (
        _contract(number, version),
        _parties(content),
        _panel(content),
        _parts(content),
        _clauses(content),
        _agreements(content),
        _services(content),
        _premium(content.premium),
        _explained(content, explanations),
    )
    return ScheduleDocument(TITLE, number, version.known_at, tables, verification_code(number, tables))


def verification_code(number: str, tables: Sequence[Table]) -> str:
    """Twenty hexadecimal digits of the SHA-256 of the content, in groups of four."""
    text = json.dumps([number, [asdict(table) for table in tables]], ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:20].upper()
    return "-".join(digest[place : place + 4] for place in range(0, 20, 4))


def _same(text: str) -> Words:
    return Words(text, text)


def _money(minor: int) -> Words:
    return Words(f"{yuan(minor)} 元", f"CNY {yuan(minor)}")


def _percent(share: Fraction) -> Words:
    hundredths = share * 100
    return _same(f"{hundredths.numerator} %" if hundredths.denominator == 1 else str(share))


def _decimal(factor: Fraction) -> str:
    """A factor with four places, rounded for reading only; what is computed uses the exact one."""
    whole, parts = divmod(round_fraction(factor * 10_000), 10_000)
    return f"{whole}.{parts:04d}"


def _instant(instant: datetime) -> Words:
    local = instant.astimezone(SHANGHAI)
    return Words(f"{local:%Y}年{local.month}月{local.day}日 {local:%H:%M}", f"{local:%Y-%m-%d %H:%M} (Asia/Shanghai)")


def _contract(number: str, version: PolicyVersion) -> Table:
    content = version.content
    start, end = _instant(content.period.start), _instant(content.period.end)
    rows = (
        (Words("保险单号", "Policy number"), _same(number)),
        (Words("产品及版本", "Product and version"), _same(f"{content.product_code} {content.product_version}")),
        (
            Words("保险期间", "Period of insurance"),
            Words(f"自 {start.zh} 起至 {end.zh} 止（不含）", f"from {start.en} until, not including, {end.en}"),
        ),
        (Words("本版本生效", "This version holds from"), _instant(version.effective_at)),
        (Words("出具事由", "Issued because"), version.because),
    )
    return Table(Words("合同", "Contract"), ITEM, rows)


def _parties(content: PolicyContent) -> Table:
    parties = content.parties
    named: Iterable[tuple[Words, Party | None]] = (
        (Words("投保人", "Applicant"), parties.applicant),
        (Words("被保险人", "Insured"), parties.insured),
        (Words("保险经纪人", "Broker"), parties.broker),
        (Words("网络安全服务机构", "Service provider"), parties.provider),
    )
    return Table(Words("当事人", "Parties"), ITEM, tuple((label, party.name) for label, party in named if party))


def _panel(content: PolicyContent) -> Table:
    roles = {content.panel.lead: Words("首席承保人（主承）", "Lead insurer")}
    follower = Words("跟随承保人（从共）", "Follower")
    rows = []
    for line in content.panel.lines:
        party = content.parties.insurer(line.insurer)
        name = party.name if party else _same(line.insurer)
        rows.append((roles.get(line.insurer, follower), name, _percent(line.share)))
    columns = (Words("角色", "Role"), Words("保险人", "Insurer"), Words("份额", "Share"))
    return Table(Words("共保体", "Co-insurance panel"), columns, tuple(rows))


def _parts(content: PolicyContent) -> Table:
    columns = (Words("保险责任", "Coverage part"), Words("限额", "Limit"), Words("免赔", "Retention"))
    cover, none = content.cover, _same("—")
    rows = [
        (
            Words(f"{part.name.zh}（{part.code}）", f"{part.name.en} ({part.code})"),
            _money(part.limit_minor),
            part.retention,
        )
        for part in cover.parts
    ]
    rows.append((Words("每次事故限额", "Limit per event"), _money(cover.event_limit_minor), none))
    rows.append((Words("累计限额", "Aggregate limit"), _money(cover.aggregate_limit_minor), none))
    return Table(Words("保险责任与限额", "Coverage parts and limits"), columns, tuple(rows))


def _clauses(content: PolicyContent) -> Table:
    void = set(content.void_clauses)
    columns = (Words("条款号", "Clause"), Words("标题", "Heading"), Words("效力", "Effect"))
    works, is_void = Words("有效", "works"), Words("未说明，不生效", "not explained, void")
    rows = tuple(
        (_same(clause.number), clause.heading, is_void if clause.number in void else works)
        for clause in content.cover.clauses
    )
    return Table(Words("条款", "Clauses"), columns, rows)


def _agreements(content: PolicyContent) -> Table:
    columns = (Words("编号", "Number"), Words("约定内容", "Text"))
    rows = tuple((_same(each.number), each.text) for each in content.cover.agreements)
    return Table(Words("特别约定（优先于条款）", "Special agreements (they beat the wording)"), columns, rows)


def _services(content: PolicyContent) -> Table:
    columns = (Words("服务", "Service"), Words("次数", "Units"))
    rows = tuple((service.name, _same(str(service.units))) for service in content.cover.services)
    return Table(Words("包含的网络安全服务", "Services included"), columns, rows)


def _premium(terms: PremiumTerms) -> Table:
    rows = (
        (Words("不含税保险费", "Net premium"), _money(terms.premium.net_minor)),
        (
            Words(f"增值税（{_percent(terms.vat_rate).zh}）", f"VAT ({_percent(terms.vat_rate).en})"),
            _money(terms.premium.vat_minor),
        ),
        (Words("含税保险费", "Gross premium"), _money(terms.premium.gross_minor)),
        (Words("费率因子", "Rate factor"), _same(_decimal(terms.rate_factor))),
        (Words("发票号", "Invoice"), _same(terms.invoice or "—")),
    )
    return Table(Words("保险费", "Premium"), ITEM, rows)


def _explained(content: PolicyContent, explanations: Sequence[Explanation]) -> Table:
    columns = (
        Words("条款号", "Clause"),
        Words("展示", "Shown"),
        Words("方式", "Means"),
        Words("确认人", "Confirmed by"),
        Words("确认时间", "Confirmed on"),
    )
    shown = {each.clause: each for each in explanations if each.product_version == content.product_version}
    rows = tuple(
        _explanation_row(clause, shown.get(clause) if content.explained[clause] else None)
        for clause in content.cover.takeaways
    )
    return Table(Words("提示与明确说明记录", "Record of explanations"), columns, rows)


def _explanation_row(clause: str, explanation: Explanation | None) -> Cells:
    if explanation is None or explanation.confirmed_at is None:
        none = _same("—")
        return (_same(clause), none, none, none, Words("未确认，不生效", "not confirmed, void"))
    return (
        _same(clause),
        _same(local_day(explanation.shown_at).isoformat()),
        _same(explanation.means),
        _same(explanation.confirmed_by),
        _same(local_day(explanation.confirmed_at).isoformat()),
    )
