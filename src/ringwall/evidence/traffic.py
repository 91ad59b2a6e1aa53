"""What a traffic sensor saw, counted by the hour, and the indicators that follow from it.

An indicator is an alert: it opens a notice and a talk with the insured. It is never a tariff factor, because no
public claims study supports a price effect of traffic features. What was not seen is unknown, not absent.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from math import fsum
from zoneinfo import ZoneInfo

import numpy as np

from ringwall.basics import SHANGHAI, Refusal, Words, local_day

WHOLE_NETWORK = "*"
NO_INSIDE_HOST = "-"
"""Stands for the host of an event with no inside address: sensor statistics, or traffic of others."""
LONG_LABEL = 25
"""Left labels from this length make a name a row of its own, and its domain a row of `NameSpread`."""
MARKS_KEPT = 256
"""Smallest name marks kept for each domain: counts of distinct names are exact up to this many after a merge."""


class Kind(StrEnum):
    """Why a single event was kept as a row."""

    ALERT = "alert"
    EXPIRED_CERTIFICATE = "expired_certificate"
    CLEARTEXT_LOGIN = "cleartext_login"
    LONG_DNS_NAME = "long_dns_name"


@dataclass(frozen=True, slots=True)
class HourlyCount:
    """Events of one type that one inside host had in one hour; bytes count only what crossed the border.

    A flow counts in the hour in which it started, every other event in the hour in which it was written.
    """

    host: str
    hour: datetime
    event_type: str
    events: int
    bytes_out: int
    bytes_in: int
    severe_alerts: int


@dataclass(frozen=True, slots=True)
class Interesting:
    """Like events of one day as one row; the detail never holds a payload, a full address line or a full name."""

    kind: Kind
    host: str
    peer: str
    port: int | None
    day: date
    first_at: datetime
    last_at: datetime
    events: int
    severity: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class CertificateCount:
    """TLS handshakes of one day in which an inside server showed its certificate (TLS 1.3 hides it)."""

    host: str
    day: date
    shown: int
    expired: int


@dataclass(frozen=True, slots=True)
class NameSpread:
    """The names under one registered domain, at least one of them long, that one host asked for on one day.

    `marks` are keyed 64-bit hashes of the names, the smallest 256, ascending, so that batches merge without names.
    """

    host: str
    day: date
    domain: str
    names: int
    mean_left_label: float
    mean_entropy: float
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calls:
    """Connections of one day from an inside host to one outside address and port; starts in seconds, ascending."""

    host: str
    peer: str
    port: int
    day: date
    starts: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrafficBatch:
    """One closed sensor file; name, size and SHA-256 together say whether it was taken before."""

    source_name: str
    size_bytes: int
    sha256: str
    lines: int
    rejected: int
    first_at: datetime | None
    last_at: datetime | None
    hourly: tuple[HourlyCount, ...]
    interesting: tuple[Interesting, ...]
    certificates: tuple[CertificateCount, ...] = ()
    names: tuple[NameSpread, ...] = ()
    calls: tuple[Calls, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def identity(self) -> tuple[str, int, str]:
        return self.source_name, self.size_bytes, self.sha256


@dataclass(frozen=True, slots=True)
class Indicator:
    """One answer for one host and day; `raised` is None where too little was seen to say."""

    code: str
    host: str
    day: date
    value: float | None
    threshold: float
    raised: bool | None
    because: Words


def distinct_batches(batches: Sequence[TrafficBatch]) -> tuple[TrafficBatch, ...]:
    """Each file once, in the order given: the same file sent twice counts once."""
    return tuple({batch.identity: batch for batch in batches}.values())


@dataclass(frozen=True, slots=True)
class Limit:
    """A number with its unit and where it comes from."""

    value: float
    unit: str
    source: str


MEASURED = "own measurement on labelled synthetic traffic of one day and of thirty days, 2026"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When an indicator is raised; a change is a new version of the record."""

    version: str = "2026-01"
    expired_share: Limit = Limit(0.05, "share of handshakes a day", "none")
    cleartext_logins: Limit = Limit(1, "logins a day", "none")
    severe_alerts: Limit = Limit(1, "alerts of severity 1 a day", "none")
    tunnel_names: Limit = Limit(150, "distinct names a day", MEASURED)
    tunnel_label: Limit = Limit(25, "characters, mean of left labels", MEASURED)
    tunnel_entropy: Limit = Limit(3.5, "bits a character, mean of left labels", MEASURED)
    volume_z: Limit = Limit(4, "robust standard deviations of the log of daily bytes", MEASURED)
    volume_floor: Limit = Limit(2_000_000_000, "bytes a day", MEASURED)
    volume_history: Limit = Limit(7, "earlier days", "none")
    volume_scale: Limit = Limit(0.1, "least robust standard deviation of a log", "none")
    beacon_score: Limit = Limit(0.8, "score from 0 to 1", MEASURED)
    beacon_calls: Limit = Limit(4, "connections a day", MEASURED)
    beacon_hosts: Limit = Limit(5, "hosts that call the same address: more means a common service", "none")


