"""The register of providers: those of the catalogue, with the qualifications that they have registered since."""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Refusal, local_day, refuse
from ringwall.desk.office import Office
from ringwall.service import Provider, Qualification, check_qualification


def registered(office: Office, code: str) -> Provider | None:
    """A provider of the catalogue with all that it has registered; None where the catalogue does not list it."""
    provider, member = office.catalogue.providers.get(code), office.directory.by_code(code)
    return provider.qualified_by(office.qualifications.of(member.id)) if provider and member else provider


def register_qualification(office: Office, qualification: Qualification, *, at: datetime) -> Provider | Refusal:
    """A provider registers a certificate, or the renewal of one; the older one serves until its own last day."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    provider = registered(office, me.code)
    if provider is None:
        return _not_registered(me.code)
    objection = check_qualification(qualification, provider, local_day(at))
    if objection is not None:
        return objection
    if qualification in provider.qualifications:
        return provider
    office.qualifications.add(qualification)
    return provider.qualified_by((qualification,))


def _not_registered(code: str) -> Refusal:
    return refuse(
        "provider_unknown",
        code,
        zh=f"服务机构名册中没有 {code}；请从名册中选择服务机构。",
        en=f"The register has no provider {code}; choose one of the register.",
    )
