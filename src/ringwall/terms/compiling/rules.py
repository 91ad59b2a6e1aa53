"""Money rules as nodes: each takes the vector of parts where its name stands in the order, and leaves it changed."""

from __future__ import annotations

from ringwall.basics import Words
from ringwall.terms.compiling.measures import SHARE_WHOLE, measured
from ringwall.terms.compiling.shares import compile_share
from ringwall.terms.compiling.vector import PartVector, named
from ringwall.terms.graph import USED_MAXIMUM, Op, PeriodState
from ringwall.terms.rules import Averaging, Deductible, DeductibleBounds, Limit, MoneyRule, Per, Share

KEPT = Words("扣除免赔后", "after the deductible")
WITHIN = Words("限额之内", "within the limit")


def compile_rule(vector: PartVector, rule: MoneyRule) -> None:
    match rule:
        case Deductible(per=Per.ITEM) | Deductible(per=Per.PART):
            for code in rule.parts:
                _deduct(vector, rule, code)
        case Deductible(per=Per.EVENT):
            _deduct_together(vector, rule)
        case Deductible():
            _deduct_over_period(vector, rule)
        case Limit(per=Per.ITEM) | Limit(per=Per.PART):
            for code in rule.parts:
                _limit(vector, rule, code)
        case Limit(per=Per.EVENT):
            limit = measured(vector, rule.measure, vector.total(rule.parts))
            switch = vector.switch(rule.name, rule.clause, rule.when)
            vector.cut(rule.parts, limit, rule.clause, rule.name, WITHIN, switch)
        case Limit():
            _limit_over_period(vector, rule)
        case DeductibleBounds():
            _bound_deductibles(vector, rule)
        case Share():
            compile_share(vector, rule)
        case Averaging():
            _average(vector, rule)


def _one(vector: PartVector, per: Per, code: str) -> tuple[int, str]:
    """The node that a rule acts on, and its scope: every item by itself, or the part as a whole."""
    node = vector.node[code] if per is Per.ITEM else vector.flat(code)
    return node, vector.graph.nodes[node].scope


def _deduct(vector: PartVector, rule: Deductible, code: str) -> None:
    node, scope = _one(vector, rule.per, code)
    graph, label = vector.graph, f"{code}.{rule.name}"
    amount = measured(vector, rule.measure, node, scope)
    text = named(vector.part(code), KEPT.zh, KEPT.en)
    after = _less(vector, rule, node, amount, label)
    switch = vector.switch(rule.name, rule.clause, rule.when, scope)
    after = vector.chosen(switch, after, node, f"{label}.works", rule.clause, text)
    vector.put(code, after)
    if code in vector.bounded:
        text = Words("已扣免赔", "deductible taken")
        kept = graph.step(Op.APART, (node, after), f"{label}.kept", rule.clause, text)
        vector.keep(code, graph.step(Op.EACH, (kept,), f"{label}.kept", rule.clause, text) if scope else kept)


def _less(vector: PartVector, rule: Deductible, node: int, amount: int, label: str) -> int:
    """What is left of a loss; a franchise leaves it whole once the loss exceeds the amount."""
    graph, shown = vector.graph, (node, amount)
    if not rule.franchise:
        return graph.step(Op.LESS, (node, amount), label, rule.clause, KEPT, term=True)
    text = Words("损失超过免赔额", "the loss exceeds the franchise")
    over = graph.step(Op.ABOVE, (node, amount), f"{label}.over", rule.clause, text)
    nil = graph.constant(0, "nil")
    return graph.step(Op.SELECT, (over, node, nil), label, rule.clause, KEPT, shown=shown, term=True)


def _deduct_together(vector: PartVector, rule: Deductible) -> None:
    total = vector.total(rule.parts)
    amount = measured(vector, rule.measure, total)
    left = _less(vector, rule, total, amount, f"{rule.name}.left")
    _scale(vector, rule, left, vector.switch(rule.name, rule.clause, rule.when))


def _scale(vector: PartVector, rule: Deductible | DeductibleBounds, left: int, switch: int | None) -> None:
    """The parts share what is left of their sum in proportion."""
    before = {code: vector.node[code] for code in rule.parts}
    vector.cut(rule.parts, left, rule.clause, rule.name, KEPT, switch)
    for code in rule.parts if isinstance(rule, Deductible) else ():
        if code in vector.bounded:
            inputs, text = (before[code], vector.node[code]), Words("已扣免赔", "deductible taken")
            label = f"{code}.{rule.name}.kept"
            vector.keep(code, vector.graph.step(Op.LESS, inputs, label, rule.clause, text))


def _state(vector: PartVector, name: str, clause: str, zh: str, en: str) -> int:
    return vector.graph.leaf(Op.STATE, name, clause, Words(zh, en), 0, USED_MAXIMUM)


