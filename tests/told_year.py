"""The year of the case as it is shipped, told once for the pages, the figures and the documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import FreshDatabase, copied

from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.life.story import STEPS
from ringwall.desk.life.year import Figure, Step, Year
from ringwall.portfolio import read_portfolio
from ringwall.shell.jobs.queue import drain
from ringwall.shell.store import embedded
from ringwall.wiring.house import furnish
from ringwall.wiring.people import enrol_everybody, shipped_case
from ringwall.wiring.world import LabWorld

StepFigures = tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, slots=True)
class ToldYear:
    """Where the told year stands, and where it stood with the claim proved and not yet decided."""

    database: FreshDatabase
    proved: FreshDatabase
    home: Path
    figures: StepFigures
    """Every figure of the year, with the name of its step."""


@contextmanager
def year_told(server: embedded.EmbeddedServer, template: str, catalogue: Catalogue, home: Path) -> Iterator[ToldYear]:
    """From the application to the market's figures, with a copy from before the decision."""
    proved = next(place for place, step in enumerate(STEPS) if step.name == "decision")
    with copied(server, template) as database:
        before = _tell(home, database, catalogue, STEPS[:proved])
        with copied(server, database.name) as halfway:
            after = _tell(home, database, catalogue, STEPS[proved:])
            yield ToldYear(database, halfway, home, before + after)


def _tell(home: Path, database: FreshDatabase, catalogue: Catalogue, steps: Sequence[Step]) -> StepFigures:
    case = shipped_case()
    with furnish(home, database, catalogue) as house, closing(LabWorld(house.server_key)) as world:
        book = read_portfolio(read_folder("book")["opening.csv"])
        year = Year(house.front, case, world, book, enrol_everybody(house, case))
        told = tuple((step.name, figure) for step in steps for figure in step.run(year))
        drain(house.queue)
    return told
