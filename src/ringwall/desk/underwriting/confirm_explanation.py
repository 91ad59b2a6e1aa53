"""What takes something away is shown and explained to the applicant, who confirms each clause (R-05)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.product import Clause, explanations
from ringwall.underwriting import Explanation, confirm


def confirm_explanation(
    office: Office,
    object_id: UUID,
    product_code: str,
    clauses: tuple[str, ...],
    *,
    by: str,
    shown_at: datetime,
    at: datetime,
) -> tuple[Explanation, ...] | Refusal:
    """The applicant's confirmation of each clause, with the hash of the exact words that were shown."""
    product = office.catalogue.products[product_code]
    number, confirmed = office.objects.number_of(object_id), []
    for clause in explanations(product):
        if clause.number not in clauses:
            continue
        shown = Explanation(clause.number, product.version, shown_at, "web page", _sha256(clause))
        answer = confirm(shown, by, at)
        if isinstance(answer, Refusal):
            return answer
        office.explanations.add(
            f"{number}:{clause.number}", answer, object_id=object_id, effective_at=at, known_at=at, state="confirmed"
        )
        confirmed.append(answer)
    return tuple(confirmed)


def _sha256(clause: Clause) -> str:
    return hashlib.sha256(f"{clause.number}\x1f{clause.text.zh}\x1f{clause.text.en}".encode()).hexdigest()
