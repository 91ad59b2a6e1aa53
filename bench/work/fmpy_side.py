"""The peer's side of F1 and F3, in its own environment: `fmpy -a2` over the files of a folder."""

from __future__ import annotations

import sys
from functools import partial

from oasislmf.pytools.fm.financial_structure import create_financial_structure
from oasislmf.pytools.fm.manager import run
from sides import serve

FOLDER = sys.argv[1]

create_financial_structure(2, FOLDER)
serve(
    partial(
        run,
        create_financial_structure_files=False,
        allocation_rule=2,
        static_path=FOLDER,
        files_in=[f"{FOLDER}/gul.bin"],
        files_out=[f"{FOLDER}/theirs.bin"],
        low_memory=False,
        sort_output=False,
        net_loss=None,
        storage_method="sparse",
    )
)
