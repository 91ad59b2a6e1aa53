"""The enterprise product, and scenario A of the shared page as events and schedules of ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.product import Product, compile_schedule, event_from_mapping, make_schedule, parse_product
from ringwall.terms import CompiledTerms, LossEvent

SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios" / "scenarios.json"


def enterprise() -> Product:
    found = parse_product(read_folder("products", "enterprise-cyber", "2026-01"))
    assert isinstance(found, Product), found
    return found


def compiled(product: Product, **choices: int) -> CompiledTerms:
    schedule = make_schedule(product, choices)
    assert not isinstance(schedule, Refusal), schedule.message.en
    found = compile_schedule(product, schedule)
    assert isinstance(found, CompiledTerms), found
    return found


def shared_page() -> dict[str, Any] | None:
    """The shared page of scenarios; None where it is not beside the project."""
    if not SCENARIOS.exists():
        return None
    found: dict[str, Any] = json.loads(SCENARIOS.read_text(encoding="utf-8"))
    return found


def shared_scenario(letter: str) -> dict[str, Any] | None:
    page = shared_page()
    found: dict[str, Any] | None = page["scenarios"][letter] if page else None
    return found


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396 merge patch."""
    if not isinstance(patch, Mapping):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def in_our_words(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("_fen", "_minor"): value for name, value in fields.items()}


def event_of(given: Mapping[str, Any], **event_facts: Any) -> LossEvent:
    """The scenario's event and items as an event of ours."""
    items = []
    for name, row in given["items"].items():
        item = {"name": name, "part": row["part"], "what": row["what"], "facts": in_our_words(row["facts"])}
        if "interruption" in row:
            item["interruption"] = in_our_words(row["interruption"])
        else:
            item["amount_minor"] = row["amount_fen"]
        items.append(item)
    facts = {"discovered_at": given["event"]["discovered_at"], **event_facts}
    found = event_from_mapping({"name": "scenario A", "facts": facts, "items": items})
    assert isinstance(found, LossEvent), found
    return found


def choices_of(policy: Mapping[str, Any]) -> dict[str, int]:
    """The scenario's schedule as choices of ours."""
    parts = policy["parts"]
    modes = {"waiting_only": 1, "deductible_only": 2, "higher_of": 3, "both": 4}
    return {
        "event_limit": policy["event_limit_fen"],
        "aggregate_limit": policy["aggregate_limit_fen"],
        "inre_deductible": parts["INRE"]["deductible_fen"],
        "inre_limit": parts["INRE"]["limit_fen"],
        "dias_deductible": parts["DIAS"]["deductible_fen"],
        "dias_limit": parts["DIAS"]["limit_fen"],
        "npbi_mode": modes[parts["NPBI"]["bi_mode"]],
        "npbi_wait_hours": parts["NPBI"]["wait_hours"],
        "npbi_deductible": parts["NPBI"]["deductible_fen"],
        "npbi_limit": parts["NPBI"]["limit_fen"],
        "npbi_indemnity_days": parts["NPBI"]["indemnity_days"],
        "ext_limit": parts["EXT"]["limit_fen"],
    }


def void_of(policy: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(clause.removeprefix("A-") for clause, explained in policy["explanations"].items() if not explained)
