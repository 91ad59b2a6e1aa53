"""The money terms of `terms.yaml`: one number for each purpose and part, and the order in which they act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.reading.rules import RuleReader
from ringwall.product.records import Part
from ringwall.terms import ALWAYS, InterruptionTerms, PartTerms, Settlement, Step, Term

HOURS = ("waiting", "mode", "indemnity", "extra")
"""What a part needs whose losses are counted by the hour; credits received may be left out."""
NOWHERE = ""


class MoneyReader:
    """Collects the terms by what they are and the part that they belong to; two for one purpose are at odds."""

    def __init__(self, reader: Reader, places: Mapping[str, str]) -> None:
        self.reader = reader
        self.places = places
        """Where each clause stands, for what is missing and has no line of its own."""
        self.terms: dict[tuple[str, str], Term] = {}
        self.steps: tuple[Entry, ...] = ()
        self.outside: dict[str, frozenset[str]] = {}
        self.items_in_order_of = ""
        self.said: set[tuple[str, str]] = set()
        self.parts: tuple[str, ...] = ()
        self.clause = ""
        self.state = "aggregate_used"

    def add(self, number: str, name: str, entry: Entry) -> None:
        reader = self.reader
        match name:
            case "settlement":
                self.settle(number, entry)
            case "share":
                reader.known(entry, ("parameter",))
                self.put("share", NOWHERE, Term(number, reader.need(entry, "parameter").text), entry)
            case "extra" | "credits":
                reader.known(entry, ("part", "net_of_credits") if name == "credits" else ("part",))
                self.put(name, reader.need(entry, "part").text, Term(number, ""), entry)
                self.says(entry, "net_of_credits")
            case _:
                flag = {"waiting": ("trigger",), "indemnity": ("after_waiting",)}.get(name, ())
                reader.known(entry, ("part", "parameter", *flag))
                self.says(entry, *flag)
                term = Term(number, reader.need(entry, "parameter").text)
                self.put(name, reader.need(entry, "part").text, term, entry)

    def says(self, entry: Entry, *flags: str) -> None:
        for flag in flags:
            if flag in entry.fields and self.reader.flag(entry.fields[flag]):
                self.said.add((flag, self.reader.need(entry, "part").text))

    def put(self, name: str, part: str, term: Term, entry: Entry) -> None:
        other = self.terms.setdefault((name, part), term)
        if other is not term:
            self.reader.refuse(
                "terms_drafting_conflict",
                entry.place,
                f"条款 {other.clause} 与 {term.clause} 都规定了 {part} 的 {name}，且互不为例外；请删去一个。",
                f"Clauses {other.clause} and {term.clause} both set the {name} of {part or 'the whole'}, "
                "and neither is an exception to the other; remove one.",
            )

    def settle(self, number: str, entry: Entry) -> None:
        reader, fields = self.reader, entry.fields
        known = ("order", "parts", "limits", "event_limit", "aggregate", "aggregate_state")
        reader.known(entry, (*known, "outside_event_limit", "outside_aggregate", "items_in_order_of"))
        if self.clause:
            reader.refuse(
                "terms_drafting_conflict",
                entry.place,
                f"条款 {self.clause} 与 {number} 都规定了理算顺序；请删去一个。",
                f"Clauses {self.clause} and {number} both state the order of settlement; remove one.",
            )
        steps = reader.listed(reader.need(entry, "order"))
        self.steps = steps
        self.parts = reader.texts(reader.need(entry, "parts"))
        self.clause = number
        for part, limit in fields["limits"].fields.items() if "limits" in fields else ():
            self.put("limit", part, Term(number, limit.text), limit)
        for name in ("event_limit", "aggregate"):
            if name in fields:
                self.put(name, NOWHERE, Term(number, fields[name].text), fields[name])
        self.state = fields["aggregate_state"].text if "aggregate_state" in fields else self.state
        self.outside = {
            name: frozenset(reader.texts(fields[name]))
            for name in ("outside_event_limit", "outside_aggregate")
            if name in fields
        }
        self.items_in_order_of = fields["items_in_order_of"].text if "items_in_order_of" in fields else ""

    def settlement(self, rules: RuleReader) -> Settlement:
        if not self.clause:
            self.reader.refuse(
                "product_settlement",
                "terms.yaml:1",
                "没有条款说明理算顺序；请增加 settlement。",
                "No clause states the order of settlement; add a settlement.",
            )
        event, aggregate, share = (self.terms.get((name, NOWHERE)) for name in ("event_limit", "aggregate", "share"))
        return Settlement(
            self.clause,
            self.order(rules),
            event,
            aggregate,
            self.state,
            share,
            self.outside.get("outside_event_limit", frozenset()),
            self.outside.get("outside_aggregate", frozenset()),
            self.items_in_order_of,
        )

    def order(self, rules: RuleReader) -> tuple[Step | str, ...]:
        """Plain steps by name; any other name must be the step of a rule."""
        plain, named = {step.value: step for step in Step}, tuple(rule.name for rule in rules.rules)
        known = (*plain, *named)
        words = (self.reader.one_of(step, known, "理算步骤", "step of settlement") for step in self.steps)
        return tuple(plain.get(word, word) for word in words)

    def part_terms(self, parts: tuple[Part, ...], rules: RuleReader) -> tuple[PartTerms, ...]:
        """Contract parts in the order of the settlement clause, then the parts that the law puts on top."""
        by_code = {part.code: part for part in parts if not part.statutory}
        ordered = [by_code[code] for code in self.parts if code in by_code]
        found = []
        for part in (*ordered, *(p for p in parts if p.statutory)):
            deductible, limit = (self.terms.get((name, part.code)) for name in ("deductible", "limit"))
            within, when, says = rules.within.get(part.code, ("", ALWAYS, ""))
            kind, fixed, hours = part.code in rules.in_kind, rules.parametric.get(part.code), self.hours(part.code)
            plain = PartTerms(part.code, part.name, deductible, limit, hours, part.statutory)
            plain = replace(plain, within=within, when=when, within_clause=says)
            found.append(replace(plain, in_kind=kind, parametric=fixed))
        return tuple(found)

    def hours(self, part: str) -> InterruptionTerms | None:
        found = {name: term for name in (*HOURS, "credits") if (term := self.terms.get((name, part)))}
        missing = [name for name in HOURS if name not in found]
        if not found:
            return None
        if missing:
            self.reader.refuse(
                "product_interruption",
                self.places[next(iter(found.values())).clause],
                f"责任项 {part} 按小时计算，但缺少 {'、'.join(missing)}；请补上。",
                f"Part {part} is counted by the hour, but lacks {', '.join(missing)}; add what is missing.",
            )
            return None
        credits = found["credits"].clause if "credits" in found else ""
        hours = InterruptionTerms(found["waiting"], found["mode"], found["indemnity"], found["extra"].clause, credits)
        trigger, after, net = ((flag, part) in self.said for flag in ("trigger", "after_waiting", "net_of_credits"))
        return replace(hours, trigger=trigger, after_waiting=after, net_of_credits=net)
