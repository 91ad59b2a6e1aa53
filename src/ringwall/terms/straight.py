"""The graph as straight-line Python: one assignment a node, written once for each structure and kept.

The text holds no amount and no name of a contract: numbers come in as data, so that schedules share it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from types import CodeType
from typing import Any, cast

from ringwall.basics import Rounding, round_ratio
from ringwall.terms.graph import Node, Op

Values = tuple[Any, ...]
"""By node: a whole number, or a tuple of them for a node of the items or interruptions."""
Program = Callable[[Mapping[str, int | tuple[int, ...]], Mapping[str, int], Sequence[int]], Values]

_TEXT = {
    Op.LESS: "({0} - {1} if {0} > {1} else 0)",
    Op.APART: "{0} - {1}",
    Op.TIMES: "{0} * {1}",
    Op.ROUND: "half_even({0}, {1})",
    Op.CUT: "({1} if {2} <= {0} else half_even({0} * {1}, {2}))",
    Op.SELECT: "({1} if {0} else {2})",
    Op.EACH: "sum({0})",
    Op.ABOVE: "(1 if {0} > {1} else 0)",
    Op.REACHES: "(1 if {0} >= {1} else 0)",
    Op.PORTION: "{mode}({0} * {1}, {2})",
}
_OF_TWO = {Op.LEAST: "({0} if {0} < {1} else {1})", Op.MOST: "({0} if {0} > {1} else {1})"}
_AMONG = {Op.ADD: "({0})", Op.LEAST: "min({0})", Op.MOST: "max({0})"}


def write_program(nodes: Sequence[Node]) -> str:
    """Subjects and states are read by name, parameters and constants by place; a node of an interruption is a tuple."""
    lines = ["def run(subject, state, number):"]
    for index, node in enumerate(nodes):
        lines.append(f"    v{index} = {_right_side(nodes, index, node)}")
    names = ", ".join(f"v{index}" for index in range(len(nodes)))
    return "\n".join([*lines, f"    return ({names},)", ""])


def _right_side(nodes: Sequence[Node], index: int, node: Node) -> str:
    if node.op is Op.SUBJECT:
        return f"subject[{node.name!r}]"
    if node.op is Op.STATE:
        return f"state.get({node.name!r}, 0)"
    if not node.inputs:
        return f"number[{index}]"
    if not node.scope:
        return _expression(node, [f"v{i}" for i in node.inputs])
    inner = [f"x{i}" if nodes[i].scope else f"v{i}" for i in node.inputs]
    scoped = list(dict.fromkeys(i for i in node.inputs if nodes[i].scope))
    names, columns = ", ".join(f"x{i}" for i in scoped), ", ".join(f"v{i}" for i in scoped)
    rows = f"{names} in {columns}" if len(scoped) == 1 else f"{names} in zip({columns})"
    return f"tuple([{_expression(node, inner)} for {rows}])"


def _expression(node: Node, names: list[str]) -> str:
    op = node.op
    if op in _AMONG and len(names) == 1:
        return names[0]
    if op in _OF_TWO and len(names) == 2:
        return _OF_TWO[op].format(*names)
    if op in _AMONG:
        return _AMONG[op].format((" + " if op is Op.ADD else ", ").join(names))
    return _TEXT[op].format(*names, mode=node.rounding)


@lru_cache(maxsize=64)
def load_program(text: str) -> Program:
    """The function that the text defines; it sees the rounding of the house and nothing else."""
    words = {"min": min, "max": max, "sum": sum, "tuple": tuple, "zip": zip}
    modes = {str(mode): partial(round_ratio, mode=mode) for mode in Rounding if mode is not Rounding.HALF_EVEN}
    return cast(Program, load_text(text, "run", "<terms>", {**words, "half_even": round_ratio, **modes}))


def load_text(text: str, name: str, place: str, words: Mapping[str, Any]) -> Callable[..., Any]:
    """The function of that name in a text of ours; it sees the given words and no builtin."""
    room: dict[str, Any] = {"__builtins__": {}, **words}
    exec(_compiled(text, place), room)
    return cast(Callable[..., Any], room[name])


@lru_cache(maxsize=1_024)
def _compiled(text: str, place: str) -> CodeType:
    return compile(text, place, "exec")
