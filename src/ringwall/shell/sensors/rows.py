"""From the engine's small result to the records of the evidence room; here inside addresses become pseudonyms."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from ringwall.basics import local_day
from ringwall.evidence import (
    NO_INSIDE_HOST,
    Calls,
    CertificateCount,
    HourlyCount,
    Interesting,
    Kind,
    NameSpread,
    Sketch,
    registers,
)
from ringwall.shell.sensors import statements
from ringwall.shell.sensors.inside import Network, outward_name

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {
    statements.ALERT: Kind.ALERT,
    statements.EXPIRED: Kind.EXPIRED_CERTIFICATE,
    statements.LOGIN: Kind.CLEARTEXT_LOGIN,
}
HOUR, MICROSECOND = timedelta(hours=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Privacy:
    """One insured's key and address ranges: what decides how an address and a name may be called outside."""

    key: bytes
    inside: tuple[Network, ...]

    def outward(self, address: str) -> str:
        return address if address in {"", NO_INSIDE_HOST} else outward_name(self.key, self.inside, address)

    def is_inside(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.inside)

    def salt(self) -> str:
        return hmac.new(self.key, b"names asked for", sha256).hexdigest()


class Result:
    """What one file left in the engine, read as records."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, privacy: Privacy, zone: ZoneInfo) -> None:
        self._connection = connection
        self._name = lru_cache(maxsize=65_536)(privacy.outward)
        self._salt = privacy.salt()
        self._hours = {hour: EPOCH + hour * HOUR for (hour,) in self._rows(statements.HOURS)}
        days = [local_day(hour, zone) for hour in self._hours.values()]
        self._rows(statements.ADD_DAYS, {"hours": list(self._hours), "days": days})

    def _rows(self, statement: str, parameters: dict[str, object] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, parameters).fetchall()

    def _columns(self, statement: str) -> list[list[Any]]:
        """For many rows: the engine hands over whole columns several times as fast as rows; none may have a gap."""
        columns = self._connection.execute(statement).fetchnumpy().values()
        return [(each.astype("datetime64[D]") if each.dtype.kind == "M" else each).tolist() for each in columns]

    def totals(self) -> tuple[int, int, datetime | None, datetime | None]:
        """Lines, rejected lines, first and last instant."""
        ((lines, rejected, first_at, last_at),) = self._rows(statements.TOTALS)
        seen = first_at is not None
        return lines, rejected, _instant(first_at) if seen else None, _instant(last_at) if seen else None

    def hourly(self) -> tuple[HourlyCount, ...]:
        hosts, hours, *rest = self._columns(statements.HOURLY)
        named, dated = map(self._name, hosts), map(self._hours.__getitem__, hours)
        return tuple(map(HourlyCount._make, zip(named, dated, *rest, strict=True)))

    def certificates(self) -> tuple[CertificateCount, ...]:
        return tuple(CertificateCount(self._name(host), *rest) for host, *rest in self._rows(statements.CERTIFICATES))

    def calls(self) -> tuple[Calls, ...]:
        hosts, peers, ports, days, many, starts, sizes = self._columns(statements.CALLS)
        name, found, first = self._name, [], 0
        while first < len(many):
            pair, end = (name(hosts[first]), name(peers[first]), ports[first], days[first]), first + many[first]
            found.append(Calls(*pair, tuple(starts[first:end]), tuple(sizes[first:end])))
            first = end
        return tuple(found)

    def names(self) -> tuple[tuple[NameSpread, ...], tuple[Interesting, ...]]:
        """Domains with long names, and a row for the long names of each: the names themselves stay here."""
        spreads, rows = [], []
        for host, day, domain, names, label, entropy, marks, first_at, last_at, asked in self._rows(
            statements.NAMES, {"salt": self._salt}
        ):
            name, kind = self._name(host), Kind.LONG_DNS_NAME
            spreads.append(NameSpread(name, day, domain, names, label, entropy, tuple(marks)))
            seen = (_instant(first_at), _instant(last_at))
            rows.append(Interesting(kind, name, "", None, day, *seen, asked, None, domain))
        return tuple(spreads), tuple(rows)

    def sketches(self) -> tuple[Sketch, ...]:
        """How many different peers and names: of either only the hashes under the insured's key are ever counted."""
        return tuple(
            Sketch(self._name(host), day, what, registers(zip(places, ranks, strict=True)))
            for host, day, what, places, ranks in self._rows(statements.SKETCHES, {"salt": self._salt})
        )

    def interesting(self) -> tuple[tuple[Interesting, ...], int]:
        """The rows that are kept, and how many more there were."""
        found = self._rows(statements.INTERESTING)
        rows = tuple(
            Interesting(
                KINDS[kind], self._name(host), self._name(peer), port, day, _instant(first_at), _instant(last_at), *rest
            )
            for kind, host, peer, port, day, first_at, last_at, *rest, _ in found
        )
        return rows, found[0][-1] - len(found) if found else 0


def _instant(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND
