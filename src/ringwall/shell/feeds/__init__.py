"""Dated facts from outside: each feed is one module with a name and one verb, `parse`; loading is the same for all."""

from ringwall.shell.feeds.folder import official_addresses
from ringwall.shell.feeds.load import FEEDS, load_intelligence, read_kev
from ringwall.shell.feeds.records import RECORD_FEEDS, load_records

__all__ = ["FEEDS", "RECORD_FEEDS", "load_intelligence", "load_records", "official_addresses", "read_kev"]
