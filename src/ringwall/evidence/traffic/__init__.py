"""What a traffic sensor saw, counted by the hour, and the indicators that follow from it.

An indicator is an alert: it opens a notice and a talk with the insured. It is never a tariff factor, because no
public claims study supports a price effect of traffic features. What was not seen is unknown, not absent.
"""

from ringwall.evidence.traffic.indicators import indicators, indicators_of
from ringwall.evidence.traffic.limits import THRESHOLDS, Thresholds
from ringwall.evidence.traffic.records import (
    LONG_LABEL,
    MARKS_KEPT,
    NO_INSIDE_HOST,
    WHOLE_NETWORK,
    Calls,
    CertificateCount,
    Counts,
    HourlyCount,
    Indicator,
    Interesting,
    Kind,
    NameSpread,
    SensorFile,
    Sketch,
    TrafficBatch,
    distinct_batches,
)
from ringwall.evidence.traffic.sketches import distinct, merged, registers
from ringwall.evidence.traffic.tail import Checkpoint, TailStep

__all__ = [
    "LONG_LABEL",
    "MARKS_KEPT",
    "NO_INSIDE_HOST",
    "THRESHOLDS",
    "WHOLE_NETWORK",
    "Calls",
    "CertificateCount",
    "Checkpoint",
    "Counts",
    "HourlyCount",
    "Indicator",
    "Interesting",
    "Kind",
    "NameSpread",
    "SensorFile",
    "Sketch",
    "TailStep",
    "Thresholds",
    "TrafficBatch",
    "distinct",
    "distinct_batches",
    "indicators",
    "indicators_of",
    "merged",
    "registers",
]
