"""Two sides in turn: each is a process that has everything loaded, runs once for each line and says what it cost."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


class Side:
    """The process of one side, at work in a folder; made ready by a run of its own, whose cost does not count."""

    def __init__(self, python: str, script: str, folder: Path, *arguments: str) -> None:
        command = [python, str(Path(__file__).with_name(script)), str(folder), *arguments]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.run()

    def run(self) -> dict[str, float]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        found: dict[str, float] = json.loads(self.process.stdout.readline())
        return found

    def end(self) -> None:
        self.process.communicate(timeout=60)


def serve(work: Callable[[], None]) -> None:
    """CPU seconds, wall seconds and peak memory of every run that is asked for."""
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        cost = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(cost | {"peak_mb": peak}), flush=True)
