"""A simulated book on the terminal: its bands, its forced disasters, and one year down to the policies."""

from ringwall.shell.cli.books.parts import BookParts, Year, draw_bands, draw_disasters, draw_year, take_apart

__all__ = ["BookParts", "Year", "draw_bands", "draw_disasters", "draw_year", "take_apart"]
