"""A product version is a folder of texts: wording, terms, numbers and worked examples, read and proved as one."""

from ringwall.product.change.backtest import Backtest, LossUnderBoth, PastLoss, PolicyUnderBoth, backtest
from ringwall.product.change.differences import (
    Change,
    ClauseChange,
    ExampleChange,
    NumberChange,
    ProductDifference,
    Side,
    product_difference,
)
from ringwall.product.change.skeleton import draft_product
from ringwall.product.check import CheckedExample, ProductReport, check_product
from ringwall.product.events import KNOWN_PARTS, event_document, event_from_mapping
from ringwall.product.examples import clauses_at_work, run_example
from ringwall.product.filing.booklet import Booklet, ItemLine, PrintedClause, PrintedExample, make_booklet
from ringwall.product.filing.lock import LOCK, lock_faults, read_lock
from ringwall.product.filing.pack import FilingPack, make_pack, unfit
from ringwall.product.interchange import COVERAGES, DECIMALS, OedLayer, OedRow, by_the_hour, oed_layer
from ringwall.product.proof.lints import LINTS, lint_product
from ringwall.product.proof.mutation import MutationReport, Survivor, mutation_report
from ringwall.product.proof.proofs import Proof, Theorem, prove_product
from ringwall.product.reading.parse import folder_sha256, parse_product
from ringwall.product.reading.sources import base_of, whole_texts, with_base
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
from ringwall.product.schedule import Schedule, SharedLimits, compile_schedule, make_schedule, shared_limits

__all__ = [
    "COVERAGES",
    "DECIMALS",
    "KNOWN_PARTS",
    "LINTS",
    "LOCK",
    "Backtest",
    "Booklet",
    "Change",
    "CheckedExample",
    "Clause",
    "ClauseChange",
    "Example",
    "ExampleChange",
    "Expectation",
    "Filing",
    "FilingPack",
    "FilingStatus",
    "ItemLine",
    "LossUnderBoth",
    "MutationReport",
    "NumberChange",
    "OedLayer",
    "OedRow",
    "Parameter",
    "Part",
    "PastLoss",
    "PolicyUnderBoth",
    "PrintedClause",
    "PrintedExample",
    "Product",
    "ProductDifference",
    "ProductReport",
    "Proof",
    "Schedule",
    "SharedLimits",
    "Side",
    "Survivor",
    "Theorem",
    "backtest",
    "base_of",
    "by_the_hour",
    "check_product",
    "clauses_at_work",
    "compile_schedule",
    "draft_product",
    "event_document",
    "event_from_mapping",
    "explanations",
    "folder_sha256",
    "lint_product",
    "lock_faults",
    "make_booklet",
    "make_pack",
    "make_schedule",
    "mutation_report",
    "oed_layer",
    "parse_product",
    "product_difference",
    "prove_product",
    "read_lock",
    "run_example",
    "shared_limits",
    "unfit",
    "whole_texts",
    "with_base",
]
