"""Monitoring: drift since binding, written notices, re-tests, promises and behaviour over time, change of risk."""

from ringwall.monitoring.after_term import Offer, offered, take_step
from ringwall.monitoring.alerts import (
    TRAFFIC_SEVERITY,
    Acknowledgement,
    Alert,
    AlertKind,
    AlertState,
    KeptAlerts,
    NotedAlert,
    deadline_severity,
    is_near,
    most_urgent_first,
    noted,
)
from ringwall.monitoring.behaviour import SUGGESTIONS_IN_TIME, Behaviour, Kept, Promptness, behaviour_at, kept_at
from ringwall.monitoring.change_of_risk import Decrease, Increase, NotNotable, RiskTold, Watched, risk_change
from ringwall.monitoring.looks import Look, Retest, RetestResult, look_again, retest
from ringwall.monitoring.message import CHANNEL_NAMES, MARK_NAMES, Channel, DeliveryReceipt, Mark, Message, take_receipt
from ringwall.monitoring.notice import NextStep, NextStepTaken, Notice, deliver, write_notice
from ringwall.monitoring.promise import PromisePeriod, promise_at, promise_over
from ringwall.monitoring.since_binding import Drift, DriftKind, drift, is_worse

__all__ = [
    "CHANNEL_NAMES",
    "MARK_NAMES",
    "SUGGESTIONS_IN_TIME",
    "TRAFFIC_SEVERITY",
    "Acknowledgement",
    "Alert",
    "AlertKind",
    "AlertState",
    "Behaviour",
    "Channel",
    "Decrease",
    "DeliveryReceipt",
    "Drift",
    "DriftKind",
    "Increase",
    "Kept",
    "KeptAlerts",
    "Look",
    "Mark",
    "Message",
    "NextStep",
    "NextStepTaken",
    "NotNotable",
    "NotedAlert",
    "Notice",
    "Offer",
    "PromisePeriod",
    "Promptness",
    "Retest",
    "RetestResult",
    "RiskTold",
    "Watched",
    "behaviour_at",
    "deadline_severity",
    "deliver",
    "drift",
    "is_near",
    "is_worse",
    "kept_at",
    "look_again",
    "most_urgent_first",
    "noted",
    "offered",
    "promise_at",
    "promise_over",
    "retest",
    "risk_change",
    "take_receipt",
    "take_step",
    "write_notice",
]
