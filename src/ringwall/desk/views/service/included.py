"""What an insured may order: what its policy includes and has left, and what is paid for, before binding too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.office import Office
from ringwall.desk.service.dispatch_provider import entitlements_left
from ringwall.desk.service.rate_cards import card_of
from ringwall.desk.service.registry import providers_known, unfit_for
from ringwall.desk.views.parts import all_known
from ringwall.service import Phase, Provider, Service

PHASE_NAMES = {
    Phase.PRE_BIND: Words("承保前", "Before binding"),
    Phase.IN_TERM: Words("保险期间内", "In term"),
    Phase.INCIDENT: Words("事件中", "During an incident"),
    Phase.AFTER: Words("事后", "Afterwards"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One service: what is included and left of it, and who may give it today."""

    service: Service
    units: int
    left: int
    providers: tuple[Provider, ...]


@dataclass(frozen=True, slots=True)
class ServicesOf:
    """What may be ordered in one case; `policy` is empty before binding."""

    number: str
    policy: str
    phases: tuple[tuple[Words, tuple[Choice, ...]], ...]


def services_page(office: Office, now: datetime) -> tuple[ServicesOf, ...]:
    """Every case of the insured, with what may be ordered in it."""
    return tuple(_of_case(office, row.number, now) for row in all_known(office.submissions, now))


def _of_case(office: Office, number: str, now: datetime) -> ServicesOf:
    object_id = office.objects.by_number(number)
    assert object_id is not None, "the application is visible, and so is its object"
    policies = all_known(office.policies, now, object_id)
    included = {each.service: each for each in entitlements_left(office, object_id)} if policies else {}
    phases = []
    for phase in Phase if policies else (Phase.PRE_BIND,):
        choices = []
        for service in office.catalogue.services.of_phase(phase):
            own, able = included.get(service.code), _able(office, object_id, service, now)
            choices.append(Choice(service, own.units if own else 0, own.left if own else 0, able))
        phases.append((PHASE_NAMES[phase], tuple(sorted(choices, key=lambda each: each.units == 0))))
    return ServicesOf(number, policies[-1].number if policies else "", tuple(phases))


def _able(office: Office, object_id: UUID, service: Service, now: datetime) -> tuple[Provider, ...]:
    """Providers that are on the platform, vetted by the lead, qualified today, and with an accepted price."""
    known = [each for each in providers_known(office) if office.directory.by_code(each.id)]
    fit = [each for each in known if unfit_for(office, object_id, each.id, service, now) is None]
    day = local_day(now)
    return tuple(
        each for each in fit if not isinstance(card_of(office, object_id, each.id, service.code, day), Refusal)
    )
