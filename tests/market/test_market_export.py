"""The regulator's table: what it says in both languages, and what its validator sends back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import ringwall
from ringwall.market import Scheme, StatisticsRow, read_scheme, regulator_export, validate_export

READ = read_scheme((Path(ringwall.__file__).parent / "catalogue/book/statistics.yaml").read_text("utf-8"))
assert isinstance(READ, Scheme)
SCHEME = READ

ROW = StatisticsRow(
    "P1", "enterprise-cyber", "manufacturing", "CN-SH", 300, "specialised", 8_000_000, 300_000_000, 1, 84_200_000, 5
)
ROWS = [ROW, replace(ROW, policy="P2", subject="other", claims=0, paid_minor=0, outstanding_minor=0)]
TABLE = """\
报告期,产品类别,产品,主体类型,有效保单（件）,保险金额（元）,签单保费（元）,报案（件）,已决赔款（元）,未决赔款（元）
2026-10,4,enterprise-cyber,*,2,6000000.00,160000.00,1,842000.00,0.05
2026-10,4,enterprise-cyber,other,1,3000000.00,80000.00,0,0.00,0.00
2026-10,4,enterprise-cyber,specialised,1,3000000.00,80000.00,1,842000.00,0.05
"""


def test_the_table_has_a_product_and_a_subject_dimension_and_chinese_headings() -> None:
    assert regulator_export(ROWS, "2026-10", SCHEME) == TABLE.replace("\n", "\r\n")


def test_the_english_table_differs_in_its_headings_only() -> None:
    text = regulator_export(ROWS, "2026-10", SCHEME, "en")
    assert isinstance(text, str)
    assert text.startswith("Reporting period,Product class,Product,Kind of insured,Policies,Sum insured (yuan),")
    assert text.split("\r\n")[1:] == TABLE.split("\n")[1:]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_exported_is_valid(language: str) -> None:
    text = regulator_export(ROWS, "2026-10", SCHEME, language)  # type: ignore[arg-type]
    assert isinstance(text, str)
    assert validate_export(text, SCHEME) == ()


BROKEN = [
    ("2026-10,4,enterprise-cyber,other", "2026-13,4,enterprise-cyber,other", "line 3 period"),
    ("4,enterprise-cyber,other", "3,enterprise-cyber,other", "line 3 product_class"),
    ("enterprise-cyber,other", "household,other", "line 3 product"),
    ("enterprise-cyber,other", "enterprise-cyber,somebody", "line 3 subject"),
    ("enterprise-cyber,other", "enterprise-cyber,specialised", "line 4 subject"),
    ("other,1,3000000.00", "other,-1,3000000.00", "line 3 policies"),
    ("other,1,3000000.00", "other,1,3000000", "line 3 sum_insured"),
    ("other,1,3000000.00", "other,1,3000001.00", "line 2 sum_insured"),
    ("80000.00,1,842000.00", "80000.00,0,842000.00", "line 4 claims"),
    ("other,1,3000000.00", "other,0,3000000.00", "line 3 policies"),
    ("specialised,1,3000000.00,80000.00,1,842000.00,0.05", "specialised,1", "line 4 *"),
    ("enterprise-cyber,*,", "enterprise-cyber,high_technology,", "line 4 subject"),
    ("报告期,", "期间,", "line 1 *"),
]


@pytest.mark.parametrize(("before", "after", "place"), BROKEN)
def test_a_broken_table_is_sent_back_with_line_and_column(before: str, after: str, place: str) -> None:
    assert before in TABLE
    refusals = validate_export(TABLE.replace(before, after, 1), SCHEME)
    assert [refusal.where for refusal in refusals][:1] == [place]
    assert all(refusal.code == "export_cell" for refusal in refusals)


def test_an_empty_file_is_no_table() -> None:
    assert validate_export("", SCHEME) != ()


def test_a_row_without_a_place_in_the_scheme_refuses_the_export() -> None:
    refusals = regulator_export([replace(ROW, product="household", subject="x")], "2026-00", SCHEME)
    assert [refusal.where for refusal in refusals] == ["P1 product", "P1 subject", "line 1 period"]  # type: ignore[union-attr]
