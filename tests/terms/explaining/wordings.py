"""Random small wordings with an event each: grants, exclusions and exceptions, requirements, rules that ask facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from ringwall.basics import Words
from ringwall.terms import (
    All,
    AnyOf,
    Compare,
    CompiledTerms,
    Condition,
    Deductible,
    Exclusion,
    FactKind,
    FactSpec,
    FactValue,
    Fixed,
    Grant,
    Limit,
    LossEvent,
    LossItem,
    Not,
    OneOf,
    Order,
    ParameterRead,
    PartTerms,
    Per,
    Requirement,
    Settlement,
    Share,
    Step,
    Term,
    TermsDefinition,
    WriteBack,
    compile_terms,
)

PARTS = ("A", "B")
NOON = datetime.fromisoformat("2026-08-01T12:00:00+08:00")
KINDS = {
    "kind": (FactKind.WORD, ("goods", "labour")),
    "cause": (FactKind.WORD, ("theft", "error", "attack")),
    "consent": (FactKind.YES_NO, ()),
    "war": (FactKind.YES_NO, ()),
    "ruled": (FactKind.YES_NO, ()),
    "found_at": (FactKind.INSTANT, ()),
    "days_open": (FactKind.AMOUNT, ()),
}
SPECS = {n: FactSpec(n, kind, Words(f"事实{n}", n), values, n == "kind") for n, (kind, values) in KINDS.items()}
RAW: dict[str, tuple[FactValue, ...]] = {
    "kind": ("goods", "labour"),
    "cause": ("theft", "error", "attack"),
    "consent": (True, False),
    "war": (True, False),
    "ruled": (True, False),
    "found_at": (NOON - timedelta(hours=9), NOON, NOON + timedelta(hours=9), "never"),
    "days_open": (0, 9, 10, 29, 30, 31),
}
"""Every value that some wording can tell from the others."""

NUMBERS = {"keep": 10_000, "most": 60_000, "added": 2_000}


def _leaf(name: str) -> st.SearchStrategy[Condition]:
    if name == "found_at":
        return st.sampled_from([Order.GE, Order.LT]).map(lambda order: Compare(name, order, NOON))
    if name == "days_open":
        return st.sampled_from([10, 30]).map(lambda days: Compare(name, Order.GE, days))
    return st.sampled_from(RAW[name]).map(lambda value: OneOf(name, (value,)))


LEAVES = st.sampled_from(sorted(KINDS)).flatmap(_leaf)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.tuples(inner, inner).map(All), st.tuples(inner, inner).map(AnyOf), inner.map(Not)),
    max_leaves=3,
)
SOME_PARTS = st.sampled_from([("A",), ("B",), ("A", "B")])


@dataclass(frozen=True, slots=True)
class Case:
    """A wording and what happened under it."""

    terms: CompiledTerms
    event: LossEvent


@st.composite
def definitions(draw: st.DrawFn) -> TermsDefinition:
    grants = tuple(
        Grant(f"1.{n}", code, draw(CONDITIONS)) for n, code in enumerate((*PARTS, draw(st.sampled_from(PARTS))))
    )
    barriers: list[Exclusion | Requirement] = []
    backs = []
    for n in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            barriers.append(Exclusion(f"2.{n}", draw(SOME_PARTS), draw(CONDITIONS)))
            backs += [WriteBack(f"3.{n}", f"2.{n}", draw(CONDITIONS))] if draw(st.booleans()) else []
        else:
            barriers.append(Requirement(f"2.{n}", draw(SOME_PARTS), draw(CONDITIONS)))
    rules = (
        Deductible("own", "4.1", ("A",), Per.PART, Fixed(Term("4.1", "keep")), when=draw(CONDITIONS)),
        Share("borne", "4.2", PARTS, base=Term("4.2", "added"), when=draw(CONDITIONS)),
        Limit("cap", "4.3", PARTS, Per.EVENT, Fixed(Term("4.3", "most"))),
    )
    parts = tuple(PartTerms(code, Words(f"责任项{code}", f"part {code}")) for code in PARTS)
    order = (Step.VERDICT, *(rule.name for rule in rules))
    settlement = Settlement("5.1", order)
    return TermsDefinition(SPECS, parts, settlement, 10**9, grants, tuple(barriers), tuple(backs), rules=rules)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    read = {name: ParameterRead(name, n, "minor", "test", date(2026, 1, 1)) for name, n in NUMBERS.items()}
    found = compile_terms(draw(definitions()), read)
    assert isinstance(found, CompiledTerms), found
    facts = {name: draw(st.sampled_from(RAW[name])) for name in sorted(draw(st.sets(st.sampled_from(sorted(KINDS)))))}
    items = []
    for place in range(draw(st.integers(1, 2))):
        own = draw(st.sets(st.sampled_from(["consent", "cause"]), max_size=1))
        mine = {"kind": draw(st.sampled_from(RAW["kind"])), **{name: draw(st.sampled_from(RAW[name])) for name in own}}
        items.append(
            LossItem(f"item {place}", draw(st.sampled_from(PARTS)), draw(st.sampled_from([5_000, 40_000])), mine)
        )
    return Case(found, LossEvent("E", {n: v for n, v in facts.items() if n != "kind"}, tuple(items)))
