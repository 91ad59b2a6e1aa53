"""The book in the formats of others: results as ORD tables."""

from ringwall.portfolio.interchange.ord import OrdTable, PeriodLosses, ept, mplt, of_years, ord_tables, palt, selt, splt

__all__ = ["OrdTable", "PeriodLosses", "ept", "mplt", "of_years", "ord_tables", "palt", "selt", "splt"]
