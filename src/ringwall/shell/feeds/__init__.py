"""Dated facts from outside: each feed is one module with a name and one verb, `parse`; loading is the same for all."""

from ringwall.shell.feeds.load import FEEDS, load_intelligence

__all__ = ["FEEDS", "load_intelligence"]
