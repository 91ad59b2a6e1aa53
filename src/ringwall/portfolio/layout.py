"""The portfolio file: CSV with names close to OED v4 cyber; good rows become policies, broken ones refusals.

Amounts are yuan with at most two decimals; shares are decimals or a/b; days are ISO dates, the expiry day outside.
Unlike OED, `BIWaitingHours` is in hours and vendors are names. `catalogue/book/README.md` lists every column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeVar

from ringwall.basics import FEN_PER_YUAN, Refusal, Words, refuse
from ringwall.exposure import Organisation, VendorDependency, VendorKind
from ringwall.portfolio.book import BookPolicy, PartLimits
from ringwall.terms import RetentionMode

T = TypeVar("T")

PARTS = ("INRE", "DIAS", "NPBI", "EXT", "LIA")
VENDOR_COLUMNS: Mapping[str, VendorKind] = {
    "CloudVendor": VendorKind.CLOUD,
    "OSVendor": VendorKind.OPERATING_SYSTEM,
    "EndpointVendor": VendorKind.ENDPOINT_AGENT,
    "ApplicationVendor": VendorKind.BUSINESS_APPLICATION,
    "ServiceVendor": VendorKind.MANAGED_SERVICE,
}
COLUMNS = (
    "AccNumber",
    "PolNumber",
    "InsuredName",
    "InsuredNameEn",
    "Industry",
    "Region",
    "NumberOfEmployees",
    "NumberOfHosts",
    "AnnualRevenue",
    "GrossProfitMargin",
    "NumberOfRecords",
    *VENDOR_COLUMNS,
    "Product",
    "ProductVersion",
    "LayerLimit",
    "LayerAggLimit",
    "BIWaitingHours",
    "BIRetentionMode",
    *(f"{kind}{part}" for part in PARTS for kind in ("PolLimit", "PolDed")),
    "CededPercent",
    "PolInceptionDate",
    "PolExpiryDate",
    "PolNetPremium",
    "Relativity",
)
_MODES = {mode.name.lower(): mode for mode in RetentionMode}
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_YUAN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
_RATIO = re.compile(r"\d{1,6}(?:\.\d{1,9})?|\d{1,9}/\d{1,9}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The good rows, and a refusal for each cell or row that clashes."""

    rows: tuple[BookPolicy, ...]
    refusals: tuple[Refusal, ...]


