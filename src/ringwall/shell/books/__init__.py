"""Files of a book: portfolio files of any size in, with what is broken in them row by row; results out."""

from ringwall.shell.books.check import CheckedBook, check_portfolio
from ringwall.shell.books.oasis import oasis_python, paid_by_oasis
from ringwall.shell.books.results import write_ord

__all__ = ["CheckedBook", "check_portfolio", "oasis_python", "paid_by_oasis", "write_ord"]
