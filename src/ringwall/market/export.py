"""The regulator's table as CSV, product dimension by subject dimension, and its validator.

The supervisor sees every cell: the privacy floor is for what is published, not for what is reported.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from ringwall.basics import FEN_PER_YUAN, Language, Refusal, refuse
from ringwall.market.scheme import Scheme
from ringwall.market.table import Figures, StatisticsRow, figures_of

TOTAL_ROW = "*"
"""In the subject column: all subjects of a product together."""
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_COUNT = re.compile(r"\d{1,12}")
_YUAN = re.compile(r"(\d{1,15})\.(\d{2})")
COUNTS = ("policies", "claims")


def regulator_export(
    rows: Iterable[StatisticsRow], period: str, scheme: Scheme, language: Language = "zh"
) -> str | tuple[Refusal, ...]:
    """The table of one reporting month; a row that has no place in the scheme refuses the whole export."""
    sums: dict[tuple[str, str], Figures] = {}
    faults: list[Refusal] = []
    for row in rows:
        faults += _row_faults(row, scheme)
        for subject in (row.subject, TOTAL_ROW):
            sums[row.product, subject] = sums.get((row.product, subject), Figures()) + figures_of(row)
    if not _PERIOD.fullmatch(period):
        faults.append(_cell(1, "period", period, "YYYY-MM"))
    if faults:
        return tuple(faults)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_headings(scheme, language))
    for (product, subject), figures in sorted(sums.items()):
        writer.writerow([period, scheme.class_of_product[product], product, subject, *_cells(figures, scheme)])
    return out.getvalue()


def validate_export(text: str, scheme: Scheme) -> tuple[Refusal, ...]:
    """Everything that would make the regulator send the table back; empty = nothing."""
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    headings: tuple[list[str], ...] = (_headings(scheme, "zh"), _headings(scheme, "en"))
    if not lines or lines[0] not in headings:
        return (_cell(1, "*", ",".join(lines[0]) if lines else "∅", ",".join(_headings(scheme, "zh"))),)
    names = [*scheme.columns, *scheme.figures]
    faults: list[Refusal] = []
    table: dict[tuple[str, str], tuple[int, Mapping[str, int]]] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(names):
            faults.append(_cell(number, "*", str(len(cells)), f"{len(names)} cells"))
            continue
        row = dict(zip(names, cells, strict=True))
        found = _line_faults(number, row, scheme)
        key = row["product"], row["subject"]
        if key in table:
            found.append(_cell(number, "subject", row["subject"], f"once for {row['product']}"))
        if not found:
            table[key] = number, {name: _read(name, row[name]) for name in scheme.figures}
        faults += found
    return tuple(faults) if faults else tuple(_sum_faults(table))


def _line_faults(number: int, row: Mapping[str, str], scheme: Scheme) -> list[Refusal]:
    product_class = scheme.class_of_product.get(row["product"])
    checks = [
        ("period", bool(_PERIOD.fullmatch(row["period"])), "YYYY-MM"),
        ("product", product_class is not None, " / ".join(scheme.class_of_product)),
        ("product_class", row["product_class"] == product_class or product_class is None, str(product_class)),
        ("subject", row["subject"] in scheme.subjects or row["subject"] == TOTAL_ROW, " / ".join(scheme.subjects)),
    ]
    for name in scheme.figures:
        form = _COUNT if name in COUNTS else _YUAN
        checks.append((name, bool(form.fullmatch(row[name])), "0, 1, 2 …" if name in COUNTS else "0.00, not negative"))
    faults = [_cell(number, column, row[column], wanted) for column, holds, wanted in checks if not holds]
    if faults:
        return faults
    amounts = {name: _read(name, row[name]) for name in scheme.figures}
    if amounts["claims"] == 0 < amounts["paid"] + amounts["outstanding"]:
        faults.append(
            _cell(number, "claims", row["claims"], f"> 0, paid {row['paid']}, outstanding {row['outstanding']}")
        )
    if amounts["policies"] == 0 < amounts["premium"]:
        faults.append(_cell(number, "policies", row["policies"], f"> 0, premium {row['premium']}"))
    return faults


def _sum_faults(table: Mapping[tuple[str, str], tuple[int, Mapping[str, int]]]) -> list[Refusal]:
    faults = []
    for product in dict.fromkeys(product for product, _ in table):
        parts = [figures for (name, subject), (_, figures) in table.items() if name == product and subject != TOTAL_ROW]
        if (product, TOTAL_ROW) not in table:
            faults.append(_cell(len(table) + 1, "subject", product, f"a row {TOTAL_ROW} with its total"))
            continue
        number, total = table[product, TOTAL_ROW]
        for name, value in total.items():
            whole = sum(figures[name] for figures in parts)
            if whole != value:
                faults.append(_cell(number, name, _shown(name, value), f"{_shown(name, whole)}, the sum of its rows"))
    return faults


def _row_faults(row: StatisticsRow, scheme: Scheme) -> list[Refusal]:
    checks: Sequence[tuple[str, str, Iterable[str]]] = (
        ("product", row.product, scheme.class_of_product),
        ("subject", row.subject, scheme.subjects),
    )
    return [
        _cell_of(row.policy, column, value, " / ".join(known)) for column, value, known in checks if value not in known
    ]


def _headings(scheme: Scheme, language: Language) -> list[str]:
    return [words.in_language(language) for words in (*scheme.columns.values(), *scheme.figures.values())]


def _cells(figures: Figures, scheme: Scheme) -> list[str]:
    values = {
        "policies": figures.policies,
        "sum_insured": figures.sum_insured_minor,
        "premium": figures.premium_minor,
        "claims": figures.claims,
        "paid": figures.paid_minor,
        "outstanding": figures.outstanding_minor,
    }
    return [_shown(name, values[name]) for name in scheme.figures]


def _shown(name: str, value: int) -> str:
    return str(value) if name in COUNTS else f"{value // FEN_PER_YUAN}.{value % FEN_PER_YUAN:02d}"


def _read(name: str, cell: str) -> int:
    if name in COUNTS:
        return int(cell)
    whole, _, fen = cell.partition(".")
    return int(whole) * FEN_PER_YUAN + int(fen)


def _cell(line: int, column: str, found: str, wanted: str) -> Refusal:
    return _cell_of(f"line {line}", column, found, wanted)


def _cell_of(place: str, column: str, found: str, wanted: str) -> Refusal:
    return refuse(
        "export_cell",
        f"{place} {column}",
        zh=f"{place} 的 {column} 为“{found}”，应为 {wanted}；请更正后重新导出。",
        en=f'{place}: {column} is "{found}", it should be {wanted}; correct it and export again.',
    )
