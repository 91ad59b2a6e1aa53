"""The cover as people read it: clauses with their words on demand, services with what is left of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ringwall.basics import Words
from ringwall.desk.office import Office
from ringwall.policy import PolicyContent
from ringwall.product import Product
from ringwall.service import Order


@dataclass(frozen=True, slots=True)
class ClauseShown:
    """One clause: `works` is False where its explanation was not confirmed; `text` is empty for an unknown version."""

    number: str
    heading: Words
    text: Words | None
    takes_away: bool
    works: bool


@dataclass(frozen=True, slots=True)
class ServiceShown:
    """A service that the policy includes, and how many units the orders have left of it."""

    code: str
    name: Words
    units: int
    left: int


def clauses_of(office: Office, content: PolicyContent) -> tuple[ClauseShown, ...]:
    """Every clause of the policy with its words, from the product version that the policy names."""
    product, void = product_of(office, content), set(content.void_clauses)
    return tuple(
        ClauseShown(
            line.number,
            line.heading,
            clause.text if product and (clause := product.clause(line.number)) else None,
            line.takes_away,
            line.number not in void,
        )
        for line in content.cover.clauses
    )


def product_of(office: Office, content: PolicyContent) -> Product | None:
    """The product in exactly the version of the policy; another version's words are not the policy's."""
    return office.catalogue.versions.get(f"{content.product_code}/{content.product_version}")


def services_of(content: PolicyContent, orders: Iterable[Order]) -> tuple[ServiceShown, ...]:
    """Each order draws one unit; one that ended without a result has given it back."""
    drawn = [order.service for order in orders if order.draws]
    return tuple(
        ServiceShown(line.code, line.name, line.units, max(line.units - drawn.count(line.code), 0))
        for line in content.cover.services
    )
