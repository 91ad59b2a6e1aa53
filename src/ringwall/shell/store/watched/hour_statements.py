"""The SQL of the hour table: each column of a file's rows is one array, added to what stands there."""

from __future__ import annotations

from ringwall.evidence import MARKS_KEPT

CALLS_KEPT = 10_000
"""Connections of one pair and day; more is a stream, not a beacon."""
LEAST_CALLS = 4
"""Fewer are never a beacon (Thresholds.beacon_calls)."""


def _add(table: str, columns: dict[str, str], key: str, adding: str) -> str:
    """Columns and their array types; a text that holds an array is cast once it stands alone."""
    values = ", ".join(name if cast == "" else f"{name}::{cast}" for name, (_, cast) in _types(columns).items())
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in _types(columns).values())
    names = ", ".join(columns)
    return (
        f"insert into ringwall.{table} as known (owner_id, object_id, sensor, {names}) "
        f"select %s::uuid, %s::uuid, %s::text, {values} from unnest({arrays}) as new ({names}) "
        f"on conflict (object_id, sensor, {key}) do update set {adding}"
    )


def _types(columns: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {name: ("text", kind) if kind.endswith("[]") else (kind, "") for name, kind in columns.items()}


def _sums(*columns: str) -> str:
    return ", ".join(f"{column} = known.{column} + excluded.{column}" for column in columns)


HOURS = _add(
    "sensor_hour",
    {
        "host": "text",
        "hour": "timestamptz",
        "event_type": "text",
        "events": "bigint",
        "bytes_out": "bigint",
        "bytes_in": "bigint",
        "severe_alerts": "bigint",
    },
    "host, hour, event_type",
    _sums("events", "bytes_out", "bytes_in", "severe_alerts"),
)
DAYS = _add(
    "sensor_day",
    {"host": "text", "day": "date", "what": "text", "events": "bigint", "bad": "bigint"},
    "host, day, what",
    _sums("events", "bad"),
)
NAMES = _add(
    "sensor_names",
    {
        "host": "text",
        "day": "date",
        "domain": "text",
        "most_names": "bigint",
        "weight": "bigint",
        "label_sum": "double precision",
        "entropy_sum": "double precision",
        "marks": "bigint[]",
    },
    "host, day, domain",
    _sums("weight", "label_sum", "entropy_sum") + ", most_names = greatest(known.most_names, excluded.most_names), "
    "marks = (select array_agg(mark order by mark) from (select distinct mark from "
    f"unnest(known.marks || excluded.marks) mark order by mark limit {MARKS_KEPT}) smallest)",
)
CALLS = _add(
    "sensor_calls",
    {"host": "text", "peer": "text", "port": "integer", "day": "date", "starts": "bigint[]", "sizes": "bigint[]"},
    "host, peer, port, day",
    f"starts = (known.starts || excluded.starts)[:{CALLS_KEPT}], "
    f"sizes = (known.sizes || excluded.sizes)[:{CALLS_KEPT}]",
)
ROWS = _add(
    "sensor_row",
    {
        "kind": "text",
        "host": "text",
        "peer": "text",
        "port": "integer",
        "day": "date",
        "severity": "integer",
        "detail": "text",
        "first_at": "timestamptz",
        "last_at": "timestamptz",
        "events": "bigint",
    },
    "day, kind, host, peer, port, severity, detail",
    "events = known.events + excluded.events, first_at = least(known.first_at, excluded.first_at), "
    "last_at = greatest(known.last_at, excluded.last_at)",
)
SKETCHES = _add(
    "sensor_sketch",
    {"host": "text", "day": "date", "what": "text", "registers": "bytea"},
    "host, day, what",
    "registers = excluded.registers",
)
KNOWN_SKETCHES = (
    "select host, day, what, registers from ringwall.sensor_sketch "
    "where object_id = %s and sensor = %s and day = any(%s::date[])"
)

NOTE = (
    "insert into ringwall.sensor_file (owner_id, object_id, sensor, name, size_bytes, modified_ns, sha256) "
    "values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing"
)
NOTED = "select name, size_bytes, modified_ns from ringwall.sensor_file where object_id = %s and sensor = %s"

LAST_KNOWN = (
    "select max((body->>'last_at')::timestamptz) as last_at from ringwall.traffic_batch "
    "where object_id = %(object)s and known_at <= %(at)s"
)
READ_HOURS = """
select host, (hour at time zone %(zone)s)::date as day, event_type, sum(events)::bigint as events,
    sum(bytes_out)::bigint as bytes_out, sum(bytes_in)::bigint as bytes_in, sum(severe_alerts)::bigint as severe_alerts
from ringwall.sensor_hour
where object_id = %(object)s and hour <= %(last_at)s and (hour at time zone %(zone)s)::date >= %(since)s
group by 1, 2, 3 order by 2, 1, 3
"""
_PERIOD = "where object_id = %(object)s and day between %(since)s and %(until)s"
READ_DAYS = (
    "select host, day, what, sum(events)::bigint as events, sum(bad)::bigint as bad "
    f"from ringwall.sensor_day {_PERIOD} group by host, day, what order by day, host, what"
)
READ_NAMES = f"select * from ringwall.sensor_names {_PERIOD} order by day, host, domain, sensor"
READ_CALLS = f"select * from ringwall.sensor_calls {_PERIOD} order by day, host, peer, port, sensor"
READ_SKETCHES = (
    "select day, what, registers from ringwall.sensor_sketch where object_id = %(object)s and day >= %(since)s"
)

FORGET_ROWS = "delete from ringwall.sensor_row where object_id = %s and owner_id = %s and day < %s"
FORGET_ALERTS = "delete from ringwall.sensor_alert where object_id = %s and owner_id = %s and day < %s"
FORGET_CALLS = (
    "update ringwall.sensor_calls set starts = '{}', sizes = '{}' where object_id = %s and owner_id = %s "
    f"and day < %s and cardinality(starts) between 1 and {LEAST_CALLS - 1}"
)