THRESHOLDS = Thresholds()
CLOCK_PORT = 123
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
HOURS_OF_STEADY_CALLING = 12


@dataclass(frozen=True, slots=True)
class _Seen:
    """All batches merged, with what the rules need to know about the whole."""

    batches: tuple[TrafficBatch, ...]
    limits: Thresholds
    allowed_peers: frozenset[str]
    zone: ZoneInfo

    def hourly(self) -> Iterable[tuple[date, HourlyCount]]:
        return ((local_day(row.hour, self.zone), row) for batch in self.batches for row in batch.hourly)

    def days(self) -> set[date]:
        return {day for day, _ in self.hourly()}

    def days_with(self, event_type: str) -> set[date]:
        return {day for day, row in self.hourly() if row.event_type == event_type}


def indicators(
    batches: Sequence[TrafficBatch],
    limits: Thresholds = THRESHOLDS,
    *,
    allowed_peers: frozenset[str] = frozenset(),
    zone: ZoneInfo = SHANGHAI,
) -> tuple[Indicator, ...]:
    """For each code the hosts and days that say something, and one row for the whole network on the other days.

    The zone is the one in which the batches were taken, since their daily rows already carry its days.
    """
    seen = _Seen(distinct_batches(batches), limits, allowed_peers, zone)
    found = [indicator for rule in RULES for indicator in rule(seen)]
    return tuple(sorted(found, key=lambda i: (i.day, i.code, i.host)))


def _answers(
    code: str,
    threshold: float,
    found: dict[tuple[str, date], tuple[float, bool, Words]],
    *,
    days: set[date],
    looked: set[date],
    words: tuple[Words, Words],
) -> list[Indicator]:
    """The hosts that say something; on other days zero where the sensor looked and unknown where it did not."""
    told = [
        Indicator(code, host, day, value, threshold, raised, because)
        for (host, day), (value, raised, because) in found.items()
    ]
    rest = days - {day for _, day in found}
    nothing, blind = words
    quiet = [Indicator(code, WHOLE_NETWORK, day, 0.0, threshold, False, nothing) for day in rest & looked]
    unknown = [Indicator(code, WHOLE_NETWORK, day, None, threshold, None, blind) for day in rest - looked]
    return told + quiet + unknown


def expired_certificates(seen: _Seen) -> list[Indicator]:
    """The share of handshakes in which an inside server showed a certificate past its last day."""
    limit = seen.limits.expired_share.value
    shown: Counter[tuple[str, date]] = Counter()
    expired: Counter[tuple[str, date]] = Counter()
    for row in (row for batch in seen.batches for row in batch.certificates):
        shown[row.host, row.day] += row.shown
        expired[row.host, row.day] += row.expired
    found = {}
    for key, count in shown.items():
        bad = expired[key]
        because = Words(
            f"{count} 次握手中有 {bad} 次出示了过期证书", f"{bad} of {count} handshakes showed an expired certificate"
        )
        found[key] = (bad / count, bad / count >= limit, because)
    blind = Words("当日未见内网服务器出示证书", "no inside server showed a certificate on this day")
    return _answers("expired_certificates", limit, found, days=seen.days(), looked=set(), words=(blind, blind))


def cleartext_logins(seen: _Seen) -> list[Indicator]:
    """Logins over FTP and telnet, whose password crosses in the clear, for the inside server that takes them."""
    limit = seen.limits.cleartext_logins.value
    logins: defaultdict[tuple[str, date], Counter[str]] = defaultdict(Counter)
    for row in (row for batch in seen.batches for row in batch.interesting):
        if row.kind is Kind.CLEARTEXT_LOGIN:
            logins[row.host, row.day][row.detail] += row.events
    found = {}
    for key, protocols in logins.items():
        count, names = protocols.total(), ", ".join(sorted(protocols))
        because = Words(f"{count} 次明文登录（{names}）", f"logins in the clear: {count} ({names})")
        found[key] = (float(count), count >= limit, because)
    words = (
        Words("当日有流量记录，未见明文登录", "flows were recorded on this day, none was a login in the clear"),
        Words("当日没有流量记录", "no flow was recorded on this day"),
    )
    return _answers("cleartext_logins", limit, found, days=seen.days(), looked=seen.days_with("flow"), words=words)


