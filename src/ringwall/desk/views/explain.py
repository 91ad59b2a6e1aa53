"""What takes something away, in its own words, for the applicant to confirm clause by clause before binding (R-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.parts import all_known, insured_name, known
from ringwall.product import explanations
from ringwall.underwriting import Explanation


@dataclass(frozen=True, slots=True)
class ClauseToConfirm:
    """One clause that takes something away, and its confirmation where there is one for this very version."""

    number: str
    heading: Words
    text: Words
    confirmed: Explanation | None


@dataclass(frozen=True, slots=True)
class Explaining:
    """The exclusions of one quote; `open_for_confirming` until a policy has come from it."""

    quote: str
    case: str
    insured: Words
    product: Words
    code: str
    clauses: tuple[ClauseToConfirm, ...]
    open_for_confirming: bool

    @property
    def waiting(self) -> tuple[ClauseToConfirm, ...]:
        return tuple(clause for clause in self.clauses if clause.confirmed is None)


def explaining(office: Office, number: str, now: datetime) -> Explaining | Refusal:
    """The clauses of a quote's product that work only if they are explained, each with its confirmation."""
    row = known(office.quotes, office.quotes.newest(number), now)
    if row is None:
        return not_visible(number)
    product = office.catalogue.version(row.record.product, row.record.version)
    found = [each.record for each in all_known(office.explanations, now, row.object_id)]
    confirmed = {e.clause: e for e in found if e.product_version == product.version and e.confirmed_before(now)}
    return Explaining(
        quote=number,
        case=office.objects.number_of(row.object_id),
        insured=insured_name(office, row.object_id),
        product=product.title,
        code=product.code,
        clauses=tuple(
            ClauseToConfirm(clause.number, clause.heading, clause.text, confirmed.get(clause.number))
            for clause in explanations(product)
        ),
        open_for_confirming=not office.policies.of_object(row.object_id),
    )
