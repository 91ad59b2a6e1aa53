"""The simulation of a book: draws by counter, terms as compiled loops, sums in whole minor units."""

from ringwall.portfolio.engine.calendar import TILE_YEARS, Calendar, TieSet, Tile, draw_calendar, tile_of, with_ties
from ringwall.portfolio.engine.disaster import disaster_calendar, without_own_events
from ringwall.portfolio.engine.loops import Compile, Loop, decorated, engine_text, in_memory, name_of
from ringwall.portfolio.engine.replay import Replay, replay
from ringwall.portfolio.engine.run import Runner, Settled, Structure, code_name
from ringwall.portfolio.engine.structures import Job, structures_of
from ringwall.portfolio.engine.totals import (
    Totals,
    largest_events,
    tiles_of,
    total_book,
    with_policy,
    with_shocks,
    without_policy,
)

__all__ = [
    "TILE_YEARS",
    "Calendar",
    "Compile",
    "Job",
    "Loop",
    "Replay",
    "Runner",
    "Settled",
    "Structure",
    "TieSet",
    "Tile",
    "Totals",
    "code_name",
    "decorated",
    "disaster_calendar",
    "draw_calendar",
    "engine_text",
    "in_memory",
    "largest_events",
    "name_of",
    "replay",
    "structures_of",
    "tile_of",
    "tiles_of",
    "total_book",
    "with_policy",
    "with_shocks",
    "with_ties",
    "without_own_events",
    "without_policy",
]
