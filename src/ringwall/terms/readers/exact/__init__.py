"""One event settled in Python integers: verdicts, three numbers a part, open points, and the whole trace."""

from ringwall.terms.readers.exact.settle import Settling, evaluate, open_settlement, settle, total
from ringwall.terms.readers.exact.subjects import by_part, readings, subjects

__all__ = ["Settling", "by_part", "evaluate", "open_settlement", "readings", "settle", "subjects", "total"]
