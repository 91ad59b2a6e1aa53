"""Facts and the conditions on them, as `terms.yaml` states them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ringwall.product.reading.entries import Entry, Reader
from ringwall.terms import (
    All,
    Always,
    AnyOf,
    Compare,
    Condition,
    FactKind,
    FactSpec,
    FactValue,
    Not,
    OneOf,
    Order,
    ParameterRef,
)


def read_facts(reader: Reader, entry: Entry) -> dict[str, FactSpec]:
    found = {}
    for name, spec in entry.fields.items():
        reader.known(spec, ("kind", "zh", "en", "values", "fixed"))
        kind = FactKind(reader.one_of(reader.need(spec, "kind"), tuple(FactKind), "事实类型", "kind of fact"))
        values = reader.texts(spec.fields["values"]) if "values" in spec.fields else ()
        fixed = "fixed" in spec.fields and reader.flag(spec.fields["fixed"])
        found[name] = FactSpec(name, kind, reader.words(spec), values, fixed)
    return found


class ConditionReader:
    """Reads conditions; a value takes the kind of the fact that it is held against."""

    def __init__(self, reader: Reader, facts: Mapping[str, FactSpec]) -> None:
        self.reader = reader
        self.facts = facts

    def read(self, entry: Entry) -> Condition:
        fields = entry.fields
        if "all" in fields:
            return All(tuple(self.read(part) for part in self.reader.listed(fields["all"])))
        if "any" in fields:
            return AnyOf(tuple(self.read(part) for part in self.reader.listed(fields["any"])))
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
            return OneOf(name, tuple(self.value(name, item) for item in self.reader.listed(fields["in"])))
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
                allowed = spec.values or (entry.text,)
                return self.reader.one_of(entry, allowed, f"事实 {name} 的值", f"value of the fact {name}")

    def bound(self, name: str, entry: Entry) -> int | datetime | ParameterRef:
        if entry.fields:
            self.reader.known(entry, ("parameter", "plus_days"))
            plus = entry.fields["plus_days"].text if "plus_days" in entry.fields else ""
            return ParameterRef(self.reader.need(entry, "parameter").text, plus)
        value = self.value(name, entry)
        return value if isinstance(value, (int, datetime)) else 0
