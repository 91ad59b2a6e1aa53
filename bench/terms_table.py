"""`./run bench terms-table`: terms over given losses – F1 and F3 beside fmpy, T with an annual aggregate."""

from __future__ import annotations

import sys
from pathlib import Path

from peers import OASIS, ROOT, ask, environment

WORK = ROOT / "bench" / "work"
KEYS = ("f1_fmpy_ratio", "f3_fmpy_ratio", "t_rows_per_s", "t_exact")


def main(arguments: list[str]) -> dict[str, object]:
    """The four figures, and beside them the ones that they come from."""
    how_much = "quick" if "--quick" in arguments else "full"
    python = Path(sys.executable)
    figures = ask(python, WORK / "terms_table.py", str(ROOT), how_much)
    if "--no-peer" not in arguments:
        figures |= ask(python, WORK / "terms_peer.py", str(ROOT), str(environment("oasis", OASIS)), how_much)
    print({name: value for name, value in figures.items() if name not in KEYS}, file=sys.stderr)
    return {name: figures.get(name) for name in KEYS}