def severe_alerts(seen: _Seen) -> list[Indicator]:
    """Alerts of the highest severity; a sensor that has never alerted may have no rules, which is unknown."""
    limit = seen.limits.severe_alerts.value
    alerts: Counter[tuple[str, date]] = Counter()
    for day, row in seen.hourly():
        if row.severe_alerts:
            alerts[row.host, day] += row.severe_alerts
    found = {}
    for key, count in alerts.items():
        because = Words(f"{count} 条最高级别告警", f"alerts of the highest severity: {count}")
        found[key] = (float(count), count >= limit, because)
    words = (
        Words("当日无最高级别告警", "no alert of the highest severity on this day"),
        Words("传感器从未告警，规则是否启用未知", "the sensor has never alerted: whether it has rules is unknown"),
    )
    days = seen.days()
    looked = days if seen.days_with("alert") else set()
    return _answers("severe_alerts", limit, found, days=days, looked=looked, words=words)


def merge_spreads(spreads: Iterable[NameSpread]) -> list[NameSpread]:
    """One row for each host, day and domain: names are counted by their marks, means are weighted by names."""
    groups: defaultdict[tuple[str, date, str], list[NameSpread]] = defaultdict(list)
    for spread in spreads:
        groups[spread.host, spread.day, spread.domain].append(spread)
    return [_merged(groups[key]) for key in sorted(groups)]


def _merged(group: list[NameSpread]) -> NameSpread:
    marks = sorted({mark for spread in group for mark in spread.marks})[:MARKS_KEPT]
    names = sum(spread.names for spread in group)
    return replace(
        group[0],
        names=max(len(marks), *(spread.names for spread in group)),
        mean_left_label=fsum(spread.mean_left_label * spread.names for spread in group) / names,
        mean_entropy=fsum(spread.mean_entropy * spread.names for spread in group) / names,
        marks=tuple(marks),
    )


def dns_tunnel(seen: _Seen) -> list[Indicator]:
    """Many different long random names under one domain: data that leaves as questions."""
    limits = seen.limits
    limit = limits.tunnel_names.value
    found: dict[tuple[str, date], tuple[float, bool, Words]] = {}
    for spread in merge_spreads(row for batch in seen.batches for row in batch.names):
        key = (spread.host, spread.day)
        shaped = (
            spread.mean_left_label >= limits.tunnel_label.value and spread.mean_entropy >= limits.tunnel_entropy.value
        )
        if not shaped or (key in found and found[key][0] >= spread.names):
            continue
        shape = f"{spread.mean_left_label:.0f} / {spread.mean_entropy:.1f}"
        because = Words(
            f"{spread.domain} 下有 {spread.names} 个不同域名，左侧标签平均长度与熵为 {shape}",
            f"{spread.names} different names under {spread.domain}, mean left label and entropy {shape}",
        )
        found[key] = (float(spread.names), spread.names >= limit, because)
    words = (
        Words("当日有域名查询，未见长随机域名", "names were asked for on this day, none was long and random"),
        Words("当日没有域名查询记录", "no question for a name was recorded on this day"),
    )
    return _answers("dns_tunnel", limit, found, days=seen.days(), looked=seen.days_with("dns"), words=words)


def robust_z(value: float, history: Sequence[float], least_scale: float) -> float:
    """How many robust standard deviations a value lies above the median of its history."""
    middle = float(np.median(history))
    scale = 1.4826 * float(np.median(np.abs(np.asarray(history) - middle)))
    return (value - middle) / max(scale, least_scale)


def outbound_volume(seen: _Seen) -> list[Indicator]:
    """Far more bytes out than this host's own earlier days, and many in absolute terms."""
    limits = seen.limits
    limit = limits.volume_z.value
    daily: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for day, row in seen.hourly():
        if row.event_type == "flow" and row.host != NO_INSIDE_HOST:
            daily[row.host][day] += row.bytes_out
    told = []
    for host, amounts in daily.items():
        for day, amount in amounts.items():
            earlier = [amounts[before] for before in amounts if before < day]
            if len(earlier) >= limits.volume_history.value:
                told.append(_judge_volume(host, day, amount, earlier, limits))
            elif amount >= limits.volume_floor.value:
                because = Words(
                    f"外发 {amount} 字节，但此前只有 {len(earlier)} 天记录，无法判断",
                    f"{amount} bytes out, but only {len(earlier)} earlier days: too few to judge",
                )
                told.append(Indicator("outbound_volume", host, day, None, limit, None, because))
    need = limits.volume_history.value
    blind = Words(
        f"各主机此前的流量记录不足 {need:.0f} 天", f"no host has {need:.0f} earlier days of flows to compare with"
    )
    rest = seen.days() - {indicator.day for indicator in told}
    return told + [Indicator("outbound_volume", WHOLE_NETWORK, day, None, limit, None, blind) for day in rest]


