"""What an event costs: one law as steps, and draws from it for the price of one risk."""

from ringwall.risk.severity.draws import draw_losses, draw_outage
from ringwall.risk.severity.law import Recipe, Step, recipes_of, record_law

__all__ = ["Recipe", "Step", "draw_losses", "draw_outage", "recipes_of", "record_law"]
