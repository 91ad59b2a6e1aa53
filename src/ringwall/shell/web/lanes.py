"""The journey as a drawing: a lane for each party, a column for each step, a line from who acts to whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ringwall.basics import Words, local_day
from ringwall.desk.views.journey import Journey, Lane, Stage, Step

LEFT = 168
TOP = 34
COLUMN = 24
LANE = 40
BOTTOM = 26
BETWEEN_DATES = 3
"""At least so many columns lie between two dates that are written out, so that they do not touch."""


@dataclass(frozen=True, slots=True)
class Row:
    """One lane at its height."""

    lane: Lane
    names: tuple[Words, ...]
    y: int


@dataclass(frozen=True, slots=True)
class Column:
    """One step at its place: where it acts, whom it reaches, and the line that joins them."""

    step: Step
    x: int
    y: int
    reached: tuple[int, ...]

    @property
    def highest(self) -> int:
        return min((self.y, *self.reached))

    @property
    def lowest(self) -> int:
        return max((self.y, *self.reached))


@dataclass(frozen=True, slots=True)
class Band:
    """The columns of one chapter in a row."""

    stage: Stage
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class LaneDrawing:
    """Everything at its coordinates; the template only writes it out."""

    width: int
    height: int
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    dates: tuple[tuple[int, date], ...]


def lane_drawing(journey: Journey) -> LaneDrawing:
    """Steps at even distances in the order of time: months of quiet take no room."""
    rows = tuple(Row(lane, names, TOP + LANE // 2 + LANE * place) for place, (lane, names) in enumerate(journey.lanes))
    heights = {row.lane: row.y for row in rows}
    columns = tuple(_column(place, step, heights) for place, step in enumerate(journey.steps))
    return LaneDrawing(
        LEFT + COLUMN * len(columns) + COLUMN // 2,
        TOP + LANE * len(rows) + BOTTOM,
        rows,
        columns,
        _bands(columns),
        _dates(columns),
    )


def _column(place: int, step: Step, heights: dict[Lane, int]) -> Column:
    lowest = max(heights.values(), default=TOP)
    reached = tuple(heights[lane] for lane in step.reaches if lane in heights)
    return Column(step, LEFT + COLUMN // 2 + COLUMN * place, heights.get(step.lane, lowest), reached)


def _bands(columns: tuple[Column, ...]) -> tuple[Band, ...]:
    bands: list[Band] = []
    for column in columns:
        if bands and bands[-1].stage is column.step.stage:
            bands[-1] = Band(column.step.stage, bands[-1].x, bands[-1].width + COLUMN)
        else:
            bands.append(Band(column.step.stage, column.x - COLUMN // 2, COLUMN))
    return tuple(bands)


def _dates(columns: tuple[Column, ...]) -> tuple[tuple[int, date], ...]:
    """The first column of a day, where there is room to write it."""
    written: list[tuple[int, date]] = []
    before: date | None = None
    for column in columns:
        day = local_day(column.step.known_at)
        room = not written or column.x - written[-1][0] >= BETWEEN_DATES * COLUMN
        if day != before and room:
            written.append((column.x, day))
        before = day
    return tuple(written)
