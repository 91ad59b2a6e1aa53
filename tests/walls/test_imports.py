"""Who may import whom, room by room (docs/house.md), and no circle even inside a room.

import-linter holds the order of the rooms and their windows (pyproject.toml); this holds what is narrower than that.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

ROOMS = (
    *("basics", "ledger", "terms", "product", "exposure", "evidence", "risk", "price", "underwriting", "treaty"),
    *("policy", "service", "monitoring", "incident", "claim", "settlement", "portfolio", "market", "desk"),
)
LEFT_OF_RISK = {"terms", "product", "exposure", "evidence"}
LEFT_OF_PRICE = LEFT_OF_RISK | {"risk"}
LEFT_OF_MARKET = set(ROOMS[: ROOMS.index("market")])
MAY_IMPORT: dict[str, set[str]] = {
    "basics": set(),
    "ledger": set(),
    "terms": set(),
    "product": {"terms"},
    "exposure": set(),
    "evidence": {"exposure"},
    "risk": LEFT_OF_RISK,
    "price": LEFT_OF_PRICE,
    "underwriting": LEFT_OF_PRICE | {"price"},
    "treaty": {"terms", "product"},
    "policy": {"terms", "product", "exposure", "price", "underwriting"},
    "service": {"exposure", "evidence", "policy"},
    "monitoring": {"product", "exposure", "evidence", "policy", "service"},
    "incident": {"exposure", "evidence", "policy"},
    "claim": LEFT_OF_RISK | {"underwriting", "treaty", "policy", "service", "monitoring", "incident"},
    "settlement": {"ledger", "terms", "product", "price", "policy", "treaty", "service", "claim"},
    "portfolio": LEFT_OF_MARKET - {"portfolio"},
    "market": LEFT_OF_MARKET,
    "desk": {*LEFT_OF_MARKET, "market", "catalogue"},
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("ringwall", cache_dir=None)


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_each_room_imports_only_what_the_map_allows(graph: grimp.ImportGraph) -> None:
    found = []
    for importer in sorted(graph.modules):
        allowed = MAY_IMPORT.get(room_of(importer))
        if allowed is None:
            continue  # shells and wiring: import-linter
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            if room_of(imported) not in {*allowed, "basics", room_of(importer), ""}:
                found.append(f"{importer} imports {imported}")
    assert not found, "\n" + "\n".join(found)


def test_a_room_is_entered_by_its_door(graph: grimp.ImportGraph) -> None:
    """Other rooms import from `ringwall.terms`, not from its files."""
    found = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if room_of(imported) in ROOMS[:-1] and room_of(imported) != room_of(importer) and imported.count(".") > 1
    ]
    assert not found, "\n" + "\n".join(found)


def test_no_import_goes_in_a_circle(graph: grimp.ImportGraph) -> None:
    order = TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    try:
        order.prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' → '.join(error.args[1])}")
