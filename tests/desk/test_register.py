"""The register of providers: what a provider registers serves from then on, and others read it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.desk.service.registry import register_qualification, registered
from ringwall.service import Charge, Order, Provider, Qualification

AFTER_ITS_END = datetime.fromisoformat("2027-06-02T09:00:00+08:00")
RENEWAL = Qualification("CCRC", "risk_assessment", 2, "INV-RA-0002", date(2027, 5, 1), date(2030, 5, 1))


def _order(office: Office, object_id: UUID) -> Order | Refusal:
    return dispatch_provider(office, object_id, OrderWish("compliance-check", charge=Charge.INSURED), at=AFTER_ITS_END)


def test_an_expired_qualification_does_not_serve_until_its_renewal_is_registered(told_until: ToldUntil) -> None:
    year = told_until("bind")
    refusal = year.read("insured", _order)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_qualified"
    for key in ("once", "again"):
        year.do(
            "provider",
            "register_qualification",
            f"renew-{key}",
            Provider,
            lambda office, _: register_qualification(office, RENEWAL, at=AFTER_ITS_END),
        )
    seen = year.read("insured", lambda office, _: registered(office, "fengtai"))
    assert isinstance(seen, Provider)
    assert seen.qualifications.count(RENEWAL) == 1
    assert isinstance(year.read("insured", _order), Order)
