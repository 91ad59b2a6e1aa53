"""The SQL of EVE ingest: one statement reads the file, the others read its small result.

The columns are spelt out, never guessed from the file: what is not named here (payloads, addresses of pages, mail
addresses) is not even read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ringwall.evidence import LONG_LABEL, MARKS_KEPT, NO_INSIDE_HOST
from ringwall.shell.sensors.inside import Network, inside_predicate

COLUMNS = """{
    timestamp: 'VARCHAR', event_type: 'VARCHAR',
    src_ip: 'VARCHAR', dest_ip: 'VARCHAR', dest_port: 'INTEGER',
    alert: 'STRUCT(signature_id BIGINT, signature VARCHAR, severity INTEGER)',
    flow: 'STRUCT(bytes_toserver UBIGINT, bytes_toclient UBIGINT, start VARCHAR, dest_port INTEGER)',
    tcp: 'STRUCT(psh BOOLEAN)',
    dns: 'STRUCT("type" VARCHAR, rrname VARCHAR, queries STRUCT(rrname VARCHAR)[])',
    tls: 'STRUCT(fingerprint VARCHAR, notafter VARCHAR)',
    ftp: 'STRUCT(command VARCHAR)'
}"""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Events outside these years come from a broken clock and are rejected."""
SECOND_LEVELS = "com|net|org|gov|edu|mil|ac|co|or|ne|go"
"""Under a country's two letters these labels are no owner's name; a short rule in place of the public suffix list."""
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f%z"

DETAIL_CHARACTERS, DOMAIN_CHARACTERS = 200, 253
_MICROSECONDS_A_DAY = 86_400_000_000
_TIMELY = f"BETWEEN 0 AND {(date(LAST_YEAR + 1, 1, 1) - date(FIRST_YEAR, 1, 1)).days * _MICROSECONDS_A_DAY - 1}"

ALERT, EXPIRED, CERTIFICATE, LOGIN, CALL, QUESTION = range(1, 7)
"""Why an event is more than counted; numbers, because the engine groups them faster than words."""


def read_file(inside: Sequence[Network]) -> str:
    """The one statement that reads the file, given as $path, into the temporary table `fine`.

    A rejected line has no event type there. Hours are counted since 1970 and instants in microseconds, because whole
    numbers are grouped and handed over several times as fast as instants with a zone.
    """
    return _READ_FILE.format(
        src_inside=inside_predicate("src_ip", inside),
        dest_inside=inside_predicate("dest_ip", inside),
        timely=_TIMELY,
        time_format=TIME_FORMAT,
        columns=COLUMNS,
        nobody=NO_INSIDE_HOST,
    )


