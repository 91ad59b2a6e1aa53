"""Files of a book: portfolio files of any size in, and what is broken in them row by row."""

from ringwall.shell.books.check import CheckedBook, check_portfolio

__all__ = ["CheckedBook", "check_portfolio"]
