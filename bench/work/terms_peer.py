"""F1 and F3 of the benchmarks: the same files through `fmpy -a2` and through our compiled terms, in turn.

    python terms_peer.py ROOT PEER_PYTHON quick|full

Equal results first: every item of every event within float32, sums within 1e-6. Then CPU seconds, medians, and the
ratio of the rates; the rates and the peak memory of both stand beside it.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from fm_files import SAMPLES, Shape, by_item, draw_terms, write_losses, write_structure
from sides import Side

ROOT, PEER, HOW_MUCH = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
SHAPES = {
    "full": {"f1": Shape(100_000, 1, 200, 1_000), "f3": Shape(33_334, 3, 200, 334)},
    "quick": {"f1": Shape(10_000, 1, 20, 1_000), "f3": Shape(3_334, 3, 20, 334)},
}
REPEATS = {"full": 5, "quick": 3}
SUMS, ITEM = 1e-6, 1e-5
"""How far sums, and the samples of one item, may lie apart: what float32 loses over two levels of terms."""
A_FEN = 0.01


def main() -> None:
    figures: dict[str, float] = {}
    for name, shape in SHAPES[HOW_MUCH].items():
        with tempfile.TemporaryDirectory(dir=ROOT / ".ringwall" / "bench") as folder:
            figures |= {f"{name}_{key}": value for key, value in measured(Path(folder), shape).items()}
    print(json.dumps(figures | {"fmpy_ratio": figures["f1_fmpy_ratio"], "fmpy_f3_ratio": figures["f3_fmpy_ratio"]}))


def measured(folder: Path, shape: Shape) -> dict[str, float]:
    rng = np.random.default_rng(2026)
    terms = draw_terms(shape, rng)
    write_structure(folder, shape, terms)
    write_losses(folder / "gul.bin", shape, rng)
    np.savez(folder / "terms.npz", **terms._asdict())
    sides = {
        "fmpy": Side(PEER, "fmpy_side.py", folder),
        "our": Side(sys.executable, "terms_side.py", folder, str(ROOT)),
    }
    apart = compared(folder)
    costs: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    for turn in range(REPEATS[HOW_MUCH]):
        for name in sorted(sides, reverse=bool(turn % 2)):
            costs[name].append(sides[name].run())
    for side in sides.values():
        side.end()
    found = {"losses": float(shape.losses), "sums_apart": apart}
    for name, runs in costs.items():
        cpu = statistics.median(run["cpu_s"] for run in runs)
        found |= {f"{name}_cpu_s": round(cpu, 4), f"{name}_per_s": round(shape.losses / cpu)}
        found |= {f"{name}_wall_s": round(statistics.median(run["wall_s"] for run in runs), 4)}
        found |= {f"{name}_peak_mb": round(max(run["peak_mb"] for run in runs))}
    return found | {"fmpy_ratio": round(found["our_per_s"] / found["fmpy_per_s"], 2)}


def compared(folder: Path) -> float:
    """How far the sums of both lie apart; nothing is measured where they differ."""
    (their_items, theirs), (our_items, ours) = by_item(folder / "theirs.bin"), by_item(folder / "ours.bin")
    assert np.array_equal(their_items, our_items), "both pay for the same items of the same events"
    most = ITEM * theirs + SAMPLES * A_FEN
    assert np.all(np.abs(theirs - ours) <= most), "an item's payments lie further apart than float32 explains"
    apart = abs(float(ours.sum() / theirs.sum()) - 1)
    assert apart <= SUMS, f"the sums lie {apart} apart"
    return apart


if __name__ == "__main__":
    main()
