"""The cover of a schedule as people read it on a policy: parts with limits and retentions, clauses, services."""

from __future__ import annotations

from ringwall.basics import Words, yuan
from ringwall.policy import ClauseLine, CoverTerms, PartTerms, ServiceLine
from ringwall.product import Part, Product, Schedule

NONE = Words("无", "none")


def cover_terms(product: Product, schedule: Schedule, services: tuple[ServiceLine, ...]) -> CoverTerms:
    """What the policy's schedule shows; what it settles under is the compiled graph of the same schedule."""
    return CoverTerms(
        parts=tuple(_part(part, schedule) for part in product.parts if f"{part.code.lower()}_limit" in schedule.values),
        event_limit_minor=schedule.values["event_limit"],
        aggregate_limit_minor=schedule.values["aggregate_limit"],
        clauses=tuple(ClauseLine(each.number, each.heading, each.takes_away) for each in product.clauses),
        services=services,
    )


def _part(part: Part, schedule: Schedule) -> PartTerms:
    name = part.code.lower()
    return PartTerms(part.code, part.name, schedule.values[f"{name}_limit"], _retention(name, schedule))


def _retention(part: str, schedule: Schedule) -> Words:
    """The deductible, and for an interruption the waiting period beside it."""
    deductible = schedule.values.get(f"{part}_deductible", 0)
    hours = schedule.values.get(f"{part}_wait_hours")
    money = Words(f"免赔额 {yuan(deductible)} 元", f"deductible of CNY {yuan(deductible)}") if deductible else NONE
    if hours is None:
        return money
    return Words(f"等待期 {hours} 小时；{money.zh}", f"waiting period of {hours} hours; {money.en}")
