"""One reader of an EVE file as a side of the benchmark: ours, the standard library's json, or the engine alone.

The engine alone counts by source and type (`bare`), or makes the table of hours that ours and json make (`hourly`). It
takes no hash, keeps no rows and rejects nothing.

python evidence_batch.py FOLDER ROOT READER
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

FOLDER, ROOT = Path(sys.argv[1]), Path(sys.argv[2])
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "bench")]

import duckdb  # noqa: E402
from sides import serve  # noqa: E402

from ringwall.evidence import NO_INSIDE_HOST, TrafficBatch  # noqa: E402
from ringwall.shell.sensors import ingest, pseudonym  # noqa: E402
from ringwall.shell.sensors.statements import TIME_FORMAT  # noqa: E402

EVE = FOLDER / "eve.json"
KEY, INSIDE = bytes(range(32)), "10.41."
BARE = """
SELECT src_ip, event_type, count(*), sum(coalesce(flow.bytes_toserver, 0) + coalesce(flow.bytes_toclient, 0))
FROM read_json($path, format = 'newline_delimited', columns = {
    src_ip: 'VARCHAR', event_type: 'VARCHAR', flow: 'STRUCT(bytes_toserver UBIGINT, bytes_toclient UBIGINT)'})
GROUP BY ALL
"""
HOURLY = f"""
WITH line AS (
    SELECT *, starts_with(src_ip, '{INSIDE}') AS from_inside, starts_with(dest_ip, '{INSIDE}') AS to_inside,
        event_type = 'flow' AND from_inside <> to_inside AS crosses,
        CASE WHEN crosses THEN flow.bytes_toserver ELSE 0 END AS forth,
        CASE WHEN crosses THEN flow.bytes_toclient ELSE 0 END AS back,
        CASE WHEN event_type = 'flow' THEN flow.start ELSE "timestamp" END AS stamp
    FROM read_json($path, format = 'newline_delimited', columns = {{
        "timestamp": 'VARCHAR', event_type: 'VARCHAR', src_ip: 'VARCHAR', dest_ip: 'VARCHAR',
        flow: 'STRUCT(start VARCHAR, bytes_toserver UBIGINT, bytes_toclient UBIGINT)'}})
)
SELECT CASE WHEN from_inside THEN src_ip WHEN to_inside THEN dest_ip ELSE '{NO_INSIDE_HOST}' END AS host,
    epoch_us(strptime(stamp, '{TIME_FORMAT}')) // 3600000000 AS hour, event_type, count(*),
    sum(CASE WHEN from_inside THEN forth ELSE back END), sum(CASE WHEN from_inside THEN back ELSE forth END)
FROM line
GROUP BY ALL
"""


def ours() -> TrafficBatch:
    """The whole ingest: hourly counts, rows of interest, certificates, names, calls, the file's hash."""
    batch = ingest(EVE, key=KEY, inside=(ip_network("10.41.0.0/16"),))
    assert isinstance(batch, TrafficBatch), batch
    return batch


def json_reader() -> list[list[object]]:
    """The same hourly counts and the file's hash, line by line; nothing else of what ingest gives."""
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    checksum = sha256()
    with EVE.open("rb") as file:
        for line in file:
            checksum.update(line)
            count_line(json.loads(line), found)
    names = {host: host if host == NO_INSIDE_HOST else pseudonym(KEY, host) for host, _, _ in found}
    return sorted([names[host], hour, kind, *sums] for (host, hour, kind), sums in found.items())


def count_line(event: dict[str, object], found: defaultdict[tuple[str, str, str], list[int]]) -> None:
    kind, source, target = str(event["event_type"]), str(event["src_ip"]), str(event["dest_ip"])
    flow = event["flow"] if kind == "flow" else None
    stamp = flow["start"] if isinstance(flow, dict) else event["timestamp"]
    hour = datetime.fromisoformat(str(stamp)).astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
    from_inside, to_inside = source.startswith(INSIDE), target.startswith(INSIDE)
    host = source if from_inside else target if to_inside else NO_INSIDE_HOST
    sums = found[host, hour, kind]
    sums[0] += 1
    if isinstance(flow, dict) and from_inside != to_inside:
        sent, got = flow["bytes_toserver"], flow["bytes_toclient"]
        sums[1] += sent if from_inside else got
        sums[2] += got if from_inside else sent


def bare() -> int:
    """What the engine needs to read the file and count it by source and type; gives the number of lines."""
    with duckdb.connect(config={"threads": 2}) as engine:
        return sum(row[2] for row in engine.execute(BARE, {"path": str(EVE)}).fetchall())


def hourly() -> list[list[object]]:
    """The table of hours as the engine alone makes it."""
    with duckdb.connect(config={"threads": 2}) as engine:
        found = engine.execute(HOURLY, {"path": str(EVE)}).fetchall()
    names = {host: host if host == NO_INSIDE_HOST else pseudonym(KEY, host) for host, *_ in found}
    hours = {hour: datetime.fromtimestamp(3600 * hour, UTC).isoformat() for _, hour, *_ in found}
    return sorted([names[host], hours[hour], kind, *sums] for host, hour, kind, *sums in found)


def compared(result: object) -> dict[str, object]:
    """What must be equal: the number of lines and, of those that count by the hour, a hash of every row."""
    if isinstance(result, int):
        return {"lines": result}
    if isinstance(result, TrafficBatch):
        hourly = ((r.host, r.hour.isoformat(), r.event_type, r.events, r.bytes_out, r.bytes_in) for r in result.hourly)
        rows = sorted(list(row) for row in hourly)
    else:
        rows = list(result)  # type: ignore[call-overload]
    lines = sum(row[3] for row in rows)
    return {"lines": lines, "hourly": sha256(json.dumps(rows).encode()).hexdigest()}


READERS: dict[str, Callable[[], object]] = {"ours": ours, "json": json_reader, "bare": bare, "hourly": hourly}


def main(name: str) -> None:
    if "--once" in sys.argv:
        print(json.dumps(compared(READERS[name]())))
        return
    serve(lambda: READERS[name]() and None)


if __name__ == "__main__":
    main(sys.argv[3])
