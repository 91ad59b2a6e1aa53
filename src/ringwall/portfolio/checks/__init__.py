"""The checks of the model that need a whole book with common shocks."""

from ringwall.portfolio.checks.figures import figures_of_books

__all__ = ["figures_of_books"]
