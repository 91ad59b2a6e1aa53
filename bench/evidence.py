"""`./run bench evidence`: traffic, feeds and scans against what one would use without us, on one file, equal first.

Closed EVE files against the standard library's json and against the engine alone, which make the same table of hours,
with the peak memory (beside it, on the error channel: against a smaller count by the engine, decision 0019); the live
tail against json; the load of KEV and EPSS; a new KEV entry to the policies that it touches; the scanner against nmap.
Without `--quick` the file has at least a gigabyte; it is deleted afterwards.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from peers import HOME, ROOT, ask

WORK = Path(__file__).resolve().parent / "work"
sys.path.insert(0, str(WORK))

from eve_file import write_file  # noqa: E402
from sides import Side  # noqa: E402

CAPTURED = ROOT.parent / "shared" / "data" / "evidence" / "eve" / "eve_sample.ndjson"
OWN = ROOT / "src" / "ringwall" / "catalogue" / "lab" / "eve.ndjson"
BYTES = {"full": 1_050_000_000, "quick": 250_000_000}
REPEATS = {"full": 3, "quick": 1}
KEYS = (
    "batch_json_ratio",
    "batch_duckdb_ratio",
    "batch_peak_mb",
    "tail_json_ratio",
    "feeds_load_s",
    "kev_match_s",
    "scan_nmap_ratio",
)


def main(arguments: list[str]) -> dict[str, object]:
    """The seven figures, and on the error channel the ones that they come from."""
    how_much = "quick" if "--quick" in arguments else "full"
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        figures = traffic(Path(folder), how_much)
    for part in ("evidence_feeds.py", "evidence_match.py", "evidence_scan.py"):
        figures |= ask_part(part, how_much)
    print({name: value for name, value in figures.items() if name not in KEYS}, file=sys.stderr)
    return {name: figures.get(name) for name in KEYS}


def traffic(folder: Path, how_much: str) -> dict[str, object]:
    eve, sample = folder / "eve.json", CAPTURED if CAPTURED.exists() else OWN
    if shutil.disk_usage(folder).free < 2 * BYTES[how_much]:
        raise SystemExit(f"磁盘空间不足 / too little room on the disk below {folder}")
    lines = write_file(sample, eve, BYTES[how_much])
    batch, tail = ("ours", "json", "bare", "hourly"), ("ours", "json")
    equal_first(folder, "evidence_batch.py", batch, lines)
    equal_first(folder, "evidence_tail.py", tail, None)
    walls, peak = in_turn(folder, "evidence_batch.py", batch, REPEATS[how_much], "wall_s")
    tails, _ = in_turn(folder, "evidence_tail.py", tail, REPEATS[how_much], "cpu_s")
    return {
        "sample": sample.name,
        "file_mb": round(eve.stat().st_size / 1e6),
        "lines": lines,
        "batch_wall_s": {name: round(wall, 3) for name, wall in walls.items()},
        "tail_cpu_s": {name: round(wall, 3) for name, wall in tails.items()},
        "batch_json_ratio": round(walls["json"] / walls["ours"], 2),
        "batch_duckdb_ratio": round(walls["hourly"] / walls["ours"], 2),
        "batch_bare_ratio": round(walls["bare"] / walls["ours"], 2),
        "batch_peak_mb": round(peak),
        "tail_json_ratio": round(tails["json"] / tails["ours"], 2),
    }


def equal_first(folder: Path, script: str, names: tuple[str, ...], lines: int | None) -> None:
    """Every reader once on its own; what both of two say must be the same, and the lines those that were written."""
    answers = [said(folder, script, name) for name in names]
    first = answers[0]
    for answer in answers[1:]:
        if isinstance(first, dict) and isinstance(answer, dict):
            assert {key: first[key] for key in answer} == answer, f"{script}: {first} against {answer}"
            assert answer["lines"] == lines, f"{script}: {answer} of {lines} lines"
        else:
            assert answer == first, f"{script}: the readers differ"


def said(folder: Path, script: str, name: str) -> object:
    command = [sys.executable, str(WORK / script), str(folder), str(ROOT), name, "--once"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def in_turn(
    folder: Path, script: str, names: tuple[str, ...], repeats: int, what: str
) -> tuple[dict[str, float], float]:
    """Median seconds of each reader, wall or processor, in turn and in both orders, and our peak memory in MB."""
    sides = {name: Side(sys.executable, script, folder, str(ROOT), name) for name in names}
    costs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for turn in range(repeats):
        for name in sorted(sides, reverse=bool(turn % 2)):
            costs[name].append(sides[name].run())
    for side in sides.values():
        side.end()
    medians = {name: statistics.median(run[what] for run in runs) for name, runs in costs.items()}
    return medians, max(run["peak_mb"] for run in costs["ours"])


def ask_part(script: str, how_much: str) -> dict[str, object]:
    """The figures of a part that is a program of its own; none where it does not exist."""
    if not (WORK / script).exists():
        return {}
    return ask(Path(sys.executable), WORK / script, str(ROOT), how_much)
