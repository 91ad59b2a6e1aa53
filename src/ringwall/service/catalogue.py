"""The service catalogue: what can be ordered, in which phase, from whom, and which clocks run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse


class Phase(StrEnum):
    """When a service is given in the life of a policy."""

    PRE_BIND = "pre_bind"
    IN_TERM = "in_term"
    INCIDENT = "incident"
    AFTER = "after"


class Role(StrEnum):
    """What a provider does on a case; some roles do not go together (conflict.py)."""

    ASSESSOR = "assessor"
    RESPONDER = "responder"
    FIXER = "fixer"
    ADJUSTER = "adjuster"


class ConsentOf(StrEnum):
    """Whose consent an order needs before a provider is engaged."""

    INSURED = "insured"
    INSURER = "insurer"


class Touch(StrEnum):
    """How a service touches the insured's own systems; whatever does needs the insured's signed consent besides."""

    NONE = "none"
    PASSIVE = "passive"
    ACTIVE = "active"
    TRAFFIC = "traffic"


class DeliverableKind(StrEnum):
    """What is handed over: a file of its own, or what the evidence room has on record."""

    FILE = "file"
    SCAN = "scan"
    TRAFFIC = "traffic"


class OrderState(StrEnum):
    """Where an order stands; the straight way first, then what leaves it: done again, reversed, or without a result."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    DELIVERED = "delivered"
    ACCEPTED_BY_INSURED = "accepted_by_insured"
    SETTLED = "settled"
    SENT_BACK = "sent_back"
    REVERSED = "reversed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


STRAIGHT_WAY = (
    OrderState.REQUESTED,
    OrderState.CONSENTED,
    OrderState.ACCEPTED,
    OrderState.ON_SITE,
    OrderState.DELIVERED,
    OrderState.ACCEPTED_BY_INSURED,
    OrderState.SETTLED,
)


@dataclass(frozen=True, slots=True)
class SlaTerm:
    """A service time (服务时限) in elapsed hours between two states, with its date and source."""

    name: str
    from_state: OrderState
    to_state: OrderState
    hours: int
    since: date
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class QualificationNeed:
    """The qualification a provider needs; grade 1 is the highest, `lowest_grade` is the last that will do."""

    scheme: str
    direction: str
    lowest_grade: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what is delivered, by whom, with whose consent and how fast."""

    code: str
    phase: Phase
    name: Words
    deliverable: Words
    needs: QualificationNeed
    role: Role
    consent: ConsentOf
    on_site: bool
    clocks: tuple[SlaTerm, ...]
    delivered_as: DeliverableKind = DeliverableKind.FILE
    touches: Touch = Touch.NONE

    @property
    def takes(self) -> timedelta:
        """The service times that follow each other, from the order to the deliverable."""
        return timedelta(hours=sum(clock.hours for clock in self.clocks))

    @property
    def states(self) -> tuple[OrderState, ...]:
        """The straight way of an order for this service; one without work on site goes from accepted to delivered."""
        return tuple(state for state in STRAIGHT_WAY if self.on_site or state is not OrderState.ON_SITE)


@dataclass(frozen=True, slots=True)
class ServiceCatalogue:
    """What may be ordered, by code; `schemes` and `directions` are the words of the qualifications."""

    name: str
    services: tuple[Service, ...]
    schemes: Mapping[str, Words] = field(default_factory=dict)
    directions: Mapping[str, Words] = field(default_factory=dict)

    def of_phase(self, phase: Phase) -> tuple[Service, ...]:
        return tuple(service for service in self.services if service.phase is phase)

    def qualification(self, scheme: str, direction: str) -> Words:
        """A kind of qualification as people call it; a code that has no words stands for itself."""
        by = self.schemes.get(scheme, Words(scheme, scheme))
        of = self.directions.get(direction, Words(direction, direction))
        return Words(f"{by.zh}·{of.zh}", f"{by.en}, {of.en}")

    def service(self, code: str) -> Service | Refusal:
        found = next((service for service in self.services if service.code == code), None)
        if found is not None:
            return found
        return refuse(
            "service_unknown",
            code,
            zh=f"服务目录 {self.name} 中没有 {code}；请从目录中选择服务。",
            en=f"The catalogue {self.name} has no service {code}; choose one that it lists.",
        )


def parse_catalogue(text: str, where: str) -> ServiceCatalogue | Refusal:
    """The catalogue of a YAML file; a fault gives no catalogue."""
    try:
        data = read_yaml(text)
        services = tuple(_service(row) for row in data["services"])
        catalogue = ServiceCatalogue(data["name"], services, _named(data["schemes"]), _named(data["directions"]))
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        return _faulty(where, f"无法读取：{fault}", f"cannot be read: {fault}")
    codes = [service.code for service in catalogue.services]
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        return _faulty(where, f"服务 {twice} 出现两次", f"lists the service {twice} twice")
    for service in services:
        needs = service.needs
        if needs.scheme not in catalogue.schemes or needs.direction not in catalogue.directions:
            named = f"{needs.scheme} {needs.direction}"
            return _faulty(where, f"服务 {service.code} 的资质 {named} 没有名称", f"has no words for {named}")
    return catalogue


def _named(rows: Mapping[str, Mapping[str, str]]) -> Mapping[str, Words]:
    return {code: Words(row["zh"], row["en"]) for code, row in rows.items()}


def _service(row: Mapping[str, Any]) -> Service:
    needs = row["qualification"]
    service = Service(
        code=row["code"],
        phase=Phase(row["phase"]),
        name=Words(row["name"]["zh"], row["name"]["en"]),
        deliverable=Words(row["deliverable"]["zh"], row["deliverable"]["en"]),
        needs=QualificationNeed(needs["scheme"], needs["direction"], int(needs["lowest_grade"])),
        role=Role(row["role"]),
        consent=ConsentOf(row["consent"]),
        on_site={"yes": True, "no": False}[row["on_site"]],
        clocks=tuple(_clock(clock) for clock in row["clocks"]),
        delivered_as=DeliverableKind(row.get("delivered_as", "file")),
        touches=Touch(row.get("touches", "none")),
    )
    for clock in service.clocks:
        if not {clock.from_state, clock.to_state} <= set(service.states) or clock.hours <= 0:
            raise ValueError(f"{service.code}/{clock.name}")
    if service.delivered_as is not DeliverableKind.FILE and service.touches is Touch.NONE:
        raise ValueError(f"{service.code}: {service.delivered_as} without touches")
    return service


def _clock(row: Mapping[str, str]) -> SlaTerm:
    return SlaTerm(
        row["name"],
        OrderState(row["from"]),
        OrderState(row["to"]),
        int(row["hours"]),
        date.fromisoformat(row["since"]),
        row["source"],
        row.get("note", ""),
    )


def _faulty(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "catalogue_faulty",
        where,
        zh=f"服务目录{zh}；请更正后重新载入。",
        en=f"The catalogue {en}; correct it and load it again.",
    )
