"""The market: filed products, capacity and placement, statistics under a privacy floor, the regulator's table."""

from ringwall.market.export import regulator_export, validate_export
from ringwall.market.filings import FiledProduct, filed_products
from ringwall.market.peers import PeerComparison, PeerRow, Quartiles, compare_with_peers
from ringwall.market.placement import (
    CapacityPosition,
    Offer,
    Participant,
    Placement,
    Written,
    market_capacity,
    panel_of,
    place,
)
from ringwall.market.scheme import Code, Scheme, SizeBand, read_scheme
from ringwall.market.suppression import TOTAL, hide_small_cells, hide_small_groups
from ringwall.market.table import Figures, StatisticsRow, Table, TableCell, statistics

__all__ = [
    "TOTAL",
    "CapacityPosition",
    "Code",
    "Figures",
    "FiledProduct",
    "Offer",
    "Participant",
    "PeerComparison",
    "PeerRow",
    "Placement",
    "Quartiles",
    "Scheme",
    "SizeBand",
    "StatisticsRow",
    "Table",
    "TableCell",
    "Written",
    "compare_with_peers",
    "filed_products",
    "hide_small_cells",
    "hide_small_groups",
    "market_capacity",
    "panel_of",
    "place",
    "read_scheme",
    "regulator_export",
    "statistics",
    "validate_export",
]
