"""The loss event of a settlement, with the schedule and state under which it is settled, as a file tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringwall.product import Product, event_from_mapping
from ringwall.shell.cli.fields import Fields, instant
from ringwall.shell.cli.reading import Texts
from ringwall.shell.cli.refused import good, no
from ringwall.terms import CompiledTerms, LossEvent

SETTLEMENT = "settlement"
WRAPPED = ("kind", "product", "schedule", "state", "void", "event", "outcome", "trace", "note")


@dataclass(frozen=True, slots=True)
class EventFile:
    """An event, and what the file says beside it: product, schedule choices, period state, void clauses; all texts."""

    event: LossEvent
    product: str
    schedule: Mapping[str, str]
    state: Mapping[str, str]
    void: tuple[str, ...]


def read_event(where: str, raw: Texts) -> EventFile:
    """Either the bare event (name, facts, items), or `event:` with product, schedule, state and void beside it."""
    if "event" not in raw:
        return EventFile(good(event_from_mapping(raw), where), "", {}, {}, ())
    fields = Fields.of(where, raw, WRAPPED)
    product = raw.get("product")
    if isinstance(product, Mapping):
        named = Fields.of(f"{where}: product", product, ("code", "version", "sha256"))
        product = f"{named.text('code')}/{named.text('version')}"
    event = good(event_from_mapping(raw["event"]), where)
    return EventFile(event, str(product or ""), fields.pairs("schedule"), fields.pairs("state"), fields.texts("void"))


def read_choices(product: Product, texts: Mapping[str, str], where: str) -> dict[str, int]:
    """Schedule choices as whole numbers; an instant may be written as one."""
    found = {}
    for name, text in texts.items():
        parameter = product.parameters.get(name)
        if parameter is not None and parameter.unit == "instant" and "-" in text[1:]:
            found[name] = int(instant(f"{where}: {name}", text).timestamp())
        else:
            found[name] = Fields(where, texts).whole(name, least=None)
    return found


def read_state(terms: CompiledTerms, texts: Mapping[str, str], where: str) -> dict[str, int]:
    """What has been used before; a state that the terms do not have is a slip of the pen."""
    known = [rule.name for rule in terms.states]
    return {name: Fields.of(where, texts, known).whole(name) for name in texts}


def read_void(product: Product, clauses: Sequence[str]) -> frozenset[str]:
    for number in clauses:
        if product.clause(number) is None:
            known = [clause.number for clause in product.clauses if clause.takes_away]
            raise no(
                "clause_unknown",
                number,
                zh=f"产品 {product.code} {product.version} 没有条款 {number}；须作说明的条款：{'、'.join(known)}。",
                en=f"Product {product.code} {product.version} has no clause {number}; those that need an explanation: "
                f"{', '.join(known)}.",
            )
    return frozenset(clauses)
