"""What happened to an insured: its timeline, its grade under several schemes, and the reports that the law wants."""

from ringwall.incident.duties import FinalReport, ReportingDuty, final_report, reported_in_time, reporting_duties
from ringwall.incident.grading import Comparison, Grade, grade
from ringwall.incident.record import (
    CLASS_NAMES,
    TIMELINE_NAMES,
    Incident,
    IncidentClass,
    TimelineEntry,
    TimelineKind,
    add_entry,
    open_incident,
)
from ringwall.incident.scheme import (
    DayTerm,
    GradingScheme,
    HourClock,
    Level,
    OperatorKind,
    Reporting,
    Threshold,
    read_scheme,
)
from ringwall.incident.sourced import Source, SourceStatus, source_of

__all__ = [
    "CLASS_NAMES",
    "TIMELINE_NAMES",
    "Comparison",
    "DayTerm",
    "FinalReport",
    "Grade",
    "GradingScheme",
    "HourClock",
    "Incident",
    "IncidentClass",
    "Level",
    "OperatorKind",
    "Reporting",
    "ReportingDuty",
    "Source",
    "SourceStatus",
    "Threshold",
    "TimelineEntry",
    "TimelineKind",
    "add_entry",
    "final_report",
    "grade",
    "open_incident",
    "read_scheme",
    "reported_in_time",
    "reporting_duties",
    "source_of",
]
