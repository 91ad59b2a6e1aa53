"""What an insured may order: what its policy includes and has left, and what is paid for, before binding too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.dispatch_provider import entitlements_left
from ringwall.desk.service.registry import registered
from ringwall.desk.service.scorecard_of import scorecard_of
from ringwall.desk.views.parts import all_known
from ringwall.service import Phase, Provider, RateCard, Scorecard, Service, card_for, may_serve

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


@dataclass(frozen=True, slots=True)
class Certificate:
    """One qualification in words, and whether it holds."""

    name: Words
    grade: int
    number: str
    expires_on: date
    holds: bool


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """A provider of the register: certificates, rate card, and how it keeps its times."""

    provider: Provider
    certificates: tuple[Certificate, ...]
    card: RateCard | None
    scorecard: Scorecard


def services_page(office: Office, now: datetime) -> tuple[ServicesOf, ...]:
    """Every case of the insured, with what may be ordered in it."""
    return tuple(_of_case(office, row.number, now) for row in all_known(office.submissions, now))


def provider_page(office: Office, code: str, now: datetime) -> ProviderPage | Refusal:
    """A provider as the register has it, and its scorecard over the orders that the reader may see."""
    provider, day = registered(office, code), local_day(now)
    if provider is None:
        return not_visible(code)
    names = office.catalogue.services
    held = tuple(
        Certificate(names.qualification(q.scheme, q.direction), q.grade, q.certificate, q.expires_on, q.holds(day))
        for q in sorted(provider.qualifications, key=lambda q: q.expires_on)
    )
    card = card_for(office.catalogue.rate_cards, code, day)
    return ProviderPage(provider, held, None if isinstance(card, Refusal) else card, scorecard_of(office, code, now))


def _of_case(office: Office, number: str, now: datetime) -> ServicesOf:
    object_id = office.objects.by_number(number)
    assert object_id is not None, "the application is visible, and so is its object"
    policies = all_known(office.policies, now, object_id)
    included = {each.service: each for each in entitlements_left(office, object_id)} if policies else {}
    phases = []
    for phase in Phase if policies else (Phase.PRE_BIND,):
        choices = []
        for service in office.catalogue.services.of_phase(phase):
            own, able = included.get(service.code), _able(office, service, now)
            choices.append(Choice(service, own.units if own else 0, own.left if own else 0, able))
        phases.append((PHASE_NAMES[phase], tuple(sorted(choices, key=lambda each: each.units == 0))))
    return ServicesOf(number, policies[-1].number if policies else "", tuple(phases))


def _able(office: Office, service: Service, now: datetime) -> tuple[Provider, ...]:
    """Providers of the register that are on the platform and qualified today."""
    day = local_day(now)
    found = (registered(office, code) for code in office.catalogue.providers if office.directory.by_code(code))
    return tuple(each for each in found if each is not None and may_serve(each, service, day) is None)
