"""The small enterprise book on a Dask cluster: the same bits in any blocks, in any order, on 1, 2 and 4 workers.

    python book_dask.py ROOT

Runs in the environment that has `distributed`, with the packages of the product beside it.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench" / "work"), str(ROOT / "tests" / "terms"), str(ROOT)]

from book_work import SMALL, YEARS, calendar, enterprise_part, shuffled  # noqa: E402
from distributed import Client, LocalCluster  # noqa: E402

from ringwall.portfolio.blocks import digest  # noqa: E402
from ringwall.portfolio.engine import Calendar, Structure, Totals, total_book  # noqa: E402
from ringwall.shell.loops import kept_in  # noqa: E402

LOOPS = kept_in(ROOT / ".ringwall" / "bench" / "loops")


def main() -> None:
    held, book = calendar(YEARS), enterprise_part(SMALL)
    right = digest(total_book(held, [book], book.size, loops=LOOPS))
    print(json.dumps({"equal": all(digest(one) == right for one in on_cluster(held, book)), "digest": right}))


def on_cluster(held: Calendar, book: Structure) -> Iterator[Totals]:
    """Each worker is a process of its own, as on a cluster of several machines."""
    ways = ((1, 100, [book]), (2, 250, [book]), (4, 7, [book]), (4, 100, shuffled(book)))
    with tempfile.TemporaryDirectory() as folder:
        how = {"n_workers": 4, "threads_per_worker": 1, "dashboard_address": None, "local_directory": folder}
        with LocalCluster(host="127.0.0.1", silence_logs=logging.ERROR, **how) as cluster, Client(cluster) as client:
            every = sorted(client.scheduler_info()["workers"])
            for workers, block, structures in ways:
                executor = client.get_executor(pure=False, workers=every[:workers])
                yield total_book(held, structures, book.size, executor=executor, loops=LOOPS, block=block)


if __name__ == "__main__":
    main()
