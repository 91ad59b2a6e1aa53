"""Our side of F1 and F3: an OED account compiled once, the numbers of all policies as a table, the same files.

python terms_side.py FOLDER ROOT
"""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER, ROOT = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

import numpy as np  # noqa: E402
from fm_files import Terms  # noqa: E402
from peers import LOOPS  # noqa: E402
from sides import serve  # noqa: E402
from stream import Portfolio, loop_text, settle_stream  # noqa: E402

from ringwall.product.interchange import OedLayer, oed_layer  # noqa: E402
from ringwall.shell.loops import kept_in  # noqa: E402
from ringwall.terms import CompiledTerms, compile_terms  # noqa: E402
from ringwall.terms.kernel import BlockPlan, block_numbers, plan_block  # noqa: E402

FEN = 100
CODES = ("NPBI", "DIAS", "LIA")


def columns_of(terms: Terms, codes: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Every number of an OED account, one a policy, in fen and parts of 10,000."""
    found = {f"PolDed{code}": terms.deductible[:, place] * FEN for place, code in enumerate(codes)}
    found |= {f"PolLimit{code}": terms.limit[:, place] * FEN for place, code in enumerate(codes)}
    found |= {"LayerAttachment": terms.attachment * FEN, "LayerLimit": terms.layer * FEN}
    return found | {"others_share": 10_000 - terms.share}


def plan_of(terms: Terms) -> tuple[CompiledTerms, BlockPlan, np.ndarray]:
    """The account's structure, proved for the ranges in which the numbers of all policies lie."""
    codes = CODES[: terms.deductible.shape[1]]
    row = {"AccNumber": "A", "PolNumber": "P", "AccCurrency": "CNY", "PolCoverage": ";".join(codes)}
    row |= {f"Pol{term}{code}": "1" for code in codes for term in ("Ded", "Limit")}
    layer = oed_layer(row | {"LayerAttachment": "1", "LayerLimit": "1", "LayerParticipation": "0.5"})
    assert isinstance(layer, OedLayer), layer
    account = compile_terms(layer.definition, layer.parameters)
    assert isinstance(account, CompiledTerms), account
    columns = columns_of(terms, codes)
    plan = plan_block(account, {name: (int(column.min()), int(column.max())) for name, column in columns.items()})
    assert isinstance(plan, BlockPlan), plan
    return account, plan, block_numbers(plan, columns)


def main() -> None:
    given = np.load(FOLDER / "terms.npz")
    account, plan, numbers = plan_of(Terms(*(given[name] for name in Terms._fields)))
    run = kept_in(LOOPS)(loop_text(plan))["run"]
    parts, items = len(plan.parts), np.arange(len(numbers) * len(plan.parts))
    # Item 0 is no item; the policy of item n is (n - 1) / parts.
    policy_of, part_of = np.r_[-1, items // parts].astype(np.int32), np.r_[0, items % parts].astype(np.int32)
    for name, column in (("policy_of", policy_of), ("part_of", part_of), ("numbers", numbers)):
        np.save(FOLDER / f"{name}.npy", column)
    most = account.definition.maximum_minor

    def once() -> None:
        book = Portfolio(*(np.load(FOLDER / f"{name}.npy") for name in Portfolio._fields))
        settle_stream(run, most, book, parts, FOLDER / "gul.bin", FOLDER / "ours.bin")

    serve(once)


if __name__ == "__main__":
    main()
