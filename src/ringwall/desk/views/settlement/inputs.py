"""The fields of the bench: every fact, item, number and state of a case, with its words and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ringwall.basics import Words
from ringwall.desk.views.claim_trace import ParameterLine, parameter_lines
from ringwall.desk.views.settlement.case import Basis
from ringwall.desk.views.settlement.sheet import MOST_ITEMS, NEVER, Sheet, turns_of
from ringwall.product import Clause, Parameter, Product, explanations
from ringwall.terms import CompiledTerms, Condition, FactKind, FactSpec, facts_of, value_words

FieldKind = Literal["choice", "amount", "whole", "instant"]
NOBODY_KNOWS = Words("未查明", "unknown")
FEW = 2
"""So many items stand open at once."""
YES_NO = (("yes", Words("是", "yes")), ("no", Words("否", "no")))
NO_PART = Words("不在任何责任项之内", "no part of the cover")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `name` is what the form sends, `text` what stands in it."""

    name: str
    words: Words
    kind: FieldKind
    text: str
    options: tuple[tuple[str, Words], ...] = ()
    never: bool | None = None
    """For an instant that may never have been: whether it is said so."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under one heading."""

    words: Words
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ItemFields:
    """One loss item: what it is, its amount or its hours, and its own facts."""

    turn: int
    name: str
    what: str
    part: str
    parts: tuple[tuple[str, Words], ...]
    by_hours: bool
    may_be_hours: bool
    texts: Mapping[str, str]
    is_open: bool
    """Whether its fields are shown at once."""
    facts: tuple[Field, ...]
    further: tuple[Field, ...]
    """Facts of the event that may stand otherwise for this item."""

    def field(self, name: str) -> str:
        return f"item.{self.turn}.{name}"


@dataclass(frozen=True, slots=True)
class VoidClause:
    """A clause that works only if it was explained, and whether the case says that it was not."""

    clause: Clause
    void: bool

    @property
    def field(self) -> str:
        return f"void.{self.clause.number}"


@dataclass(frozen=True, slots=True)
class Inputs:
    """The whole form."""

    name: str
    facts: tuple[Group, ...]
    items: tuple[ItemFields, ...]
    schedule: tuple[Field, ...]
    fixed: tuple[ParameterLine, ...]
    """Numbers that nobody chooses here: the product fixes them, or the policy states them."""
    states: tuple[Field, ...]
    void: tuple[VoidClause, ...]


def inputs_of(basis: Basis, sheet: Sheet, terms: CompiledTerms) -> Inputs:
    """The form of a sheet; `terms` say which part reads which fact."""
    product, turns = basis.product, turns_of(sheet)[:MOST_ITEMS]
    open_numbers = () if basis.schedule else tuple(p for p in product.parameters.values() if p.open_to_choice)
    chosen = {parameter.name for parameter in open_numbers}
    return Inputs(
        name=sheet.get("name", ""),
        facts=tuple(_event_facts(product, sheet)),
        items=tuple(_item(product, sheet, terms, turn, len(turns) <= FEW) for turn in turns),
        schedule=tuple(_number(sheet, parameter) for parameter in open_numbers),
        fixed=parameter_lines(tuple(read for name, read in terms.parameters.items() if name not in chosen), product),
        states=tuple(_states(sheet, terms)),
        void=tuple(VoidClause(each, f"void.{each.number}" in sheet) for each in explanations(product)),
    )


def _number(sheet: Sheet, parameter: Parameter) -> Field:
    name, text = f"schedule.{parameter.name}", sheet.get(f"schedule.{parameter.name}", "")
    if parameter.choices is not None:
        options = tuple((str(code), _tidy(words)) for code, words in parameter.choices.items())
        return Field(name, parameter.words, "choice", text, options)
    if parameter.unit == "instant":
        return Field(name, parameter.words, "instant", text)
    kind: FieldKind = "amount" if parameter.unit == "minor" else "whole"
    return Field(name, parameter.words, kind, text, unit=parameter.unit)


def _tidy(words: Words) -> Words:
    return Words(words.zh, words.en.replace("_", " "))


def _states(sheet: Sheet, terms: CompiledTerms) -> Iterator[Field]:
    for state in terms.states:
        name = f"state.{state.name}"
        yield Field(name, terms.nodes[state.node].text, "amount", sheet.get(name, ""))


def state_words(terms: CompiledTerms, name: str) -> Words:
    """What a period state is called in the trace."""
    found = next((state for state in terms.states if state.name == name), None)
    return terms.nodes[found.node].text if found else Words(name, name.replace("_", " "))


