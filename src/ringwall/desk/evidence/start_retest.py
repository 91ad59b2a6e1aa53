"""A re-test that the insured asks for starts at once: as an order of the policy, else as a look of our scanner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, local_day, refuse
from ringwall.desk.office import Office
from ringwall.desk.service.consent_of_order import assets_within_consent
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider, entitlement_left
from ringwall.desk.views.parts import all_known
from ringwall.evidence import Finding, reported_by
from ringwall.service import Order

RETEST = "retest"
"""The code of the service in the catalogue."""


def start_retest(office: Office, object_id: UUID, finding: Finding, *, at: datetime) -> Order | Refusal | None:
    """The order, with its clock; None where no order fits and the scanner was woken, or where one runs already.

    What only a report of somebody else has said our scanner cannot see; without an order `retest_waits` says what
    is to be done.
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
    if not reported_by(finding):
        office.looks.wake(object_id)
    return None


def order_of_retest(office: Office, object_id: UUID, finding: str, at: datetime) -> Order | None:
    """The open order that is to look at a finding again, as known at an instant."""
    orders = (row.record for row in all_known(office.orders, at, object_id))
    return next((each for each in orders if finding in each.findings and not each.is_done), None)


def retest_waits(office: Office, object_id: UUID, finding: Finding) -> Refusal | None:
    """Who has to do what so that a finding that is said to be fixed, and on no order, is looked at again; None where
    we look."""
    tool = reported_by(finding)
    if not tool:
        return None
    included, day = entitlement_left(office, object_id, RETEST), local_day(finding.last_seen)
    left = 0 if isinstance(included, Refusal) else included.left
    return refuse(
        "retest_by_report",
        finding.uid,
        zh=f"“{finding.title.zh}”只见于 {day} 的 {tool} 报告，本平台的检测看不到它，且没有进行中的复测工单"
        f"（保险单所含复测还剩 {left} 次）：请上传修复后的 {tool} 报告（同一处不再出现即关闭），或向服务商下复测工单。",
        en=f"'{finding.title.en}' is known only from a report of {tool} of {day}, our own looks cannot see it, and no "
        f"re-test of it is on order (the policy has {left} left): hand in a newer report of {tool}, which closes it "
        "where it is not seen there any more, or order a re-test from a provider.",
    )
