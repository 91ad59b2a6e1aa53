"""Quotes that may still become a policy, and the first thing that stands in the way of that."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.parts import all_known
from ringwall.policy import received_minor
from ringwall.product import explanations
from ringwall.underwriting import Route, confirmations


class Missing(StrEnum):
    """What a quote lacks before it can be bound, in the order in which it comes."""

    ACCEPTANCE = "acceptance"
    EXPLANATIONS = "explanations"
    PREMIUM = "premium"
    NOTHING = "nothing"


def open_quotes(office: Office, object_id: UUID, now: datetime) -> tuple[Row[QuoteFile], ...]:
    """The quotes of a case that no policy has come from and that have not been declined."""
    if all_known(office.policies, now, object_id):
        return ()
    quotes = all_known(office.quotes, now, object_id)
    return tuple(row for row in quotes if row.record.decision.route is not Route.DECLINE)


def missing_for(office: Office, row: Row[QuoteFile], now: datetime) -> Missing:
    """The first thing that is missing, as it was known at an instant."""
    quote = row.record
    if quote.decision.route is not Route.ACCEPT:
        return Missing.ACCEPTANCE
    clauses = [clause.number for clause in explanations(office.catalogue.version(quote.product, quote.version))]
    explained = [each.record for each in all_known(office.explanations, now, row.object_id)]
    if not all(confirmations(clauses, explained, quote.version, now).values()):
        return Missing.EXPLANATIONS
    receipts = [
        each.record
        for each in all_known(office.receipts, now, row.object_id)
        if each.number.startswith(f"{row.number}:")
    ]
    paid = received_minor(receipts, [line.insurer for line in quote.panel], now)
    return Missing.NOTHING if paid >= quote.priced.insured_part_minor else Missing.PREMIUM
