"""The trace of a settlement as a claimant can follow it: what binds is told, what does not is named in short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ringwall.basics import SHANGHAI, Words
from ringwall.product import Product
from ringwall.terms import ParameterRead, TraceNode, Verdict

ValueKind = Literal["money", "seconds", "count"]

OPERATIONS: Mapping[str, Words] = {
    "less": Words("扣减，不低于零", "less, not below nil"),
    "apart": Words("前后之差", "difference of running sums"),
    "least": Words("取较低者", "the lower counts"),
    "most": Words("取较高者", "the higher counts"),
    "times": Words("相乘", "multiplied"),
    "round": Words("四舍六入五成双取整到分", "rounded half to even, to the fen"),
    "cut": Words("按比例缩减", "cut in proportion"),
    "select": Words("视事实而定", "depends on a fact"),
    "each": Words("逐次计算后相加", "each reckoned alone, then summed"),
    "state": Words("由以前的赔案结转", "carried from earlier claims"),
    "write_back": Words("恢复承保", "written back"),
}
SECONDS = (".seconds", ".counted", ".waiting")
COUNTS = (".share_lost", ".share_of", ".whole")
TIME_UNITS = frozenset({"hour", "day"})


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A number of the contract at work, with its name and where it stands."""

    name: Words
    value: int
    unit: str
    source: Words
    since: date | None
    said: Words | None = None
    """A number that stands for something else: a named choice, or an instant."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule that was held against the amount and did not change it."""

    text: Words
    clause: str
    parameters: tuple[ParameterLine, ...]


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One step that says something: its value, the clause that it works under, and the steps before it."""

    place: str
    """Where it stands in the tree; the same step has the same place whatever the event is."""
    labels: tuple[str, ...]
    """The steps that it stands for: its own, and those that were held against it and changed nothing."""
    text: Words
    clause: str
    how: Words | None
    value: int
    kind: ValueKind
    parameters: tuple[ParameterLine, ...]
    checked: tuple[Checked, ...]
    tried: tuple[str, ...]
    below: tuple[TraceLine, ...]

    @property
    def clauses(self) -> Iterator[str]:
        """Every clause that the line and all below it name."""
        yield from (self.clause, *self.tried, *(each.clause for each in self.checked))
        for line in self.below:
            yield from line.clauses


def readable_trace(node: TraceNode, product: Product, place: str = "t") -> TraceLine:
    """Steps that change nothing fold into the step that they were held against; parts without loss are left out."""
    checked: list[Checked] = []
    labels = [node.label]
    while _is_idle(node):
        checked.append(Checked(_without_part(node.text), node.clause, parameter_lines(node.parameters, product)))
        node = node.inputs[0]
        labels.append(node.label)
    below = tuple(
        readable_trace(each, product, f"{place}-{turn}")
        for turn, each in enumerate(node.inputs)
        if each.value or _has_items(each)
    )
    return TraceLine(
        place=place,
        labels=tuple(labels),
        text=node.text,
        clause=node.clause,
        how=_how(node.operation),
        value=node.value,
        kind=_kind(node),
        parameters=parameter_lines(node.parameters, product),
        checked=tuple(checked),
        tried=tuple(clause for clause in node.tried if clause != node.clause),
        below=below,
    )


def find(node: TraceNode, label: str) -> Iterator[TraceNode]:
    """Every step of a label, in order of the tree."""
    if node.label == label:
        yield node
    for each in node.inputs:
        yield from find(each, label)


def _is_idle(node: TraceNode) -> bool:
    return bool(node.inputs) and node.clause in node.tried and node.inputs[0].value == node.value


def _has_items(node: TraceNode) -> bool:
    return node.operation in list(Verdict) or any(_has_items(each) for each in node.inputs)


def _how(operation: str) -> Words | None:
    """A sum needs no word, and a verdict stands in the item's own words already."""
    return OPERATIONS.get(operation)


def _without_part(text: Words) -> Words:
    """`Extortion: within its limit` beside the extortion is `within its limit`."""
    return Words(text.zh.rpartition("：")[2], text.en.rpartition(": ")[2])


def _kind(node: TraceNode) -> ValueKind:
    if node.label.endswith(SECONDS) or (node.parameters and all(p.unit in TIME_UNITS for p in node.parameters)):
        return "seconds"
    return "count" if node.label.endswith(COUNTS) else "money"


def parameter_lines(read: tuple[ParameterRead, ...], product: Product) -> tuple[ParameterLine, ...]:
    """Numbers of the contract with their names, and where they stand."""
    return tuple(
        ParameterLine(
            _name(each.name, product), each.value, each.unit, _source(each.source), each.since, _said(each, product)
        )
        for each in read
    )


def _said(read: ParameterRead, product: Product) -> Words | None:
    if read.unit == "instant":
        at = f"{datetime.fromtimestamp(read.value, SHANGHAI):%Y-%m-%d %H:%M:%S}"
        return Words(at, at)
    parameter = product.parameters.get(read.name)
    choice = (parameter.choices or {}).get(read.value) if parameter else None
    return Words(choice.zh, choice.en.replace("_", " ")) if choice else None


def _name(name: str, product: Product) -> Words:
    parameter = product.parameters.get(name)
    return parameter.words if parameter else Words(name, name)


def _source(source: str) -> Words:
    if source == "schedule":
        return Words("保险单明细表", "the policy's schedule")
    return Words(f"产品参数 {source}", f"product, {source}")
