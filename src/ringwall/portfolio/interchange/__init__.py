"""The book in the formats of others: policies and treaties as OED, results as ORD tables."""

from ringwall.portfolio.interchange.account import OED_VERSION, AccountFile, account_file
from ringwall.portfolio.interchange.account_in import AccountRead, read_account
from ringwall.portfolio.interchange.oasis import (
    UNREAD,
    AccountLoss,
    Compared,
    account_losses,
    compare_payments,
    unread_by_oasis,
)
from ringwall.portfolio.interchange.ord import OrdTable, PeriodLosses, ept, mplt, of_years, ord_tables, palt, selt, splt
from ringwall.portfolio.interchange.treaties import (
    REINS_INFO_FIELDS,
    REINS_SCOPE_FIELDS,
    TreatyFiles,
    read_treaties,
    treaty_files,
)
from ringwall.portfolio.interchange.unsaid import Unsaid

__all__ = [
    "OED_VERSION",
    "REINS_INFO_FIELDS",
    "REINS_SCOPE_FIELDS",
    "UNREAD",
    "AccountFile",
    "AccountLoss",
    "AccountRead",
    "Compared",
    "OrdTable",
    "PeriodLosses",
    "TreatyFiles",
    "Unsaid",
    "account_file",
    "account_losses",
    "compare_payments",
    "ept",
    "mplt",
    "of_years",
    "ord_tables",
    "palt",
    "read_account",
    "read_treaties",
    "selt",
    "splt",
    "treaty_files",
    "unread_by_oasis",
]