def read_portfolio(text: str, where: str = "portfolio.csv") -> Portfolio:
    """Read the whole file; one bad line never stops the others."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        header = [name.strip() for name in next(reader, [])]
        fault = header_fault(header, where)
        return Portfolio((), (fault,)) if fault else _read_rows(header, reader, where)
    except csv.Error as error:
        return Portfolio((), (_unreadable(where, str(error)),))


def _read_rows(header: list[str], reader: Iterator[list[str]], where: str) -> Portfolio:
    rows: dict[str, BookPolicy] = {}
    lines: dict[str, int] = {}
    refusals: list[Refusal] = []
    for cells in reader:
        line = reader.line_num  # type: ignore[attr-defined]
        if not any(cell.strip() for cell in cells):
            continue
        read = read_row(header, cells, f"{where}:{line}")
        if not isinstance(read, BookPolicy):
            refusals.extend(read)
        elif read.number in rows:
            refusals.append(repeated(read.number, f"{where}:{line}", lines[read.number]))
        else:
            rows[read.number], lines[read.number] = read, line
    return Portfolio(tuple(rows.values()), tuple(refusals))


def read_row(header: Sequence[str], cells: Sequence[str], place: str) -> BookPolicy | list[Refusal]:
    """One row under its header; `place` is the file and the line."""
    if len(cells) != len(header):
        return [
            refuse(
                "row_width",
                place,
                zh=f"本行有 {len(cells)} 个单元格，表头有 {len(header)} 列；请检查逗号与引号后重新导入本行。",
                en=f"The row has {len(cells)} cells, the header {len(header)} columns; check commas and quotes.",
            )
        ]
    row = _Cells(dict(zip(header, (cell.strip() for cell in cells), strict=True)), place)
    policy = _policy(row)
    return policy if isinstance(policy, BookPolicy) and not row.refusals else list(dict.fromkeys(row.refusals))


def _policy(row: _Cells) -> BookPolicy | None:
    organisation = _organisation(row)
    parts = tuple(
        PartLimits(part, row.yuan(f"PolLimit{part}"), row.yuan(f"PolDed{part}", "0"))
        for part in PARTS
        if row.cells.get(f"PolLimit{part}")
    )
    first, last = row.day("PolInceptionDate"), row.day("PolExpiryDate")
    event, aggregate = row.yuan("LayerLimit"), row.yuan("LayerAggLimit")
    fields = row.word("AccNumber"), row.word("PolNumber"), organisation, row.word("Product"), row.word("ProductVersion")
    waiting = row.whole("BIWaitingHours"), row.mode("BIRetentionMode")
    premium, ceded, relativity = (
        row.yuan("PolNetPremium"),
        row.ratio("CededPercent", "0", 1),
        row.ratio("Relativity", "1", 100),
    )
    if row.refusals:
        return None
    row.check("PolExpiryDate", last > first, f"{last} ≤ PolInceptionDate {first}")
    row.check("LayerAggLimit", aggregate >= event > 0, f"{_shown(aggregate)}, LayerLimit {_shown(event)}")
    row.check("PolLimitINRE", bool(parts), "PolLimit* = ∅")
    for part in parts:
        fits = 0 < part.limit_minor <= event
        row.check(f"PolLimit{part.part}", fits, f"{_shown(part.limit_minor)}, LayerLimit {_shown(event)}")
    return BookPolicy(*fields, parts, event, aggregate, *waiting, premium, first, last, ceded, relativity)


def _organisation(row: _Cells) -> Organisation:
    ties = tuple(
        VendorDependency(kind, vendor)
        for column, kind in VENDOR_COLUMNS.items()
        for vendor in row.cells.get(column, "").split(";")
        if vendor
    )
    name = row.word("InsuredName")
    return Organisation(
        Words(name, row.cells.get("InsuredNameEn") or name),
        row.word("AccNumber"),
        row.word("Industry"),
        row.word("Region"),
        row.whole("NumberOfEmployees"),
        row.whole("NumberOfHosts", row.cells.get("NumberOfEmployees") or "0"),
        row.yuan("AnnualRevenue"),
        row.ratio("GrossProfitMargin", None, 1),
        row.whole("NumberOfRecords", "0"),
        ties,
    )


@dataclass(slots=True)
class _Cells:
    """One row's cells while it is read: a cell that clashes leaves a refusal and a stand-in value."""

    cells: Mapping[str, str]
    place: str
    refusals: list[Refusal] = field(default_factory=list)

    def word(self, column: str) -> str:
        return self._read(column, None, _as_word, "", "不能为空", "a non-empty text")

    def whole(self, column: str, default: str | None = None) -> int:
        return self._read(column, default, _as_whole, 0, "应为非负整数", "a whole number, not negative")

    def yuan(self, column: str, default: str | None = None) -> int:
        return self._read(column, default, _as_fen, 0, "应为非负的元，至多两位小数", "yuan ≥ 0, at most two decimals")

    def day(self, column: str) -> date:
        return self._read(column, None, _as_day, date.min, "应为日期 YYYY-MM-DD", "a date YYYY-MM-DD")

    def ratio(self, column: str, default: str | None, most: int) -> Fraction:
        wanted_zh, wanted_en = f"应为 0 到 {most} 之间的小数或 a/b", f"a decimal or a/b from 0 to {most}"
        return self._read(column, default, lambda cell: _as_ratio(cell, most), Fraction(0), wanted_zh, wanted_en)

    def mode(self, column: str) -> RetentionMode:
        known = " / ".join(_MODES)
        wanted = f"应为 {known} 之一", f"one of {known}"
        return self._read(column, None, _as_mode, RetentionMode.HIGHER_OF, *wanted)

    def _read(
        self, column: str, default: str | None, read: Callable[[str], T], stand_in: T, wanted_zh: str, wanted_en: str
    ) -> T:
        cell = self.cells.get(column) or default or ""
        try:
            return read(cell)
        except (ValueError, ZeroDivisionError):
            self._clash("cell_unreadable", column, f"“{cell}”{wanted_zh}", f"“{cell}” is not {wanted_en}")
            return stand_in

    def check(self, column: str, holds: bool, facts: str) -> None:
        if not holds:
            self._clash("cells_clash", column, f"取值相互矛盾：{facts}", f"the values clash: {facts}")

    def _clash(self, code: str, column: str, zh: str, en: str) -> None:
        where = f"{self.place} {column}"
        self.refusals.append(
            refuse(
                code, where, zh=f"{column}：{zh}；请更正后重新导入本行。", en=f"{column}: {en}; correct and reload it."
            )
        )


