"""Worked examples: read from the folder, run through the same terms that settle a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ringwall.basics import Refusal
from ringwall.product.events import event_from_mapping
from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.records import Example, Expectation, Parameter, Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import Between, Outcome, TraceNode, Verdict, settle

TOTALS = ("factual", "within_cover", "payable", "contract", "statutory")


def read_example(reader: Reader, entry: Entry, parameters: Mapping[str, Parameter]) -> Example | None:
    reader.known(entry, ("name", "given", "expect"))
    given, expect = reader.need(entry, "given"), reader.need(entry, "expect")
    reader.known(given, ("schedule", "state", "void", "event"))
    event = event_from_mapping(_plain(reader.need(given, "event")))
    if isinstance(event, Refusal):
        where = f"{given.place} {event.where}"
        reader.refuse(event.code, where, event.message.zh, event.message.en)
        return None
    schedule = read_schedule(reader, given.fields.get("schedule"), parameters)
    state = {n: reader.whole(e) for n, e in given.fields["state"].fields.items()} if "state" in given.fields else {}
    void = frozenset(reader.texts(given.fields["void"])) if "void" in given.fields else frozenset()
    return Example(
        reader.words(reader.need(entry, "name")),
        entry.place,
        schedule,
        state,
        void,
        event,
        _expectation(reader, expect),
    )


def _plain(entry: Entry) -> Any:
    if isinstance(entry.value, str):
        return entry.value
    if isinstance(entry.value, tuple):
        return [_plain(item) for item in entry.value]
    return {name: _plain(field) for name, field in entry.value.items()}


def read_schedule(reader: Reader, entry: Entry | None, parameters: Mapping[str, Parameter]) -> dict[str, int]:
    """Choices of a schedule as the text states them; instants become seconds."""
    if entry is None:
        return {}
    instants = {name for name, p in parameters.items() if p.unit == "instant"}
    return {
        name: int(reader.instant(e).timestamp()) if name in instants else reader.whole(e)
        for name, e in entry.fields.items()
    }


def _expectation(reader: Reader, entry: Entry) -> Expectation:
    reader.known(entry, (*TOTALS, "parts", "verdicts", "because", "state_after", "refused"))
    fields = entry.fields
    said = fields["verdicts"].fields if "verdicts" in fields else {}
    verdicts = {item: Verdict(reader.one_of(e, tuple(Verdict), "结论", "verdict")) for item, e in said.items()}
    parts = {}
    for code, row in fields["parts"].fields.items() if "parts" in fields else ():
        reader.known(row, ("factual", "within_cover", "payable"))
        parts[code] = {name: _amount(reader, e) for name, e in row.fields.items()}
    return Expectation(
        totals={name: _amount(reader, fields[name]) for name in TOTALS if name in fields},
        parts=parts,
        verdicts=verdicts,
        because=reader.texts(fields["because"]) if "because" in fields else (),
        state_after={n: reader.whole(e) for n, e in fields["state_after"].fields.items()}
        if "state_after" in fields
        else {},
        refused=fields["refused"].text if "refused" in fields else "",
    )


def _amount(reader: Reader, entry: Entry) -> tuple[int, int]:
    """One amount, or [low, high] where something is open."""
    if entry.items:
        low, high = (reader.whole(item) for item in entry.items)
        return low, high
    amount = reader.whole(entry)
    return amount, amount


def run_example(product: Product, example: Example) -> Outcome | Refusal:
    """Settle the example under the schedule, the state and the void clauses that it gives."""
    schedule = make_schedule(product, example.schedule)
    if isinstance(schedule, Refusal):
        return schedule
    terms = compile_schedule(product, schedule)
    if isinstance(terms, Refusal):
        return terms
    return settle(terms, example.event, example.state, void=example.void)


def differences(example: Example, outcome: Outcome | Refusal) -> tuple[str, ...]:
    """What the terms give and the example does not promise; empty where it holds."""
    expect = example.expect
    if isinstance(outcome, Refusal):
        return () if expect.refused == outcome.code else (f"refused: {outcome.code} {outcome.message.en}",)
    if expect.refused:
        return (f"expected the refusal {expect.refused}, got an answer",)
    return tuple(_differences(expect, outcome))


def _differences(expect: Expectation, outcome: Outcome) -> Iterator[str]:
    factual = Between(outcome.factual_minor, outcome.factual_minor)
    totals = dict(
        zip(TOTALS, (factual, outcome.within_cover, outcome.payable, outcome.contract, outcome.statutory), strict=True)
    )
    for name, amounts in expect.totals.items():
        yield from _compare(name, amounts, totals[name])
    parts = {part.part: part for part in outcome.parts}
    for code, row in expect.parts.items():
        if code not in parts:
            yield f"{code}: no item"
            continue
        part = parts[code]
        found = {
            "factual": Between(part.factual_minor, part.factual_minor),
            "within_cover": part.within_cover,
            "payable": part.payable,
        }
        for name, amounts in row.items():
            yield from _compare(f"{code} {name}", amounts, found[name])
    verdicts = {item.name: item.verdict for item in outcome.items}
    for item, verdict in expect.verdicts.items():
        if verdicts.get(item) is not verdict:
            yield f"{item}: expected {verdict}, got {verdicts.get(item)}"
    reasons = clauses_at_work(outcome)
    for clause in expect.because:
        if clause not in reasons:
            yield f"clause {clause} did not speak"
    for name, amount in expect.state_after.items():
        if outcome.state_after.get(name) != amount:
            yield f"{name} after: expected {amount}, got {outcome.state_after.get(name)}"


def _compare(name: str, amounts: tuple[int, int], found: Between) -> Iterator[str]:
    if amounts != (found.low, found.high):
        yield f"{name}: expected {amounts[0]} to {amounts[1]}, got {found.low} to {found.high}"


def clauses_at_work(outcome: Outcome) -> frozenset[str]:
    """The clauses that decided something: a verdict, an open point, or a step that gave or changed an amount."""
    found = {item.clause for item in outcome.items} | {point.clause for point in outcome.open_points}
    walk: list[TraceNode] = [outcome.trace]
    while walk:
        node = walk.pop()
        moved = node.value != 0 or (bool(node.inputs) and node.inputs[0].value != 0)
        if moved and node.clause not in node.tried:
            found.add(node.clause)
        walk += node.inputs
    return frozenset(found - {""})
