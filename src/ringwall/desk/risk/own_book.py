"""Exposure and claims of the house in the form that a refit reads: policies bound here, and what was lost on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from ringwall.basics import FEN_PER_YUAN, Refusal, local_day, refuse
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.portfolio.held_book import book_policies
from ringwall.desk.price.own_experience import counts
from ringwall.desk.records import ClaimFile
from ringwall.desk.views.parts import all_known
from ringwall.incident import Incident, IncidentClass
from ringwall.portfolio import BookPolicy
from ringwall.product import Schedule
from ringwall.risk import (
    COMPONENTS,
    BookExperience,
    Exposed,
    Lost,
    Peril,
    RiskModel,
    frequency,
    profile_of,
    territory_of,
)

RESPONSE = frozenset({"INRE", "MIT", "INV"})
"""Parts that share the response cost of an event; the model draws it as one."""
BY_CLASS: Mapping[IncidentClass, Peril] = {
    IncidentClass.MALICIOUS_PROGRAM: Peril.RAN,
    IncidentClass.DATA_SECURITY: Peril.DB,
    IncidentClass.FACILITY_FAILURE: Peril.SYSF,
    IncidentClass.VIOLATION: Peril.SYSF,
}
"""A network attack says how somebody came in and not what it cost: the parts of its claim decide, or nobody does."""


def own_book(office: Office, *, at: datetime) -> BookExperience:
    """Exposure of the policies bound here until now, their claims, and the claims that cannot be used, with the reason.

    Imported rows are left out: their claims are not on record here, and exposure alone would say that all is well.
    """
    model, today = office.catalogue.model, local_day(at)
    bound = {row.number: row.record.schedule for row in all_known(office.policies, at)}
    held = {policy.number: policy for policy in book_policies(office, at) if policy.number in bound}
    exposed = tuple(_exposed(model, policy, today) for policy in held.values() if policy.first_day < today)
    begun = {each.policy for each in exposed}
    lost: list[Lost] = []
    refusals: list[Refusal] = []
    for row in all_known(office.claims, at):
        number = row.record.claim.policy
        if number not in begun or not counts(row.record.claim):
            continue
        found = _lost(office, row, bound[number], held[number])
        if isinstance(found, Refusal):
            refusals.append(found)
        else:
            lost.extend(found)
    return BookExperience(exposed, tuple(lost), tuple(refusals))


def _exposed(model: RiskModel, policy: BookPolicy, today: date) -> Exposed:
    """Relativity: what the filed rates and the evidence at binding made of the frequency of all perils together."""
    organisation = policy.organisation
    profile = profile_of(model, organisation)
    relieved = 1.0
    if not isinstance(profile, Refusal):
        plain, with_relief = frequency(model, profile), frequency(model, profile, policy.relief)
        relieved = sum(with_relief.values()) / sum(plain.values())
    return Exposed(
        policy.number,
        territory_of(organisation.region),
        organisation.industry,
        organisation.revenue_minor / FEN_PER_YUAN,
        policy.first_day,
        min(policy.last_day, today),
        float(policy.relativity) * relieved,
    )


def _lost(office: Office, row: Row[ClaimFile], schedule: Schedule, policy: BookPolicy) -> tuple[Lost, ...] | Refusal:
    """One row for the claim, or one for each of its components that lies above the deductible that would hide it."""
    file = row.record
    incident = office.incidents.newest(file.claim.incident)
    happened = local_day(incident.record.started_at or incident.record.discovered_at) if incident else None
    peril = peril_of(incident.record, file) if incident else None
    if happened is None or peril is None or not policy.first_day <= happened < policy.last_day:
        return _unusable(row.number, file.claim.incident)
    counted = Lost(row.number, policy.number, happened, peril, "", 0.0, 0.0, None)
    known = tuple(
        replace(counted, component=code, loss=loss, deductible=deductible)
        for code, loss, deductible in _components(file, schedule, peril)
        if loss > deductible
    )
    return known or (counted,)


def peril_of(incident: Incident, file: ClaimFile) -> Peril | None:
    """By what was lost where that tells, else by the class of the incident; None where neither does."""
    parts = {item.part for item in file.event.items}
    if "CBI" in parts:
        return Peril.VEND
    if "FIN" in parts:
        return Peril.FTF
    return BY_CLASS.get(incident.incident_class)


def _components(file: ClaimFile, schedule: Schedule, peril: Peril) -> Iterator[tuple[str, float, float]]:
    """Component, yuan from the ground up, and the deductible of its part."""
    invoiced: dict[str, int] = {}
    for item in file.event.items:
        if item.amount_minor:
            part = "INRE" if item.part in RESPONSE else item.part
            invoiced[part] = invoiced.get(part, 0) + item.amount_minor
    for part, minor in sorted(invoiced.items()):
        code = f"{peril}.{part}"
        if code in COMPONENTS:
            deductible = schedule.values.get(f"{part.lower()}_deductible", 0)
            yield code, minor / FEN_PER_YUAN, deductible / FEN_PER_YUAN


def _unusable(claim: str, incident: str) -> Refusal:
    return refuse(
        "claim_without_peril",
        claim,
        zh=f"赔案 {claim} 的事件 {incident or '—'} 未归入模型的任何风险，或不在保险期间内，未用于重新拟合；"
        "请核对事件类别与时间。",
        en=f"Incident {incident or '—'} of claim {claim} falls under no peril of the model or outside the term, so it "
        "is left out of the refit; check its class and its time.",
    )