def _deduct_over_period(vector: PartVector, rule: Deductible) -> None:
    graph, clause, total = vector.graph, rule.clause, vector.total(rule.parts)
    name = rule.state or f"{rule.name}_used"
    used = _state(vector, name, clause, "此前已承担的累计免赔", "aggregate deductible borne before")
    amount = measured(vector, rule.measure, total)
    text = Words("累计免赔余额", "left of the aggregate deductible")
    left = graph.step(Op.LESS, (amount, used), f"{rule.name}.left", clause, text)
    switch = vector.switch(rule.name, clause, rule.when)
    taken = graph.step(Op.LEAST, (total, left), f"{rule.name}.taken", clause, text)
    after = graph.step(Op.LESS, (total, left), f"{rule.name}.after", clause, KEPT, term=True)
    _grow(vector, name, used, taken, total, amount, switch, rule.name, clause)
    _scale(vector, rule, after, switch)


def _grow(
    vector: PartVector,
    name: str,
    used: int,
    drawn: int,
    asked: int,
    ceiling: int,
    switch: int | None,
    label: str,
    clause: str,
) -> None:
    """The state grows by what was drawn, while the rule works."""
    graph = vector.graph
    if switch is not None:
        nil, text = graph.constant(0, "nil"), Words("计入期间状态", "counts for the period")
        drawn, asked = (
            graph.step(Op.SELECT, (switch, node, nil), f"{label}.counted", clause, text) for node in (drawn, asked)
        )
    fixed = graph.nodes[ceiling].op is Op.PARAMETER or graph.nodes[ceiling].label == f"{label}.capacity"
    vector.states.append(PeriodState(name, used, drawn, asked, ceiling if fixed else None))


def _limit(vector: PartVector, rule: Limit, code: str) -> None:
    node, scope = _one(vector, rule.per, code)
    label, text = f"{code}.{rule.name}", named(vector.part(code), WITHIN.zh, WITHIN.en)
    limit = measured(vector, rule.measure, node, scope)
    after = vector.graph.step(Op.LEAST, (node, limit), label, rule.clause, text, term=True)
    switch = vector.switch(rule.name, rule.clause, rule.when, scope)
    vector.put(code, vector.chosen(switch, after, node, f"{label}.works", rule.clause, text))


def _limit_over_period(vector: PartVector, rule: Limit) -> None:
    graph, clause, total = vector.graph, rule.clause, vector.total(rule.parts)
    name = rule.state or f"{rule.name}_used"
    used = _state(vector, name, clause, "此前已用限额", "used of the limit before")
    limit = measured(vector, rule.measure, total)
    capacity = _capacity(vector, rule, limit)
    text = Words("限额余额", "left of the limit")
    left = graph.step(Op.LESS, (capacity, used), f"{rule.name}.left", clause, text)
    asked = total
    if rule.reinstatements:
        left = graph.step(Op.LEAST, (limit, left), f"{rule.name}.at_once", clause, text)
        asked = graph.step(Op.LEAST, (total, limit), f"{rule.name}.asked", clause, text)
    switch = vector.switch(rule.name, clause, rule.when)
    _, after = vector.cut(rule.parts, left, clause, rule.name, WITHIN, switch)
    _grow(vector, name, used, after, asked, capacity, switch, rule.name, clause)
    if rule.reinstatements and rule.reinstatements.charge:
        _charge(vector, rule, limit, used, vector.states[-1].drawn)


def _capacity(vector: PartVector, rule: Limit, limit: int) -> int:
    """What the limit and its reinstatements come to over the period."""
    if not rule.reinstatements:
        return limit
    graph, clause = vector.graph, rule.clause
    count = vector.parameter(rule.reinstatements.count, Words("恢复次数", "reinstatements"))
    times = graph.step(Op.ADD, (graph.constant(1, "one"), count), f"{rule.name}.times", clause, Words("次数", "times"))
    text = Words("限额连同恢复", "the limit with its reinstatements")
    return graph.step(Op.TIMES, (limit, times), f"{rule.name}.capacity", clause, text)


def _charge(vector: PartVector, rule: Limit, limit: int, used: int, drawn: int) -> None:
    """The premium for what is reinstated: rounded on the running total, as to amount and without regard to time."""
    again = rule.reinstatements
    assert again and again.charge and again.premium
    graph, clause, name = vector.graph, rule.clause, rule.name
    count = vector.parameter(again.count, Words("恢复次数", "reinstatements"))
    text = Words("可恢复额", "what can be reinstated")
    most = graph.step(Op.TIMES, (limit, count), f"{name}.reinstatable", clause, text)
    premium = vector.parameter(again.premium, Words("层保费", "premium of the layer"))
    rate = vector.parameter(again.charge, Words("恢复保费率（万分之）", "reinstatement charge, of 10,000"))
    text = Words("恢复保费", "reinstatement premium")
    product = graph.step(Op.TIMES, (premium, rate), f"{name}.rate", clause, text)
    whole = graph.constant(SHARE_WHOLE, "whole")
    below = graph.step(Op.TIMES, (limit, whole), f"{name}.below", clause, text)
    below = graph.step(Op.MOST, (below, graph.constant(1, "one")), f"{name}.below", clause, text)
    after = graph.step(Op.ADD, (used, drawn), f"{name}.used_after", clause, text)
    due = []
    for node in (after, used):
        reinstated = graph.step(Op.LEAST, (node, most), f"{name}.reinstated", clause, text)
        due.append(graph.step(Op.PORTION, (product, reinstated, below), f"{name}.due", clause, text))
    vector.charges[name] = graph.step(Op.APART, (due[0], due[1]), f"{name}.charge", clause, text, shown=(drawn,))


