"""Traffic sensors: their closed files in, counts and rows without personal addresses out."""

from ringwall.shell.sensors.eve import ingest
from ringwall.shell.sensors.feeder import Feeder, TailProgress
from ringwall.shell.sensors.inside import pseudonym
from ringwall.shell.sensors.retention import drop_raw
from ringwall.shell.sensors.rows import Privacy
from ringwall.shell.sensors.tail import Progress, Spool, Tail, follow
from ringwall.shell.sensors.watching import Watched, Watcher

__all__ = [
    "Feeder",
    "Privacy",
    "Progress",
    "Spool",
    "Tail",
    "TailProgress",
    "Watched",
    "Watcher",
    "drop_raw",
    "follow",
    "ingest",
    "pseudonym",
]
