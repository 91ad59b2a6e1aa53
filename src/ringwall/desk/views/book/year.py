"""One simulated year of a run, played again: its events, and of one event the policies, parts and amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.portfolio.runs import rebuilt, runs_known
from ringwall.desk.records import BookRun, RunPoint
from ringwall.desk.views.workbench_page import loss_names
from ringwall.portfolio import (
    HORIZON_DAYS,
    BookResult,
    Replay,
    YearEvent,
    events_of,
    gross_events,
    gross_view,
    net_view,
    retained_events,
    year_alone,
    years_again,
)

EVENTS_SHOWN = 50
POLICIES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event of the year; a common shock is one over all its policies. `key` names it in addresses."""

    key: str
    on: date
    cause: Words
    code: str
    vendor: str
    policies: int
    gross_minor: int
    retained_minor: int


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """What one policy pays in an event, by part; `is_ours` where the policy has a page."""

    policy: str
    insured: Words
    is_ours: bool
    by_part: Mapping[str, int]

    @property
    def total_minor(self) -> int:
        return sum(self.by_part.values())


@dataclass(frozen=True, slots=True)
class EventParts:
    """One event down to its payments."""

    event: EventLine
    parts: tuple[str, ...]
    payments: tuple[PaymentLine, ...]
    rest_policies: int
    rest_minor: int

    def part_total(self, part: str) -> int:
        return sum(line.by_part.get(part, 0) for line in self.payments)


@dataclass(frozen=True, slots=True)
class KnownLine:
    """What is known of the running year and therefore part of every simulated one."""

    policy: str
    incurred_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step from gross to net: what others or a treaty take off the year."""

    name: Words
    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class YearOfRun:
    """The page. `point` is the point of a curve that led here, `reached` what the replayed year gives for it."""

    run: BookRun
    year: int
    gross_minor: int
    net_minor: int
    known: tuple[KnownLine, ...]
    events: tuple[EventLine, ...]
    rest_events: int
    rest_minor: int
    steps: tuple[Step, ...]
    opened: EventParts | None
    point: RunPoint | None
    reached: int
    before: RunPoint | None
    after: RunPoint | None

    @property
    def known_minor(self) -> int:
        return sum(line.incurred_minor for line in self.known)


@dataclass(frozen=True, slots=True)
class YearWish:
    """Which year of which run, the event that is opened, and the curve on which the reader moves."""

    run: str
    year: int
    event: str = ""
    view: str = "gross"
    curve: str = "aep"


def year_page(office: Office, speaker: Speaker, wish: YearWish, now: datetime) -> YearOfRun | Refusal:
    """A year of one of the acting insurer's own runs; nobody else has a book."""
    if speaker.organisation_kind != "insurer":
        return not_visible(wish.run)
    row = next((row for row in runs_known(office, now) if row.number == wish.run), None)
    if row is None or not 0 <= wish.year < row.record.years:
        return not_visible(wish.run)
    book = rebuilt(office, row)
    if isinstance(book, Refusal):
        return book
    calendar, payments = years_again(book, (wish.year,), loops=office.catalogue.loops)
    alone = year_alone(book, calendar, payments, wish.year)
    return _page(office, row.record, wish, payments, alone)


def _page(office: Office, run: BookRun, wish: YearWish, payments: Replay, alone: BookResult) -> YearOfRun:
    gross, net = gross_view(alone), net_view(alone, office.catalogue.programme)
    events = events_of(alone, payments)
    shown = events[:EVENTS_SHOWN]
    chosen = next((event for event in events if event.key == wish.event), shown[0] if shown else None)
    point, before, after = _neighbours(run, wish)
    reached = {
        ("gross", "aep"): int(gross.totals[0]),
        ("gross", "oep"): int(gross.largest[0]),
        ("net", "aep"): int(net.totals[0]),
        ("net", "oep"): int(net.largest[0]),
    }
    shared = int(gross_events(alone).amount.sum()) - int(retained_events(alone).amount.sum())
    names = {treaty.code: treaty.code for treaty in office.catalogue.programme.treaties}
    return YearOfRun(
        run=run,
        year=wish.year,
        gross_minor=int(gross.totals[0]),
        net_minor=int(net.totals[0]),
        known=tuple(KnownLine(loss.policy, loss.incurred_minor) for loss in alone.known),
        events=tuple(_line(office, run, event) for event in shown),
        rest_events=len(events) - len(shown),
        rest_minor=sum(event.gross_minor for event in events[EVENTS_SHOWN:]),
        steps=(
            Step(Words("共保人和临分再保人分担", "Co-insurers and facultative reinsurers"), "", -shared),
            *(Step(Words("再保合约", "Treaty"), names[code], -n) for code, n in net.recoveries_minor.items()),
        ),
        opened=_opened(office, run, alone, chosen) if chosen else None,
        point=point,
        reached=reached.get((wish.view, wish.curve), 0),
        before=before,
        after=after,
    )


def _neighbours(run: BookRun, wish: YearWish) -> tuple[RunPoint | None, RunPoint | None, RunPoint | None]:
    """The point of the curve that this year made, and those beside it that other years made."""
    every = run.parts.points if run.parts else ()
    curve = [p for p in every if (p.view, p.curve) == (wish.view, wish.curve) and p.year is not None]
    place = next((n for n, point in enumerate(curve) if point.year == wish.year), None)
    if place is None:
        return None, None, curve[0] if curve else None
    before = [point for point in curve[:place] if point.year != wish.year]
    after = [point for point in curve[place:] if point.year != wish.year]
    return curve[place], before[-1] if before else None, after[0] if after else None


def _line(office: Office, run: BookRun, event: YearEvent) -> EventLine:
    return EventLine(
        key=event.key,
        on=run.as_at + timedelta(days=int(event.time * HORIZON_DAYS)),
        cause=loss_names(office.catalogue.model)[event.cause],
        code=event.cause,
        vendor=event.vendor,
        policies=len(event.paid),
        gross_minor=event.gross_minor,
        retained_minor=event.retained_minor,
    )


def _opened(office: Office, run: BookRun, alone: BookResult, event: YearEvent) -> EventParts:
    """All payments of an event, the largest first; beyond what a page shows they are summed."""
    ours = {row.number for row in office.policies.all()}
    names = {policy.number: policy.organisation.name for policy in alone.policies}
    lines = [PaymentLine(number, names[number], number in ours, paid) for number, paid in event.paid.items()]
    lines.sort(key=lambda line: (-line.total_minor, line.policy))
    shown, rest = lines[:POLICIES_SHOWN], lines[POLICIES_SHOWN:]
    parts = tuple(dict.fromkeys(part for line in lines for part in line.by_part))
    rest_minor = sum(line.total_minor for line in rest)
    return EventParts(_line(office, run, event), parts, tuple(shown), len(rest), rest_minor)
