"""Explanation of clauses that take something away: shown, when, confirmed by whom; unconfirmed is void (R-05)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Explanation:
    """One clause as it was shown; `text_sha256` holds the exact words, `means` how it was shown (web page, video)."""

    clause: str
    product_version: str
    shown_at: datetime
    means: str
    text_sha256: str
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    def confirmed_before(self, instant: datetime) -> bool:
        return bool(self.confirmed_by) and self.confirmed_at is not None and self.confirmed_at <= instant


def confirm(explanation: Explanation, by: str, at: datetime) -> Explanation | Refusal:
    """The applicant confirms that the clause was explained; nobody confirms before seeing it."""
    if at < explanation.shown_at:
        return refuse(
            "confirmed_before_shown",
            explanation.clause,
            zh=f"条款 {explanation.clause} 于 {explanation.shown_at} 展示，确认时间 {at} 更早；请展示后再确认。",
            en=f"Clause {explanation.clause} was shown at {explanation.shown_at}, the confirmation is of {at}; "
            "confirm after showing.",
        )
    if not by.strip():
        return refuse(
            "confirmed_by_nobody",
            explanation.clause,
            zh=f"条款 {explanation.clause} 的确认没有确认人；请注明投保人的签署人。",
            en=f"The confirmation of clause {explanation.clause} names nobody; name who signs for the applicant.",
        )
    return replace(explanation, confirmed_by=by, confirmed_at=at)


def confirmations(
    clauses: Sequence[str], explanations: Iterable[Explanation], product_version: str, concluded_at: datetime
) -> dict[str, bool]:
    """Each clause that takes something away → explained and confirmed before conclusion, for this very version."""
    worked = {
        explanation.clause
        for explanation in explanations
        if explanation.product_version == product_version and explanation.confirmed_before(concluded_at)
    }
    return {clause: clause in worked for clause in clauses}


def void_clauses(confirmed: Mapping[str, bool]) -> tuple[str, ...]:
    """The clauses that do not work because nobody confirmed their explanation."""
    return tuple(clause for clause, is_confirmed in confirmed.items() if not is_confirmed)
