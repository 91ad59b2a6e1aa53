"""The money terms of `terms.yaml`: one number for each purpose and part, and the order in which they act."""

from __future__ import annotations

from ringwall.product.reading.entries import Entry, Reader
from ringwall.product.records import Part
from ringwall.terms import InterruptionTerms, PartTerms, Settlement, Step, Term

HOURS = ("waiting", "mode", "indemnity", "extra")
"""What a part needs whose losses are counted by the hour; credits received may be left out."""
NOWHERE = ""


class MoneyReader:
    """Collects the terms by what they are and the part that they belong to; two for one purpose are at odds."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.terms: dict[tuple[str, str], Term] = {}
        self.order: tuple[Step, ...] = ()
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
                reader.known(entry, ("part",))
                self.put(name, reader.need(entry, "part").text, Term(number, ""), entry)
            case _:
                reader.known(entry, ("part", "parameter"))
                term = Term(number, reader.need(entry, "parameter").text)
                self.put(name, reader.need(entry, "part").text, term, entry)

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
        reader.known(entry, ("order", "parts", "limits", "event_limit", "aggregate", "aggregate_state"))
        if self.clause:
            reader.refuse(
                "terms_drafting_conflict",
                entry.place,
                f"条款 {self.clause} 与 {number} 都规定了理算顺序；请删去一个。",
                f"Clauses {self.clause} and {number} both state the order of settlement; remove one.",
            )
        steps = reader.need(entry, "order").items
        self.order = tuple(Step(reader.one_of(step, tuple(Step), "理算步骤", "step of settlement")) for step in steps)
        self.parts = reader.texts(reader.need(entry, "parts"))
        self.clause = number
        for part, limit in fields["limits"].fields.items() if "limits" in fields else ():
            self.put("limit", part, Term(number, limit.text), limit)
        for name in ("event_limit", "aggregate"):
            if name in fields:
                self.put(name, NOWHERE, Term(number, fields[name].text), fields[name])
        self.state = fields["aggregate_state"].text if "aggregate_state" in fields else self.state

    def settlement(self) -> Settlement:
        if not self.clause:
            self.reader.refuse(
                "product_settlement",
                "terms.yaml:1",
                "没有条款说明理算顺序；请增加 settlement。",
                "No clause states the order of settlement; add a settlement.",
            )
        event, aggregate, share = (self.terms.get((name, NOWHERE)) for name in ("event_limit", "aggregate", "share"))
        return Settlement(self.clause, self.order, event, aggregate, self.state, share)

    def part_terms(self, parts: tuple[Part, ...]) -> tuple[PartTerms, ...]:
        """Contract parts in the order of the settlement clause, then the parts that the law puts on top."""
        by_code = {part.code: part for part in parts if not part.statutory}
        ordered = [by_code[code] for code in self.parts if code in by_code]
        found = []
        for part in (*ordered, *(p for p in parts if p.statutory)):
            deductible, limit = (self.terms.get((name, part.code)) for name in ("deductible", "limit"))
            terms = PartTerms(part.code, part.name, deductible, limit, self.hours(part.code), part.statutory)
            found.append(terms)
        return tuple(found)

    def hours(self, part: str) -> InterruptionTerms | None:
        found = {name: term for name in (*HOURS, "credits") if (term := self.terms.get((name, part)))}
        missing = [name for name in HOURS if name not in found]
        if not found:
            return None
        if missing:
            self.reader.refuse(
                "product_interruption",
                "terms.yaml",
                f"责任项 {part} 按小时计算，但缺少 {'、'.join(missing)}；请补上。",
                f"Part {part} is counted by the hour, but lacks {', '.join(missing)}; add what is missing.",
            )
            return None
        credits = found["credits"].clause if "credits" in found else ""
        return InterruptionTerms(found["waiting"], found["mode"], found["indemnity"], found["extra"].clause, credits)
