"""Facts and their values as people say them: what would let an item in, and what is still open."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Words, yuan
from ringwall.product import Product
from ringwall.terms import Counterfactual, FactKind, FactSpec, FactValue, ItemOutcome, OpenPoint, value_words


def what_would_cover(item: ItemOutcome, product: Product) -> tuple[Words, ...]:
    """What would let a refused or open item in, each change by itself."""
    return tuple(_change(change, product) for change in item.covered_if)


def change_in_words(found: Counterfactual) -> Words:
    """Facts that together would let the item in, and what would then be payable on top."""
    zh, en = "，且".join(c.words.zh for c in found.changes), ", and ".join(c.words.en for c in found.changes)
    if found.adds_minor <= 0:
        return Words(zh, en)
    return Words(f"{zh}，赔款增加 {yuan(found.adds_minor)} 元", f"{en}, for CNY {yuan(found.adds_minor)} more")


def void_clauses_that_would_cover(item: ItemOutcome, product: Product) -> tuple[Words, ...]:
    """The clauses that would let the item in, had they no effect."""
    return tuple(_change(change, product) for change in item.covered_if if "=" not in change)


def _change(change: str, product: Product) -> Words:
    """`fact=value`, or the number of a clause that would then have no effect."""
    name, equals, value = change.partition("=")
    spec = product.definition.facts.get(name)
    if not equals or spec is None:
        clause = product.clause(change)
        heading = clause.heading if clause else Words("", "")
        return Words(
            f"第 {change} 条{heading.zh}不生效（例如未依法说明）",
            f"clause {change} ({heading.en}) had no effect, as where it was not explained",
        )
    said = value_words(spec, _value(spec, value))
    return Words(f"“{spec.words.zh}”为“{said.zh}”", f"“{spec.words.en}” were “{said.en}”")


def _value(spec: FactSpec, text: str) -> FactValue:
    """The value that a change of fact writes as text."""
    if spec.kind is FactKind.YES_NO:
        return text == "true"
    if spec.kind is FactKind.AMOUNT:
        return int(text)
    if spec.kind is FactKind.INSTANT and text != "never":
        return datetime.fromisoformat(text)
    return text


def open_facts(point: OpenPoint, product: Product) -> tuple[Words, ...]:
    """The facts that nobody has established and on which an amount hangs."""
    facts = product.definition.facts
    return tuple(facts[name].words if name in facts else Words(name, name) for name in point.fact.split(",") if name)


def still_open(point: OpenPoint, product: Product) -> Words:
    """An open point in a sentence: what is to be found out, about what, and what it would add."""
    facts, adds = open_facts(point, product), yuan(point.adds_minor)
    zh, en = "、".join(f"“{fact.zh}”" for fact in facts), ", ".join(f"“{fact.en}”" for fact in facts)
    return Words(
        f"{point.item}：待认定{zh}（{point.clause}），认定后可增加 {adds} 元",
        f"{point.item}: {en} to be established ({point.clause}); it could add CNY {adds}",
    )
