"""One reader of the same lines as a side of the benchmark: the live tail step by step, or the standard library's json.

python evidence_tail.py FOLDER ROOT READER
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_network
from itertools import islice
from pathlib import Path

FOLDER, ROOT = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

from sides import serve  # noqa: E402

from ringwall.evidence import TailStep  # noqa: E402
from ringwall.shell.sensors import Privacy, Spool, Tail  # noqa: E402

STEPS, LINES_A_STEP = 60, 5_000
PRIVACY = Privacy(bytes(range(32)), (ip_network("10.41.0.0/16"),))


def ours() -> Counter[int]:
    """Steps of 5,000 lines, each with its checkpoint; alerts by their signature's number."""
    tail, before, found = Tail(Spool("bench", FOLDER, "eve.json"), PRIVACY), None, Counter[int]()
    for _ in range(STEPS):
        step = tail.step(before)
        assert isinstance(step, TailStep), step
        before = step.after
        for alert in step.alerts:
            found[int(alert.detail.partition(" ")[0])] += alert.events
    return found


def json_reader() -> Counter[int]:
    """The same lines decoded one by one; only counted, without host, day and checkpoint."""
    found: Counter[int] = Counter()
    with (FOLDER / "eve.json").open("rb") as file:
        for line in islice(file, STEPS * LINES_A_STEP):
            event = json.loads(line)
            if event["event_type"] == "alert":
                found[event["alert"]["signature_id"]] += 1
    return found


READERS: dict[str, Callable[[], Counter[int]]] = {"ours": ours, "json": json_reader}


def main(name: str) -> None:
    if "--once" in sys.argv:
        print(json.dumps(sorted(READERS[name]().items())))
        return
    serve(lambda: READERS[name]() and None)


if __name__ == "__main__":
    main(sys.argv[3])
