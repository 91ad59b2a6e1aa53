"""What takes something away is shown and explained to the applicant, who confirms each clause (R-05)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office
from ringwall.product import Clause, Product, explanations
from ringwall.underwriting import Explanation, confirm


def confirm_explanation(
    office: Office,
    object_id: UUID,
    clauses: tuple[str, ...],
    *,
    by: str,
    shown_at: datetime,
    at: datetime,
) -> tuple[Explanation, ...] | Refusal:
    """The applicant's confirmation of each clause, with the hash of the exact words that were shown."""
    product = applied_product(office, object_id)
    known = [clause.number for clause in explanations(product)]
    if strange := [clause for clause in clauses if clause not in known]:
        return refuse(
            "clause_unknown",
            strange[0],
            zh=f"条款 {strange[0]} 不在 {product.code} 须说明的条款（{'、'.join(known)}）之内；请核对条款号。",
            en=f"Clause {strange[0]} is not among those of {product.code} to be explained: {', '.join(known)}.",
        )
    number, confirmed = office.objects.number_of(object_id), []
    for clause in explanations(product):
        if clause.number not in clauses:
            continue
        shown = Explanation(clause.number, product.version, shown_at, "web page", words_sha256(clause))
        answer = confirm(shown, by, at)
        if isinstance(answer, Refusal):
            return answer
        office.explanations.add(
            f"{number}:{clause.number}", answer, object_id=object_id, effective_at=at, known_at=at, state="confirmed"
        )
        confirmed.append(answer)
    return tuple(confirmed)


def applied_product(office: Office, object_id: UUID) -> Product:
    """The product in the version that the application has pinned."""
    applied = office.submissions.of_object(object_id)[-1].record
    return office.catalogue.version(applied.product_code, applied.product_version)


def words_sha256(clause: Clause) -> str:
    """The hash of the exact words that are shown, in both languages."""
    return hashlib.sha256(f"{clause.number}\x1f{clause.text.zh}\x1f{clause.text.en}".encode()).hexdigest()
