"""Drawings that the server makes: lanes of a journey, a history on two time axes, and links that look back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Term, Words
from ringwall.desk.views.journey import Journey, Lane, Stage, Step
from ringwall.desk.views.policy import VersionShown
from ringwall.policy import Premium, VersionKind
from ringwall.shell.web.lanes import BETWEEN_DATES, COLUMN, LEFT, lane_drawing
from ringwall.shell.web.rendering import looking_back
from ringwall.shell.web.two_times import HEIGHT, WIDTH, two_times
from ringwall.shell.web.two_times import LEFT as AXIS

START = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
PERIOD = Term(START, datetime.fromisoformat("2027-01-01T00:00:00+08:00"))
TEXT = Words("某事", "something")
LANES = tuple((lane, (TEXT,)) for lane in Lane)


def step(minutes: int, lane: Lane, reaches: tuple[Lane, ...] = (), stage: Stage = Stage.WATCH) -> Step:
    at = START + timedelta(minutes=minutes)
    return Step(f"s{minutes}", stage, lane, TEXT, at, at, "/", reaches=reaches)


def journey_of(*steps: Step) -> Journey:
    return Journey("CASE", TEXT, TEXT, (), LANES, steps)


@given(st.lists(st.tuples(st.integers(0, 500_000), st.sampled_from(Lane), st.sampled_from(Lane)), max_size=40))
def test_every_step_has_a_column_of_its_own_inside_the_drawing(told: list[tuple[int, Lane, Lane]]) -> None:
    drawing = lane_drawing(journey_of(*(step(at, acts, (reached,)) for at, acts, reached in sorted(told))))
    places = [column.x for column in drawing.columns]
    assert places == [LEFT + COLUMN // 2 + COLUMN * place for place in range(len(told))]
    assert all(0 < column.highest <= column.lowest < drawing.height for column in drawing.columns)
    assert all(place < drawing.width for place in places)
    written = [x for x, _ in drawing.dates]
    assert all(later - earlier >= BETWEEN_DATES * COLUMN for earlier, later in pairwise(written))


def test_a_chapter_that_comes_back_gets_a_further_band() -> None:
    stages = (Stage.APPLY, Stage.APPLY, Stage.WATCH, Stage.APPLY)
    drawing = lane_drawing(journey_of(*(step(n, Lane.LEAD, stage=stage) for n, stage in enumerate(stages))))
    assert [(band.stage, band.width) for band in drawing.bands] == [
        (Stage.APPLY, 2 * COLUMN),
        (Stage.WATCH, COLUMN),
        (Stage.APPLY, COLUMN),
    ]


def version(place: int, effective_days: int, known_days: int) -> VersionShown:
    effective, known = START + timedelta(days=effective_days), START + timedelta(days=known_days)
    nothing = Premium(0, 0)
    return VersionShown(place, VersionKind.ISSUED, effective, known, TEXT, Fraction(1), 0, nothing, "", "")


@given(st.lists(st.tuples(st.integers(0, 364), st.integers(-30, 364)), min_size=1, max_size=8), st.integers(0, 500))
def test_a_region_lies_inside_the_axes_and_later_versions_leave_its_corner_free(
    dates: list[tuple[int, int]], after: int
) -> None:
    effective, known = sorted(e for e, _ in dates), sorted(k for _, k in dates)
    versions = [version(n, e, k) for n, (e, k) in enumerate(zip(effective, known, strict=True), start=1)]
    drawing = two_times(PERIOD, versions, versions[-1].known_at + timedelta(days=after))
    for region in drawing.regions:
        assert AXIS <= region.x <= region.x + region.width <= WIDTH
        assert 0 <= region.y <= region.y + region.height <= HEIGHT
    corners = [(region.x, -(region.y + region.height)) for region in drawing.regions]
    assert corners == sorted(corners)
    ticks = [y for y, _ in drawing.upwards]
    assert ticks == sorted(ticks, reverse=True)


def test_now_is_a_point_only_within_the_period() -> None:
    versions = [version(1, 0, -3)]
    assert two_times(PERIOD, versions, START + timedelta(days=100)).now is not None
    assert two_times(PERIOD, versions, PERIOD.end).now is None
    assert two_times(PERIOD, versions, START - timedelta(days=1)).now is None


def test_links_of_this_site_look_back_and_others_stay_as_they_are() -> None:
    day = date(2026, 3, 5)
    kept = (
        '<a href="?lang=en">',
        '<a href="#here">',
        '<a href="/?at=2025-12-20">',
        '<link href="/static/ringwall.css">',
        '<form action="/sign-out">',
    )
    for html in kept:
        assert looking_back(html, day) == html
    assert (
        looking_back('<a class="x" href="/policy/P#panel">', day)
        == '<a class="x" href="/policy/P?at=2026-03-05#panel">'
    )
    assert looking_back('<a href="/book?run=1">', day) == '<a href="/book?run=1&amp;at=2026-03-05">'
