"""The steps of a graph as text: helpers that round, and the right side of each step on the variables of its inputs."""

from __future__ import annotations

from ringwall.basics import Rounding
from ringwall.terms.graph import CompiledTerms, Given, Node, Op, Subject

NEAREST = 2**50
"""A quotient up to this, reckoned in floats, lies at most one beside the right whole number."""
ROUNDS = (Op.CUT, Op.PORTION, Op.ROUND)
MODES = {Rounding.HALF_EVEN: 0, Rounding.FLOOR: 1, Rounding.HALF_UP: 2, Rounding.UP: 3}
NEAR = """\
def near(first, second, below, mode):
    found = int(1.0 / float(below) * float(first) * float(second) + 0.5)
    rest = first * second - found * below
    if mode == 0:
        odd = found & 1
        return found + (1 if 2 * rest + odd > below else 0) - (1 if odd - 2 * rest > below else 0)
    step = (1 if rest >= below else 0) - (1 if rest < 0 else 0) - (1 if rest < -below else 0)
    found += step
    rest -= step * below
    if mode == 1:
        return found
    if mode == 2:
        return found + (1 if 2 * rest >= below else 0)
    return found + (1 if rest > 0 else 0)


"""
"""`near`: first · second / below without a division of integers, for quotients up to `NEAREST`. A product that leaves
64 bits does no harm: of what remains beside the quotient, the lowest 64 bits are all."""


def right_side(node: Node) -> str:
    """A step on the variables of its inputs, its quotient that of `near`."""
    a = [f"v{i}" for i in node.inputs]
    match node.op:
        case Op.ROUND:
            return f"near({a[0]}, 1, {a[1]}, 0)"
        case Op.CUT:
            return f"near({a[0]}, {a[1]}, {a[2]}, 0) if {a[2]} > {a[0]} else {a[1]}"
        case Op.PORTION:
            return f"near({a[0]}, {a[1]}, {a[2]}, {MODES[node.rounding]})"
        case _:
            return unrounded(node)


def sum_name(subject: Subject) -> str:
    """Of an event's sums the one that a subject reads.

    An avoided loss is no bound here: a table states extra expense within it already.
    """
    return f"{subject.part}.{Given.EXTRA}" if subject.given is Given.AVOIDED else subject.name


def state_place(terms: CompiledTerms, index: int) -> int:
    """Which state of the period a node reads."""
    return next(place for place, rule in enumerate(terms.states) if rule.node == index)


def unrounded(node: Node) -> str:
    """A step that rounds nothing, on the variables of its inputs."""
    a = [f"v{i}" for i in node.inputs]
    match node.op:
        case Op.ADD:
            return " + ".join(a)
        case Op.LESS:
            return f"max({a[0]} - {a[1]}, 0)"
        case Op.APART:
            return f"{a[0]} - {a[1]}"
        case Op.LEAST | Op.MOST:
            return f"{'min' if node.op is Op.LEAST else 'max'}({', '.join(a)})" if len(a) > 1 else a[0]
        case Op.TIMES:
            return f"{a[0]} * {a[1]}"
        case Op.SELECT:
            return f"{a[1]} if {a[0]} else {a[2]}"
        case Op.ABOVE | Op.REACHES:
            return f"1 if {a[0]} {'>' if node.op is Op.ABOVE else '>='} {a[1]} else 0"
        case _:
            raise AssertionError(f"{node.op} is no step of an event")
