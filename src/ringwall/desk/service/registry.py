"""The register of providers: those of the catalogue and those that registered themselves, and what was vetted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day, refuse
from ringwall.desk.doors import Letter, Member, StoredFile
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.service import (
    BankAccount,
    Provider,
    Qualification,
    Service,
    Suspension,
    Vetting,
    accepted,
    bank_account,
    check_qualification,
    may_serve,
    suspended,
    vet,
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The file behind a certificate."""

    name: str
    media_type: str
    content: bytes


def registered(office: Office, code: str) -> Provider | None:
    """A provider with all that it has handed in, vetted or not; None where nobody of that code is a provider here."""
    provider, member = _known(office, code)
    if provider is None or member is None:
        return provider
    return provider.qualified_by(office.qualifications.of(member.id))


def vetted(office: Office, code: str, insurer: UUID | None) -> Provider | None:
    """A provider with what the catalogue lists of it, and what an insurer (None: any) has accepted besides."""
    provider, member = _known(office, code)
    if provider is None or member is None:
        return provider
    decisions = office.qualifications.vettings(member.id, insurer)
    return provider.qualified_by(accepted(office.qualifications.of(member.id), decisions))


def unfit_for(office: Office, object_id: UUID, code: str, service: Service, at: datetime) -> Refusal | None:
    """What keeps a provider from a service on an object: that the lead has suspended it or not vetted it yet, or what
    it is not qualified for."""
    lead = lead_of(office, object_id)
    provider, day = vetted(office, code, lead), local_day(at)
    stopped = suspension_of(office, code, lead)
    if stopped is not None and stopped.suspended:
        return suspended(code, stopped)
    unfit = may_serve(provider, service, day) if provider else None
    whole = registered(office, code)
    if unfit is not None and whole is not None and may_serve(whole, service, day) is None:
        return _not_vetted(whole, service)
    return unfit


def lead_of(office: Office, object_id: UUID) -> UUID | None:
    """The insurer that leads an object, as far as the acting organisation can know; None where it cannot."""
    if "lead" in office.objects.roles(object_id):
        return office.me
    if holders := office.objects.holders(object_id, "lead"):
        return holders[0]
    policies = office.policies.of_object(object_id)
    member = office.directory.by_code(policies[-1].record.agreement.lead) if policies else None
    return member.id if member else None


def providers_known(office: Office) -> tuple[Provider, ...]:
    """Every provider of the catalogue and of the platform, with all that was handed in, by code."""
    codes = {*office.catalogue.providers, *(each.code for each in office.directory.all() if each.kind == "provider")}
    found = (registered(office, code) for code in sorted(codes))
    return tuple(each for each in found if each is not None)


def register_qualification(office: Office, qualification: Qualification, *, at: datetime) -> Provider | Refusal:
    """A provider hands in a certificate, or the renewal of one; it serves once the lead has vetted it."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    provider = registered(office, me.code)
    if provider is None:
        return _not_registered(me.code)
    objection = check_qualification(qualification, provider, local_day(at)) or _not_stored(office, me, qualification)
    if objection is not None:
        return objection
    if qualification in provider.qualifications:
        return provider
    office.qualifications.add(qualification)
    return provider.qualified_by((qualification,))


def hand_in_certificate(
    office: Office, qualification: Qualification, paper: Paper, *, at: datetime
) -> Provider | Refusal:
    """The certificate with its file, which the insurers of the platform may read to vet it."""
    stored = store_paper(office, paper)
    if isinstance(stored, Refusal):
        return stored
    return register_qualification(office, replace(qualification, evidence_sha256=stored.sha256), at=at)


def store_paper(office: Office, paper: Paper) -> StoredFile | Refusal:
    """A file in the provider's own register, which is opened with its first one and shared with the insurers."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    if _known(office, me.code)[0] is None:
        return _not_registered(me.code)
    return office.files.put(_register(office, me), paper.name, paper.media_type, paper.content, readers=("lead",))


def vet_qualification(
    office: Office, code: str, certificate: str, *, yes: bool, reason: str, by: str, at: datetime
) -> Vetting | Refusal:
    """The acting insurer's decision on a certificate, and word of it to the provider."""
    member = office.directory.by_code(code)
    handed_in = office.qualifications.of(member.id) if member else ()
    found = next((each for each in handed_in if each.certificate == certificate), None)
    if member is None or found is None:
        return not_visible(certificate)
    decision = vet(found, yes=yes, by=by, at=at, day=local_day(at), reason=reason)
    if isinstance(decision, Refusal):
        return decision
    office.qualifications.vet(member.id, decision)
    if (register := office.objects.by_number(register_number(code))) is not None:
        office.post.send(_decided(register, code, decision))
    return decision


def paper_of(office: Office, code: str, sha256: str) -> tuple[StoredFile, bytes] | Refusal:
    """The file behind a certificate, for its provider and the insurers."""
    register = office.objects.by_number(register_number(code))
    files = office.files.of_object(register) if register else ()
    file = next((each for each in files if each.sha256 == sha256), None)
    return (file, office.files.read(file)) if file else not_visible(sha256)


