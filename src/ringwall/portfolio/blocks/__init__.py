"""A run in blocks: each done by any worker, kept when it is finished, and found again by the next run."""

from ringwall.portfolio.blocks.digest import digest, sources
from ringwall.portfolio.blocks.work import AHEAD, Columns, Progress, Store, Watch, Work, finished

__all__ = ["AHEAD", "Columns", "Progress", "Store", "Watch", "Work", "digest", "finished", "sources"]