def _event_facts(product: Product, sheet: Sheet) -> Iterator[Group]:
    """What the worked examples tell of an event, and what they tell of an item here only where the sheet does."""
    specs = product.definition.facts
    shown = [
        spec
        for name, spec in specs.items()
        if name in told_of_events(product) or f"fact.{name}" in sheet or f"fact.{name}.{NEVER}" in sheet
    ]
    happened = [spec for spec in shown if spec.kind in (FactKind.YES_NO, FactKind.WORD)]
    groups = (
        (Words("发生了什么", "What happened"), happened),
        (Words("何时", "When"), [spec for spec in shown if spec.kind is FactKind.INSTANT]),
        (Words("金额", "Amounts"), [spec for spec in shown if spec.kind is FactKind.AMOUNT]),
    )
    for words, members in groups:
        if members:
            yield Group(words, tuple(fact_field(sheet, "fact.", spec) for spec in members))


def told_of_events(product: Product) -> frozenset[str]:
    """Facts that a worked example tells of the whole event, and facts that no example tells of anything."""
    of_events = {name for example in product.examples for name in example.event.facts}
    of_items = {name for example in product.examples for item in example.event.items for name in item.facts}
    return frozenset(name for name in product.definition.facts if name in of_events or name not in of_items)


def fact_field(sheet: Sheet, before: str, spec: FactSpec) -> Field:
    name = f"{before}{spec.name}"
    text = sheet.get(name, "")
    match spec.kind:
        case FactKind.YES_NO:
            return Field(name, spec.words, "choice", text, (("", NOBODY_KNOWS), *YES_NO))
        case FactKind.WORD:
            known = dict.fromkeys((*spec.values, *([text] if text else [])))
            options = tuple((value, value_words(spec, value)) for value in known)
            return Field(name, spec.words, "choice", text, (("", NOBODY_KNOWS), *options))
        case FactKind.AMOUNT:
            return Field(name, spec.words, "amount", text)
        case FactKind.INSTANT:
            return Field(name, spec.words, "instant", text, never=f"{name}.{NEVER}" in sheet)


def _item(product: Product, sheet: Sheet, terms: CompiledTerms, turn: int, is_open: bool) -> ItemFields:
    """The fields of one item: its part decides which facts can matter to it."""
    before, specs = f"item.{turn}.", product.definition.facts
    part = sheet.get(f"{before}part", "")
    read = facts_of_part(terms, part)
    of_events = told_of_events(product)
    said = {name for name in specs if f"{before}fact.{name}" in sheet or f"{before}fact.{name}.{NEVER}" in sheet}
    set_here = {name for name in said if sheet.get(f"{before}fact.{name}", "yes").strip()}
    own = [name for name in specs if (name in read and name not in of_events) or name in set_here]
    further = [name for name in specs if name in read and name not in own]
    kinds = terms.definition.part(part)
    texts = ("amount", "start", "end", "hourly", "saved", "share", "credits")
    return ItemFields(
        turn=turn,
        name=sheet.get(f"{before}name", ""),
        what=sheet.get(f"{before}what", ""),
        part=part,
        parts=_parts(product, part),
        by_hours=sheet.get(f"{before}by") == "hours",
        may_be_hours=bool(kinds and (kinds.interruption or kinds.parametric)),
        texts={name: sheet.get(f"{before}{name}", "") for name in texts},
        is_open=is_open,
        facts=tuple(fact_field(sheet, f"{before}fact.", specs[name]) for name in own),
        further=tuple(fact_field(sheet, f"{before}fact.", specs[name]) for name in further),
    )


def _parts(product: Product, part: str) -> tuple[tuple[str, Words], ...]:
    known = tuple((each.code, each.name) for each in product.parts)
    codes = {code for code, _ in known}
    strange = ((part, NO_PART),) if part and part not in codes and part != "NONE" else ()
    return (*known, ("NONE", NO_PART), *strange)


def facts_of_part(terms: CompiledTerms, part: str) -> frozenset[str]:
    """The facts that can change what becomes of an item of the part: its cover logic and its money rules."""
    cover = terms.cover.get(part)
    names = {name for s in (*terms.subjects, *terms.item_facts) if s.part == part for name in _read(s.when, s.fact)}
    if cover is None:
        return frozenset(names)
    conditions: list[Condition] = [grant.when for grant in cover.grants]
    conditions += [when for _, when in cover.inside]
    conditions += [cover.share.when] if cover.share else []
    for bound in cover.bounds:
        names |= _read(bound.when, bound.up_to)
    for barrier in cover.barriers:
        names |= set(barrier.facts)
    order = terms.definition.settlement.items_in_order_of
    return frozenset(names | {name for when in conditions for name in facts_of(when)} | ({order} if order else set()))


def _read(when: Condition, fact: str) -> set[str]:
    return {*facts_of(when), *([fact] if fact else [])}


def left_out(product: Product, facts: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Facts of a case that the product does not know, so that they change nothing and have no field."""
    return tuple(sorted({name for each in facts for name in each} - set(product.definition.facts)))
