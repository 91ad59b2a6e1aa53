"""Writes the synthetic opening book: 400 invented small and mid-size firms under four plans of one product.

Run it from the project's root: `python tools/make_opening_book.py` writes the file, `--check` compares.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")

FILE = Path(__file__).parent.parent / "src/ringwall/catalogue/book/opening.csv"
SEED = 20251231
FIRMS = 400

# Weights without a source unless named here; catalogue/book/README.md repeats the sources.
INDUSTRIES = {  # industry: (weight, gross profit rate, records a million yuan of revenue)
    "manufacturing": (30, 0.27, 40),
    "information": (14, 0.42, 900),
    "retail": (12, 0.24, 1_500),
    "professional_services": (10, 0.38, 250),
    "education": (8, 0.40, 1_200),
    "healthcare": (7, 0.33, 1_100),
    "financial": (6, 0.45, 1_400),
    "hospitality": (5, 0.35, 1_300),
    "utilities": (4, 0.22, 700),
    "public": (2, 0.30, 600),
    "entertainment": (2, 0.36, 800),
}
REGIONS = {  # ISO 3166-2 codes of provinces and municipalities
    "CN-SH": 24,
    "CN-JS": 16,
    "CN-ZJ": 15,
    "CN-GD": 15,
    "CN-BJ": 10,
    "CN-SD": 7,
    "CN-SC": 5,
    "CN-HB": 4,
    "CN-FJ": 4,
}
CLOUDS = {"alibaba": 36, "huawei": 19, "tencent": 15, "others": 30}  # Canalys 2024 for the sum of three, split grade C
SYSTEMS = {"windows": 78, "kylin": 12, "linux": 10}
AGENTS = {"agent-a": 34, "agent-b": 26, "agent-c": 15, "": 25}
APPLICATIONS = {"erp-a": 28, "erp-b": 18, "office-a": 14, "": 40}
SERVICES = {"msp-a": 10, "msp-b": 7, "": 83}
STARTS = {date(2026, 1, 1): 55, date(2025, 12, 1): 20, date(2025, 11, 1): 15, date(2025, 12, 15): 10}
COINSURED = {"0": 70, "0.5": 20, "0.6": 10}


@dataclass(frozen=True)
class Plan:
    """Limits and deductibles in whole yuan: INRE, DIAS, NPBI, EXT, LIA."""

    up_to_revenue: int
    event: int
    aggregate: int
    mode: str
    limits: tuple[int, int, int, int, int]
    deductibles: tuple[int, int, int, int, int]


PLANS = (
    Plan(
        30_000_000,
        1_000_000,
        2_000_000,
        "waiting_only",
        (200_000, 300_000, 500_000, 50_000, 500_000),
        (5_000, 10_000, 20_000, 0, 20_000),
    ),
    Plan(
        150_000_000,
        3_000_000,
        5_000_000,
        "higher_of",
        (500_000, 1_000_000, 2_000_000, 200_000, 2_000_000),
        (20_000, 50_000, 100_000, 0, 100_000),
    ),
    Plan(
        600_000_000,
        10_000_000,
        15_000_000,
        "higher_of",
        (1_500_000, 3_000_000, 6_000_000, 500_000, 6_000_000),
        (50_000, 100_000, 300_000, 0, 200_000),
    ),
    Plan(
        10**12,
        20_000_000,
        30_000_000,
        "both",
        (3_000_000, 6_000_000, 12_000_000, 1_000_000, 12_000_000),
        (100_000, 200_000, 500_000, 0, 300_000),
    ),
)
PARTS = ("INRE", "DIAS", "NPBI", "EXT", "LIA")
WAITING_HOURS = 12
PILOT_RATE = 0.0130  # premium over limit of the first pilot, 2024 (news.cn, 2025-07-29)
PILOT_LIMIT = 7_670_000  # its average limit in yuan


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is not current")
    text = opening_book()
    if parser.parse_args().check:
        current = FILE.exists() and FILE.read_text(encoding="utf-8") == text
        print(f"{FILE.name} is {'current' if current else 'not current: run tools/make_opening_book.py'}")
        return 0 if current else 1
    FILE.write_text(text, encoding="utf-8", newline="")
    print(f"{FILE.name}: {FIRMS} policies")
    return 0


def opening_book() -> str:
    """The whole file; the same text on every machine."""
    dice = Random(SEED)
    rows = [_firm(dice, number) for number in range(1, FIRMS + 1)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _firm(dice: Random, number: int) -> dict[str, str]:
    industry = _pick(dice, {name: weight for name, (weight, _, _) in INDUSTRIES.items()})
    _, margin, records_rate = INDUSTRIES[industry]
    revenue = _rounded(min(max(dice.lognormvariate(18.2, 1.15), 8e6), 3e9), 3)
    employees = max(_rounded(revenue / dice.lognormvariate(13.6, 0.5), 2), 5)
    plan = next(plan for plan in PLANS if revenue <= plan.up_to_revenue)
    relativity = min(max(dice.lognormvariate(-0.06, 0.35), 0.45), 2.2)
    starts = _pick(dice, STARTS)
    return {
        "AccNumber": f"SYN-A-{number:04d}",
        "PolNumber": f"SYN-P-{number:04d}",
        "InsuredName": f"样本企业 {number:04d}",
        "InsuredNameEn": f"Sample Firm {number:04d}",
        "Industry": industry,
        "Region": _pick(dice, REGIONS),
        "NumberOfEmployees": str(employees),
        "NumberOfHosts": str(max(round(employees * dice.uniform(0.7, 1.6)), 3)),
        "AnnualRevenue": str(revenue),
        "GrossProfitMargin": f"{min(max(margin + dice.gauss(0, 0.06), 0.08), 0.65):.2f}",
        "NumberOfRecords": str(_rounded(revenue / 1e6 * records_rate * dice.lognormvariate(0, 0.8), 2)),
        "CloudVendor": _pick(dice, CLOUDS),
        "OSVendor": _pick(dice, SYSTEMS),
        "EndpointVendor": _pick(dice, AGENTS),
        "ApplicationVendor": _pick(dice, APPLICATIONS),
        "ServiceVendor": _pick(dice, SERVICES),
        "Product": "enterprise-cyber",
        "ProductVersion": "2026-01",
        **_plan_cells(plan),
        "CededPercent": _pick(dice, COINSURED),
        "PolInceptionDate": starts.isoformat(),
        "PolExpiryDate": (starts + timedelta(days=365)).isoformat(),
        "PolNetPremium": str(_premium(dice, plan, relativity)),
        "Relativity": f"{relativity:.2f}",
    }


def _plan_cells(plan: Plan) -> dict[str, str]:
    cells = {
        "LayerLimit": str(plan.event),
        "LayerAggLimit": str(plan.aggregate),
        "BIWaitingHours": str(WAITING_HOURS),
        "BIRetentionMode": plan.mode,
    }
    for part, limit, deductible in zip(PARTS, plan.limits, plan.deductibles, strict=True):
        cells[f"PolLimit{part}"], cells[f"PolDed{part}"] = str(limit), str(deductible)
    return cells


def _premium(dice: Random, plan: Plan, relativity: float) -> int:
    """The pilot's rate at the pilot's limit, dearer below it and cheaper above, with the relativity damped."""
    rate = PILOT_RATE * (plan.event / PILOT_LIMIT) ** -0.3
    return _rounded(plan.event * rate * relativity**0.5 * dice.lognormvariate(0, 0.12), 3)


def _pick(dice: Random, weights: Mapping[T, int]) -> T:
    return dice.choices(list(weights), list(weights.values()))[0]


def _rounded(value: float, digits: int) -> int:
    """To so many leading digits: invented figures do not feign precision."""
    step = int(10 ** max(len(str(int(value))) - digits, 0))
    return round(value / step) * step


if __name__ == "__main__":
    sys.exit(main())
