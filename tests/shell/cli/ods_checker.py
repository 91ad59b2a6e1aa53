"""Runs the standard's own checker in its own environment: `python ods_checker.py FOLDER …` prints what it finds."""

from __future__ import annotations

import contextlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

from ods_tools.oed import OedExposure
from ods_tools.oed.common import DEFAULT_VALIDATION_CONFIG

OED = "4.0.0"


def main(folder: Path) -> dict[str, object]:
    exposure = OedExposure(
        account=str(folder / "account.csv"),
        ri_info=str(folder / "ReinsInfo.csv"),
        ri_scope=str(folder / "ReinsScope.csv"),
        oed_schema_info=OED,
        use_field=True,
    )
    every = [{**check, "on_error": "return"} for check in DEFAULT_VALIDATION_CONFIG]
    faults = exposure.check(every)
    read = {name: len(getattr(exposure, name).dataframe) for name in ("account", "ri_info", "ri_scope")}
    return {
        "version": version("ods-tools"),
        "oed": exposure.oed_schema.schema["version"],
        "business": exposure.class_of_business_info["name"],
        "rows": read,
        "faults": [f"{fault['name']}: {fault['msg']}" for fault in faults or []],
    }


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        found = [main(Path(folder)) for folder in sys.argv[1:]]
    print(json.dumps(found))