_READ_FILE = f"""
CREATE TEMP TABLE fine AS
WITH line AS (
    SELECT *,
        epoch_us(try_strptime("timestamp", '{{time_format}}')) AS written_at,
        event_type = 'flow' AS is_flow,
        CASE WHEN event_type = 'flow' THEN epoch_us(try_strptime(flow.start, '{{time_format}}')) ELSE written_at END
            AS counted_at,
        {{src_inside}} AS src_in,
        {{dest_inside}} AS dest_in
    FROM read_json($path, format = 'newline_delimited', compression = 'uncompressed', ignore_errors = true,
        columns = {{columns}})
), fact AS (
    SELECT *,
        event_type IS NULL OR NOT coalesce(written_at {{timely}} AND counted_at {{timely}}, false) OR (
            is_flow AND (flow.bytes_toserver IS NULL OR flow.bytes_toclient IS NULL)) AS rejected,
        CASE WHEN is_flow AND src_in <> dest_in THEN flow.bytes_toserver END AS sent,
        CASE WHEN is_flow AND src_in <> dest_in THEN flow.bytes_toclient END AS got,
        CASE
            WHEN is_flow THEN
                CASE WHEN dest_port = 23 AND tcp.psh THEN {LOGIN}
                    WHEN src_in AND NOT dest_in AND dest_ip IS NOT NULL AND dest_port IS NOT NULL THEN {CALL} END
            WHEN event_type = 'alert' THEN {ALERT}
            WHEN event_type = 'dns' THEN CASE WHEN src_in AND dns."type" IN ('query', 'request') THEN {QUESTION} END
            WHEN event_type = 'tls' THEN
                CASE WHEN NOT dest_in OR tls.notafter IS NULL THEN NULL
                    WHEN epoch_us(try_cast(tls.notafter || 'Z' AS TIMESTAMPTZ)) < written_at THEN {EXPIRED}
                    ELSE {CERTIFICATE} END
            WHEN event_type = 'ftp' AND ftp.command IN ('USER', 'PASS') THEN {LOGIN}
        END::UTINYINT AS kind
    FROM line
)
SELECT
    CASE WHEN NOT rejected THEN event_type END AS event_type, kind,
    counted_at // 3600000000 AS hour,
    CASE WHEN src_in THEN src_ip WHEN dest_in THEN dest_ip ELSE '{{nobody}}' END AS host,
    CASE WHEN kind IS NULL OR kind = {QUESTION} THEN NULL WHEN NOT (src_in OR dest_in) THEN '{{nobody}}'
        WHEN kind IN ({EXPIRED}, {CERTIFICATE}, {LOGIN}) THEN CASE WHEN dest_in THEN dest_ip ELSE src_ip END
        WHEN src_in THEN src_ip ELSE dest_ip END AS owner,
    CASE kind
        WHEN {CALL} THEN dest_ip
        WHEN {ALERT} THEN CASE WHEN src_in THEN dest_ip ELSE src_ip END
        WHEN {LOGIN} THEN CASE WHEN dest_in THEN src_ip ELSE dest_ip END END AS peer,
    CASE WHEN kind = {ALERT} THEN coalesce(flow.dest_port, dest_port) WHEN kind < {QUESTION} THEN dest_port END AS port,
    CASE WHEN kind = {ALERT} THEN alert.severity END AS severity,
    CASE kind
        WHEN {ALERT} THEN alert.signature_id || ' ' || alert.signature
        WHEN {EXPIRED} THEN 'notafter ' || tls.notafter || ' sha1 ' || coalesce(tls.fingerprint, '-')
        WHEN {LOGIN} THEN CASE event_type WHEN 'ftp' THEN 'ftp' ELSE 'telnet' END
        WHEN {QUESTION} THEN lower(coalesce(dns.rrname, dns.queries[1].rrname)) END AS detail,
    count(*) AS events,
    min(written_at) AS first_at,
    max(written_at) AS last_at,
    coalesce(sum(CASE WHEN src_in THEN sent ELSE got END), 0) AS bytes_out,
    coalesce(sum(CASE WHEN src_in THEN got ELSE sent END), 0) AS bytes_in,
    list({{{{'start': counted_at // 1000000, 'size': flow.bytes_toserver}}}}) FILTER (kind = {CALL}) AS calls
FROM fact
GROUP BY ALL
"""

TOTALS = """
SELECT coalesce(sum(events), 0)::BIGINT, coalesce(sum(events) FILTER (event_type IS NULL), 0)::BIGINT,
    min(first_at) FILTER (event_type IS NOT NULL), max(last_at) FILTER (event_type IS NOT NULL)
FROM fine
"""

HOURS = "SELECT DISTINCT hour FROM fine WHERE event_type IS NOT NULL"

HOURLY = f"""
SELECT host, hour, event_type, sum(events)::BIGINT, sum(bytes_out)::BIGINT, sum(bytes_in)::BIGINT,
    coalesce(sum(events) FILTER (kind = {ALERT} AND severity = 1), 0)::BIGINT
FROM fine WHERE event_type IS NOT NULL
GROUP BY ALL ORDER BY ALL
"""

ROWS_KEPT = 5_000
"""Interesting rows kept of one file, the most severe and most frequent first; the rest is only counted."""

INTERESTING = f"""
SELECT kind, owner, coalesce(peer, '') AS peer, port, day, min(first_at), max(last_at), sum(events)::BIGINT AS many,
    severity, coalesce(left(detail, {DETAIL_CHARACTERS}), '') AS detail, count(*) OVER () AS rows_in_all
FROM fine JOIN days USING (hour)
WHERE event_type IS NOT NULL AND kind IN ({ALERT}, {EXPIRED}, {LOGIN})
GROUP BY ALL ORDER BY severity NULLS LAST, many DESC, kind, owner, peer, port, day, detail
LIMIT {ROWS_KEPT}
"""

