"""T of the benchmarks: a table (policy, year, loss) through event terms and an annual aggregate, one rounding a row.

    python terms_table.py ROOT quick|full

The terms are an OED account compiled once, the numbers of all policies a table beside it. Every row is then compared
with the columnar reader under each policy's own terms.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT, HOW_MUCH = Path(sys.argv[1]), sys.argv[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

import numpy as np  # noqa: E402
from peers import LOOPS  # noqa: E402

from ringwall.product.interchange import OedLayer, oed_layer  # noqa: E402
from ringwall.shell.loops import kept_in  # noqa: E402
from ringwall.terms import CompiledTerms, EventColumns, compile_terms, settle_columns  # noqa: E402
from ringwall.terms.kernel import BlockPlan, block_numbers, plan_block  # noqa: E402

POLICIES, ROWS, YEARS = {"full": 2_000, "quick": 50}, 10_000, 10_000
REPEATS = 5
FEN = 100
LARGEST_MINOR = 10**10
PART = "NPBI"
LOOP = """

def run(most, starts, numbers, period, used, amounts, paid):
    odd = 0
    for policy in range(len(starts) - 1):
        a, b = starts[policy], starts[policy + 1]
        odd |= settle(most, b - a, numbers, policy, period[a:b], used[policy], amounts[:, a:b], paid[:, a:b])
    return odd
"""


class Drawn(NamedTuple):
    """Whole units of currency of every policy; the share in parts of 10,000."""

    deductible: np.ndarray
    limit: np.ndarray
    aggregate: np.ndarray
    share: np.ndarray

    def columns(self) -> dict[str, np.ndarray]:
        amounts = {f"PolDed{PART}": self.deductible, f"PolLimit{PART}": self.limit, "LayerAggLimit": self.aggregate}
        return {name: units * FEN for name, units in amounts.items()} | {"others_share": 10_000 - self.share}

    def account(self, place: int) -> CompiledTerms:
        """One policy on its own, from the row of an account file."""
        deductible, limit, aggregate, share = (int(column[place]) for column in self)
        row = {"AccNumber": "A", "PolNumber": "P", "AccCurrency": "CNY", "PolCoverage": PART}
        row |= {f"PolDed{PART}": str(deductible), f"PolLimit{PART}": str(limit), "LayerAggLimit": str(aggregate)}
        layer = oed_layer(row | {"LayerParticipation": f"0.{share:04d}"})
        assert isinstance(layer, OedLayer), layer
        terms = compile_terms(layer.definition, layer.parameters)
        assert isinstance(terms, CompiledTerms), terms
        return terms


class Table(NamedTuple):
    starts: np.ndarray
    period: np.ndarray
    amounts: np.ndarray
    paid: np.ndarray


def main() -> None:
    rng, policies = np.random.default_rng(2026), POLICIES[HOW_MUCH]
    spans = ((1_000, 50_000), (200_000, 2_000_000), (300_000, 4_000_000), (1_000, 10_000))
    drawn, table = Drawn(*(rng.integers(*span, policies) for span in spans)), random_table(rng, policies)
    rate = rows_per_s(drawn, table)
    exact = all(columnar_pays_the_same(drawn.account(place), table, place) for place in range(policies))
    print(json.dumps({"t_rows": len(table.period), "t_rows_per_s": rate, "t_exact": exact}))


def random_table(rng: np.random.Generator, policies: int) -> Table:
    period = np.sort(rng.integers(0, YEARS, (policies, ROWS)), axis=1).ravel()
    losses = np.exp(rng.normal(np.log(40_000 * FEN), 1.5, (1, policies * ROWS)))
    amounts = np.minimum(losses, LARGEST_MINOR).astype(np.int64)
    return Table(np.arange(policies + 1) * ROWS, period, amounts, np.empty_like(amounts))


def rows_per_s(drawn: Drawn, table: Table) -> int:
    """Median over the whole table, the compiling run left out."""
    columns, terms = drawn.columns(), drawn.account(0)
    plan = plan_block(terms, {name: (int(column.min()), int(column.max())) for name, column in columns.items()})
    assert isinstance(plan, BlockPlan), plan
    numbers, run = block_numbers(plan, columns), kept_in(LOOPS)(plan.text + LOOP)["run"]
    rates = []
    for _ in range(REPEATS + 1):
        used, began = np.zeros((len(numbers), len(plan.states)), np.int64), time.process_time()
        odd = run(terms.definition.maximum_minor, table.starts, numbers, table.period, used, table.amounts, table.paid)
        rates.append(len(table.period) / (time.process_time() - began))
        assert odd >= 0, "a loss falls below nil or rises above the declared maximum"
    return round(statistics.median(rates[1:]))


def columnar_pays_the_same(terms: CompiledTerms, table: Table, place: int) -> bool:
    rows = slice(table.starts[place], table.starts[place + 1])
    found = settle_columns(terms, EventColumns(table.period[rows], {PART: table.amounts[0, rows]}), {})
    return bool(np.array_equal(found.contract, table.paid[0, rows]))


if __name__ == "__main__":
    main()
