"""Every indicator over all batches: one rule each, walked in one order."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from ringwall.basics import SHANGHAI
from ringwall.evidence.traffic.beacon import beacons
from ringwall.evidence.traffic.counted import cleartext_logins, expired_certificates, severe_alerts
from ringwall.evidence.traffic.limits import THRESHOLDS, Thresholds
from ringwall.evidence.traffic.records import Counts, Indicator, TrafficBatch, distinct_batches
from ringwall.evidence.traffic.seen import Seen
from ringwall.evidence.traffic.tunnel import dns_tunnel
from ringwall.evidence.traffic.volume import outbound_volume

RULES = (expired_certificates, cleartext_logins, severe_alerts, dns_tunnel, outbound_volume, beacons)


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
    return _told(Seen(distinct_batches(batches), limits, allowed_peers, zone))


def indicators_of(
    counts: Counts,
    limits: Thresholds = THRESHOLDS,
    *,
    allowed_peers: frozenset[str] = frozenset(),
    zone: ZoneInfo = SHANGHAI,
) -> tuple[Indicator, ...]:
    """The same over everything that was counted in a period, with no file at hand."""
    return _told(Seen((counts,), limits, allowed_peers, zone))


def _told(seen: Seen) -> tuple[Indicator, ...]:
    found = [indicator for rule in RULES for indicator in rule(seen)]
    return tuple(sorted(found, key=lambda i: (i.day, i.code, i.host)))