CERTIFICATES = f"""
SELECT owner, day, sum(events)::BIGINT, coalesce(sum(events) FILTER (kind = {EXPIRED}), 0)::BIGINT
FROM fine JOIN days USING (hour)
WHERE event_type IS NOT NULL AND kind IN ({CERTIFICATE}, {EXPIRED})
GROUP BY ALL ORDER BY ALL
"""

ADD_DAYS = """
CREATE TEMP TABLE days AS SELECT unnest($hours::BIGINT[]) AS hour, unnest($days::DATE[]) AS day
"""

# The entropy is summed in whole millionths of a bit, so that the order in which workers add does not show. What follows
# from a name alone is worked out once for each name, however many hosts ask for it.
NAMES = f"""
WITH asked AS (
    SELECT host, day, detail AS name, sum(events)::BIGINT AS events, min(first_at) AS first_at, max(last_at) AS last_at
    FROM fine JOIN days USING (hour)
    WHERE event_type IS NOT NULL AND kind = {QUESTION} AND detail IS NOT NULL
    GROUP BY host, day, detail
), cut AS MATERIALIZED (
    SELECT name, split_part(name, '.', 1) AS label,
        left(regexp_extract(name, '[^.]+[.](?:(?:{SECOND_LEVELS})[.][a-z][a-z]|[^.]+)$'), {DOMAIN_CHARACTERS})
            AS domain,
        round(list_entropy(string_split(label, '')) * 1000000)::BIGINT AS entropy,
        md5_number_lower($salt || name) AS mark
    FROM (SELECT DISTINCT name FROM asked)
)
SELECT host, day, domain, count(*), avg(length(label)), sum(entropy) / count(*) / 1000000,
    list_sort(list(mark))[:{MARKS_KEPT}],
    min(first_at) FILTER (length(label) >= {LONG_LABEL}), max(last_at) FILTER (length(label) >= {LONG_LABEL}),
    sum(events) FILTER (length(label) >= {LONG_LABEL})::BIGINT
FROM asked JOIN cut USING (name) WHERE domain <> '' AND domain <> name
GROUP BY host, day, domain
HAVING max(length(label)) >= {LONG_LABEL}
ORDER BY ALL
"""

CALLS_KEPT = 10_000
"""Connections kept of one pair and day: more is a stream, not a beacon."""

CALLS = f"""
WITH pair AS (
    SELECT owner, peer, port, day, list_sort(flatten(list(calls)))[:{CALLS_KEPT}] AS calls
    FROM fine JOIN days USING (hour)
    WHERE event_type IS NOT NULL AND kind = {CALL}
    GROUP BY ALL
), call AS (
    SELECT owner, peer, port, day, len(calls) AS many, unnest(calls) AS call FROM pair
)
SELECT owner, peer, port, day, many, call.start, call.size FROM call ORDER BY owner, peer, port, day, call
"""
"""A row for each connection, because columns of numbers are handed over several times as fast as lists."""

PLACE_BITS = 10
"""Of a hash these choose the register of a sketch, the place of the lowest bit of the rest is its rank."""

SKETCHES = f"""
WITH said AS (
    SELECT host, day, CASE kind WHEN {CALL} THEN 'peers' ELSE 'names' END AS what,
        CASE kind WHEN {CALL} THEN peer ELSE detail END AS item
    FROM fine JOIN days USING (hour)
    WHERE event_type IS NOT NULL AND kind IN ({CALL}, {QUESTION})
), hashed AS MATERIALIZED (
    SELECT item, md5_number_lower($salt || item) AS hash, (hash & {(1 << PLACE_BITS) - 1})::SMALLINT AS place,
        ((hash >> {PLACE_BITS}) | {1 << 53})::BIGINT AS rest, bit_count(xor(rest, rest - 1))::TINYINT AS rank
    FROM (SELECT DISTINCT item FROM said WHERE item IS NOT NULL)
), register AS (
    SELECT host, day, what, place, max(rank) AS rank FROM said JOIN hashed USING (item) GROUP BY ALL
)
SELECT host, day, what, list(place ORDER BY place), list(rank ORDER BY place)
FROM register GROUP BY host, day, what ORDER BY host, day, what
"""
