"""From `terms.yaml` to a definition of the terms: what each clause does, and what all of them say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringwall.product.reading.conditions import ConditionReader
from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.reading.money import MoneyReader
from ringwall.product.reading.rules import RULES, RuleReader
from ringwall.product.records import Part
from ringwall.terms import (
    Bound,
    ConditionalShare,
    Exclusion,
    FactSpec,
    Grant,
    Level,
    Requirement,
    TermsDefinition,
    Verdict,
    WriteBack,
)

COVER = ("grant", "requirement", "exclusion", "write_back", "up_to", "conditional_share")
MONEY = ("deductible", "waiting", "mode", "indemnity", "extra", "credits", "limit", "share", "settlement")
EFFECTS = (*COVER, *MONEY, *RULES)
TAKES_AWAY = frozenset(
    {"requirement", "exclusion", "deductible", "waiting", "share", "conditional_share"}
    | {"added_share", "sliding_share", "averaging", "deductible_bounds"}
)
"""Effects that relieve the insurer, so that their explanation must be confirmed (Insurance Law 17)."""
GRANTED = {v.value: v for v in (Verdict.COVERED, Verdict.LIMITED, Verdict.NOMINAL_ONLY)}


@dataclass(frozen=True, slots=True)
class ClauseEffects:
    """One clause as `terms.yaml` states it."""

    number: str
    place: str
    effects: Mapping[str, Entry]
    takes_away: bool

    @property
    def kind(self) -> str:
        return next(iter(self.effects), "")

    @property
    def parts(self) -> tuple[str, ...]:
        named = [e.fields["part"].text for e in self.effects.values() if "part" in e.fields]
        many = [i.text for e in self.effects.values() if "parts" in e.fields for i in e.fields["parts"].items]
        return tuple(dict.fromkeys(named + many))

    @property
    def parts_named(self) -> tuple[str, ...]:
        """Every part that the clause names anywhere, whether or not it is about that part."""
        found = list(self.parts)
        for effect in self.effects.values():
            found += [effect.fields["of"].text] if "of" in effect.fields else []
            found += effect.fields["limits"].fields if "limits" in effect.fields else ()
            for outside in ("outside_event_limit", "outside_aggregate"):
                found += [part.text for part in effect.fields[outside].items] if outside in effect.fields else []
        return tuple(dict.fromkeys(found))


def read_clauses(reader: Reader, entry: Entry) -> tuple[ClauseEffects, ...]:
    found: dict[str, ClauseEffects] = {}
    for clause in entry.items:
        number = reader.need(clause, "number").text
        reader.known(clause, ("number", "takes_away", *EFFECTS))
        effects = {name: e for name, e in clause.fields.items() if name in EFFECTS}
        if number in found:
            reader.refuse(
                "product_clause_twice",
                clause.place,
                f"条款 {number} 出现了两次；请给其中一条另编号码。",
                f"Clause {number} stands here twice; give one of them a number of its own.",
            )
        said = clause.fields.get("takes_away")
        takes = reader.flag(said) if said else bool(TAKES_AWAY & effects.keys())
        found[number] = ClauseEffects(number, clause.place, effects, takes)
    return tuple(found.values())


def build_definition(
    reader: Reader,
    facts: Mapping[str, FactSpec],
    clauses: tuple[ClauseEffects, ...],
    parts: tuple[Part, ...],
    maximum_minor: int,
) -> TermsDefinition:
    """What the clauses say together."""
    conditions, places = ConditionReader(reader, facts), {clause.number: clause.place for clause in clauses}
    cover, money, rules = _Cover(reader, conditions), MoneyReader(reader, places), RuleReader(reader, conditions)
    for clause in clauses:
        for name, entry in clause.effects.items():
            if rules.reads(name, entry):
                rules.add(clause.number, name, entry)
            elif name in MONEY:
                money.add(clause.number, name, entry)
            else:
                cover.add(clause.number, name, entry)
    return TermsDefinition(
        facts=facts,
        parts=money.part_terms(parts, rules),
        settlement=money.settlement(rules),
        maximum_minor=maximum_minor,
        grants=tuple(cover.grants),
        barriers=tuple(cover.barriers),
        write_backs=tuple(cover.write_backs),
        bounds=tuple(cover.bounds),
        conditional=cover.conditional,
        takes_away=frozenset(c.number for c in clauses if c.takes_away),
        places=places,
        rules=rules.finished(),
        relation=rules.relation,
    )


class _Cover:
    """Collects the clauses of cover logic."""

    def __init__(self, reader: Reader, conditions: ConditionReader) -> None:
        self.reader = reader
        self.conditions = conditions
        self.grants: list[Grant] = []
        self.barriers: list[Exclusion | Requirement] = []
        self.write_backs: list[WriteBack] = []
        self.bounds: list[Bound] = []
        self.conditional: ConditionalShare | None = None

    def add(self, number: str, name: str, entry: Entry) -> None:
        reader = self.reader
        when = self.conditions.read(reader.need(entry, "when"))
        match name:
            case "grant":
                reader.known(entry, ("part", "when", "verdict"))
                verdict = self.verdict(entry.fields.get("verdict"))
                self.grants.append(Grant(number, reader.need(entry, "part").text, when, verdict))
            case "exclusion":
                reader.known(entry, ("parts", "when", "level"))
                level = self.level(entry.fields.get("level"))
                self.barriers.append(Exclusion(number, reader.texts(reader.need(entry, "parts")), when, level))
            case "requirement":
                reader.known(entry, ("parts", "when"))
                self.barriers.append(Requirement(number, reader.texts(reader.need(entry, "parts")), when))
            case "write_back":
                reader.known(entry, ("excepts", "when"))
                self.write_backs.append(WriteBack(number, reader.need(entry, "excepts").text, when))
            case "up_to":
                reader.known(entry, ("part", "when", "fact"))
                fact = reader.need(entry, "fact").text
                self.bounds.append(Bound(number, reader.need(entry, "part").text, when, fact))
            case "conditional_share":
                reader.known(entry, ("parts", "when", "parameter"))
                parts = reader.texts(reader.need(entry, "parts"))
                self.conditional = ConditionalShare(number, parts, when, reader.need(entry, "parameter").text)

    def verdict(self, entry: Entry | None) -> Verdict:
        if entry is None:
            return Verdict.COVERED
        return GRANTED[self.reader.one_of(entry, tuple(GRANTED), "结论", "verdict")]

    def level(self, entry: Entry | None) -> Level:
        if entry is None:
            return Level.ITEM
        return Level(self.reader.one_of(entry, tuple(Level), "免责层级", "level of an exclusion"))
