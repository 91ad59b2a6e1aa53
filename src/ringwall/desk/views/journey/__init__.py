"""The journey of a case as one page: every step from the application to the market, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.home.cases import stage_of
from ringwall.desk.views.journey import cover_steps, loss_steps, money_steps, watch_steps
from ringwall.desk.views.journey.step import Lane, Stage, Step, Told
from ringwall.desk.views.parts import Figure, insured_name, object_called

__all__ = ["Journey", "Lane", "Stage", "Step", "journey", "object_of_incident"]

SOURCES: tuple[Callable[[Told], Iterator[Step]], ...] = (
    cover_steps.steps,
    watch_steps.steps,
    loss_steps.steps,
    money_steps.steps,
)


@dataclass(frozen=True, slots=True)
class Journey:
    """The whole case in order; `lanes` names the parties, `figures` says where it stands."""

    number: str
    insured: Words
    stage: Words
    figures: tuple[Figure, ...]
    lanes: tuple[tuple[Lane, tuple[Words, ...]], ...]
    steps: tuple[Step, ...]

    def chapters(self) -> tuple[tuple[Stage, tuple[Step, ...]], ...]:
        """The steps by chapter, each chapter in its own order of time."""
        found = ((stage, tuple(step for step in self.steps if step.stage is stage)) for stage in Stage)
        return tuple((stage, steps) for stage, steps in found if steps)


def journey(office: Office, number: str, now: datetime) -> Journey | Refusal:
    """Every step that the speaker's organisation may see, in the order in which it was learned."""
    object_id = object_called(office, number)
    if isinstance(object_id, Refusal):
        return object_id
    told = Told(office, object_id, number, now)
    order = list(Stage)
    found = (step for source in SOURCES for step in source(told))
    steps = tuple(sorted(found, key=lambda step: (step.known_at, order.index(step.stage))))
    if not steps:
        return not_visible(number)
    names = told.names()
    lanes = tuple((lane, names[lane]) for lane in Lane if names.get(lane))
    stage = stage_of(office, object_id, now)
    return Journey(number, insured_name(office, object_id), stage, _figures(told), lanes, steps)


def _figures(told: Told) -> tuple[Figure, ...]:
    file = told.policy
    if file is None:
        return ()
    content, link = file.policy.newest.content, f"/policy/{file.policy.number}"
    claims = [row.record.claim.known_at(told.now) for row in told.office.claims.of_object(told.object_id)]
    figures = [
        Figure(Words("保险单", "Policy"), file.policy.number, link=link),
        Figure(Words("累计限额", "Aggregate limit"), content.cover.aggregate_limit_minor, "money", f"{link}#cover"),
        Figure(Words("含税保费", "Premium with VAT"), content.premium.premium.gross_minor, "money", f"{link}#premium"),
    ]
    for claim in claims:
        if claim.history:
            figures.append(Figure(Words("已付赔款", "Paid"), claim.paid_minor, "money", f"/claim/{claim.number}"))
    return tuple(figures)


def object_of_incident(office: Office, number: str) -> str | Refusal:
    """The case to which an incident belongs."""
    row = office.incidents.newest(number)
    return not_visible(number) if row is None else office.objects.number_of(row.object_id)
