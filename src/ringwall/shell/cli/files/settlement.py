"""A settlement as a file: all that it was made from and every number that came out, for anybody to repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringwall.product import Product, compile_schedule, event_document, make_schedule
from ringwall.shell.cli.files.event import SETTLEMENT, EventFile, read_choices, read_state, read_void
from ringwall.shell.cli.refused import good
from ringwall.terms import Between, CompiledTerms, LossEvent, Outcome, TraceNode, settle


@dataclass(frozen=True, slots=True)
class Settled:
    """One event settled: the inputs as they were read, and the outcome."""

    product: Product
    terms: CompiledTerms
    event: LossEvent
    choices: Mapping[str, int]
    state: Mapping[str, int]
    void: frozenset[str]
    outcome: Outcome


def settle_file(product: Product, file: EventFile, where: str) -> Settled:
    """Read the choices against the product, compile, settle; the first clash ends it."""
    choices = read_choices(product, file.schedule, f"{where}: schedule")
    terms = good(compile_schedule(product, good(make_schedule(product, choices), f"{where}: schedule")))
    state = read_state(terms, file.state, f"{where}: state")
    void = read_void(product, file.void)
    outcome = good(settle(terms, file.event, state, void=void), where)
    return Settled(product, terms, file.event, choices, state, void, outcome)


def settlement_document(settled: Settled, *, trace: bool) -> dict[str, Any]:
    product, outcome = settled.product, settled.outcome
    document = {
        "kind": SETTLEMENT,
        "product": {"code": product.code, "version": product.version, "sha256": product.sha256},
        "schedule": settled.choices,
        "state": settled.state,
        "void": sorted(settled.void),
        "event": event_document(settled.event),
        "outcome": outcome_document(outcome),
    }
    return {**document, "trace": trace_document(outcome.trace)} if trace else document


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    """The three numbers, their split by contract and law, items, parts, state and what is open; amounts are fen."""
    return {
        "factual_minor": outcome.factual_minor,
        "within_cover_minor": between(outcome.within_cover),
        "payable_minor": between(outcome.payable),
        "contract_minor": between(outcome.contract),
        "statutory_minor": between(outcome.statutory),
        "items": [
            {
                "name": item.name,
                "part": item.part,
                "verdict": item.verdict,
                "clause": item.clause,
                "factual_minor": item.factual_minor,
                "within_cover_minor": between(item.within_cover),
                "covered_if": item.covered_if,
            }
            for item in outcome.items
        ],
        "parts": [
            {
                "part": part.part,
                "factual_minor": part.factual_minor,
                "within_cover_minor": between(part.within_cover),
                "payable_minor": between(part.payable),
            }
            for part in outcome.parts
        ],
        "state_before": outcome.state_before,
        "state_after": outcome.state_after,
        "open_points": [
            {"item": point.item, "clause": point.clause, "fact": point.fact, "adds_minor": point.adds_minor}
            for point in outcome.open_points
        ],
    }


def trace_document(node: TraceNode) -> dict[str, Any]:
    """The same steps as the tree on the terminal."""
    return {
        "label": node.label,
        "clause": node.clause,
        "operation": node.operation,
        "value": node.value,
        "text": node.text,
        "parameters": [
            {"name": read.name, "value": read.value, "unit": read.unit, "source": read.source, "since": read.since}
            for read in node.parameters
        ],
        "tried": node.tried,
        "inputs": [trace_document(below) for below in node.inputs],
    }


def between(amount: Between) -> dict[str, int]:
    return {"low": amount.low, "high": amount.high}
