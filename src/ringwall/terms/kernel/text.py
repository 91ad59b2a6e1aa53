"""Writes the loop: numbers of a policy first, then its events in the order given, each with items, nodes and state.

The text holds no amount: numbers come in as data, so that all policies of one structure, in any product, share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ringwall.basics import Refusal, refuse
from ringwall.terms.graph import INT64_MAX, CompiledTerms, Given, Node, Op, Subject
from ringwall.terms.kernel import lanes
from ringwall.terms.kernel.steps import MODES, NEAR, state_place, sum_name, unrounded

MOST_ITEMS = 64
"""More items of one part in one event could carry a sum of interruptions beyond the proof."""
SCOPED = frozenset({Given.ITEM, Given.SECONDS})
"""The subjects that begin an item which is reckoned by itself."""

HELPERS = """\
def half_even(above, below):
    quotient = above // below
    twice = 2 * (above - quotient * below)
    return quotient + ((twice > below) | ((twice == below) & (quotient & 1)))


def portion(first, second, below, bits, mode):
    if bits == 0 and mode == 0:
        return half_even(first * second, below)
    high = first * (second >> bits)
    quotient = high // below
    rest = ((high - quotient * below) << bits) + first * (second & ((1 << bits) - 1))
    more = rest // below
    quotient = (quotient << bits) + more
    rest = rest - more * below
    if mode == 0:
        twice = 2 * rest
        return quotient + ((twice > below) | ((twice == below) & (quotient & 1)))
    if mode == 1:
        return quotient
    if mode == 2:
        return quotient + 1 if 2 * rest >= below else quotient
    return quotient + 1 if rest > 0 else quotient


