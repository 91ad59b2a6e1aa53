"""The readers of the graph: exact integers with a trace, and int64 columns. Both get the same numbers."""

from ringwall.terms.readers.allocate import allocate
from ringwall.terms.readers.columnar import ColumnOutcome, EventColumns, settle_columns
from ringwall.terms.readers.exact import settle
from ringwall.terms.readers.related import RelatedEvents, relate

__all__ = ["ColumnOutcome", "EventColumns", "RelatedEvents", "allocate", "relate", "settle", "settle_columns"]
