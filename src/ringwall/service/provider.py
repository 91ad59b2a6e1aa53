"""Providers and their qualifications, with the day on which each expires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
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

    def qualified_by(self, registered: Iterable[Qualification]) -> Provider:
        """The provider with what it has registered since; an older certificate serves until its own last day."""
        return replace(self, qualifications=(*self.qualifications, *registered))


def parse_providers(text: str, where: str) -> Mapping[str, Provider] | Refusal:
    """The register of a YAML file by the providers' codes; a row that cannot be read refuses the file."""
    try:
        rows = read_yaml(text)["providers"]
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


def check_qualification(qualification: Qualification, provider: Provider, day: date) -> Refusal | None:
    """A certificate that has ended, ends before it begins, or is registered already, is not put on the register."""
    end, start = qualification.expires_on, qualification.valid_from
    if not start < end or end <= day:
        return refuse(
            "qualification_over",
            qualification.certificate,
            zh=f"证书 {qualification.certificate} 有效期 [{start}, {end})，登记日 {day}，"
            "已失效或期间有误；请提交有效证书。",
            en=f"Certificate {qualification.certificate} holds on [{start}, {end}), the day is {day}: it has ended or "
            "its days are wrong; register one that holds.",
        )
    if any(each.certificate == qualification.certificate and each != qualification for each in provider.qualifications):
        return refuse(
            "certificate_taken",
            qualification.certificate,
            zh=f"证书 {qualification.certificate} 已以其他内容登记；续期请登记新证书编号。",
            en=f"Certificate {qualification.certificate} is registered with other content; register the renewal under "
            "its own number.",
        )
    return None


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
