"""Conditions as straight-line Python: each fact read once, each question asked once, each answer a small integer.

The text holds no value of a contract: dates, amounts and words come in as data, so that schedules share it.
`expressions.holds` is the reference for what a condition means; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from ringwall.terms.expressions import All, Always, AnyOf, Compare, Condition, Not, OneOf, Order
from ringwall.terms.facts import FactValue, Truth
from ringwall.terms.straight import load_text

NO, OPEN, YES = 0, 1, 3
"""Three-valued truth in two bits, "may hold" and "holds": *and* is `&`, *or* is `|`."""
TRUTHS = {NO: Truth.FALSE, OPEN: Truth.UNKNOWN, YES: Truth.TRUE}

Tell = Callable[[Callable[[str], FactValue | None]], tuple[int, ...]]
"""From the `get` of some facts to the answer to each condition, in their order."""

_OPERATOR = {Order.GE: ">=", Order.GT: ">", Order.LE: "<=", Order.LT: "<"}
_WORDS: dict[str, Any] = {
    "isinstance": isinstance,
    "type": type,
    "whole": int,
    "instant": datetime,
    "opposite": {NO: YES, OPEN: OPEN, YES: NO},
}


def compile_conditions(conditions: Sequence[Condition]) -> Tell:
    """One function that answers all of them; its text is compiled once for each structure."""
    writer = _Writer()
    answers = [writer.expression(condition) for condition in conditions]
    bind = load_text(writer.text(answers), "bind", "<conditions>", _WORDS)
    return cast(Tell, bind(*writer.data))


class _Writer:
    """Collects the facts, the single questions and the data of some conditions."""

    def __init__(self) -> None:
        self.facts: dict[str, int] = {}
        self.questions: dict[OneOf | Compare, int] = {}
        self.lines: list[str] = []
        self.data: list[Any] = []

    def text(self, answers: Sequence[str]) -> str:
        data = ", ".join(f"d{place}" for place in range(len(self.data)))
        facts = [f"        f{place} = fact({name!r})" for name, place in self.facts.items()]
        told = "".join(f"{answer}, " for answer in answers)
        head = [f"def bind({data}):", "    def tell(fact):"]
        return "\n".join([*head, *facts, *self.lines, f"        return ({told})", "    return tell", ""])

    def expression(self, condition: Condition) -> str:
        match condition:
            case All(parts):
                return self.joined(parts, " & ", YES)
            case AnyOf(parts):
                return self.joined(parts, " | ", NO)
            case Not(part):
                return f"opposite[{self.expression(part)}]"
            case OneOf() | Compare():
                return f"q{self.question(condition)}"
            case Always():
                return str(YES)

    def joined(self, parts: Sequence[Condition], sign: str, empty: int) -> str:
        return f"({sign.join(self.expression(part) for part in parts)})" if parts else str(empty)

    def question(self, leaf: OneOf | Compare) -> int:
        if leaf not in self.questions:
            self.questions[leaf] = len(self.questions)
            fact = f"f{self.facts.setdefault(leaf.fact, len(self.facts))}"
            asked = self.named(fact, leaf) if isinstance(leaf, OneOf) else self.compared(fact, leaf)
            answer = f"{OPEN} if {fact} is None else {YES} if {asked} else {NO}"
            self.lines.append(f"        q{self.questions[leaf]} = {answer}")
        return self.questions[leaf]

    def named(self, fact: str, leaf: OneOf) -> str:
        if len(leaf.values) == 1:
            return f"{fact} == {self.datum(leaf.values[0])}"
        return f"{fact} in {self.datum(leaf.values)}"

    def compared(self, fact: str, leaf: Compare) -> str:
        """An instant is held against an instant, an amount against an amount; anything else stands in no order."""
        assert isinstance(leaf.bound, int | datetime), f"{leaf.fact} is held against a parameter that nobody put in"
        of_kind = f"isinstance({fact}, instant)" if isinstance(leaf.bound, datetime) else f"type({fact}) is whole"
        return f"{of_kind} and {fact} {_OPERATOR[leaf.order]} {self.datum(leaf.bound)}"

    def datum(self, value: Any) -> str:
        self.data.append(value)
        return f"d{len(self.data) - 1}"
