"""The book: what is at stake where, what a year may bring, gross and net, and what it has brought so far."""

from ringwall.portfolio.book import Accumulation, BookPolicy, Openings, PartLimits, Pile, accumulation, in_force
from ringwall.portfolio.checks import figures_of_books
from ringwall.portfolio.engine import Compile, Loop, decorated, in_memory, name_of
from ringwall.portfolio.experience import ClaimToDate, LossRatio, loss_ratio, openings, with_losses
from ringwall.portfolio.layout import COLUMNS, Portfolio, read_portfolio
from ringwall.portfolio.measures import RETURN_PERIODS, CurvePoint, Measures, allocate_tail, measure, tail_years
from ringwall.portfolio.net import NetYears, YearEvents, net_of, rounded_share
from ringwall.portfolio.result import (
    BookResult,
    BookView,
    KnownLoss,
    PaidRows,
    by_cause,
    by_vendor,
    gross_events,
    gross_view,
    net_view,
    policy_means,
    policy_totals,
    retained_events,
    tail_by_policy,
)
from ringwall.portfolio.schedules import BookTerms, Products, compile_book
from ringwall.portfolio.simulate import resimulate, simulate_book

__all__ = [
    "Accumulation",
    "BookPolicy",
    "BookResult",
    "BookTerms",
    "BookView",
    "COLUMNS",
    "ClaimToDate",
    "Compile",
    "CurvePoint",
    "KnownLoss",
    "Loop",
    "LossRatio",
    "Measures",
    "NetYears",
    "Openings",
    "PaidRows",
    "PartLimits",
    "Pile",
    "Portfolio",
    "Products",
    "RETURN_PERIODS",
    "YearEvents",
    "accumulation",
    "allocate_tail",
    "by_cause",
    "by_vendor",
    "compile_book",
    "decorated",
    "figures_of_books",
    "gross_events",
    "gross_view",
    "in_force",
    "in_memory",
    "loss_ratio",
    "measure",
    "name_of",
    "net_of",
    "net_view",
    "openings",
    "policy_means",
    "policy_totals",
    "read_portfolio",
    "resimulate",
    "retained_events",
    "rounded_share",
    "simulate_book",
    "tail_by_policy",
    "tail_years",
    "with_losses",
]
