"""The benchmark of one price compares equal answers, and its own side runs."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ANSWER = {"expected": 141272.88, "quantiles": [0.0, 91500.0], "tail_mean": 2187983.19}


@pytest.fixture(autouse=True)
def _bench_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bench"))


def test_a_peer_that_answers_something_else_is_not_compared_by_speed() -> None:
    price = importlib.import_module("price")
    price.equal(ANSWER, ANSWER, ANSWER)
    with pytest.raises(AssertionError, match="same grid"):
        price.equal(ANSWER, ANSWER | {"expected": 227988.29}, ANSWER)
    with pytest.raises(AssertionError, match="points of the grid"):
        price.equal(ANSWER, ANSWER | {"quantiles": [0.0, 92000.0]}, ANSWER)


@pytest.mark.full
def test_our_side_says_all_its_figures() -> None:
    script = ROOT / "bench" / "work" / "price_ours.py"
    done = subprocess.run([sys.executable, str(script), str(ROOT)], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert {"plain_ms", "full_ms", "grid100_ms", "expected", "quantiles", "tail_mean"} <= figures.keys()
    assert figures["expected"] == pytest.approx(141_272.8802377, abs=1e-6)
