"""The house on a fresh database, and the story told as far as a test needs it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import FreshDatabase, copied

from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.life.story import STEPS
from ringwall.desk.life.year import Year
from ringwall.portfolio import read_portfolio
from ringwall.shell.store import embedded
from ringwall.wiring.house import House, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case
from ringwall.wiring.world import LabWorld

PLACES = {step.name: place for place, step in enumerate(STEPS)}


@pytest.fixture
def house(database: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[House]:
    with furnish(tmp_path / "home", database, catalogue) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Milestone:
    """The house as it stood after a step, with nobody in it."""

    database: str
    home: Path


class Story:
    """The story, told once for all tests: what stood after a step is kept when a test asks for it."""

    def __init__(self, server: embedded.EmbeddedServer, catalogue: Catalogue, start: Milestone, kept: ExitStack):
        self.server = server
        self._catalogue = catalogue
        self._kept = kept
        self._milestones = {-1: start}

    def after(self, step: str) -> Milestone:
        """Told on from the last milestone before it, where this one is not there yet."""
        wanted = PLACES[step]
        if wanted not in self._milestones:
            before = max(place for place in self._milestones if place < wanted)
            with ExitStack() as visit:
                database, _, year = self.opened(self._milestones[before], self._home(wanted), visit, self._kept)
                for told in STEPS[before + 1 : wanted + 1]:
                    told.run(year)
            self._milestones[wanted] = Milestone(database.name, self._home(wanted))
        return self._milestones[wanted]

    def opened(
        self, milestone: Milestone, home: Path, visit: ExitStack, owner: ExitStack | None = None
    ) -> tuple[FreshDatabase, House, Year]:
        """A copy of the house, open during the visit and there as long as its owner, and its teller."""
        database = (owner or visit).enter_context(copied(self.server, milestone.database))
        shutil.copytree(milestone.home, home)
        house = visit.enter_context(furnish(home, database, self._catalogue))
        world = visit.enter_context(closing(LabWorld(house.server_key)))
        case, book = shipped_case(), read_portfolio(read_folder("book")["opening.csv"])
        return database, house, Year(house.front, case, world, book, enrol_everybody(house, case))

    def _home(self, place: int) -> Path:
        return self._milestones[-1].home.with_name(f"after-{place}")


@pytest.fixture(scope="session")
def story(
    server: embedded.EmbeddedServer, template: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    start = tmp_path_factory.mktemp("story") / "start"
    start.mkdir()
    with ExitStack() as kept:
        yield Story(server, catalogue, Milestone(template, start), kept)


class ToldUntil:
    """`told_until("quote")` gives the teller of a story told up to and with that step, in the test's own house."""

    def __init__(self, story: Story, folder: Path, visit: ExitStack) -> None:
        self._story = story
        self._folder = folder
        self._visit = visit
        self.database: FreshDatabase | None = None
        self._house: House | None = None

    def __call__(self, last: str) -> Year:
        after = self._story.after(last)
        self.database, self._house, year = self._story.opened(after, self._folder / "told", self._visit)
        return year

    @property
    def house(self) -> House:
        """In which the story was told."""
        assert self._house is not None, "nothing was told yet"
        return self._house


@pytest.fixture
def told_until(story: Story, tmp_path: Path) -> Iterator[ToldUntil]:
    with ExitStack() as visit:
        yield ToldUntil(story, tmp_path, visit)
