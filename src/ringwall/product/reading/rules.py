"""Money rules of `terms.yaml`: a clause that names its `step` acts where that step stands in the settlement order."""

from __future__ import annotations

from dataclasses import replace

from ringwall.basics import Rounding
from ringwall.product.reading.conditions import ConditionReader
from ringwall.product.reading.entries import Entry, Reader
from ringwall.terms import (
    Always,
    Averaging,
    Condition,
    Deductible,
    DeductibleBounds,
    Fixed,
    HigherOf,
    Limit,
    LowerOf,
    Measure,
    MoneyRule,
    OfLoss,
    OfValue,
    ParametricTerms,
    Per,
    Reinstatements,
    Relation,
    Share,
    ShareAdd,
    SlidingShare,
    Term,
)

STEPPED = ("deductible", "limit", "share")
"""Effects that are a rule where they name a step, and a plain term of one part or of the whole where they do not."""
RULES = ("averaging", "deductible_bounds", "added_share", "sliding_share", "parametric", "related", "within", "in_kind")
MEASURES = ("parameter", "share_of_loss", "share_of_value", "higher_of", "lower_of")


class RuleReader:
    """Collects the rules, and what belongs to a part or to the whole beside them."""

    def __init__(self, reader: Reader, conditions: ConditionReader) -> None:
        self.reader = reader
        self.conditions = conditions
        self.rules: list[MoneyRule] = []
        self.adds: dict[str, list[ShareAdd]] = {}
        self.further: list[tuple[str, str, str]] = []
        """(step, clause, place) of everything that adds to a share, in the order of the text."""
        self.slides: dict[str, SlidingShare] = {}
        self.parametric: dict[str, ParametricTerms] = {}
        self.within: dict[str, tuple[str, Condition, str]] = {}
        """Part to the part whose items it settles, under what condition, and the clause that says so."""
        self.in_kind: set[str] = set()
        self.relation: Relation | None = None

    def reads(self, name: str, entry: Entry) -> bool:
        return name in RULES or (name in STEPPED and "step" in entry.fields)

    def add(self, number: str, name: str, entry: Entry) -> None:
        match name:
            case "deductible":
                self.deductible(number, entry)
            case "limit":
                self.limit(number, entry)
            case "share":
                self.share(number, entry)
            case "averaging":
                self.reader.known(entry, ("step", "parts", "sum_insured", "value"))
                insured, value = self.term(number, entry, "sum_insured"), self.reader.need(entry, "value").text
                self.rules.append(Averaging(self.step(entry), number, self.parts(entry), insured, value))
            case "deductible_bounds":
                self.reader.known(entry, ("step", "parts", "at_least", "at_most", "state"))
                least, most = (self.maybe(number, entry, key) for key in ("at_least", "at_most"))
                if not (least or most):
                    self.reader.need(entry, "at_least")
                step, parts, state = self.step(entry), self.parts(entry), self.word(entry, "state")
                self.rules.append(DeductibleBounds(step, number, parts, least, most, state))
            case _:
                self.beside(number, name, entry)

    def beside(self, number: str, name: str, entry: Entry) -> None:
        """What is no step of its own: additions to a share, how a part is reckoned, when incidents are one event."""
        reader = self.reader
        match name:
            case "added_share":
                reader.known(entry, ("step", "parameter", "when"))
                add = ShareAdd(number, reader.need(entry, "parameter").text, self.when(entry))
                self.adds.setdefault(self.step(entry), []).append(add)
                self.further.append((self.step(entry), number, entry.place))
            case "sliding_share":
                reader.known(entry, ("step", "fact", "steps"))
                steps = self.pairs(number, entry, "from", "share")
                self.slides[self.step(entry)] = SlidingShare(number, reader.need(entry, "fact").text, steps)
                self.further.append((self.step(entry), number, entry.place))
            case "parametric":
                reader.known(entry, ("part", "steps"))
                part = reader.need(entry, "part").text
                self.parametric[part] = ParametricTerms(number, self.pairs(number, entry, "hours", "amount"))
            case "within":
                reader.known(entry, ("part", "of", "when"))
                home, of = reader.need(entry, "part").text, reader.need(entry, "of").text
                self.within[home] = (of, self.when(entry), number)
            case "in_kind":
                reader.known(entry, ("part",))
                self.in_kind.add(reader.need(entry, "part").text)
            case "related":
                reader.known(entry, ("same", "hours", "began"))
                same, began = reader.texts(reader.need(entry, "same")), self.word(entry, "began")
                self.relation = Relation(number, same, self.maybe(number, entry, "hours"), began or "began_at")

    def deductible(self, number: str, entry: Entry) -> None:
        reader = self.reader
        reader.known(entry, ("step", "parts", "per", "amount", "franchise", "when", "state"))
        franchise = "franchise" in entry.fields and reader.flag(entry.fields["franchise"])
        measure, state = self.measure(number, reader.need(entry, "amount")), self.used(entry)
        step, parts, per = self.step(entry), self.parts(entry), self.per(entry)
        self.rules.append(Deductible(step, number, parts, per, measure, franchise, self.when(entry), state))

    def limit(self, number: str, entry: Entry) -> None:
        reader = self.reader
        reader.known(entry, ("step", "parts", "per", "amount", "when", "state", "reinstatements"))
        again = None
        if "reinstatements" in entry.fields:
            row = entry.fields["reinstatements"]
            reader.known(row, ("count", "charge", "premium"))
            charge, premium = (self.maybe(number, row, key) for key in ("charge", "premium"))
            again = Reinstatements(self.term(number, row, "count"), charge, premium)
            if charge and not premium:
                reader.need(row, "premium")
        measure, state = self.measure(number, reader.need(entry, "amount")), self.used(entry)
        step, parts, per = self.step(entry), self.parts(entry), self.per(entry)
        self.rules.append(Limit(step, number, parts, per, measure, self.when(entry), state, again))

    def share(self, number: str, entry: Entry) -> None:
        reader = self.reader
        reader.known(entry, ("step", "parts", "parameter", "whole", "when", "state", "rounding"))
        mode = Rounding.HALF_EVEN
        if "rounding" in entry.fields:
            mode = Rounding(reader.one_of(entry.fields["rounding"], tuple(Rounding), "取整方式", "rounding"))
        base, whole = (self.maybe(number, entry, key) for key in ("parameter", "whole"))
        rule = Share(self.step(entry), number, self.parts(entry), base, (), None, whole, self.when(entry))
        self.rules.append(replace(rule, state=self.word(entry, "state"), rounding=mode))

    def finished(self) -> tuple[MoneyRule, ...]:
        """The rules, with the additions that other clauses make to a share."""
        shares = {rule.name for rule in self.rules if isinstance(rule, Share)}
        for step, number, place in self.further:
            if step not in shares:
                self.reader.refuse(
                    "product_share_step",
                    place,
                    f"条款 {number} 加在步骤「{step}」的自负比例上，但没有条款规定该步骤；请增加 share，或改正 step。",
                    f"Clause {number} adds to the share of the step “{step}”, which no clause sets; "
                    "add a share of that step or correct the step.",
                )
        return tuple(
            replace(rule, adds=tuple(self.adds.get(rule.name, ())), sliding=self.slides.get(rule.name))
            if isinstance(rule, Share)
            else rule
            for rule in self.rules
        )

    def measure(self, number: str, entry: Entry) -> Measure:
        """A parameter, a share of the loss or of a value, or the higher or the lower of several."""
        reader, fields = self.reader, entry.fields
        if "higher_of" in fields or "lower_of" in fields:
            reader.known(entry, ("higher_of",) if "higher_of" in fields else ("lower_of",))
            rows = fields.get("higher_of") or fields["lower_of"]
            inner = tuple(self.measure(number, row) for row in reader.listed(rows))
            return HigherOf(inner) if "higher_of" in fields else LowerOf(inner)
        if "share_of_loss" in fields:
            reader.known(entry, ("share_of_loss",))
            return OfLoss(self.term(number, entry, "share_of_loss"))
        if "share_of_value" in fields:
            reader.known(entry, ("share_of_value", "value"))
            return OfValue(self.term(number, entry, "share_of_value"), reader.need(entry, "value").text)
        reader.known(entry, MEASURES)
        return Fixed(self.term(number, entry, "parameter"))

    def pairs(self, number: str, entry: Entry, first: str, second: str) -> tuple[tuple[Term, Term], ...]:
        found = []
        for row in self.reader.listed(self.reader.need(entry, "steps")):
            self.reader.known(row, (first, second))
            found.append((self.term(number, row, first), self.term(number, row, second)))
        return tuple(found)

    def term(self, number: str, entry: Entry, name: str) -> Term:
        return Term(number, self.reader.need(entry, name).text)

    def maybe(self, number: str, entry: Entry, name: str) -> Term | None:
        return Term(number, entry.fields[name].text) if name in entry.fields else None

    def word(self, entry: Entry, name: str) -> str:
        return entry.fields[name].text if name in entry.fields else ""

    def used(self, entry: Entry) -> str:
        """The state that a rule over a period uses up; a rule over less than a period needs none."""
        whole = "reinstatements" in entry.fields or self.word(entry, "per") == Per.PERIOD
        return self.reader.need(entry, "state").text if whole else self.word(entry, "state")

    def when(self, entry: Entry) -> Condition:
        return self.conditions.read(entry.fields["when"]) if "when" in entry.fields else Always()

    def step(self, entry: Entry) -> str:
        return self.reader.need(entry, "step").text

    def parts(self, entry: Entry) -> tuple[str, ...]:
        return self.reader.texts(self.reader.need(entry, "parts"))

    def per(self, entry: Entry) -> Per:
        return Per(self.reader.one_of(self.reader.need(entry, "per"), tuple(Per), "范围", "scope"))
