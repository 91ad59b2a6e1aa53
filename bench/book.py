"""`./run bench book`: a book through the compiled terms of its policies, in whole minor units.

Events and item losses a second of one core, the share of what the ingredients alone would allow, two cores, a million
policies, one policy alone, and that the bits do not depend on how the work is cut. Beside it the chain of the peer
that simulates books (gulmc, fmpy, summarypy, lecpy), whose work is not identical: `work/book_oasis.py` says what
differs, and F1 of `bench terms-table` compares the terms alone. The equal bits are also asked of a Dask cluster in an
environment of its own. `--no-peer` leaves out the chain and the cluster, and then `bit_equal` speaks without it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from peers import DASK, OASIS, ROOT, ask, environment

WORK = Path(__file__).resolve().parent / "work"
KEYS = (
    "events_per_s_core",
    "enterprise_items_per_s_core",
    "ceiling_share",
    "two_core_speedup",
    "million_s",
    "million_peak_mb",
    "oasis_ratio",
    "marginal_ms",
    "bit_equal",
    "cold_s",
    "cached_s",
)


def main(arguments: list[str]) -> dict[str, object]:
    """The eleven figures, and beside them the ones that they come from."""
    size = "quick" if "--quick" in arguments else "full"
    figures = ask(Path(sys.executable), WORK / "book_engine.py", str(ROOT), "all", size)
    figures |= ask(Path(sys.executable), WORK / "book_engine.py", str(ROOT), "million", size)
    if "--no-peer" not in arguments:
        cluster = ask(environment("dask", DASK), WORK / "book_dask.py", str(ROOT), own_packages=True)
        figures["dask_equal"] = cluster["equal"] and cluster["digest"] == figures["digest"]
        figures["bit_equal"] = figures["bit_equal"] and figures["dask_equal"]
        peer = environment("oasis", OASIS)
        figures |= ask(Path(sys.executable), WORK / "book_oasis.py", str(ROOT), str(peer), size)
    print({name: value for name, value in figures.items() if name not in KEYS}, file=sys.stderr)
    return {name: figures.get(name) for name in KEYS}
