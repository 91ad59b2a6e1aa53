"""The cover of a schedule as people read it on a policy: parts with limits and retentions, clauses, services."""

from __future__ import annotations

from ringwall.basics import Words, yuan
from ringwall.policy import ClauseLine, CoverTerms, PartTerms, ServiceLine
from ringwall.product import Part, Product, Schedule, shared_limits

NONE = Words("无", "none")


def cover_terms(product: Product, schedule: Schedule, services: tuple[ServiceLine, ...]) -> CoverTerms:
    """What the policy's schedule shows; what it settles under is the compiled graph of the same schedule."""
    event_minor, aggregate_minor = shared_limits(product).of(schedule)
    return CoverTerms(
        parts=tuple(_part(part, schedule, event_minor) for part in product.parts if not part.statutory),
        event_limit_minor=event_minor,
        aggregate_limit_minor=aggregate_minor,
        clauses=tuple(ClauseLine(each.number, each.heading, each.takes_away) for each in product.clauses),
        services=services,
    )


def _part(part: Part, schedule: Schedule, event_minor: int) -> PartTerms:
    """A part without a limit of its own has that on each event."""
    name = part.code.lower()
    limit_minor = schedule.values.get(f"{name}_limit", event_minor)
    return PartTerms(part.code, part.name, limit_minor, _retention(name, schedule))


def _retention(part: str, schedule: Schedule) -> Words:
    """The deductible, and for an interruption the waiting period beside it."""
    deductible = schedule.values.get(f"{part}_deductible", 0)
    hours = schedule.values.get(f"{part}_wait_hours")
    money = Words(f"免赔额 {yuan(deductible)} 元", f"deductible of CNY {yuan(deductible)}") if deductible else NONE
    if hours is None:
        return money
    return Words(f"等待期 {hours} 小时；{money.zh}", f"waiting period of {hours} hours; {money.en}")
