"""Home: what waits for a person with its clock, most urgent first, by the desks that the person sits at."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.views.home import broker, claims, co_insurer, insured, provider, supervisor, underwriter
from ringwall.desk.views.home.cases import cases_of
from ringwall.desk.views.home.waiting import Home, Waiting, most_urgent_first
from ringwall.desk.views.parts import Figure

__all__ = ["DESKS", "Desk", "Home", "Waiting", "home"]


class Desk(Protocol):
    """What each module of this folder that looks for work offers."""

    PEOPLE: frozenset[str]

    def waiting(self, office: Office, now: datetime) -> tuple[Waiting, ...]: ...

    def figures(self, office: Office, now: datetime) -> tuple[Figure, ...]: ...


DESKS: tuple[Desk, ...] = (insured, broker, underwriter, co_insurer, claims, provider, supervisor)


def home(office: Office, speaker: Speaker, now: datetime, bases: KeptBases) -> Home:
    """The work of every desk at which this person sits, as it was known at an instant."""
    mine = [desk for desk in DESKS if speaker.role in desk.PEOPLE]
    tasks = [task for desk in mine for task in desk.waiting(office, now)]
    if speaker.role in insured.PEOPLE:
        tasks += insured.fixes_to_do(office, now, bases)
    figures = tuple(figure for desk in mine for figure in desk.figures(office, now))
    return Home(most_urgent_first(tasks, now), figures, cases_of(office, now))
