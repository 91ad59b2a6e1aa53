"""Providers and their qualifications, with the day on which each expires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, refuse
from ringwall.service.catalogue import Service


@dataclass(frozen=True, slots=True)
class Qualification:
    """A certificate of a provider for one direction; it holds on [valid_from, expires_on)."""

    scheme: str
    direction: str
    grade: int
    certificate: str
    valid_from: date
    expires_on: date

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.expires_on


@dataclass(frozen=True, slots=True)
class Provider:
    """A service provider (网络安全服务机构); `group` is the group of companies it belongs to."""

    id: str
    name: Words
    qualifications: tuple[Qualification, ...]
    group: str = ""


def parse_providers(text: str, where: str) -> Mapping[str, Provider] | Refusal:
    """The register of a YAML file by the providers' codes; a row that cannot be read refuses the file."""
    try:
        rows = yaml.load(text, Loader=yaml.BaseLoader)["providers"]
        found = {row["id"]: _provider(row) for row in rows}
    except (yaml.YAMLError, LookupError, TypeError, ValueError, AttributeError) as fault:
        detail = " ".join(str(fault).split())
        return refuse(
            "providers_faulty",
            where,
            zh=f"服务机构名册无法读取：{detail}；请更正后重新载入。",
            en=f"The register of providers cannot be read: {detail}; correct it and load it again.",
        )
    return found


def _provider(row: Mapping[str, Any]) -> Provider:
    qualifications = tuple(
        Qualification(
            each["scheme"],
            each["direction"],
            int(each["grade"]),
            each["certificate"],
            date.fromisoformat(each["valid_from"]),
            date.fromisoformat(each["expires_on"]),
        )
        for each in row["qualifications"]
    )
    return Provider(row["id"], Words(row["name"]["zh"], row["name"]["en"]), qualifications, row["group"])


def renew(provider: Provider, qualification: Qualification) -> Provider | Refusal:
    """The provider with a certificate more; the same certificate again takes the place of its earlier entry."""
    if qualification.expires_on <= qualification.valid_from:
        return refuse(
            "qualification_ends_before_start",
            provider.id,
            zh=f"证书 {qualification.certificate} 自 {qualification.valid_from} 起，"
            f"却于 {qualification.expires_on} 止；请更正有效期。",
            en=f"Certificate {qualification.certificate} starts on {qualification.valid_from} and ends on "
            f"{qualification.expires_on}; correct its period.",
        )
    others = tuple(each for each in provider.qualifications if each.certificate != qualification.certificate)
    return replace(provider, qualifications=(*others, qualification))


def lapse(provider: Provider, certificate: str, day: date) -> Provider | Refusal:
    """The provider with a certificate that holds no more from a day on."""
    found = next((each for each in provider.qualifications if each.certificate == certificate), None)
    if found is None:
        return refuse(
            "certificate_unknown",
            provider.id,
            zh=f"{provider.name.zh} 名下没有证书 {certificate}；请核对证书编号。",
            en=f"{provider.name.en} has no certificate {certificate}; check its number.",
        )
    ended = replace(found, expires_on=min(found.expires_on, day))
    kept = tuple(ended if each is found else each for each in provider.qualifications)
    return replace(provider, qualifications=kept)


def may_serve(provider: Provider, service: Service, day: date) -> Refusal | None:
    """No objection, or the qualification that the provider lacks on that day."""
    needs = service.needs
    fitting = [q for q in provider.qualifications if (q.scheme, q.direction) == (needs.scheme, needs.direction)]
    if any(q.holds(day) and q.grade <= needs.lowest_grade for q in fitting):
        return None
    newest = max(fitting, key=lambda q: q.expires_on, default=None)
    has_zh = f"{newest.grade} 级，至 {newest.expires_on}" if newest else "无"
    has_en = f"grade {newest.grade}, until {newest.expires_on}" if newest else "none"
    return refuse(
        "not_qualified",
        provider.id,
        zh=f"{service.name.zh}需要 {needs.scheme} {needs.direction} {needs.lowest_grade} 级以上资质，"
        f"{provider.name.zh} 在 {day} 的资质为：{has_zh}；请更换服务机构或更新证书。",
        en=f"{service.name.en} needs {needs.scheme} {needs.direction} of grade {needs.lowest_grade} or better, "
        f"{provider.name.en} has on {day}: {has_en}; choose another provider or renew the certificate.",
    )
