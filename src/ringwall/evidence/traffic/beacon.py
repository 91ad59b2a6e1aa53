"""The indicator of a beacon: calls to one outside address that are as regular as a clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np

from ringwall.basics import Words
from ringwall.evidence.traffic.records import Indicator
from ringwall.evidence.traffic.seen import Seen, answers

CLOCK_PORT = 123
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
HOURS_OF_STEADY_CALLING = 12


def steadiness(values: Sequence[int]) -> float:
    """1 for equal values: the mean of 1 - |Bowley skew| and of (median - MAD) / median, floored at 0.

    Where the median is itself a quartile the skew says nothing: steady calls in whole seconds differ by one second.
    """
    low, middle, high = (float(q) for q in np.percentile(values, [25, 50, 75]))
    skew = 0.0 if middle in (low, high) else (high + low - 2 * middle) / (high - low)
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


def _merged_calls(seen: Seen) -> dict[tuple[str, date, str, int], list[tuple[int, int]]]:
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


def beacons(seen: Seen) -> list[Indicator]:
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
    return answers("beacons", limit, found, days=seen.days(), looked=seen.days_with("flow"), words=words)
