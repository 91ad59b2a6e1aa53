"""A re-test that the insured asks for starts at once: as an order of the policy, else as a look of our scanner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.service.consent_of_order import assets_within_consent
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider, entitlement_left
from ringwall.desk.views.parts import all_known
from ringwall.evidence import Finding, MatchBasis
from ringwall.service import Order

RETEST = "retest"
"""The code of the service in the catalogue."""


def start_retest(office: Office, object_id: UUID, finding: Finding, *, at: datetime) -> Order | Refusal | None:
    """The order, with its clock; None where no order fits and the scanner was woken, or where one runs already.

    What only a report of somebody else has said our scanner cannot see; without an order it waits for whoever is asked.
    """
    if order_of_retest(office, object_id, finding.uid, at) is not None:
        return None
    service = office.catalogue.services.service(RETEST)
    if isinstance(service, Refusal):
        return service
    within = assets_within_consent(office, object_id, service, (finding.asset,), at=at)
    if isinstance(within, Refusal):
        return within
    left = entitlement_left(office, object_id, RETEST)
    if not isinstance(left, Refusal) and left.left:
        wish = OrderWish(RETEST, assets=within, findings=(finding.uid,))
        order = dispatch_provider(office, object_id, wish, at=at)
        if isinstance(order, Order):
            return order
    if finding.basis is not MatchBasis.SELF_REPORTED:
        office.looks.wake(object_id)
    return None


def order_of_retest(office: Office, object_id: UUID, finding: str, at: datetime) -> Order | None:
    """The open order that is to look at a finding again, as known at an instant."""
    orders = (row.record for row in all_known(office.orders, at, object_id))
    return next((each for each in orders if finding in each.findings and not each.is_done), None)
