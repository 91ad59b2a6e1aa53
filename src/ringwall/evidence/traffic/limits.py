"""When an indicator is raised: every threshold with its unit and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


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
