"""From the texts of a folder to a product version, or to refusals that name the file, the line and the clause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ringwall.basics import Refusal, Words
from ringwall.product.events import plain_fact
from ringwall.product.examples import read_example, read_schedule
from ringwall.product.reading.clauses import ClauseEffects, build_definition, read_clauses
from ringwall.product.reading.conditions import read_facts
from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.reading.sources import VARIANT, Sources, read_sources
from ringwall.product.reading.wording import Passage
from ringwall.product.records import Clause, Example, Filing, FilingStatus, Parameter, Part, Product
from ringwall.product.schedule import read_parameters
from ringwall.terms import drafting_faults


def parse_product(files: Mapping[str, str], further: Mapping[str, str] | None = None) -> Product | tuple[Refusal, ...]:
    """Read a product version whole; every fault that can be seen in one go comes back.

    `further` are worked examples that came after the filing; they are read with it but are no part of what is filed.
    """
    reader = Reader()
    sources = read_sources(reader, files, further or {})
    if sources is None:
        return tuple(reader.refusals)
    product = _read(reader, sources, folder_sha256(files))
    faults = [*reader.refusals]
    if not faults:
        faults += drafting_faults(product.definition, product.parameters)
    return tuple(faults) if faults else product


def folder_sha256(files: Mapping[str, str]) -> str:
    """One hash over every path and text: a filed version never changes."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = files[path].encode()
        digest.update(f"{len(path)}:{path}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def _read(reader: Reader, sources: Sources, sha256: str) -> Product:
    head = sources.head
    parts = _parts(reader, reader.need(head, "parts"))
    parameters = _parameters(reader, sources.parameters)
    facts = read_facts(reader, sources.facts)
    effects = read_clauses(reader, sources.clauses)
    maximum = reader.whole(reader.need(reader.need(head, "maximum_minor"), "value"))
    _known_parts(reader, effects, parts)
    definition = build_definition(reader, facts, effects, parts, maximum)
    clauses = _clauses(reader, effects, sources.zh, sources.en)
    examples = (*_base_examples(reader, sources, parameters), *_examples(reader, sources.examples, parameters))
    reader.known(head, ("code", "version", "title", "currency", "maximum_minor", "parts", "filing"))
    return Product(
        code=reader.need(head, "code").text,
        version=reader.need(head, "version").text,
        title=reader.words(reader.need(head, "title")),
        currency=reader.need(head, "currency").text,
        parts=parts,
        clauses=clauses,
        parameters=parameters,
        definition=definition,
        examples=examples,
        filing=_filing(reader, reader.need(head, "filing")),
        sha256=sha256,
    )


def _parts(reader: Reader, entry: Entry) -> tuple[Part, ...]:
    found = []
    for part in entry.items:
        reader.known(part, ("code", "oed", "zh", "en", "statutory"))
        statutory = "statutory" in part.fields and reader.flag(part.fields["statutory"])
        found.append(Part(reader.need(part, "code").text, reader.need(part, "oed").text, reader.words(part), statutory))
    return tuple(found)


def _parameters(reader: Reader, entries: Sequence[tuple[str, Entry]]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for name, entry in entries:
        parameter = read_parameters(reader, Entry(entry.place, {name: entry}))[name]
        if name in found:
            reader.refuse(
                "product_twice",
                parameter.place,
                f"参数「{name}」已在 {found[name].place} 定义；请删去一个。",
                f"The parameter “{name}” is defined at {found[name].place} already; remove one.",
            )
        found[name] = parameter
    return found


def _examples(reader: Reader, entries: Sequence[Entry], parameters: Mapping[str, Parameter]) -> tuple[Example, ...]:
    return tuple(example for entry in entries if (example := read_example(reader, entry, parameters)))


def _base_examples(reader: Reader, sources: Sources, parameters: Mapping[str, Parameter]) -> Iterator[Example]:
    """A variant keeps the promises of its base: under the base's numbers, with the facts that it assumes there."""
    pinned = read_schedule(reader, Entry(VARIANT, sources.pinned), parameters)
    own = {name: value for name, value in pinned.items() if parameters[name].value != value}
    assumed = {name: plain_fact(entry.text) for name, entry in sources.assumed.items()}
    for example in _examples(reader, sources.base_examples, parameters):
        event = replace(example.event, facts={**assumed, **example.event.facts})
        yield replace(example, schedule={**own, **example.schedule}, event=event)


def _filing(reader: Reader, entry: Entry) -> Filing:
    reader.known(entry, ("number", "status", "filed_on", "valid_from", "valid_until", "source"))
    status = FilingStatus(reader.one_of(reader.need(entry, "status"), tuple(FilingStatus), "备案状态", "filing status"))
    days = [reader.day(reader.need(entry, name)) for name in ("filed_on", "valid_from", "valid_until")]
    return Filing(reader.need(entry, "number").text, status, *days)


def _known_parts(reader: Reader, effects: tuple[ClauseEffects, ...], parts: tuple[Part, ...]) -> None:
    codes = {part.code for part in parts}
    for clause in effects:
        for code in clause.parts_named:
            if code not in codes:
                reader.refuse(
                    "product_unknown_part",
                    clause.place,
                    f"条款 {clause.number} 提到责任项「{code}」，但 product.yaml 没有列出它；请补上或改正。",
                    f"Clause {clause.number} names the part “{code}”, which product.yaml does not list; "
                    "add or correct it.",
                )


def _clauses(
    reader: Reader, effects: tuple[ClauseEffects, ...], zh: Mapping[str, Passage], en: Mapping[str, Passage]
) -> tuple[Clause, ...]:
    """One record a clause; a clause must stand in the terms and in both languages."""
    by_number = {clause.number: clause for clause in effects}
    for number in dict.fromkeys([*by_number, *zh, *en]):
        homes = {"terms.yaml": by_number.get(number), "wording.zh.md": zh.get(number), "wording.en.md": en.get(number)}
        there = next(home for home in homes.values() if home)
        for path, home in homes.items():
            if home is None:
                reader.refuse(
                    "product_clause_missing",
                    there.place,
                    f"条款 {number} 在 {path} 中没有；请在那里补上，或从此处删去。",
                    f"Clause {number} does not stand in {path}; add it there or remove it here.",
                )
    return tuple(
        Clause(
            c.number,
            c.kind,
            c.parts[0] if len(c.parts) == 1 else "",
            Words(zh[c.number].heading, en[c.number].heading),
            Words(zh[c.number].text, en[c.number].text),
            c.place,
            c.takes_away,
            (zh[c.number].place, en[c.number].place),
        )
        for c in effects
        if c.number in zh and c.number in en
    )
