"""Published descriptions of vulnerabilities: three publishers, one record; by file, or by address as any feed."""

from ringwall.shell.feeds.records.family import RECORD_FEEDS, load_records

__all__ = ["RECORD_FEEDS", "load_records"]
