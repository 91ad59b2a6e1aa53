"""Double entry: accounts, movements, entries, and balances on two dates. Knows no word of the trade it serves."""

from ringwall.ledger.balances import Balance, TrialBalance, balance, known_rows, trial_balance
from ringwall.ledger.compound import CompoundEntry, Leg, credit, debit, transfers_of
from ringwall.ledger.entering import Status, enter, enter_all
from ringwall.ledger.transfers import Account, Transfer, TransferState

__all__ = [
    "Account",
    "Balance",
    "CompoundEntry",
    "Leg",
    "Status",
    "Transfer",
    "TransferState",
    "TrialBalance",
    "balance",
    "credit",
    "debit",
    "enter",
    "enter_all",
    "known_rows",
    "transfers_of",
    "trial_balance",
]
