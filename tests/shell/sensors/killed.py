"""A process that, line by line, forks others: each feeds a sensor's files into a database and dies at a given call.

A line of its input is a JSON list: mode, address, insured, number, folder, where to count calls, the fatal call. The
answer is how many calls were counted, or null for a process that killed itself with signal 9. Forking saves loading
the product for each of them.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from types import FrameType
from typing import cast
from uuid import UUID

from tests.shell.sensors.lines import INSIDE, KEY

from ringwall.basics import OrganisationId
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.doors import Speaker
from ringwall.desk.front import Front
from ringwall.desk.permissions import RISK_MANAGER
from ringwall.evidence import TrafficBatch
from ringwall.shell.sensors import Feeder, Privacy, Spool, Tail, TailProgress, follow
from ringwall.shell.store.connection import open_pool
from ringwall.shell.store.files import FileStore
from ringwall.shell.store.office import office_opener

PRIVACY = Privacy(KEY, (ip_network(INSIDE),))
calls = itertools.count(1)


def die_at(where: str, fatal: int) -> None:
    """Count the calls of this thread, all or those of the driver, and end at the fatal one without a farewell."""

    def count(frame: FrameType, _event: str, _argument: object) -> None:
        if where in frame.f_code.co_filename and next(calls) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def feed(mode: str, url: str, insured: str, number: str, folder: str, where: str, fatal: int) -> None:
    place = Path(folder)
    with open_pool(url, most=2) as pool:
        pool.wait()
        opener = office_opener(pool, cast(Catalogue, None), FileStore(place, KEY))
        speaker = Speaker(UUID(int=0), OrganisationId(UUID(insured)), "insured", RISK_MANAGER, "zh", "sensor")
        feeder = Feeder(Front(opener), speaker, number, "sensor", lambda: datetime.now(UTC))
        die_at(where, fatal)
        (feed_closed if mode == "batch" else feed_live)(feeder, place)
        sys.setprofile(None)
    (place / "calls").write_text(str(next(calls)))


def feed_closed(feeder: Feeder, place: Path) -> None:
    for path in sorted(place.glob("eve-*.json")):
        batch = feeder.take(path, PRIVACY)
        assert isinstance(batch, TrafficBatch), batch


def feed_live(feeder: Feeder, place: Path) -> None:
    """Until nothing new stands there."""
    nothing_new: list[bool] = []
    told = follow(
        Tail(Spool("sensor", place), PRIVACY),
        TailProgress(feeder),
        ended=lambda: bool(nothing_new),
        rest=lambda: nothing_new.append(True),
    )
    assert told is None, told


def main() -> None:
    for line in sys.stdin:
        arguments = json.loads(line)
        process = os.fork()
        if process == 0:
            feed(*arguments)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        assert ended in (0, -signal.SIGKILL), ended
        print(json.dumps(int((Path(arguments[4]) / "calls").read_text()) if ended == 0 else None), flush=True)


if __name__ == "__main__":
    main()
