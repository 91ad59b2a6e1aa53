"""A book of any size: its rows come in portions, and only sums by year, shock and cause are kept."""

from ringwall.portfolio.large.portions import LargeBook, Portion, Setting, total_portions

__all__ = ["LargeBook", "Portion", "Setting", "total_portions"]
