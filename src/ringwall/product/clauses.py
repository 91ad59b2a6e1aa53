"""From `terms.yaml` to a definition of the terms: facts, conditions, and what each clause does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ringwall.basics import Words
from ringwall.product.reader import Entry, Reader
from ringwall.product.records import Part
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Bound,
    Compare,
    Condition,
    ConditionalShare,
    Exclusion,
    FactKind,
    FactSpec,
    FactValue,
    Grant,
    InterruptionTerms,
    Level,
    Not,
    OneOf,
    Order,
    ParameterRef,
    PartTerms,
    Requirement,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    Verdict,
    WriteBack,
)

EFFECTS = (
    "grant",
    "requirement",
    "exclusion",
    "write_back",
    "up_to",
    "deductible",
    "waiting",
    "mode",
    "indemnity",
    "extra",
    "credits",
    "limit",
    "share",
    "conditional_share",
    "settlement",
)
TAKES_AWAY = frozenset({"requirement", "exclusion", "deductible", "waiting", "share", "conditional_share"})
"""Effects that relieve the insurer, so that their explanation must be confirmed (SCENARIOS 0.2)."""
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
                f"条款 {number} 出现了两次；每个条款号只能用一次。",
                f"Clause {number} stands here twice; a number is used once.",
            )
        said = clause.fields.get("takes_away")
        takes = reader.flag(said) if said else bool(TAKES_AWAY & effects.keys())
        found[number] = ClauseEffects(number, clause.place, effects, takes)
    return tuple(found.values())


def read_facts(reader: Reader, entry: Entry) -> dict[str, FactSpec]:
    found = {}
    for name, spec in entry.fields.items():
        reader.known(spec, ("kind", "zh", "en", "values", "fixed"))
        kind = reader.need(spec, "kind")
        if kind.text not in set(FactKind):
            reader.refuse(
                "product_unknown_word",
                kind.place,
                f"事实类型「{kind.text}」不存在；可用：{'、'.join(FactKind)}。",
                f"There is no kind of fact “{kind.text}”; use one of: {', '.join(FactKind)}.",
            )
            continue
        values = reader.texts(spec.fields["values"]) if "values" in spec.fields else ()
        fixed = "fixed" in spec.fields and reader.flag(spec.fields["fixed"])
        found[name] = FactSpec(name, FactKind(kind.text), reader.words(spec), values, fixed)
    return found


class ConditionReader:
    """Reads conditions; a value takes the kind of the fact that it is held against."""

    def __init__(self, reader: Reader, facts: Mapping[str, FactSpec]) -> None:
        self.reader = reader
        self.facts = facts

    def read(self, entry: Entry) -> Condition:
        fields = entry.fields
        if "all" in fields:
            return All(tuple(self.read(part) for part in fields["all"].items))
        if "any" in fields:
            return AnyOf(tuple(self.read(part) for part in fields["any"].items))
        if "not" in fields:
            return Not(self.read(fields["not"]))
        if "fact" not in fields:
            self.reader.refuse(
                "product_condition",
                entry.place,
                "条件须为 all、any、not，或一个 fact 加 is、in、ge、gt、le、lt。",
                "A condition is all, any or not, or a fact with is, in, ge, gt, le or lt.",
            )
            return Always()
        return self.about_fact(entry, fields["fact"])

    def about_fact(self, entry: Entry, fact: Entry) -> Condition:
        name, fields = fact.text, entry.fields
        self.reader.known(entry, ("fact", "is", "in", *Order))
        if name not in self.facts:
            self.reader.refuse(
                "terms_undefined_fact",
                fact.place,
                f"事实「{name}」未定义；请在 facts 中定义，或改用已定义的名称。",
                f"The fact “{name}” is not defined; define it under facts or use a defined name.",
            )
            return Always()
        if "is" in fields:
            return OneOf(name, (self.value(name, fields["is"]),))
        if "in" in fields:
            return OneOf(name, tuple(self.value(name, item) for item in fields["in"].items))
        order = next((o for o in Order if o in fields), None)
        if order is None:
            self.reader.refuse(
                "product_condition",
                entry.place,
                f"事实「{name}」没有与任何值比较；请用 is、in、ge、gt、le 或 lt。",
                f"The fact “{name}” is compared with nothing; use is, in, ge, gt, le or lt.",
            )
            return Always()
        return Compare(name, order, self.bound(name, fields[order]))

    def value(self, name: str, entry: Entry) -> FactValue:
        spec = self.facts[name]
        match spec.kind:
            case FactKind.YES_NO:
                return self.reader.flag(entry)
            case FactKind.AMOUNT:
                return self.reader.whole(entry)
            case FactKind.INSTANT:
                return self.reader.instant(entry)
            case FactKind.WORD:
                if spec.values and entry.text not in spec.values:
                    self.reader.refuse(
                        "product_unknown_word",
                        entry.place,
                        f"「{entry.text}」不是事实「{name}」的值；可用：{'、'.join(spec.values)}。",
                        f"“{entry.text}” is no value of the fact “{name}”; use one of: {', '.join(spec.values)}.",
                    )
                return entry.text

    def bound(self, name: str, entry: Entry) -> int | datetime | ParameterRef:
        if entry.fields:
            self.reader.known(entry, ("parameter", "plus_days"))
            plus = entry.fields["plus_days"].text if "plus_days" in entry.fields else ""
            return ParameterRef(self.reader.need(entry, "parameter").text, plus)
        value = self.value(name, entry)
        return value if isinstance(value, (int, datetime)) else 0


@dataclass(slots=True)
class _Draft:
    """Money terms found so far, part by part."""

    deductibles: dict[str, Term] = field(default_factory=dict)
    limits: dict[str, Term] = field(default_factory=dict)
    waiting: dict[str, Term] = field(default_factory=dict)
    modes: dict[str, Term] = field(default_factory=dict)
    indemnity: dict[str, Term] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    credits: dict[str, str] = field(default_factory=dict)


def build_definition(
    reader: Reader,
    facts: Mapping[str, FactSpec],
    clauses: tuple[ClauseEffects, ...],
    parts: tuple[Part, ...],
    maximum_minor: int,
) -> TermsDefinition:
    """What the clauses say together."""
    conditions = ConditionReader(reader, facts)
    cover = _Cover(reader, conditions)
    draft = _Draft()
    settlement = Settlement("", ())
    order: tuple[str, ...] = ()
    for clause in clauses:
        for name, entry in clause.effects.items():
            if name == "settlement":
                settlement, order = _settlement(reader, clause, entry, draft)
            elif name in _MONEY:
                _money(reader, draft, clause, name, entry)
            elif name == "share":
                settlement_share = Term(clause.number, reader.need(entry, "parameter").text)
                cover.share = settlement_share
            else:
                cover.add(clause, name, entry)
    if not settlement.clause:
        reader.refuse(
            "product_settlement",
            "terms.yaml:1",
            "没有条款说明理算顺序；请增加 settlement。",
            "No clause states the order of settlement; add a settlement.",
        )
    if cover.share:
        settlement = Settlement(
            settlement.clause,
            settlement.order,
            settlement.event_limit,
            settlement.aggregate,
            settlement.aggregate_state,
            cover.share,
        )
    return TermsDefinition(
        facts=facts,
        parts=_part_terms(parts, order, draft),
        settlement=settlement,
        maximum_minor=maximum_minor,
        grants=tuple(cover.grants),
        barriers=tuple(cover.barriers),
        write_backs=tuple(cover.write_backs),
        bounds=tuple(cover.bounds),
        conditional=cover.conditional,
        takes_away=frozenset(c.number for c in clauses if c.takes_away),
        places={c.number: c.place for c in clauses},
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
        self.share: Term | None = None

    def add(self, clause: ClauseEffects, name: str, entry: Entry) -> None:
        number, reader = clause.number, self.reader
        when = self.conditions.read(reader.need(entry, "when"))
        match name:
            case "grant":
                reader.known(entry, ("part", "when", "verdict"))
                said = entry.fields.get("verdict")
                self.grants.append(Grant(number, reader.need(entry, "part").text, when, self.granted(said)))
            case "exclusion":
                reader.known(entry, ("parts", "when", "level"))
                level = Level.CLAIM if entry.fields.get("level", entry).text == Level.CLAIM else Level.ITEM
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

    def granted(self, entry: Entry | None) -> Verdict:
        if entry is None:
            return Verdict.COVERED
        if entry.text not in GRANTED:
            self.reader.refuse(
                "product_unknown_word",
                entry.place,
                f"承保条款不能给出结论「{entry.text}」；可用：{'、'.join(GRANTED)}。",
                f"A grant cannot carry the verdict “{entry.text}”; use one of: {', '.join(GRANTED)}.",
            )
        return GRANTED.get(entry.text, Verdict.COVERED)


_MONEY = ("deductible", "limit", "waiting", "mode", "indemnity", "extra", "credits")


def _money(reader: Reader, draft: _Draft, clause: ClauseEffects, name: str, entry: Entry) -> None:
    part = reader.need(entry, "part").text
    if name in ("extra", "credits"):
        reader.known(entry, ("part",))
        (draft.extra if name == "extra" else draft.credits)[part] = clause.number
        return
    reader.known(entry, ("part", "parameter"))
    table = {
        "deductible": draft.deductibles,
        "limit": draft.limits,
        "waiting": draft.waiting,
        "mode": draft.modes,
        "indemnity": draft.indemnity,
    }[name]
    table[part] = Term(clause.number, reader.need(entry, "parameter").text)


def _settlement(
    reader: Reader, clause: ClauseEffects, entry: Entry, draft: _Draft
) -> tuple[Settlement, tuple[str, ...]]:
    reader.known(entry, ("order", "parts", "limits", "event_limit", "aggregate", "aggregate_state"))
    order = []
    for step in reader.need(entry, "order").items:
        if step.text in set(Step):
            order.append(Step(step.text))
        else:
            reader.refuse(
                "product_unknown_word",
                step.place,
                f"理算步骤「{step.text}」不存在；可用：{'、'.join(Step)}。",
                f"There is no step of settlement “{step.text}”; use one of: {', '.join(Step)}.",
            )
    number = clause.number
    if "limits" in entry.fields:
        draft.limits.update({part: Term(number, e.text) for part, e in entry.fields["limits"].fields.items()})
    terms = {k: Term(number, entry.fields[k].text) for k in ("event_limit", "aggregate") if k in entry.fields}
    state = entry.fields["aggregate_state"].text if "aggregate_state" in entry.fields else "aggregate_used"
    found = Settlement(number, tuple(order), terms.get("event_limit"), terms.get("aggregate"), state)
    return found, reader.texts(reader.need(entry, "parts"))


def _part_terms(parts: tuple[Part, ...], order: tuple[str, ...], draft: _Draft) -> tuple[PartTerms, ...]:
    """Contract parts in the order of the settlement clause, then the parts that the law puts on top."""
    by_code = {part.code: part for part in parts}
    ordered = [by_code[code] for code in order if code in by_code and not by_code[code].statutory]
    found = []
    for part in (*ordered, *(p for p in parts if p.statutory)):
        code = part.code
        interruption = None
        if code in draft.waiting and code in draft.modes and code in draft.indemnity:
            interruption = InterruptionTerms(
                draft.waiting[code],
                draft.modes[code],
                draft.indemnity[code],
                draft.extra.get(code, ""),
                draft.credits.get(code, ""),
            )
        found.append(
            PartTerms(
                code,
                Words(part.name.zh, part.name.en),
                draft.deductibles.get(code),
                draft.limits.get(code),
                interruption,
                part.statutory,
            )
        )
    return tuple(found)
