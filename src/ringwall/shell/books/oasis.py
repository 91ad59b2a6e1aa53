"""Oasis's own chain on a folder of OED files: run by an interpreter that has it, read back as payments."""

from __future__ import annotations

import csv
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from ringwall.basics import FEN_PER_YUAN, Refusal, refuse
from ringwall.portfolio import AccountLoss

CHAIN = Path(__file__).with_name("oasis_chain.py")
PLAIN = {"NUMBA_DISABLE_JIT": "1"}
"""In a new environment Oasis would compile for a minute; interpreted it says the same in seconds."""
PEERS = Path(".ringwall/bench/oasis/bin/python")
"""Where the benchmarks of a source tree keep theirs."""
LOSSES, PAYMENTS = "losses.csv", "payments.csv"
LAST_WORDS = 400


def oasis_python(named: Path | None) -> Path | Refusal:
    """The interpreter that was named, this one where it has Oasis, or that of the benchmarks."""
    if named is not None and os.access(named, os.X_OK):
        return named
    if named is None and importlib.util.find_spec("oasislmf"):
        return Path(sys.executable)
    if named is None and PEERS.exists():
        return PEERS.absolute()
    return refuse(
        "oasis_missing",
        str(named or "oasislmf"),
        zh="找不到装有 oasislmf 的 Python；请在另一环境中安装 oasislmf==2.5.8，并用 --oasis 指明其 python。",
        en="No Python with oasislmf was found; install oasislmf==2.5.8 in an environment of its own and name its "
        "python by --oasis.",
    )


def paid_by_oasis(
    folder: Path, losses: Iterable[AccountLoss], python: Path
) -> Mapping[tuple[int, int, int], float] | Refusal:
    """Row of the account file, coverage and event to what Oasis pays, in yuan; the losses stay beside the payments."""
    with (folder / LOSSES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("account", "coverage", "event", "loss"))
        for loss in losses:
            yuan, fen = divmod(loss.minor, FEN_PER_YUAN)
            writer.writerow((loss.account, loss.coverage, loss.event, f"{yuan}.{fen:02d}"))
    command = [str(python), str(CHAIN), str(folder.absolute())]
    done = subprocess.run(command, cwd=folder, env=os.environ | PLAIN, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip()[-LAST_WORDS:]
        return refuse(
            "oasis_failed",
            str(folder),
            zh=f"Oasis 未能读取该文件夹（{said}）；请核对 account.csv 与 oasislmf 的版本（2.5.8）。",
            en=f"Oasis could not read the folder ({said}); check account.csv and the version of oasislmf (2.5.8).",
        )
    found: dict[tuple[int, int, int], float] = {}
    with (folder / PAYMENTS).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            key = int(line["row"]), int(line["coverage"]), int(line["event"])
            found[key] = found.get(key, 0.0) + float(line["payment"])
    return found