"""
ARGUMENTS = (
    "most, sums, policy_start, order, numbers, opening, period, item_start, kind, amount, seconds, given, "
    "contract, statutory, parts"
)


@dataclass(frozen=True, slots=True)
class KernelPlan:
    """One structure: its text, and what stands in each row, slot and column that the text reads."""

    text: str
    numbers: tuple[tuple[int, bool], ...]
    """(node, whether it is the node's split rather than its value) for each column of the numbers."""
    kinds: tuple[str, ...]
    """The subject that an item of each kind feeds; for an interruption its seconds."""
    given: tuple[str, ...]
    """Subjects of an event that the table states; all others stand at what holds when nobody names them."""
    states: tuple[str, ...]
    parts: tuple[str, ...]
    lanes: int
    """Rows of lanes that the text's `fresh` needs."""
    ceiling: int | None
    """The column of the numbers up to which the only state grows, where all it does is to end what is paid: while what
    a period's events pay each by itself stays below it, together they pay the same."""
    costs: int
    """Columns that `fresh` needs for one policy's items, one place longer than these."""


def plan_kernel(terms: CompiledTerms, *, given: Sequence[str] = (), parts: bool = False) -> KernelPlan | Refusal:
    """The loop for all policies of this structure; `parts` also gives what each part pays."""
    odd = next((s for s in terms.subjects if s.part and s.given in (Given.SWITCH, Given.FACT)), None)
    if odd:
        return refuse(
            "kernel_item_facts",
            odd.clause,
            zh=f"条款 {odd.clause} 取决于每个损失项自身的事实，逐项快速核算不支持；请改用列式核算。",
            en=f"Clause {odd.clause} hangs on facts of each item, which the item loop does not carry; "
            "use the columnar reader.",
        )
    for node in terms.nodes:
        if node.op is Op.EACH and node.high * MOST_ITEMS > INT64_MAX:
            return refuse(
                "kernel_sum",
                node.label,
                zh=f"「{node.label}」的合计可能超出 64 位整数；请降低产品申报的最大金额。",
                en=f"The sum “{node.label}” could leave a 64-bit integer; lower the product's declared maximum.",
            )
    return _Writer(terms, tuple(given), parts).plan()


class _Writer:
    """Sorts the nodes by how often they are reckoned: once a policy, once an item, once an event."""

    def __init__(self, terms: CompiledTerms, given: tuple[str, ...], parts: bool) -> None:
        self.terms, self.given = terms, given
        self.subjects = {s.name: s for s in terms.subjects}
        self.parts = tuple(terms.payable) if parts else ()
        self.numbers: list[tuple[int, bool]] = []
        fed = [s for s in terms.subjects if s.given in (Given.AMOUNT, Given.EXTRA)]
        self.plain = len(fed)
        self.kinds = tuple(s.name for s in (*fed, *(s for s in terms.subjects if s.given in SCOPED)))
        self.steady = self.find_steady()

    def find_steady(self) -> set[int]:
        """Nodes that hang on the contract alone."""
        found = set[int]()
        for index, node in enumerate(self.terms.nodes):
            leaf = node.op in (Op.PARAMETER, Op.CONSTANT, Op.IN_FORCE) or self.stands(node)
            if leaf or (node.inputs and found.issuperset(node.inputs)):
                found.add(index)
        return found

    def stands(self, node: Node) -> bool:
        """A subject that the table does not state."""
        subject = self.subjects.get(node.name) if node.op is Op.SUBJECT else None
        return subject is not None and node.name in self.terms.optional and node.name not in self.given

    def plan(self) -> KernelPlan:
        policy = list(self.policy())
        fresh = lanes.Lanes(self.terms, self.kinds, self.plain, self.parts, self.steady)
        run = ["odd = 0", "for policy in range(len(policy_start) - 1):", *_within(policy), *self.event(), "return odd"]
        text = _function("run", ARGUMENTS, run)
        if not self.given:
            text += "\n\n" + _function("fresh", lanes.ARGUMENTS, fresh.lines(policy))
        states = tuple(rule.name for rule in self.terms.states)
        return KernelPlan(
            HELPERS + NEAR + text,
            tuple(self.numbers),
            self.kinds,
            self.given,
            states,
            self.parts,
            fresh.rows,
            self.ceiling(),
            len(fresh.each) + 1,
        )

    def ceiling(self) -> int | None:
        """Of terms whose only state leaves so much below a ceiling, and that pay what is asked, or else what is left.

        What is left may cut shares of what is asked, too: where all that is asked is left, they stay as they are.
        """
        if len(self.terms.states) != 1:
            return None
        rule, nodes = self.terms.states[0], self.terms.nodes
        if rule.ceiling is None or (rule.ceiling, False) not in self.numbers or rule.drawn != self.terms.contract:
            return None
        left = [i for i, node in enumerate(nodes) if rule.node in node.inputs]
        if [(nodes[i].op, nodes[i].inputs) for i in left] != [(Op.LESS, (rule.ceiling, rule.node))]:
            return None
        touched = {i: node for i, node in enumerate(nodes) if left[0] in node.inputs}
        paid = touched.pop(rule.drawn, None)
        least = paid is not None and paid.op is Op.LEAST and set(paid.inputs) == {rule.asked, left[0]}
        cuts = all(node.op is Op.CUT and node.inputs[::2] == (left[0], rule.asked) for node in touched.values())
        return self.numbers.index((rule.ceiling, False)) if least and cuts else None

    def policy(self) -> Iterator[str]:
        """A policy's numbers, and the states with which its first period opens."""
        for index, node in enumerate(self.terms.nodes):
            if node.op in (Op.CUT, Op.PORTION):
                yield f"b{index} = numbers[policy, {self.column(index, split=True)}]"
            if index in self.steady:
                yield f"v{index} = {self.steady_value(index, node)}"
        for place in range(len(self.terms.states)):
            yield f"s{place} = opening[policy, {place}]"

    def steady_value(self, index: int, node: Node) -> str:
        if node.op in (Op.PARAMETER, Op.IN_FORCE):
            return f"numbers[policy, {self.column(index)}]"
        if node.op is Op.CONSTANT:
            return str(node.value)
        return str(self.terms.optional[node.name]) if node.op is Op.SUBJECT else self.right_side(index, node)

    def column(self, index: int, *, split: bool = False) -> int:
        self.numbers.append((index, split))
        return len(self.numbers) - 1

    def event(self) -> Iterator[str]:
        yield "    last = -1"
        yield "    for place in range(policy_start[policy], policy_start[policy + 1]):"
        body = "        "
        yield body + "event = order[place]"
        if self.terms.states:
            yield body + "if period[event] != last:"
            yield body + "    if last != -1:"
            for place in range(len(self.terms.states)):
                yield body + f"        s{place} = 0"
            yield body + "    last = period[event]"
        yield from (body + line for line in self.items())
        for index, node in enumerate(self.terms.nodes):
            if index not in self.steady and not node.scope and node.op is not Op.EACH:
                yield from (body + line for line in self.event_node(index, node))
        yield body + f"contract[event] = v{self.terms.contract}"
        yield body + f"statutory[event] = v{self.terms.statutory}"
        for place, part in enumerate(self.parts):
            yield body + f"parts[event, {place}] = v{self.terms.payable[part]}"
        for place, rule in enumerate(self.terms.states):
            yield body + f"s{place} += v{rule.drawn}"

    def items(self) -> Iterator[str]:
        """Plain amounts are summed by kind; an item reckoned by itself goes through all nodes of its scope.

        The sign of `odd` tells afterwards whether an amount was below nil, or a part above the declared maximum.
        """
        each = [i for i, n in enumerate(self.terms.nodes) if n.op is Op.EACH and i not in self.steady]
        for index in each:
            yield f"v{index} = 0"
        yield "for item in range(item_start[event], item_start[event + 1]):"
        yield "    what = kind[item]"
        yield "    x = amount[item]"
        yield "    odd |= x | (most - x)"
        yield f"    if what < {self.plain}:"
        yield "        sums[what] += x"
        for place in range(self.plain, len(self.kinds)):
            yield f"    elif what == {place}:"
            yield from (f"        {line}" for line in self.item(self.subjects[self.kinds[place]], each))
        for place in range(self.plain):
            yield f"a{place} = sums[{place}]"
            yield f"odd |= most - a{place}"
            yield f"sums[{place}] = 0"

    def item(self, subject: Subject, each: Sequence[int]) -> Iterator[str]:
        if subject.given is Given.SECONDS:
            yield "odd |= seconds[item]"
        for index, node in enumerate(self.terms.nodes):
            if node.scope != subject.part or index in self.steady:
                continue
            if node.op is Op.SUBJECT:
                mine = self.subjects[node.name].given
                yield f"v{index} = {'seconds[item]' if mine is Given.SECONDS else 'x'}"
            else:
                yield f"v{index} = {self.right_side(index, node)}"
        for index in each:
            inner = self.terms.nodes[index].inputs[0]
            if self.terms.nodes[inner].scope == subject.part:
                yield f"v{index} += v{inner}"

    def event_node(self, index: int, node: Node) -> Iterator[str]:
        if node.op is Op.SUBJECT:
            yield f"v{index} = {self.subject(self.subjects[node.name])}"
        elif node.op is Op.STATE:
            yield f"v{index} = s{state_place(self.terms, index)}"
        else:
            yield f"v{index} = {self.right_side(index, node)}"

    def subject(self, subject: Subject) -> str:
        if subject.name in self.given:
            return f"given[{self.given.index(subject.name)}, event]"
        return f"a{self.kinds.index(sum_name(subject))}"

    def right_side(self, index: int, node: Node) -> str:
        a = [f"v{i}" for i in node.inputs]
        match node.op:
            case Op.ROUND:
                return f"half_even({a[0]}, {a[1]})"
            case Op.CUT:
                return f"portion({a[0]}, {a[1]}, {a[2]}, b{index}, 0) if {a[2]} > {a[0]} else {a[1]}"
            case Op.PORTION:
                return f"portion({a[0]}, {a[1]}, {a[2]}, b{index}, {MODES[node.rounding]})"
            case _:
                return unrounded(node)


def _function(name: str, arguments: str, lines: Iterable[str]) -> str:
    return f"def {name}({arguments}):\n" + "".join(f"{line}\n" for line in _within(lines))


def _within(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)
