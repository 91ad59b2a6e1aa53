"""One event settled in Python integers: verdicts, three numbers a part, open points, and the whole trace."""

from ringwall.terms.readers.exact.reader import Settling, evaluate, open_settlement, settle, total
from ringwall.terms.readers.exact.subjects import SubjectPlan, by_part, readings, subjects

__all__ = [
    "Settling",
    "SubjectPlan",
    "by_part",
    "evaluate",
    "open_settlement",
    "readings",
    "settle",
    "subjects",
    "total",
]