def _judge_volume(host: str, day: date, amount: int, earlier: list[int], limits: Thresholds) -> Indicator:
    z = robust_z(float(np.log1p(amount)), [float(np.log1p(past)) for past in earlier], limits.volume_scale.value)
    raised = z >= limits.volume_z.value and amount >= limits.volume_floor.value
    because = Words(
        f"外发 {amount} 字节，此前 {len(earlier)} 天中位数 {np.median(earlier):.0f} 字节",
        f"{amount} bytes out against a median of {np.median(earlier):.0f} over {len(earlier)} earlier days",
    )
    return Indicator("outbound_volume", host, day, z, limits.volume_z.value, raised, because)


def steadiness(values: Sequence[int]) -> float:
    """1 for equal values: the mean of 1 - |Bowley skew| and of (median - MAD) / median, floored at 0."""
    low, middle, high = (float(q) for q in np.percentile(values, [25, 50, 75]))
    skew = (high + low - 2 * middle) / (high - low) if high > low else 0.0
    deviation = float(np.median(np.abs(np.asarray(values) - middle)))
    return (1 - abs(skew) + (max(0.0, (middle - deviation) / middle) if middle > 0 else 0.0)) / 2


def beacon_score(starts: Sequence[int], sizes: Sequence[int]) -> float:
    """A quarter each for steady intervals, steady sizes, an even spread over the day's hours, and persistence.

    Persistence is the share of the day between first and last call, or the longest run of hours with a call
    against twelve, whichever is more. A beacon of office hours only, or slower than hourly, stays below 0.8.
    """
    intervals = [after - before for before, after in pairwise(starts)]
    hours = Counter(start // HOUR_SECONDS for start in starts)
    bars = np.array([*hours.values(), *([0] * max(0, 24 - len(hours)))])
    evenness = max(0.0, 1 - float(bars.std() / bars.mean()))
    longest = run = 1
    for before, after in pairwise(sorted(hours)):
        run = run + 1 if after == before + 1 else 1
        longest = max(longest, run)
    persistence = min(1.0, max((starts[-1] - starts[0]) / DAY_SECONDS, longest / HOURS_OF_STEADY_CALLING))
    return (steadiness(intervals) + steadiness(sizes) + evenness + persistence) / 4


def _merged_calls(seen: _Seen) -> dict[tuple[str, date, str, int], list[tuple[int, int]]]:
    """Calls of each pair and day, without clocks, allowed addresses and addresses that many hosts call."""
    merged: defaultdict[tuple[str, date, str, int], list[tuple[int, int]]] = defaultdict(list)
    callers: defaultdict[str, set[str]] = defaultdict(set)
    for row in (row for batch in seen.batches for row in batch.calls):
        callers[row.peer].add(row.host)
        merged[row.host, row.day, row.peer, row.port].extend(zip(row.starts, row.sizes, strict=True))
    common = {peer for peer, hosts in callers.items() if len(hosts) > seen.limits.beacon_hosts.value}
    passed = common | seen.allowed_peers
    kept = (key for key in sorted(merged) if key[2] not in passed and key[3] != CLOCK_PORT)
    return {key: sorted(merged[key]) for key in kept}


def beacons(seen: _Seen) -> list[Indicator]:
    """Calls to one outside address that are as regular as a clock; the worst address of each host and day.

    Updaters look the same to this score: an address that is known to be good belongs on the allowed list.
    """
    limit = seen.limits.beacon_score.value
    found: dict[tuple[str, date], tuple[float, bool, Words]] = {}
    for (host, day, peer, port), calls in _merged_calls(seen).items():
        if len(calls) < seen.limits.beacon_calls.value:
            continue
        score = beacon_score([start for start, _ in calls], [size for _, size in calls])
        if (host, day) in found and found[host, day][0] >= score:
            continue
        because = Words(
            f"向 {peer} 端口 {port} 发起 {len(calls)} 次连接，规律性得分 {score:.2f}",
            f"{len(calls)} connections to {peer} port {port}, regularity {score:.2f}",
        )
        found[host, day] = (score, score >= limit, because)
    words = (
        Words("当日有流量记录，未见反复连接同一外部地址", "flows were recorded, none called one address repeatedly"),
        Words("当日没有流量记录", "no flow was recorded on this day"),
    )
    return _answers("beacons", limit, found, days=seen.days(), looked=seen.days_with("flow"), words=words)


RULES = (expired_certificates, cleartext_logins, severe_alerts, dns_tunnel, outbound_volume, beacons)
