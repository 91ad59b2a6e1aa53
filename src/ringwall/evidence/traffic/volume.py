"""The indicator of data carried off: far more bytes out than the host's own earlier days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np

from ringwall.basics import Words
from ringwall.evidence.traffic.limits import Thresholds
from ringwall.evidence.traffic.records import NO_INSIDE_HOST, WHOLE_NETWORK, Indicator
from ringwall.evidence.traffic.seen import Seen


def robust_z(value: float, history: Sequence[float], least_scale: float) -> float:
    """How many robust standard deviations a value lies above the median of its history."""
    middle = float(np.median(history))
    scale = 1.4826 * float(np.median(np.abs(np.asarray(history) - middle)))
    return (value - middle) / max(scale, least_scale)


def outbound_volume(seen: Seen) -> list[Indicator]:
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
