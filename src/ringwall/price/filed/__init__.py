"""What was filed of a price: loads, caps, ranges, and what a family of products files of its own."""

from ringwall.price.filed.family import JudgedPart, MemberCount, SizeBand, banded, members_of
from ringwall.price.filed.numbers import FiledNumber, FiledRange
from ringwall.price.filed.rates import FiledRates, parse_rates, rate_pages, read_rates, unfiled_factors

__all__ = [
    "FiledNumber",
    "FiledRange",
    "FiledRates",
    "JudgedPart",
    "MemberCount",
    "SizeBand",
    "banded",
    "members_of",
    "parse_rates",
    "rate_pages",
    "read_rates",
    "unfiled_factors",
]
