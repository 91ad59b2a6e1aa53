"""`oasis_ratio`: events a CPU second of our book of one part, over those of the Oasis chain, in turn in one run.

    python book_oasis.py ROOT PEER_PYTHON quick|full

The chain is gulmc, fmpy, summarypy and lecpy, on a model as close to `book_work.single_part` as it can express: the
same laws of hours and hourly loss, waiting hours, sublimit, retention, event limit and share; an event strikes the
customers of one cloud, each with the same chance; 10,000 years are 100 periods of 100 samples. A struck policy in a
sampled year is an event on both sides. Not identical work:

- the chain streams every item's loss through files and ends in a curve; ours keeps sums by year, shock and policy;
- its losses are float32 from bins of damage, ours are drawn from the law and are whole fen;
- it carries no annual aggregate and no order within the year, ours does; it has no own events, products and malware:
  own events, each an event of its own that strikes one policy, would cost it far more;
- 100 samples an event favour it: with 1,000 periods of 10 samples it was three times slower on the same years.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT, PEER, SIZE = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench" / "work"), str(ROOT)]

import numpy as np  # noqa: E402
from book_work import calendar, single_part  # noqa: E402
from sides import Side  # noqa: E402

from ringwall.portfolio.engine import Runner, tile_of  # noqa: E402
from ringwall.shell.loops import kept_in  # noqa: E402

YEARS, SAMPLES = 10_000, 100
POLICIES, REPEATS = {"full": 10_000, "quick": 1_000}, {"full": 5, "quick": 3}
CAUSES = 4


def main() -> None:
    home = ROOT / ".ringwall" / "bench"
    ours, theirs = Ours(POLICIES[SIZE], home / "loops"), list[float]()
    mine = list[float]()
    with tempfile.TemporaryDirectory(dir=home) as name:
        folder = Path(name)
        chain = Side(PEER, "book_chain.py", folder, str(POLICIES[SIZE]), str(YEARS // SAMPLES), str(SAMPLES))
        events = struck(folder / "gul.bin")
        for _ in range(REPEATS[SIZE]):
            theirs.append(events / chain.run()["cpu_s"])
            mine.append(ours.rate())
        chain.end()
    our, their = statistics.median(mine), statistics.median(theirs)
    print(
        json.dumps(
            {
                "oasis_ratio": round(our / their, 2),
                "oasis_events_per_s": round(their),
                "oasis_events": events,
                "beside_oasis_events_per_s": round(our),
            }
        )
    )


class Ours:
    """The book of one part, its loops compiled and run once before anything counts."""

    def __init__(self, policies: int, loops: Path) -> None:
        self.policies = policies
        self.runner = Runner(single_part(policies), tile_of(calendar(YEARS), 0), kept_in(loops))
        self.rate()

    def rate(self) -> float:
        """Events a CPU second: draws, terms and sums."""
        shocks = len(self.runner.tile.date)
        sizes = (YEARS, YEARS, YEARS, shocks, shocks, self.policies, CAUSES)
        sums = tuple(np.zeros(size, np.int64) for size in sizes)
        before, began = self.runner.events_done, time.process_time()
        self.runner.add(sums, 0, self.policies)
        return (self.runner.events_done - before) / (time.process_time() - began)


def struck(stream: Path) -> int:
    """The samples with a loss in a stream of item losses; special samples and headers do not count."""
    pairs = np.fromfile(stream, np.int32)[2:].reshape(-1, 2)
    ends = np.flatnonzero(pairs[:, 0] == 0)
    sampled = pairs[:, 0] > 0
    sampled[np.r_[0, ends[:-1] + 1]] = False
    return int(sampled.sum())


if __name__ == "__main__":
    main()
