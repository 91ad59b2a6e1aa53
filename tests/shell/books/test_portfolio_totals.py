"""A book of any size in sums: what all its processes hold at once stays bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tools.make_portfolio import write_csv

MILLION, EVERY, YEARS = 1_000_000, 1_000, 1_000
MOST_BYTES = 2 * 10**9
LOOK_SECONDS = 0.5
COMMAND = """
import sys
from ringwall.wiring import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


def held_by(group: int) -> int:
    """Bytes in memory of all processes of a group; one that ends meanwhile holds nothing."""
    page, held = os.sysconf("SC_PAGE_SIZE"), 0
    for entry in Path("/proc").iterdir():
        try:
            after_name = (entry / "stat").read_text().rpartition(") ")[2].split()
            held += int((entry / "statm").read_text().split()[1]) * page if int(after_name[2]) == group else 0
        except (OSError, ValueError, IndexError):
            continue
    return held


@pytest.mark.full
def test_a_million_policies_are_added_up_by_three_processes_within_two_gigabytes(tmp_path: Path) -> None:
    path, script, answer = tmp_path / "book.csv", tmp_path / "command.py", tmp_path / "totals.json"
    broken = write_csv(path, MILLION, EVERY)
    script.write_text(COMMAND, encoding="utf-8")
    command = [sys.executable, str(script), "portfolio", "totals", str(path), "--years", str(YEARS), "--json"]
    workers = ["--workers", "2", "--on", "processes", "--report", str(tmp_path / "broken.csv")]
    environment = os.environ | {"RINGWALL_HOME": str(tmp_path / "home")}
    with answer.open("wb") as out:
        running = subprocess.Popen([*command, *workers], stdout=out, env=environment, start_new_session=True)
        peak = 0
        while running.poll() is None:
            peak = max(peak, held_by(running.pid))
            try:
                running.wait(LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
    found = json.loads(answer.read_text(encoding="utf-8"))
    print(f"{found['policies']} policies, {found['broken']} broken rows, peak {peak / 1e6:.0f} MB")
    assert running.returncode == 0
    assert (found["rows"], found["broken"], found["policies"]) == (MILLION, len(broken), MILLION - len(broken))
    assert found["gross"]["simulated_years"] == YEARS
    assert 0 < peak <= MOST_BYTES
