"""Providers, their qualifications with the day on which each expires, and an insurer's vetting of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.service.catalogue import Service

LICENCE = ("registration", "business_licence")
"""Scheme and direction of the paper by which a provider that the house does not list registers itself."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """A certificate of a provider for one direction; it holds on [valid_from, expires_on).

    `evidence_sha256` is the file that was handed in with it; a business licence names the group of companies.
    """

    scheme: str
    direction: str
    grade: int
    certificate: str
    valid_from: date
    expires_on: date
    evidence_sha256: str = ""
    group: str = ""

    @property
    def is_licence(self) -> bool:
        return (self.scheme, self.direction) == LICENCE

    def holds(self, day: date) -> bool:
        return self.valid_from <= day < self.expires_on


@dataclass(frozen=True, slots=True)
class Vetting:
    """An insurer's decision on one certificate: who looked at which file, when, and why it was refused."""

    certificate: str
    accepted: bool
    by: str
    at: datetime
    evidence_sha256: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """A service provider (网络安全服务机构); `group` is the group of companies it belongs to.

    One that the house does not list has registered itself, and needs a business licence besides.
    """

    id: str
    name: Words
    qualifications: tuple[Qualification, ...]
    group: str = ""
    is_listed: bool = True

    def qualified_by(self, registered: Iterable[Qualification]) -> Provider:
        """The provider with what it has registered since; an older certificate serves until its own last day."""
        added = tuple(registered)
        group = next((each.group for each in reversed(added) if each.is_licence and each.group), self.group)
        return replace(self, qualifications=(*self.qualifications, *added), group=group)


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


def accepted(registered: Iterable[Qualification], vettings: Iterable[Vetting]) -> tuple[Qualification, ...]:
    """What was handed in and has been vetted: of each certificate the newest decision counts."""
    newest = {each.certificate: each for each in sorted(vettings, key=lambda each: each.at)}
    return tuple(each for each in registered if each.certificate in newest and newest[each.certificate].accepted)


def vet(qualification: Qualification, *, yes: bool, by: str, at: datetime, day: date, reason: str) -> Vetting | Refusal:
    """The decision on a certificate, by the file that was handed in with it; a no gives its reason."""
    if yes and not qualification.evidence_sha256:
        return refuse(
            "certificate_without_evidence",
            qualification.certificate,
            zh=f"证书 {qualification.certificate} 未附文件，无从核验；请服务机构以新编号连同文件登记。",
            en=f"Certificate {qualification.certificate} came without a file, so there is nothing to verify it by; let "
            "the provider hand it in with its file.",
        )
    if yes and not qualification.holds(day):
        start, end = qualification.valid_from, qualification.expires_on
        return refuse(
            "qualification_over",
            qualification.certificate,
            zh=f"证书 {qualification.certificate} 有效期 [{start}, {end})，核验日 {day} 不在其内；请提交有效证书。",
            en=f"Certificate {qualification.certificate} holds on [{start}, {end}), the day is {day}; hand in one that "
            "holds.",
        )
    if not yes and not reason.strip():
        return refuse(
            "vetting_without_reason",
            qualification.certificate,
            zh=f"不予认可证书 {qualification.certificate}，却没有写明理由；请写明理由后再提交。",
            en=f"Certificate {qualification.certificate} is refused and no reason is given; give the reason and send "
            "it again.",
        )
    return Vetting(qualification.certificate, yes, by, at, qualification.evidence_sha256, reason.strip())


def may_serve(provider: Provider, service: Service, day: date) -> Refusal | None:
    """No objection, or the qualification that the provider lacks on that day."""
    if not provider.is_listed and not any(each.is_licence and each.holds(day) for each in provider.qualifications):
        return refuse(
            "provider_not_vetted",
            provider.id,
            zh=f"{provider.name.zh} 自行登记，在 {day} 没有经核验的有效营业执照；请先核验其登记，或更换服务机构。",
            en=f"{provider.name.en} registered itself and has no verified business licence that holds on {day}; verify "
            "its registration first, or choose another provider.",
        )
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
