"""What of a model needs a whole book with common shocks: its checks, and the effect of a version."""

from ringwall.portfolio.checks.effect import ModelEffect, effect_of_model
from ringwall.portfolio.checks.figures import figures_of_books

__all__ = ["ModelEffect", "effect_of_model", "figures_of_books"]
