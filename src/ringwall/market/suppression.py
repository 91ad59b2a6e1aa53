"""Which cells of a table may be shown, so that neither a cell nor a difference of published sums shows a small group.

A table has rows, columns, a total for each, and a grand total. Each sum ties its cells together: a hidden cell is
given away if and only if, seen as a tie between its row and its column, it lies on no circle of hidden cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TypeVar

Cell = tuple[str, str]
"""(row, column); the empty text stands for the total of a line."""

TOTAL = ""
Key = TypeVar("Key")


def hide_small_cells(counts: Mapping[Cell, int], floor: int) -> frozenset[Cell] | None:
    """The cells to hide, of a table with its totals; None where no pattern is safe and only totals may be shown.

    `counts` holds the cells that are not empty. Totals are hidden exactly as in the one-way table of their dimension,
    so that tables published beside each other do not undo each other's floor; a line without its total shows nothing.
    """
    totals = hidden_totals(counts, floor)
    hidden = set(totals)
    for cell, count in counts.items():
        inner = TOTAL not in cell
        if inner and (count < floor or (cell[0], TOTAL) in totals or (TOTAL, cell[1]) in totals):
            hidden.add(cell)
    while risky := _given_away(counts, hidden, floor):
        more = _next_to_hide(counts, hidden, risky)
        if more is None:
            return None
        hidden.add(more)
    return frozenset(hidden)


def hidden_totals(counts: Mapping[Cell, int], floor: int) -> frozenset[Cell]:
    rows = {cell: count for cell, count in counts.items() if cell[0] and not cell[1]}
    columns = {cell: count for cell, count in counts.items() if cell[1] and not cell[0]}
    return hide_small_groups(rows, floor) | hide_small_groups(columns, floor)


def hide_small_groups(counts: Mapping[Key, int], floor: int) -> frozenset[Key]:
    """One line of cells under a published total: at least two hidden, and together no small group."""
    smallest = sorted(counts, key=lambda key: (counts[key], str(key)))
    hidden = [key for key in smallest if counts[key] < floor]
    if not hidden:
        return frozenset()
    for key in smallest[len(hidden) :]:
        if len(hidden) >= 2 and sum(counts[k] for k in hidden) >= floor:
            break
        hidden.append(key)
    return frozenset(hidden)


def _given_away(counts: Mapping[Cell, int], hidden: Set[Cell], floor: int) -> Cell | None:
    """A hidden inner cell whose line shows it, alone or in a small group; or any bridge. None: all holds."""
    for side in (0, 1):
        for name in sorted({cell[side] for cell in hidden if TOTAL not in cell}):
            total = (name, TOTAL) if side == 0 else (TOTAL, name)
            group = sorted(cell for cell in hidden if cell[side] == name and TOTAL not in cell)
            if total not in hidden and (len(group) == 1 or sum(counts[cell] for cell in group) < floor):
                return group[0]
    two_way = any(TOTAL not in cell for cell in counts)
    return min((cell for cell in hidden if two_way and _is_bridge(hidden, cell)), default=None)


def _next_to_hide(counts: Mapping[Cell, int], hidden: Set[Cell], risky: Cell) -> Cell | None:
    """The smallest shown inner cell in a line of the cell at risk; where there is none, the smallest of all."""
    shown = [cell for cell in counts if cell not in hidden and TOTAL not in cell]
    near = [cell for cell in shown if cell[0] == risky[0] or cell[1] == risky[1]]
    return min(near or shown, key=lambda cell: (counts[cell], cell), default=None)


def _is_bridge(hidden: Set[Cell], tie: Cell) -> bool:
    """Without this tie its row can no longer reach its column over other hidden cells."""
    rows, columns = {tie[0]}, set[str]()
    others = hidden - {tie}
    while True:
        wider_columns = {column for row, column in others if row in rows}
        wider_rows = {row for row, column in others if column in wider_columns} | rows
        if tie[1] in wider_columns:
            return False
        if wider_rows == rows and wider_columns == columns:
            return True
        rows, columns = wider_rows, wider_columns
