"""The readers of the graph: exact integers with a trace, int64 columns (both get the same numbers), and bounds."""

from ringwall.terms.readers.allocate import allocate
from ringwall.terms.readers.bounds import (
    Bounds,
    IdleLimit,
    SameValue,
    bounds,
    contract_maximum,
    idle_limits,
    maximum_payable,
)
from ringwall.terms.readers.columnar import (
    ApartOutcome,
    ColumnOutcome,
    EventColumns,
    EventsApart,
    settle_apart,
    settle_columns,
)
from ringwall.terms.readers.exact import settle
from ringwall.terms.readers.related import RelatedEvents, relate

__all__ = [
    "ApartOutcome",
    "Bounds",
    "ColumnOutcome",
    "EventColumns",
    "EventsApart",
    "IdleLimit",
    "RelatedEvents",
    "SameValue",
    "allocate",
    "bounds",
    "contract_maximum",
    "idle_limits",
    "maximum_payable",
    "relate",
    "settle",
    "settle_apart",
    "settle_columns",
]
