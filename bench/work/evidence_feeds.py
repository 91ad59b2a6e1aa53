"""The load of KEV and EPSS from files, every entry a record with its date: median seconds.

python evidence_feeds.py ROOT quick|full
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "src"))

from ringwall.shell.feeds import load_intelligence  # noqa: E402

FILES = ROOT.parent / "shared" / "data" / "evidence"
REPEATS = 5


def main() -> None:
    if not FILES.exists():
        print(json.dumps({"feeds_load_s": None, "feeds": "no files at ../shared/data/evidence"}))
        return
    seconds = []
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(REPEATS):
            begin = time.perf_counter()
            facts, refused = load_intelligence(FILES, Path(cache))
            seconds.append(time.perf_counter() - begin)
    assert not refused, refused
    assert len(facts.known_exploited) > 1_000
    assert len(facts.epss) > 300_000
    counts = {"known_exploited": len(facts.known_exploited), "scores": len(facts.epss)}
    print(json.dumps({"feeds_load_s": round(statistics.median(seconds), 3)} | counts))


if __name__ == "__main__":
    main()
