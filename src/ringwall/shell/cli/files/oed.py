"""A folder of OED files: account.csv, ReinsInfo.csv, ReinsScope.csv, and beside them what they cannot say."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ringwall.basics import Refusal
from ringwall.portfolio import (
    REINS_INFO_FIELDS,
    REINS_SCOPE_FIELDS,
    AccountFile,
    BookPolicy,
    TreatyFiles,
    Unsaid,
    read_account,
    read_treaties,
)
from ringwall.shell.cli.products.writing import write_files
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import good, no
from ringwall.terms import CompiledTerms
from ringwall.treaty import Programme

ACCOUNT, REINS_INFO, REINS_SCOPE, UNSAID = "account.csv", "ReinsInfo.csv", "ReinsScope.csv", "unsaid.csv"
UNSAID_COLUMNS = ("number", "subject", "value", "carried", "zh", "en")


@dataclass(frozen=True, slots=True)
class OedBook:
    """What a folder holds; without reinsurance files there is no programme."""

    policies: tuple[BookPolicy, ...]
    terms: Mapping[str, CompiledTerms]
    """OED's own terms, of the policies that name no product."""
    programme: Programme | None
    refusals: tuple[Refusal, ...]


def write_oed(folder: Path, account: AccountFile, treaties: TreatyFiles) -> None:
    """A new folder with the four files."""
    unsaid = (*account.unsaid, *treaties.unsaid)
    write_files(
        folder,
        {
            ACCOUNT: _csv(account.fields, account.rows),
            REINS_INFO: _csv(REINS_INFO_FIELDS, treaties.info),
            REINS_SCOPE: _csv(REINS_SCOPE_FIELDS, treaties.scope),
            UNSAID: _csv(UNSAID_COLUMNS, map(_unsaid_row, unsaid)),
        },
    )


def read_oed(folder: Path, product: str = "") -> OedBook:
    """The book of a folder; `product` is for policies that name none."""
    account = read_account(_rows(folder / ACCOUNT), product=product)
    info, scope = folder / REINS_INFO, folder / REINS_SCOPE
    programme = None
    if info.exists() or scope.exists():
        programme = good(read_treaties(_rows(info), _rows(scope)))
    return OedBook(account.policies, account.terms, programme, account.refusals)


def _unsaid_row(unsaid: Unsaid) -> dict[str, str]:
    said = (unsaid.number, unsaid.subject, unsaid.value, unsaid.carried, unsaid.reason.zh, unsaid.reason.en)
    return dict(zip(UNSAID_COLUMNS, said, strict=True))


def _csv(fields: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fields, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _rows(path: Path) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as fault:
        raise _torn(f"{path}:{reader.line_num}", str(fault)) from None
    torn = next((line for line, row in enumerate(rows, start=2) if None in row or None in row.values()), None)
    if torn is not None:
        raise _torn(f"{path}:{torn}", "cells ≠ columns")
    return rows


def _torn(where: str, detail: str) -> Exception:
    return no(
        "oed_file_unreadable",
        where,
        zh=f"不是可读的 CSV（{detail}）；请检查逗号与引号，以 UTF-8 重新导出。",
        en=f"this is no CSV that can be read ({detail}); check commas and quotes and export it again as UTF-8.",
    )
