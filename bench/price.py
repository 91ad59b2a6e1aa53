"""`./run bench price`: one policy priced – the plain case beside two peers, the whole price, and a grid of 100 options.

Each round asks ours and both peers in turn, in processes of their own; equality of the answers comes first. Ratios are
medians over five rounds of processor time. The plain case is Poisson 0.8, lognormal (mean 250k, cv 3), 2M xs 50k an
event, 3M a year, on 2^16 points of 500: expected loss, five quantiles, tail mean; without quantiles of the tail where a
peer has none.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from peers import ROOT, ask, environment

PEERS = ("aggregate==0.30.0", "gemact==1.3.0")
WORK = Path(__file__).resolve().parent / "work"
ROUNDS = 5
QUANTILES_AGREE = 500.0
"""One step of the grid."""


def main(arguments: list[str]) -> dict[str, object]:
    """The six figures, and beside them the ones that they come from."""
    rounds = 1 if "--quick" in arguments else ROUNDS
    own, peers = Path(sys.executable), None if "--no-peer" in arguments else environment("price", PEERS)
    asked = [(own, "ours")] + ([(peers, "aggregate"), (peers, "gemact")] if peers else [])
    answers: dict[str, list[dict[str, object]]] = {name: [] for _, name in asked}
    for _ in range(rounds):
        for python, name in asked:
            answers[name].append(ask(python, WORK / f"price_{name}.py", str(ROOT)))
    ours = {name: median(answers["ours"], name) for name in answers["ours"][0] if name.endswith("_ms")}
    figures: dict[str, object] = {name: round(value, 3) for name, value in ours.items()}
    if peers:
        equal(answers["ours"][0], answers["aggregate"][0], answers["gemact"][0])
        figures["aggregate_ratio"] = round(median(answers["aggregate"], "plain_ms") / ours["plain_ms"], 2)
        figures["gemact_ratio"] = round(median(answers["gemact"], "plain_ms") / ours["mean_and_quantiles_ms"], 2)
        figures["el_rel_error"] = relative(answers["ours"][0], answers["aggregate"][0])
    print({name: value for name, value in figures.items() if name not in KEYS}, file=sys.stderr)
    return {name: figures.get(name) for name in KEYS}


KEYS = ("plain_ms", "full_ms", "aggregate_ratio", "gemact_ratio", "el_rel_error", "grid100_ms")


def median(rows: list[dict[str, object]], name: str) -> float:
    return statistics.median(float(str(row[name])) for row in rows)


def relative(ours: dict[str, object], other: dict[str, object]) -> float:
    return abs(float(str(ours["expected"])) / float(str(other["expected"])) - 1)


def equal(ours: dict[str, object], aggregate: dict[str, object], gemact: dict[str, object]) -> None:
    """Before anything is compared by speed: the same expected loss, quantiles and tail mean."""
    assert relative(ours, aggregate) < 1e-9, "expected losses on the same grid are the same"
    assert ours["quantiles"] == aggregate["quantiles"], "the quantiles are the same points of the grid"
    assert abs(float(str(ours["tail_mean"])) / float(str(aggregate["tail_mean"])) - 1) < 1e-8, (
        "the tail mean is the same"
    )
    assert relative(ours, gemact) < 1e-6, "another way to put a severity on a grid gives nearly the same"
    pairs = zip(ours["quantiles"], gemact["quantiles"], strict=True)  # type: ignore[call-overload]
    assert all(abs(a - b) <= QUANTILES_AGREE for a, b in pairs), "quantiles within one step"
