"""The portfolio file: good rows go on, broken ones are refused with line, column, the clash and the next step."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ringwall.exposure import VendorDependency, VendorKind
from ringwall.portfolio import COLUMNS, PartLimits, accumulation, in_force, read_portfolio
from ringwall.terms import RetentionMode

GOOD = {
    "AccNumber": "A-1",
    "PolNumber": "P-1",
    "InsuredName": "样本企业",
    "InsuredNameEn": "Sample Firm",
    "Industry": "manufacturing",
    "Region": "CN-SH",
    "NumberOfEmployees": "300",
    "NumberOfHosts": "400",
    "AnnualRevenue": "240000000.05",
    "GrossProfitMargin": "3/10",
    "NumberOfRecords": "12000",
    "CloudVendor": "alibaba;huawei",
    "OSVendor": "windows",
    "Product": "enterprise-cyber",
    "ProductVersion": "2026-01",
    "LayerLimit": "3000000",
    "LayerAggLimit": "5000000",
    "BIWaitingHours": "12",
    "BIRetentionMode": "higher_of",
    "PolLimitINRE": "500000",
    "PolDedINRE": "20000.5",
    "PolLimitNPBI": "2000000",
    "CededPercent": "0.6",
    "PolInceptionDate": "2026-01-01",
    "PolExpiryDate": "2027-01-01",
    "PolNetPremium": "80000",
    "Relativity": "0.85",
}


def text_of(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def changed(**cells: str) -> dict[str, str]:
    return {**GOOD, "PolNumber": "P-2", **cells}


def test_a_row_becomes_a_policy_in_whole_fen_and_exact_shares() -> None:
    portfolio = read_portfolio(text_of(GOOD))
    assert portfolio.refusals == ()
    (policy,) = portfolio.rows
    assert (policy.account, policy.number, policy.premium_minor) == ("A-1", "P-1", 8_000_000)
    assert policy.parts == (PartLimits("INRE", 50_000_000, 2_000_050), PartLimits("NPBI", 200_000_000, 0))
    assert (policy.ceded, policy.relativity) == (Fraction(3, 5), Fraction(17, 20))
    assert (policy.waiting_hours, policy.retention_mode) == (12, RetentionMode.HIGHER_OF)
    assert (policy.first_day, policy.last_day) == (date(2026, 1, 1), date(2027, 1, 1))
    firm = policy.organisation
    assert (firm.revenue_minor, firm.gross_profit_rate, firm.records_held) == (24_000_000_005, Fraction(3, 10), 12_000)
    assert firm.dependencies == (
        VendorDependency(VendorKind.CLOUD, "alibaba"),
        VendorDependency(VendorKind.CLOUD, "huawei"),
        VendorDependency(VendorKind.OPERATING_SYSTEM, "windows"),
    )


BROKEN = [
    ({"PolNumber": ""}, "cell_unreadable", "PolNumber", "“”"),
    ({"AnnualRevenue": "-5"}, "cell_unreadable", "AnnualRevenue", "“-5”"),
    ({"AnnualRevenue": "1.005"}, "cell_unreadable", "AnnualRevenue", "“1.005”"),
    ({"AnnualRevenue": "1e9"}, "cell_unreadable", "AnnualRevenue", "“1e9”"),
    ({"NumberOfEmployees": "three"}, "cell_unreadable", "NumberOfEmployees", "“three”"),
    ({"GrossProfitMargin": "1.2"}, "cell_unreadable", "GrossProfitMargin", "“1.2”"),
    ({"GrossProfitMargin": "3/0"}, "cell_unreadable", "GrossProfitMargin", "“3/0”"),
    ({"BIRetentionMode": "lower_of"}, "cell_unreadable", "BIRetentionMode", "waiting_only"),
    ({"PolInceptionDate": "2026-02-30"}, "cell_unreadable", "PolInceptionDate", "“2026-02-30”"),
    ({"PolExpiryDate": "2026-01-01"}, "cells_clash", "PolExpiryDate", "2026-01-01"),
    ({"LayerAggLimit": "2999999.99"}, "cells_clash", "LayerAggLimit", "2999999.99"),
    ({"PolLimitINRE": "3000001"}, "cells_clash", "PolLimitINRE", "3000001.00"),
    ({"PolLimitINRE": "", "PolLimitNPBI": ""}, "cells_clash", "PolLimitINRE", "∅"),
]


@pytest.mark.parametrize(("cells", "code", "column", "fact"), BROKEN)
def test_a_broken_row_is_refused_and_the_good_rows_go_on(
    cells: dict[str, str], code: str, column: str, fact: str
) -> None:
    last = {**GOOD, "PolNumber": "P-3"}
    portfolio = read_portfolio(text_of(GOOD, changed(**cells), last), "book.csv")
    assert [policy.number for policy in portfolio.rows] == ["P-1", "P-3"]
    (refusal,) = portfolio.refusals
    assert (refusal.code, refusal.where) == (code, f"book.csv:3 {column}")
    assert fact in refusal.message.zh
    assert fact in refusal.message.en


def test_every_broken_cell_of_a_row_is_named() -> None:
    refusals = read_portfolio(text_of(changed(Region="", AnnualRevenue="x"))).refusals
    assert [refusal.where.split()[-1] for refusal in refusals] == ["Region", "AnnualRevenue"]


def test_the_second_row_of_a_policy_number_is_refused_and_names_the_first() -> None:
    portfolio = read_portfolio(text_of(GOOD, GOOD))
    assert len(portfolio.rows) == 1
    assert portfolio.refusals[0].code == "policy_repeated"
    assert "第 2 行" in portfolio.refusals[0].message.zh


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "header_unreadable"),
        (text_of(GOOD, columns=tuple(c for c in COLUMNS if c != "LayerLimit")), "header_unreadable"),
        (text_of(GOOD).replace("Relativity", "Luck", 1), "header_unreadable"),
        (text_of(GOOD) + '"open quote', "row_width"),
        (text_of(GOOD) + "a,b\n", "row_width"),
        (text_of(GOOD) + "\x00" * 5, "row_width"),
        (text_of(GOOD) + "x" * 200_000, "portfolio_unreadable"),
    ],
)
def test_a_file_that_is_no_portfolio_is_refused(text: str, code: str) -> None:
    assert code in {refusal.code for refusal in read_portfolio(text).refusals}


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing() -> None:
    columns = tuple(reversed([c for c in COLUMNS if c not in ("CededPercent", "Relativity", "NumberOfHosts")]))
    (policy,) = read_portfolio("\ufeff" + text_of(GOOD, columns=columns)).rows
    assert (policy.ceded, policy.relativity, policy.organisation.hosts) == (0, 1, 300)


def test_the_opening_book_is_what_its_tool_writes_and_reads_without_a_refusal(opening_text: str) -> None:
    tool = Path(__file__).parents[2] / "tools/make_opening_book.py"
    ran = subprocess.run([sys.executable, tool, "--check"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    portfolio = read_portfolio(opening_text)
    assert (len(portfolio.rows), portfolio.refusals) == (400, ())


def test_every_policy_of_the_opening_book_is_marked_as_invented(opening_text: str) -> None:
    rows = read_portfolio(opening_text).rows
    assert all(policy.number.startswith("SYN-") and policy.account.startswith("SYN-") for policy in rows)
    assert all("样本企业" in policy.organisation.name.zh for policy in rows)


def test_accumulation_sums_limits_by_vendor_region_and_industry() -> None:
    rows = read_portfolio(text_of(GOOD, changed(CloudVendor="huawei", Region="CN-ZJ", LayerLimit="4000000"))).rows
    piles = accumulation(rows)
    assert [(p.key, p.policies, p.limit_minor) for p in piles.vendors] == [
        ("cloud:huawei", 2, 700_000_000),
        ("operating_system:windows", 2, 700_000_000),
        ("cloud:alibaba", 1, 300_000_000),
    ]
    assert [(p.key, p.policies) for p in piles.regions] == [("CN-ZJ", 1), ("CN-SH", 1)]
    assert sum(p.limit_minor for p in piles.industries) == sum(p.event_limit_minor for p in rows)
    assert sum(p.premium_minor for p in piles.industries) == 16_000_000


def test_a_policy_counts_from_its_first_day_to_the_day_before_its_expiry() -> None:
    rows = read_portfolio(text_of(GOOD)).rows
    held = [bool(in_force(rows, day)) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1))]
    assert held == [False, True, False]
    assert accumulation(rows, date(2027, 1, 1)).regions == ()


def test_premium_is_earned_by_days_and_rounded_down() -> None:
    (policy,) = read_portfolio(text_of(GOOD)).rows
    days = [date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 2), date(2026, 10, 9), date(2027, 1, 1), date(2028, 1, 1)]
    whole = 8_000_000
    assert [policy.earned_minor(day) for day in days] == [0, 0, whole // 365, whole * 281 // 365, whole, whole]
