"""`./run bench terms`: one wording, one integer – how fast, and how often the readers differ (never).

Item losses a second through the enterprise product with period state (one core), the part that a peer can express by
both, microseconds a claim with and without its trace, and mismatches between the exact reader and the two others.
"""

from __future__ import annotations

import sys
from pathlib import Path

from peers import OASIS, ROOT, ask, environment

WORK = Path(__file__).resolve().parent / "work"


def main(arguments: list[str]) -> dict[str, object]:
    """The six figures, and beside them the ones that they come from."""
    quick = "--quick" in arguments
    python = Path(sys.executable)
    figures = ask(python, WORK / "terms_loop.py", str(ROOT), "quick" if quick else "full")
    peer = WORK / "terms_peer.py"
    if peer.exists() and "--no-peer" not in arguments:
        figures |= ask(python, peer, str(ROOT), str(environment("oasis", OASIS)), "quick" if quick else "full")
    print({name: value for name, value in figures.items() if name not in KEYS}, file=sys.stderr)
    return {name: figures.get(name) for name in KEYS}


KEYS = ("items_per_s", "fmpy_ratio", "trace_us", "exact_us", "mismatches", "compared")
