"""Environments of the peers: made on demand under .ringwall/bench/, never in the product's own.

Run as a program, this file makes the one with Oasis and ods_tools, which tests compare with.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".ringwall" / "bench"
LOOPS = HOME / "loops"
"""Where our own loops stay between runs."""
OASIS = ("oasislmf==2.5.8",)
DASK = ("distributed",)
"""A cluster whose workers run our own code, with the packages that the product itself has."""


def environment(name: str, packages: tuple[str, ...]) -> Path:
    """The interpreter of an environment with these packages; it says what it installs, and does so once."""
    home, stamp = HOME / name, HOME / name / "packages.json"
    python = home / "bin" / "python"
    wanted = json.dumps(sorted(packages))
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(
        f"安装对照环境 / installing the peers' environment {name}: {', '.join(packages)}", file=sys.stderr, flush=True
    )
    uv = Path(sys.executable).parent / "uv"
    home.parent.mkdir(parents=True, exist_ok=True)
    quiet = {"check": True, "stdout": sys.stderr, "stderr": sys.stderr}
    subprocess.run([str(uv), "venv", "-q", "--clear", str(home), "--python", sys.executable], **quiet)  # type: ignore[call-overload]
    subprocess.run([str(uv), "pip", "install", "-q", "--python", str(python), *packages], **quiet)  # type: ignore[call-overload]
    stamp.write_text(wanted, encoding="utf-8")
    return python


def ask(python: Path, script: Path, *arguments: str, own_packages: bool = False) -> dict[str, object]:
    """Run a script of ours in that environment; its last line is a JSON object.

    `own_packages`: what is installed here is found before what is installed there.
    """
    path = {"PYTHONPATH": sysconfig.get_path("purelib")} if own_packages else {}
    done = subprocess.run(
        [str(python), str(script), *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **path},
    )
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    environment("oasis", OASIS)
