"""The register of providers: what a provider hands in, what an insurer decides on it, and how the provider serves."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.registry import (
    Paper,
    register_qualification,
    registered,
    store_paper,
    vet_qualification,
)
from ringwall.desk.service.scorecard_of import scorecard_of
from ringwall.desk.views.service.provider import Certificate as Shown
from ringwall.desk.views.service.provider import CertificateState, certificates_of
from ringwall.service import Provider, Qualification, Scorecard, Vetting
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.content import BINARY, Binary, described
from ringwall.shell.api.forms.fields import (
    PRINTABLE,
    WORD,
    Body,
    Day,
    MaybeDigest,
    MaybeText,
    MaybeWord,
    NumberText,
    Word,
)
from ringwall.shell.api.forms.mirror import mirror

router = APIRouter(tags=["服务 · Services"], route_class=SignedRoute)

FILE_NAME = Annotated[str, Query(pattern=PRINTABLE, min_length=1, max_length=200, examples=["certificate.pdf"])]
Code = Annotated[str, Path(pattern=WORD, description="机构代码 · the organisation's code")]


class Certificate(Body):
    """A qualification as the provider registers it; it holds until, not on, its last day.

    `evidence_sha256` names the file that was handed in with it; a business licence names the group of companies.
    """

    scheme: Word = Field(examples=["CCRC"])
    direction: Word = Field(examples=["emergency_handling"])
    grade: Annotated[int, Field(strict=True, ge=1, le=9)]
    certificate: NumberText
    valid_from: Day
    expires_on: Day
    evidence_sha256: MaybeDigest = ""
    group: MaybeWord = ""


class Decision(Body):
    """An insurer's decision on a certificate; a no gives its reason."""

    certificate: NumberText
    accepted: bool
    reason: MaybeText = ""


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A file of the provider's register by its content."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class HeldQualification:
    """A certificate of a provider, and how it stands for the speaker today."""

    certificate: str
    scheme: str
    direction: str
    grade: int
    valid_from: date
    expires_on: date
    holds: bool
    state: CertificateState
    vetting: Vetting | None


@dataclass(frozen=True, slots=True)
class RegisteredProvider:
    """A provider of the register, with its scorecard over the orders that the speaker may see."""

    code: str
    group: str
    is_listed: bool
    qualifications: tuple[HeldQualification, ...]
    scorecard: Scorecard


@router.post(
    "/providers/files",
    status_code=201,
    response_model=mirror(StoredPaper),
    summary="提交资质文件 · Hand in a certificate's file",
    openapi_extra=described(BINARY),
)
def hand_in(content: Binary, writer: Writing, name: FILE_NAME) -> StoredPaper:
    """Stored encrypted under its hash in the provider's own register; the insurers may read it to vet it."""

    def work(office: Office) -> StoredPaper | Refusal:
        stored = store_paper(office, Paper(name, BINARY, content))
        return stored if isinstance(stored, Refusal) else StoredPaper(stored.sha256, stored.name)

    stated = {"name": name, "sha256": hashlib.sha256(content).hexdigest()}
    return writer.write("register_qualification", dict(stated), StoredPaper, work)


@router.post(
    "/providers/qualifications",
    status_code=201,
    response_model=mirror(Provider),
    summary="登记资质 · Register a qualification",
)
def qualify(body: Certificate, writer: Writing) -> Provider:
    """A provider registers a certificate of its own or a renewal; it serves by it once the lead has vetted it."""
    at, found = writer.instant(None), Qualification(**body.model_dump())
    return writer.write(
        "register_qualification", body, Provider, lambda office: register_qualification(office, found, at=at)
    )


@router.post(
    "/providers/{code}/vettings",
    status_code=201,
    response_model=mirror(Vetting),
    summary="核验资质 · Vet a certificate",
)
def decide(code: Code, body: Decision, writer: Writing) -> Vetting:
    """An insurer accepts or refuses a certificate by its file; orders under its lead follow the newest decision."""
    at, by = writer.instant(None), writer.speaker.display_name
    return writer.write(
        "vet_provider",
        body,
        Vetting,
        lambda office: vet_qualification(
            office, code, body.certificate, yes=body.accepted, reason=body.reason, by=by, at=at
        ),
    )


@router.get("/providers/{code}", response_model=mirror(RegisteredProvider), summary="服务机构 · One provider")
def provider(code: Code, caller: Asking) -> RegisteredProvider:
    """Its certificates with expiry and vetting, and how it keeps its times and its rate card."""
    at = caller.instant(None)

    def read(office: Office) -> RegisteredProvider | Refusal:
        found = registered(office, code)
        if found is None:
            return not_visible(code)
        held = tuple(_held(each, at.date()) for each in certificates_of(office, found, at))
        return RegisteredProvider(code, found.group, found.is_listed, held, scorecard_of(office, code, at))

    return caller.ask(read)


def _held(shown: Shown, day: date) -> HeldQualification:
    of = shown.qualification
    return HeldQualification(
        of.certificate,
        of.scheme,
        of.direction,
        of.grade,
        of.valid_from,
        of.expires_on,
        of.holds(day),
        shown.state,
        shown.vetting,
    )
