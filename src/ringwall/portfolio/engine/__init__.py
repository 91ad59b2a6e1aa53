"""The simulation of a book: draws by counter, terms as compiled loops, sums in whole minor units."""

from ringwall.portfolio.engine.calendar import TILE_YEARS, Calendar, Tile, draw_calendar, tile_of
from ringwall.portfolio.engine.loops import Compile, Loop, decorated, engine_text, in_memory, name_of
from ringwall.portfolio.engine.run import Runner, Settled, Structure
from ringwall.portfolio.engine.structures import Job, structures_of
from ringwall.portfolio.engine.tally import Tally, no_tally

__all__ = [
    "TILE_YEARS",
    "Calendar",
    "Compile",
    "Job",
    "Loop",
    "Runner",
    "Settled",
    "Structure",
    "Tally",
    "Tile",
    "decorated",
    "draw_calendar",
    "engine_text",
    "in_memory",
    "name_of",
    "no_tally",
    "structures_of",
    "tile_of",
]
