"""Every check in order, ended at the first that fails: `./run test`, and `./run test --full` for the large counts.

Further arguments go to pytest: `./run test tests/terms -k retention`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
MOST_WORKERS = 4
NOTHING_CHOSEN = 5
"""How pytest ends when no test was chosen."""


def main(arguments: list[str]) -> int:
    """Run the checks; the exit code is that of the first that fails."""
    took: list[str] = []
    for name, command in checks(arguments):
        print(f"== {name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code == NOTHING_CHOSEN and arguments:
            code = 0  # what was asked for stands in the other run
        took.append(f"{name} {time.monotonic() - began:.1f} s")
        if code:
            print(f"\n{name} 未通过 / {name} did not hold ({' · '.join(took)})", flush=True)
            return code
    print(f"\n全部检查通过 / every check holds: {' · '.join(took)}", flush=True)
    return 0


def checks(arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Name and command of each check, the quick ones first."""
    full = "--full" in arguments
    chosen = [argument for argument in arguments if argument != "--full"]
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    counts = "" if full else " and not full"
    # One file stays on one worker, so that what a file sets up is set up once.
    spread = ["-n", str(workers), "--dist", "loadfile"]
    return [
        ("ruff", [str(TOOLS / "ruff"), "check", "--quiet", "."]),
        ("mypy", [sys.executable, "-m", "mypy", "--no-error-summary"]),
        ("import-linter", [str(TOOLS / "lint-imports")]),
        ("pytest", [sys.executable, "-m", "pytest", *spread, "-m", f"not browser{counts}", *chosen]),
        # Apart: while a browser is driven its event loop runs, and code with a loop of its own cannot.
        ("pytest in the browser", [sys.executable, "-m", "pytest", "-m", f"browser{counts}", *chosen]),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
