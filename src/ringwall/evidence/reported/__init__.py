"""What others say of an insured's weaknesses: reports of other scanners and VEX statements, in one form."""

from ringwall.evidence.reported.report import Reported, SaidState, Upload, findings_of, host_of, reported_by

__all__ = [
    "Reported",
    "SaidState",
    "Upload",
    "findings_of",
    "host_of",
    "reported_by",
]
