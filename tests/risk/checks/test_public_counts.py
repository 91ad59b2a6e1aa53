"""The public counts behind K10 and K19, computed anew where the data stand beside the project."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ringwall.risk.checks import tail_exponent

LOSSES = Path(__file__).parents[3].parent / "shared" / "data" / "loss"


def rows(name: str) -> list[dict[str, str]]:
    path = LOSSES / name
    if not path.is_file():
        pytest.skip(f"no ../shared/data/loss/{name} beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_k10_public_breaches_are_wide_and_their_mean_is_infinite() -> None:
    records = np.array([float(row["individuals"]) for row in rows("hhs_breaches_2009_2016.csv")])
    spread, exponent = float(np.log(records).std()), tail_exponent(records)
    print(f"K10 public breaches: ln standard deviation {spread:.2f} (1.6 to 2.4), Hill's exponent {exponent:.2f}")
    assert 1.6 <= spread <= 2.4
    assert 0.4 <= exponent <= 0.8, "below one: no model runs without a cap"


def test_k19_public_monthly_counts_are_over_dispersed() -> None:
    by_month = Counter(row["date"][:7] for row in rows("hhs_breaches_2009_2016.csv"))
    counts = np.array([n for month, n in sorted(by_month.items())[1:-1]], float)
    ratio = float(counts.var() / counts.mean())
    print(f"K19 public monthly breaches: variance over mean {ratio:.1f} (above 1.5)")
    assert ratio > 1.5
