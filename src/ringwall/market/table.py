"""Market statistics by industry, region, size band and product, with the privacy floor of a published scheme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from ringwall.basics import Refusal, refuse
from ringwall.market.scheme import Scheme
from ringwall.market.suppression import TOTAL, Cell, hidden_totals, hide_small_cells


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One policy as it counts in a statistic; amounts in whole minor units."""

    policy: str
    product: str
    industry: str
    region: str
    employees: int
    subject: str
    premium_minor: int
    sum_insured_minor: int
    claims: int
    paid_minor: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one cell says."""

    policies: int = 0
    premium_minor: int = 0
    sum_insured_minor: int = 0
    claims: int = 0
    paid_minor: int = 0
    outstanding_minor: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class TableCell:
    """A published cell; `figures` is None where the cell is held back, and nothing says why."""

    row: str
    column: str
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one or two dimensions with its totals (empty keys). `totals_only`: no inner cell could be shown."""

    dimensions: tuple[str, ...]
    floor: int
    cells: tuple[TableCell, ...]
    totals_only: bool = False

    def find(self, row: str = TOTAL, column: str = TOTAL) -> TableCell | None:
        return next((cell for cell in self.cells if (cell.row, cell.column) == (row, column)), None)


def figures_of(row: StatisticsRow) -> Figures:
    return Figures(1, row.premium_minor, row.sum_insured_minor, row.claims, row.paid_minor, row.outstanding_minor)


def dimension_of(row: StatisticsRow, dimension: str, scheme: Scheme) -> str:
    match dimension:
        case "size_band":
            return scheme.size_band(row.employees)
        case "product" | "industry" | "region" | "subject":
            return str(getattr(row, dimension))
        case _:
            raise AssertionError(f"{dimension} is no dimension; statistics() refuses it")


def statistics(rows: Iterable[StatisticsRow], dimensions: Sequence[str], scheme: Scheme) -> Table | Refusal:
    """The published table with its totals; no cell and no difference of sums shows fewer policies than the floor."""
    unknown = [d for d in dimensions if d not in scheme.dimensions]
    if unknown or not 1 <= len(set(dimensions)) == len(dimensions) <= 2:
        return _not_a_table(dimensions, scheme)
    sums = _sums(list(rows), dimensions, scheme)
    counts = {cell: figures.policies for cell, figures in sums.items()}
    if counts.get((TOTAL, TOTAL), 0) < scheme.floor:
        return Table(tuple(dimensions), scheme.floor, (TableCell(TOTAL, TOTAL, None),), totals_only=True)
    hidden = hide_small_cells(counts, scheme.floor)
    totals_only = hidden is None
    if hidden is None:
        hidden = hidden_totals(counts, scheme.floor)
        sums = {cell: figures for cell, figures in sums.items() if TOTAL in cell}
    cells = tuple(TableCell(*cell, None if cell in hidden else figures) for cell, figures in sorted(sums.items()))
    return Table(tuple(dimensions), scheme.floor, cells, totals_only)


def _sums(rows: Sequence[StatisticsRow], dimensions: Sequence[str], scheme: Scheme) -> Mapping[Cell, Figures]:
    sums: dict[Cell, Figures] = {}
    for row in rows:
        first, second, *_ = (*(dimension_of(row, d, scheme) for d in dimensions), TOTAL)
        for cell in {(first, second), (first, TOTAL), (TOTAL, second), (TOTAL, TOTAL)}:
            sums[cell] = sums.get(cell, Figures()) + figures_of(row)
    return sums


def _not_a_table(dimensions: Sequence[str], scheme: Scheme) -> Refusal:
    asked, known = " × ".join(dimensions) or "∅", ", ".join(scheme.dimensions)
    repeated = ", ".join(d for d, n in Counter(dimensions).items() if n > 1)
    detail = f" ({repeated})" if repeated else ""
    return refuse(
        "statistics_dimensions",
        asked,
        zh=f"统计维度“{asked}”{detail}不可用：应为一个或两个不同的维度（{known}）；请重新选择。",
        en=f'"{asked}"{detail} is no table: choose one or two different dimensions of {known}.',
    )
