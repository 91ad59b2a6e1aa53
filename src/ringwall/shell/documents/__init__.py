"""Documents for people, printed from records: schedule, settlement letter, booklet and filing, in two languages."""

from ringwall.shell.documents.product_booklet import print_booklet, print_filing
from ringwall.shell.documents.schedule import print_schedule
from ringwall.shell.documents.settlement import SettlementLetter, print_settlement

__all__ = ["SettlementLetter", "print_booklet", "print_filing", "print_schedule", "print_settlement"]
