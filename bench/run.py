"""`./run bench NAME`: runs bench/NAME.py, `-` read as `_`; its last line is one JSON object, kept in bench/results/."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
NAMES = tuple(sorted(p.stem.replace("_", "-") for p in HERE.glob("*.py") if p.stem not in ("run", "peers")))


def main(arguments: list[str]) -> int:
    """Run the benchmark that was asked for; without a name say which there are."""
    if not arguments or arguments[0] not in NAMES:
        print(f"基准测试 / benchmarks: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    sys.path.insert(0, str(HERE))
    name, rest = arguments[0], arguments[1:]
    figures = importlib.import_module(name.replace("-", "_")).main(rest)
    text = json.dumps(figures, ensure_ascii=False)
    RESULTS.mkdir(exist_ok=True)
    if "--quick" not in rest:
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main(sys.argv[1:]))
