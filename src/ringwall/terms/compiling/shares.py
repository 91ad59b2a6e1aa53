"""Shares as nodes: the insured's share with its additions, a carrier's part of a panel, a cession."""

from __future__ import annotations

from ringwall.basics import Words
from ringwall.terms.compiling.measures import SHARE_WHOLE
from ringwall.terms.compiling.vector import PartVector
from ringwall.terms.graph import USED_MAXIMUM, Op, PeriodState
from ringwall.terms.rules import Share, SlidingShare

BORNE = Words("自负比例", "share borne")


def compile_share(vector: PartVector, rule: Share) -> None:
    """What the share leaves of the running sum of the parts, rounded once for each running sum."""
    graph, clause, name = vector.graph, rule.clause, rule.name
    whole = graph.constant(SHARE_WHOLE, "whole")
    if rule.whole:
        whole = graph.parameter(rule.whole.parameter, "", Words("比例的分母", "whole of the share"))
        whole = graph.step(Op.MOST, (whole, graph.constant(1, "one")), f"{name}.whole", clause, BORNE)
    borne = _borne(vector, rule)
    paid = graph.step(Op.LESS, (whole, borne), f"{name}.paid", clause, Words("赔付比例", "share paid"))
    text, runs, mode = Words("按比例之后", "after the share"), vector.sums(rule.parts), rule.rounding
    total, used, start = runs[-1], None, None
    if rule.state:
        before = Words("本期此前的累计", "running total of the period")
        used = graph.leaf(Op.STATE, rule.state, clause, before, 0, USED_MAXIMUM)
        start = graph.step(Op.PORTION, (paid, used, whole), f"{name}.start", clause, text, rounding=mode)
        runs = tuple(graph.step(Op.ADD, (used, run), f"{name}.running", clause, before) for run in runs)
    edges = [graph.step(Op.PORTION, (paid, run, whole), f"{name}.edge", clause, text, rounding=mode) for run in runs]
    switch = vector.switch(name, clause, rule.when)
    pairs = zip(edges, runs, strict=True)
    edges = [vector.chosen(switch, edge, run, f"{name}.works", clause, text) for edge, run in pairs]
    if used is not None and start is not None:
        start = vector.chosen(switch, start, used, f"{name}.works", clause, text)
        vector.states.append(PeriodState(rule.state, used, total, total))
    always = switch is None and graph.nodes[whole].low > 0
    scale = (graph.nodes[paid].high, graph.nodes[whole].low) if always else (1, 1)
    vector.divide(rule.parts, edges, name, clause, text, (borne,), (), start, scale)


def _borne(vector: PartVector, rule: Share) -> int:
    """The base, what conditions add to it, and the step reached of a sliding share."""
    graph, clause, nil = vector.graph, rule.clause, vector.graph.constant(0, "nil")
    found = [vector.parameter(rule.base, BORNE)] if rule.base else []
    for add in rule.adds:
        text = Words("加扣比例", "added share")
        adds = graph.parameter(add.parameter, add.clause, text)
        switch = vector.switch(f"{rule.name}.{add.clause}", add.clause, add.when)
        if switch is not None:
            label = f"{rule.name}.added"
            adds = graph.step(Op.SELECT, (switch, adds, nil), label, add.clause, text, shown=(switch, adds))
        found.append(adds)
    if rule.sliding:
        found.append(_slid(vector, rule.sliding, rule.name))
    return graph.step(Op.ADD, tuple(found) or (nil,), f"{rule.name}.borne", clause, BORNE)


def _slid(vector: PartVector, sliding: SlidingShare, name: str) -> int:
    graph, clause, text = vector.graph, sliding.clause, Words("递增的自负比例", "sliding share")
    measure, share = vector.fact(sliding.fact, clause), graph.constant(0, "nil")
    for start, step in sliding.steps:
        at = vector.parameter(start, Words("起点", "from"))
        reached = graph.step(Op.REACHES, (measure, at), f"{name}.reached", clause, text)
        borne = vector.parameter(step, text)
        share = graph.step(Op.SELECT, (reached, borne, share), f"{name}.slid", clause, text, shown=(measure, borne))
    return share
