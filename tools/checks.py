"""Every check, ended by the first that fails: `./run test`, and `./run test --full` for the large counts.

Further arguments go to pytest: `./run test tests/terms -k retention`. Types are checked beside the tests, which leave
the machine idle while they wait for a service.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
MOST_WORKERS = 4
QUICK = (
    ("ruff", [str(TOOLS / "ruff"), "check", "--quiet", "."]),
    ("import-linter", [str(TOOLS / "lint-imports")]),
)
TYPES = [sys.executable, "-m", "mypy", "--no-error-summary"]
GLANCE_SECONDS = 0.2


def main(arguments: list[str]) -> int:
    """Run the checks; the exit code is that of the first that fails."""
    took: list[str] = []
    for name, command in QUICK:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        took.append(f"{name} {time.monotonic() - began:.1f} s")
        if code:
            return ended(name, code, took)
    return types_beside_tests(tests(arguments), took)


def tests(arguments: list[str]) -> list[str]:
    """The command of the tests; see tests/conftest.py for what one worker runs together and what is started first."""
    full = "--full" in arguments
    chosen = [argument for argument in arguments if argument != "--full"]
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    spread = ["-n", str(workers), "--no-loadscope-reorder"]
    return [sys.executable, "-m", "pytest", *spread, *([] if full else ["-m", "not full"]), *chosen]


def types_beside_tests(command: list[str], took: list[str]) -> int:
    """Both at once; when the types do not hold the tests are ended."""
    print("== mypy, pytest", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryFile() as said, subprocess.Popen(TYPES, cwd=ROOT, stdout=said, stderr=said) as types:
        try:
            code = run_until(command, types)
        except KeyboardInterrupt:
            types.terminate()
            raise
        if types.wait():
            print(text_of(said), flush=True)
            return ended("mypy", types.returncode, took)
    took.append(f"mypy, pytest {time.monotonic() - began:.1f} s")
    return ended("pytest", code, took)


def run_until(command: list[str], other: subprocess.Popen[bytes]) -> int:
    """Run a command to its end, or until the other one has failed."""
    with subprocess.Popen(command, cwd=ROOT) as running:
        while running.poll() is None:
            if other.poll():
                running.send_signal(signal.SIGINT)
                break
            time.sleep(GLANCE_SECONDS)
    return running.returncode


def text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def ended(name: str, code: int, took: list[str]) -> int:
    """Say how it went, and give the exit code."""
    if code:
        print(f"\n{name} 未通过 / {name} did not hold ({' · '.join(took)})", flush=True)
    else:
        print(f"\n全部检查通过 / every check holds: {' · '.join(took)}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
