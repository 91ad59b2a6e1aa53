"""What a rule comes to: a number of the contract, a part of the loss or of a value, the higher or lower of several."""

from __future__ import annotations

from ringwall.basics import Words
from ringwall.terms.compiling.vector import PartVector
from ringwall.terms.graph import Op
from ringwall.terms.rules import Fixed, HigherOf, LowerOf, Measure, OfLoss, OfValue

SHARE_WHOLE = 10_000


def measured(vector: PartVector, measure: Measure, loss: int, scope: str = "") -> int:
    """The node of a measure; `loss` is what the rule acts on."""
    graph = vector.graph
    match measure:
        case Fixed(term):
            return vector.parameter(term, Words("约定金额", "amount agreed"))
        case OfLoss(term):
            rate = vector.parameter(term, Words("损失的万分之", "of the loss, of 10,000"))
            text, whole = Words("损失的一定比例", "a share of the loss"), graph.constant(SHARE_WHOLE, "whole")
            shown = (loss, rate)
            return graph.step(Op.PORTION, (rate, loss, whole), term.parameter, term.clause, text, shown=shown)
        case OfValue(term, value):
            rate = vector.parameter(term, Words("保险价值的万分之", "of the insured value, of 10,000"))
            text = Words("保险价值的一定比例", "a share of the insured value")
            whole = graph.constant(SHARE_WHOLE, "whole")
            of = _value(vector, value, term.clause, scope)
            shown = (of, rate)
            return graph.step(Op.PORTION, (rate, of, whole), term.parameter, term.clause, text, shown=shown)
        case HigherOf(measures) | LowerOf(measures):
            inner = tuple(measured(vector, one, loss, scope) for one in measures)
            clause, op, text = graph.nodes[inner[-1]].clause, Op.LEAST, Words("取低者", "the lower of them")
            if isinstance(measure, HigherOf):
                op, text = Op.MOST, Words("取高者", "the higher of them")
            return graph.step(op, inner, text.en, clause, text)


def _value(vector: PartVector, name: str, clause: str, scope: str) -> int:
    if name in vector.definition.facts:
        return vector.fact(name, clause, scope)
    return vector.graph.parameter(name, "", Words("保险价值", "insured value"))
