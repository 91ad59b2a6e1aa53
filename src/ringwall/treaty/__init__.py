"""Reinsurance: contracts as records, what they take of a loss, and what counts as one event."""

from ringwall.treaty.cession import (
    Cession,
    NetLoss,
    SubjectLoss,
    TreatyState,
    apply_programme,
    cede,
    reinstatement_premium,
)
from ringwall.treaty.contract import AnnualStopLoss, EventDefinition, EventExcess, Programme, QuotaShare, Treaty
from ringwall.treaty.event import PolicyPayment, TreatyEvent, back_to_back, find_event
from ringwall.treaty.programme import programme_of, read_programme

__all__ = [
    "AnnualStopLoss",
    "Cession",
    "EventDefinition",
    "EventExcess",
    "NetLoss",
    "PolicyPayment",
    "Programme",
    "QuotaShare",
    "SubjectLoss",
    "Treaty",
    "TreatyEvent",
    "TreatyState",
    "apply_programme",
    "back_to_back",
    "cede",
    "find_event",
    "programme_of",
    "read_programme",
    "reinstatement_premium",
]