def _bound_deductibles(vector: PartVector, rule: DeductibleBounds) -> None:
    """Too much that was kept goes back to the parts that kept it; too little is made up by all in proportion."""
    graph, clause = vector.graph, rule.clause
    kept = {code: _all_kept(vector, code, clause) for code in rule.parts}
    text = Words("免赔合计", "all deductibles")
    runs = [kept[rule.parts[0]]]
    for code in rule.parts[1:]:
        runs.append(graph.step(Op.ADD, (runs[-1], kept[code]), f"{rule.name}.kept", clause, text))
    total = runs[-1]
    if rule.at_most:
        bound = vector.parameter(rule.at_most, Words("免赔合计上限", "most that all deductibles come to"))
        if rule.state:
            used = _state(vector, rule.state, clause, "此前免赔合计", "deductibles borne before")
            text = Words("免赔合计上限余额", "left of what deductibles may come to")
            left = graph.step(Op.LESS, (bound, used), f"{rule.name}.left", clause, text)
            drawn = graph.step(Op.LEAST, (total, left), f"{rule.name}.drawn", clause, text)
            vector.states.append(PeriodState(rule.state, used, drawn, total, bound))
            bound = left
        total = _give_back(vector, rule, kept, runs, bound)
    if rule.at_least:
        least = vector.parameter(rule.at_least, Words("免赔合计下限", "least that all deductibles come to"))
        text = Words("补足免赔", "made up to the least")
        need = graph.step(Op.LESS, (least, total), f"{rule.name}.need", clause, text)
        rest = vector.total(rule.parts)
        left = graph.step(Op.LESS, (rest, need), f"{rule.name}.rest", clause, text)
        _scale(vector, rule, left, None)


def _all_kept(vector: PartVector, code: str, clause: str) -> int:
    nodes = tuple(vector.kept.get(code, ())) or (vector.graph.constant(0, "nil"),)
    text = named(vector.part(code), "已扣免赔", "deductibles taken")
    return vector.graph.step(Op.ADD, nodes, f"{code}.kept", clause, text)


def _give_back(vector: PartVector, rule: DeductibleBounds, kept: dict[str, int], runs: list[int], bound: int) -> int:
    graph, clause, total = vector.graph, rule.clause, runs[-1]
    text = Words("免赔合计不超过上限", "all deductibles within their most")
    edges = [graph.step(Op.CUT, (bound, run, total), f"{rule.name}.cut", clause, text) for run in runs[:-1]]
    edges.append(graph.step(Op.LEAST, (total, bound), f"{rule.name}.bounded", clause, text))
    for place, code in enumerate(rule.parts):
        inputs = (edges[place], edges[place - 1]) if place else (edges[0], graph.constant(0, "nil"))
        mine = graph.step(Op.APART, inputs, f"{code}.{rule.name}.bounded", clause, text)
        back = graph.step(Op.APART, (kept[code], mine), f"{code}.{rule.name}.back", clause, text)
        node = vector.flat(code)
        words = named(vector.part(code), text.zh, text.en)
        vector.put(code, graph.step(Op.ADD, (node, back), f"{code}.{rule.name}", clause, words, term=True))
    return edges[-1]


def _average(vector: PartVector, rule: Averaging) -> None:
    """loss × sum insured ÷ value at risk, where the value is the larger; rounded on the running sum of the parts."""
    graph, clause, name = vector.graph, rule.clause, rule.name
    text = Words("不足额比例分摊后", "after averaging")
    insured = graph.parameter(rule.sum_insured.parameter, "", Words("保险金额", "sum insured"))
    value = vector.fact(rule.value, clause)
    largest = graph.step(Op.MOST, (value, insured, graph.constant(1, "one")), f"{name}.value", clause, text)
    works, runs = graph.in_force(clause), vector.sums(rule.parts)
    edges = []
    for run in runs:
        part = graph.step(Op.PORTION, (insured, run, largest), f"{name}.averaged", clause, text)
        edges.append(graph.step(Op.SELECT, (works, part, run), f"{name}.works", clause, text))
    vector.divide(rule.parts, edges, name, clause, text, (insured, value), ())
