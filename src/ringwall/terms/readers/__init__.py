"""The readers of the graph: exact integers with a trace, and int64 columns. Both get the same numbers."""

from ringwall.terms.readers.columnar import ColumnOutcome, EventColumns, settle_columns
from ringwall.terms.readers.exact import settle

__all__ = ["ColumnOutcome", "EventColumns", "settle", "settle_columns"]