def _as_word(cell: str) -> str:
    if not cell:
        raise ValueError(cell)
    return cell


def _as_whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError(cell)
    return int(cell)


def _as_fen(cell: str) -> int:
    match = _YUAN.fullmatch(cell)
    if not match:
        raise ValueError(cell)
    return int(match[1]) * FEN_PER_YUAN + int((match[2] or "").ljust(2, "0"))


def _as_day(cell: str) -> date:
    if not _DAY.fullmatch(cell):
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _as_ratio(cell: str, most: int) -> Fraction:
    if not _RATIO.fullmatch(cell) or not 0 <= Fraction(cell) <= most:
        raise ValueError(cell)
    return Fraction(cell)


def _as_mode(cell: str) -> RetentionMode:
    if cell not in _MODES:
        raise ValueError(cell)
    return _MODES[cell]


def _shown(minor: int) -> str:
    return f"{minor // FEN_PER_YUAN}.{minor % FEN_PER_YUAN:02d}"


_NEEDED = (
    frozenset(COLUMNS)
    - {"InsuredNameEn", "NumberOfHosts", "CededPercent", "Relativity", *VENDOR_COLUMNS}
    - {f"{kind}{part}" for part in PARTS for kind in ("PolLimit", "PolDed")}
)


def header_fault(header: Sequence[str], where: str) -> Refusal | None:
    """What is wrong with the names of the columns."""
    missing = sorted(_NEEDED - set(header))
    unknown = sorted({name for name in header if name not in COLUMNS} | {n for n in header if header.count(n) > 1})
    if not missing and not unknown:
        return None
    zh, en = ", ".join(missing) or "无", ", ".join(missing) or "none"
    return refuse(
        "header_unreadable",
        f"{where}:1",
        zh=f"表头缺少列：{zh}；多出或重复的列：{', '.join(unknown) or '无'}；请按列名说明修改表头。",
        en=f"The header lacks {en}; unknown or repeated: {', '.join(unknown) or 'none'}; use the documented columns.",
    )


def repeated(number: str, place: str, first: int) -> Refusal:
    """A policy number that an earlier good row has."""
    return refuse(
        "policy_repeated",
        f"{place} PolNumber",
        zh=f"保单号 {number} 在第 {first} 行已出现，本行未导入；请合并两行或更改保单号。",
        en=f"Policy {number} stands in line {first} already, this row is left out; merge them or renumber it.",
    )


def _unreadable(where: str, detail: str) -> Refusal:
    return refuse(
        "portfolio_unreadable",
        where,
        zh=f"文件不是可读的 CSV（{detail}）；请以 UTF-8 CSV 重新导出。",
        en=f"The file is not readable CSV ({detail}); export it again as UTF-8 CSV.",
    )
