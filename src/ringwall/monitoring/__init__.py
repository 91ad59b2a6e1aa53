"""Monitoring: drift since binding, written notices, re-tests, promises over time, and whether the risk has changed."""

from ringwall.monitoring.change_of_risk import Decrease, Increase, NotNotable, Watched, risk_change
from ringwall.monitoring.looks import Look, Retest, RetestResult, look_again, retest
from ringwall.monitoring.notice import Notice, deliver, write_notice
from ringwall.monitoring.promise import PromisePeriod, promise_at, promise_over
from ringwall.monitoring.since_binding import Drift, DriftKind, drift, is_worse

__all__ = [
    "Decrease",
    "Drift",
    "DriftKind",
    "Increase",
    "Look",
    "NotNotable",
    "Notice",
    "PromisePeriod",
    "Retest",
    "RetestResult",
    "Watched",
    "deliver",
    "drift",
    "is_worse",
    "look_again",
    "promise_at",
    "promise_over",
    "retest",
    "risk_change",
    "write_notice",
]
