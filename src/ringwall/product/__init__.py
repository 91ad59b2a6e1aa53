"""A product version is a folder of texts: wording, terms, numbers and worked examples, read and proved as one."""

from ringwall.product.check import CheckedExample, ProductReport, check_product
from ringwall.product.events import KNOWN_PARTS, event_from_mapping
from ringwall.product.examples import clauses_at_work, run_example
from ringwall.product.reading.parse import folder_sha256, parse_product
from ringwall.product.records import (
    Clause,
    Example,
    Expectation,
    Filing,
    FilingStatus,
    Parameter,
    Part,
    Product,
    explanations,
)
from ringwall.product.schedule import Schedule, compile_schedule, make_schedule

__all__ = [
    "KNOWN_PARTS",
    "CheckedExample",
    "Clause",
    "Example",
    "Expectation",
    "Filing",
    "FilingStatus",
    "Parameter",
    "Part",
    "Product",
    "ProductReport",
    "Schedule",
    "check_product",
    "clauses_at_work",
    "compile_schedule",
    "event_from_mapping",
    "explanations",
    "folder_sha256",
    "make_schedule",
    "parse_product",
    "run_example",
]
