"""One event or many: incidents that the product's clause relates are settled as one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ringwall.terms.facts import Facts, LossEvent, LossItem
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.rules import Relation


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """Incidents as the events that they are, and those that stand alone only because a fact is missing."""

    events: tuple[LossEvent, ...]
    open: tuple[tuple[str, str], ...]
    """(incident, fact that nobody has established)"""


def relate(terms: CompiledTerms, incidents: Sequence[LossEvent]) -> RelatedEvents:
    """Incidents with the same facts, begun within the hours after the first of them, are one event.

    The window is half-open. What only one incident knows stays a fact of its own items.
    """
    relation = terms.definition.relation
    if relation is None:
        return RelatedEvents(tuple(incidents), ())
    needed = (*relation.same, relation.began) if relation.hours else relation.same
    missing = [(event, next((name for name in needed if event.facts.get(name) is None), "")) for event in incidents]
    known = [event for event, name in missing if not name]
    hours = terms.parameters[relation.hours.parameter].value if relation.hours else None
    groups: list[list[LossEvent]] = []
    for event in sorted(known, key=lambda event: _order(relation, event)):
        home = next((group for group in groups if _belongs(relation, hours, group[0], event)), None)
        if home is None:
            groups.append([event])
        else:
            home.append(event)
    alone = [(event, name) for event, name in missing if name]
    events = (*(_merged(group) for group in groups), *(event for event, _ in alone))
    return RelatedEvents(events, tuple((event.name, name) for event, name in alone))


def _order(relation: Relation, event: LossEvent) -> datetime:
    began = event.facts.get(relation.began)
    return began if isinstance(began, datetime) else datetime.max.replace(tzinfo=UTC)


def _belongs(relation: Relation, hours: int | None, first: LossEvent, event: LossEvent) -> bool:
    if any(first.facts[name] != event.facts[name] for name in relation.same):
        return False
    if hours is None:
        return True
    start, began = first.facts[relation.began], event.facts[relation.began]
    assert isinstance(start, datetime)
    assert isinstance(began, datetime)
    return began - start < timedelta(hours=hours)


def _merged(group: Sequence[LossEvent]) -> LossEvent:
    if len(group) == 1:
        return group[0]
    first = group[0].facts
    common = {name: value for name, value in first.items() if all(e.facts.get(name) == value for e in group)}
    items = tuple(_owned(event, item, common) for event in group for item in event.items)
    return LossEvent(" + ".join(event.name for event in group), common, items)


def _owned(event: LossEvent, item: LossItem, common: Facts) -> LossItem:
    own = {name: value for name, value in event.facts.items() if name not in common}
    return replace(item, name=f"{event.name}: {item.name}", facts={**own, **item.facts})
