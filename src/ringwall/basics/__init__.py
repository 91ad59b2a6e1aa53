"""What every room may use: money, exact shares, dates, typed ids and the refusal."""

from ringwall.basics.calendar import Calendar, due_before, last_day
from ringwall.basics.dates import (
    SHANGHAI,
    Term,
    day_start,
    days_between,
    elapsed_seconds,
    local_day,
    year_of_cover,
    years_later,
)
from ringwall.basics.ids import (
    AssetId,
    ClaimId,
    ConsentId,
    FindingId,
    IncidentId,
    OrganisationId,
    PolicyId,
    QuoteId,
    SubmissionId,
)
from ringwall.basics.money import (
    FEN_PER_YUAN,
    Estimate,
    Money,
    Rounding,
    book_estimate,
    round_fraction,
    round_ratio,
    yuan,
)
from ringwall.basics.records import field_names
from ringwall.basics.refusal import Language, Refusal, Words, refuse
from ringwall.basics.shares import split_posting, split_running, split_weights
from ringwall.basics.yaml_texts import read_yaml, text_loader

__all__ = [
    "FEN_PER_YUAN",
    "SHANGHAI",
    "AssetId",
    "Calendar",
    "ClaimId",
    "ConsentId",
    "Estimate",
    "FindingId",
    "IncidentId",
    "Language",
    "Money",
    "OrganisationId",
    "PolicyId",
    "QuoteId",
    "Refusal",
    "Rounding",
    "SubmissionId",
    "Term",
    "Words",
    "book_estimate",
    "day_start",
    "days_between",
    "due_before",
    "elapsed_seconds",
    "field_names",
    "last_day",
    "local_day",
    "read_yaml",
    "refuse",
    "round_fraction",
    "round_ratio",
    "split_posting",
    "split_running",
    "split_weights",
    "text_loader",
    "year_of_cover",
    "years_later",
    "yuan",
]
