"""Small books of one structure, and the loops compiled once for the whole session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from tests.portfolio.conftest import SmallBook

from ringwall.portfolio.engine import Calendar, Job, Structure, draw_calendar, structures_of
from ringwall.portfolio.simulate import ready
from ringwall.risk import Territory, reference_profile

YEARS, SEED = 400, 77


@dataclass(frozen=True)
class Ready:
    """A small book with its calendar, ready for the loops."""

    calendar: Calendar
    jobs: tuple[Job, ...]
    structures: tuple[Structure, ...]

    @property
    def size(self) -> int:
        return len(self.jobs)


@pytest.fixture(scope="session")
def book(small: SmallBook) -> Ready:
    return ready_book(small)


def ready_book(small: SmallBook, *, parts: bool = False) -> Ready:
    calendar = draw_calendar(small.model, reference_profile(small.model), YEARS, SEED, None)
    jobs, refusals = ready(small.result.policies, small.terms, small.model, {}, Territory.CHINA)
    structures, more = structures_of(calendar, small.model, Territory.CHINA, jobs, parts=parts)
    assert not refusals
    assert not more
    return Ready(calendar, tuple(jobs), tuple(structures))


@pytest.fixture
def dice() -> np.random.Generator:
    return np.random.default_rng(20_260_101)
