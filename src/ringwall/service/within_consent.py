"""A service that touches the insured's systems is ordered and begun only within the consent that the insured signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from ringwall.basics import Refusal, Term, Words, refuse
from ringwall.exposure import Consent, LookMethod, may_plan, stands_over
from ringwall.service.catalogue import Service, Touch
from ringwall.service.order import Order

METHODS = {Touch.PASSIVE: LookMethod.PASSIVE, Touch.ACTIVE: LookMethod.ACTIVE}


def assets_to_touch(
    service: Service, consent: Consent | None, declared: Iterable[str], named: Collection[str], at: datetime
) -> tuple[str, ...] | Refusal:
    """The assets that an order may look at: those that are named, each within the consent for the whole time of the
    work; where none is named, every declared one that the consent covers. Nothing for a service that touches none."""
    term = Term(at, at + service.takes)
    if service.touches is Touch.NONE:
        return ()
    if (objection := stands_over(consent, service.code, term)) is not None:
        return _of_service(service, objection)
    if service.touches is Touch.TRAFFIC:
        return ()
    method, known = METHODS[service.touches], tuple(declared)
    objections = {asset: may_plan(consent, asset, term, method) for asset in named or known}
    if named:
        first = next((each for each in objections.values() if each is not None), None)
        return tuple(named) if first is None else _of_service(service, first)
    covered = tuple(asset for asset, objection in objections.items() if objection is None)
    if covered:
        return covered
    first = next((each for each in objections.values() if each is not None), None)
    return _nothing_declared(service) if first is None else _of_service(service, first)


def may_begin(order: Order, service: Service, consent: Consent | None, at: datetime) -> Refusal | None:
    """Whether the work of an order may begin or go on at an instant; what it looks at was named when it was ordered."""
    if service.touches is Touch.NONE:
        return None
    now = Term(at, at)
    if service.touches is Touch.TRAFFIC or not order.assets:
        objection = stands_over(consent, order.number, now)
        return None if objection is None else _of_service(service, objection)
    method = METHODS[service.touches]
    found = (may_plan(consent, asset, now, method) for asset in order.assets)
    first = next((each for each in found if each is not None), None)
    return None if first is None else _of_service(service, first)


def _of_service(service: Service, objection: Refusal) -> Refusal:
    """The objection of the consent, with the service that it stands against."""
    said = objection.message
    message = Words(f"{service.name.zh}：{said.zh}", f"{service.name.en}: {said.en}")
    return replace(objection, where=service.code, message=message)


def _nothing_declared(service: Service) -> Refusal:
    return refuse(
        "assets_not_declared",
        service.code,
        zh=f"{service.name.zh}需要检查对象，而资产清单为空；请先申报资产并将其列入授权书。",
        en=f"{service.name.en} looks at assets and none is declared; declare them and name them in the consent first.",
    )
