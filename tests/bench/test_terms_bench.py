"""The benchmarks are found by their names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parents[2] / "bench"


def test_an_unknown_benchmark_is_answered_with_the_names() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "run.py"), "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "terms" in done.stderr