def state_account(office: Office, holder: str, bank: str, number: str, *, at: datetime) -> BankAccount | Refusal:
    """Where the acting provider wants to be paid; the insurers read it, and what it stated before stays on record."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    account = bank_account(me.code, holder, bank, number)
    if isinstance(account, Refusal):
        return account
    if _known(office, me.code)[0] is None:
        return _not_registered(me.code)
    register, name = _register(office, me), account_number(me.code)
    office.provider_accounts.add(name, account, object_id=register, effective_at=at, known_at=at)
    return account


def account_of(office: Office, code: str) -> BankAccount | None:
    """Where a provider wants to be paid, for itself and the insurers."""
    row = office.provider_accounts.newest(account_number(code))
    return row.record if row else None


def suspension_of(office: Office, code: str, insurer: UUID | None) -> Suspension | None:
    """Whether an insurer has suspended a provider, by its newest decision; nothing where the insurer is not known."""
    member = office.directory.by_code(code)
    return office.provider_terms.suspension(member.id, insurer) if member and insurer else None


def suspend_provider(
    office: Office, code: str, *, suspend: bool, reason: str, by: str, at: datetime
) -> Suspension | Refusal:
    """The acting insurer engages and pays a provider no more, or again, and says why."""
    member = office.directory.by_code(code)
    me = office.directory.by_id(office.me)
    if member is None or member.kind != "provider" or me is None or me.kind != "insurer":
        return not_visible(code)
    if not reason.strip():
        return refuse(
            "suspension_without_reason",
            code,
            zh=f"对服务机构 {code} 暂停或恢复合作，却没有写明理由；请写明理由后再提交。",
            en=f"The provider {code} is to be suspended or reinstated and no reason is given; give it and send again.",
        )
    decision = Suspension(suspend, by, at, reason.strip())
    office.provider_terms.suspend(member.id, decision)
    return decision


def register_number(code: str) -> str:
    return f"{code.upper()}-REGISTER"


def account_number(code: str) -> str:
    return f"{code.upper()}-ACCOUNT"


def _register(office: Office, me: Member) -> UUID:
    """The acting provider's own object, opened with its first paper and shared with the insurers."""
    number = register_number(me.code)
    register = office.objects.by_number(number) or office.objects.open(number)
    for member in office.directory.all():
        if member.kind == "insurer":
            office.objects.share(register, member.id, "lead")
    return register


def _known(office: Office, code: str) -> tuple[Provider | None, Member | None]:
    """A provider as the catalogue lists it, or as the platform knows it; and its organisation, where it is here."""
    provider, member = office.catalogue.providers.get(code), office.directory.by_code(code)
    if provider is None and member is not None and member.kind == "provider":
        provider = Provider(code, member.name, (), is_listed=False)
    return provider, member


def _not_stored(office: Office, me: Member, qualification: Qualification) -> Refusal | None:
    """A digest that is named is of a file that was handed in before."""
    if not qualification.evidence_sha256:
        return None
    register = office.objects.by_number(register_number(me.code))
    if register and any(each.sha256 == qualification.evidence_sha256 for each in office.files.of_object(register)):
        return None
    return refuse(
        "certificate_file_missing",
        qualification.certificate,
        zh=f"证书 {qualification.certificate} 所附摘要 {qualification.evidence_sha256} 没有对应文件；请先上传文件。",
        en=f"The digest {qualification.evidence_sha256} of certificate {qualification.certificate} is of no file that "
        "was handed in; upload the file first.",
    )


def _decided(register: UUID, code: str, decision: Vetting) -> Letter:
    said = Words("已认可", "accepted") if decision.accepted else Words("不予认可", "refused")
    subject = Words(f"资质 {decision.certificate} {said.zh}", f"Certificate {decision.certificate}: {said.en}")
    text = Words(decision.reason or "可以接单。", decision.reason or "Orders may be dispatched by it.")
    link = f"/provider/{code}"
    return Letter(register, "vetting", "insured", subject, text, link, decision.at, decision.certificate)


def _not_vetted(provider: Provider, service: Service) -> Refusal:
    needs = service.needs
    return refuse(
        "provider_not_vetted",
        provider.id,
        zh=f"{provider.name.zh} 已提交{service.name.zh}所需资质（{needs.scheme} {needs.direction}），主承保人尚未核验；"
        "请主承保人先核验，或更换服务机构。",
        en=f"{provider.name.en} has handed in what {service.name.en} needs ({needs.scheme} {needs.direction}), and the "
        "lead has not verified it yet; have the lead verify it, or choose another provider.",
    )


def _not_registered(code: str) -> Refusal:
    return refuse(
        "provider_unknown",
        code,
        zh=f"服务机构名册中没有 {code}；请从名册中选择服务机构。",
        en=f"The register has no provider {code}; choose one of the register.",
    )
