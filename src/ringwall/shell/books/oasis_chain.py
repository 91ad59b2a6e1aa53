"""Runs Oasis's own chain in its own environment: OED account file to financial structure, item losses to payments.

    python oasis_chain.py FOLDER

FOLDER has `account.csv` and `losses.csv` (account, coverage, event, loss); it gets `payments.csv` (row, coverage,
event, payment), where `row` is the place of the policy layer in the account file.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pandas as pd
from oasislmf.computation.generate.files import GenerateFiles
from oasislmf.computation.generate.keys import GenerateKeysDeterministic
from oasislmf.pytools.converters.bintocsv.manager import bintocsv
from oasislmf.pytools.converters.csvtobin.manager import csvtobin
from oasislmf.pytools.fm.financial_structure import create_financial_structure
from oasislmf.pytools.fm.manager import run as fmpy
from oasislmf.utils.data import prepare_oed_exposure
from ods_tools.oed import OedExposure

BY_LOSS_AT_EACH_LEVEL = 2
"""The allocation rule by which fmpy shares a payment among items."""
PERIL = "CSB"
KEYS = ["item_id", "AccNumber", "coverage_type_id"]


def main(folder: Path) -> None:
    files = folder / "files"
    files.mkdir()
    structure(folder / "account.csv", files)
    gul, paid = files / "gul.csv", files / "paid.csv"
    stream = item_losses(folder / "losses.csv", files)
    stream.to_csv(gul, index=False)
    csvtobin(gul, files / "gul.bin", "gul", stream_type=2, max_sample_index=1)
    create_financial_structure(BY_LOSS_AT_EACH_LEVEL, str(files))
    fmpy(
        create_financial_structure_files=False,
        allocation_rule=BY_LOSS_AT_EACH_LEVEL,
        static_path=str(files),
        files_in=[str(files / "gul.bin")],
        files_out=[str(files / "paid.bin")],
        low_memory=False,
        sort_output=True,
        net_loss=None,
        storage_method="sparse",
    )
    bintocsv(files / "paid.bin", paid, "fm")
    payments(pd.read_csv(paid), files).to_csv(folder / "payments.csv", index=False)


def structure(account: Path, files: Path) -> None:
    exposure = OedExposure(account=str(account), check_oed=True, use_field=True)
    prepare_oed_exposure(exposure)
    given = {"exposure_data": exposure, "oasis_files_dir": str(files)}
    keys = GenerateKeysDeterministic(**given, model_perils_covered=[PERIL]).run()[0]
    GenerateFiles(**given, keys_data_path=keys, intermediary_csv=True).run()


def item_losses(losses: Path, files: Path) -> pd.DataFrame:
    """The losses of every item in the order of a stream: by event, then by item."""
    given = pd.read_csv(losses, dtype={"account": str})
    items = pd.read_csv(files / "gul_summary_map.csv", dtype={"AccNumber": str})[KEYS].drop_duplicates()
    found = given.merge(items, left_on=["account", "coverage"], right_on=["AccNumber", "coverage_type_id"])
    assert len(found) == len(given), "every loss has its item"
    found = found.rename(columns={"event": "event_id"}).assign(sidx=1).sort_values(["event_id", "item_id"])
    return found[["event_id", "item_id", "sidx", "loss"]]


def payments(paid: pd.DataFrame, files: Path) -> pd.DataFrame:
    names = pd.read_csv(files / "fm_summary_map.csv")[["output_id", "acc_idx", "coverage_type_id"]]
    found = paid[paid["sidx"] == 1].merge(names, on="output_id")
    found = found.rename(
        columns={"acc_idx": "row", "coverage_type_id": "coverage", "event_id": "event", "loss": "payment"}
    )
    return found[["row", "coverage", "event", "payment"]]


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        main(Path(sys.argv[1]))
