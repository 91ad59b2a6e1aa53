"""The house on a fresh database, and the story told as far as a test needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue, load_catalogue
from ringwall.desk.life.story import STEPS
from ringwall.desk.life.year import Year
from ringwall.portfolio import read_portfolio
from ringwall.shell.feeds import load_intelligence
from ringwall.wiring.house import House, from_package, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case
from ringwall.wiring.world import LabWorld

ToldUntil = Callable[[str], Year]


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped catalogue, with the built-in table of vulnerabilities and no look at the network."""
    nowhere = tmp_path_factory.mktemp("no-feeds")
    loaded = load_catalogue(from_package, load_intelligence(nowhere, nowhere / "cache")[0])
    assert isinstance(loaded, Catalogue), loaded
    return loaded


@pytest.fixture
def house(database: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[House]:
    with furnish(tmp_path / "home", database, catalogue) as opened:
        yield opened


@pytest.fixture
def told_until(house: House) -> Iterator[ToldUntil]:
    """`told_until("quote")` tells the story up to and with that step, and gives its teller."""
    world = LabWorld(house.server_key)
    case, book = shipped_case(), read_portfolio(read_folder("book")["opening.csv"])
    year = Year(house.front, case, world, book, enrol_everybody(house, case))

    def tell(last: str) -> Year:
        for step in STEPS:
            step.run(year)
            if step.name == last:
                return year
        raise AssertionError(f"there is no step {last}")

    yield tell
    world.close()
