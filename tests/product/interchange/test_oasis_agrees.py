"""The outside oracle: Oasis reads the same OED accounts by its own mapping and pays the same, up to its float32."""

from __future__ import annotations

import csv
import importlib.util
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from tests.product.interchange.accounts import QUARTERS, Loss, Row, random_accounts, random_losses, written

from ringwall.product.interchange import COVERAGES, OedLayer, oed_layer
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, compile_terms, settle

ROOT = Path(__file__).resolve().parents[3]
CHAIN = ROOT / "src" / "ringwall" / "shell" / "books" / "oasis_chain.py"
OWN = ROOT / ".ringwall" / "bench" / "oasis" / "bin" / "python"
ACCOUNTS = 220
SEED = 20_260_101
PLAIN = {"NUMBA_DISABLE_JIT": "1"}
"""In a new environment Oasis would compile for a minute; interpreted it says the same in seconds."""
MINOR = 100
FLOAT32 = 2.0**-24
STEPS = 6
"""Roundings of a loss on its way: loss, coverage, policy, layer, share, and the sharing among coverages."""
Key = tuple[int, int, int]
"""Row of the account file, coverage, event."""


def interpreter() -> Path:
    """The Python that has Oasis: this one, or that of the benchmarks' peers."""
    if importlib.util.find_spec("oasislmf"):
        return Path(sys.executable)
    if not OWN.exists():
        pytest.skip("oasislmf is not installed: run ./run bench terms, or install oasislmf==2.5.8 beside the tests")
    return OWN


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def paid_by_oasis(folder: Path, rows: Sequence[Row], losses: Sequence[Loss]) -> dict[Key, float]:
    write(folder / "account.csv", rows)
    write(folder / "losses.csv", [loss._asdict() | {"loss": written(loss.quarters)} for loss in losses])
    command = [str(interpreter()), str(CHAIN), str(folder)]
    done = subprocess.run(command, cwd=folder, env=os.environ | PLAIN, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[Key, float] = defaultdict(float)
    with (folder / "payments.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found[int(line["row"]), int(line["coverage"]), int(line["event"])] += float(line["payment"])
    return found


def paid_by_us(rows: Sequence[Row], losses: Sequence[Loss]) -> Iterator[tuple[Key, int, int]]:
    """(key, payment, gross loss of the event), in whole minor units."""
    events: dict[tuple[str, int], list[Loss]] = defaultdict(list)
    for loss in losses:
        events[loss.account, loss.event].append(loss)
    numbers = {code: number for number, (code, _) in COVERAGES.items()}
    for place, row in enumerate(rows):
        layer = oed_layer(row)
        assert isinstance(layer, OedLayer), layer
        terms = compile_terms(layer.definition, layer.parameters)
        assert isinstance(terms, CompiledTerms), terms
        for (account, event), hit in events.items():
            if account != row["AccNumber"]:
                continue
            amounts = {COVERAGES[loss.coverage][0]: loss.quarters * MINOR // QUARTERS for loss in hit}
            items = tuple(LossItem(code, code, minor) for code, minor in amounts.items())
            outcome = settle(terms, LossEvent(f"{account} {event}", {}, items), {})
            assert isinstance(outcome, Outcome), outcome
            for part in outcome.parts:
                yield (place, numbers[part.part], event), part.payable.low, sum(amounts.values())


def test_oasis_pays_what_we_pay_on_random_accounts(tmp_path: Path) -> None:
    """Every layer, coverage and event of 220 accounts, where Oasis maps the file and shares by loss (rule 2)."""
    rng = random.Random(SEED)
    rows = random_accounts(rng, ACCOUNTS)
    losses = random_losses(rng, rows)
    theirs = paid_by_oasis(tmp_path, rows, losses)
    compared, paid, apart = 0, 0, []
    for key, minor, gross in paid_by_us(rows, losses):
        tolerance = STEPS * FLOAT32 * gross / MINOR + 1 / MINOR
        compared, paid = compared + 1, paid + (minor > 0)
        if abs(minor / MINOR - theirs.pop(key, 0.0)) > tolerance:
            apart.append(key)
    print(f"{len(rows)} layers, {compared} payments compared, {paid} above nil")
    assert not apart, f"{len(apart)} of {compared} apart, first: {[(key, rows[key[0]]) for key in apart[:2]]}"
    assert not any(theirs.values()), "Oasis pays nothing else"
    assert paid > 1_000
