"""What `bench terms` compares holds on a small scale, and its shelf never hands out a stale loop."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(autouse=True)
def _bench_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def test_an_unknown_benchmark_is_answered_with_the_names() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "run.py"), "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "terms" in done.stderr


def test_a_changed_helper_is_another_file_on_the_shelf(tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="numba is in the benchmark's own environment only")
    shelf = importlib.import_module("shelf")
    text = "def helper(x):\n    return x + {0}\n\n\ndef run(x):\n    return helper(x)\n"
    assert shelf.compiled(text.format(1), tmp_path)(23) == 24
    assert shelf.compiled(text.format(35), tmp_path)(23) == 58


def test_every_function_of_a_loop_is_compiled() -> None:
    shelf = importlib.import_module("shelf")
    text = "def helper(x):\n    return x\n\n\ndef run(x):\n    return helper(x)\n"
    assert shelf.decorated(text).count("@fast\ndef ") == 2
