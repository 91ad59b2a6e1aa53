"""Traffic sensors: their closed files in, counts and rows without personal addresses out."""

from ringwall.shell.sensors.eve import ingest
from ringwall.shell.sensors.inside import pseudonym

__all__ = ["ingest", "pseudonym"]
