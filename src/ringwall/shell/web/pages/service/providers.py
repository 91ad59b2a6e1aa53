"""The register of providers: the list, a provider's page, what it hands in, and the decision of an insurer on it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import Json
from ringwall.desk.permissions import ENGINEER, UNDERWRITER, not_visible
from ringwall.desk.service.registry import (
    Paper,
    hand_in_certificate,
    paper_of,
    state_account,
    suspend_provider,
    vet_qualification,
)
from ringwall.desk.views.service.provider import provider_page, providers_page
from ringwall.service import UNIT_NAMES, BankAccount, Provider, Qualification, Suspension, Vetting
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to
from ringwall.shell.web.uploads import OCTETS, GivenFile, attached, file_missing, given_file

NAME = "providers"
PEOPLE = frozenset({UNDERWRITER, ENGINEER})
MENU: MenuItem | None = MenuItem("/providers", Words("服务机构", "Providers"), PEOPLE)


def router(site: Site) -> APIRouter:
    """The list, a provider, its files, and the two acts on its certificates."""
    routes = APIRouter()

    @routes.get("/providers")
    def providers(request: Request) -> Response:
        visit = site.visit(request)
        if visit.me.role not in PEOPLE:
            return visit.refuse(not_visible("/providers"))
        return visit.show("providers.html", visit.ask(lambda office: providers_page(office, visit.now)))

    @routes.get("/provider/{code}")
    def provider(request: Request, code: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: provider_page(office, visit.me, code, visit.now))
        return visit.show("provider.html", view, units=UNIT_NAMES, key=f"portal:provider:{uuid4()}")

    @routes.get("/provider/{code}/file/{sha256}")
    def file(request: Request, code: str, sha256: str) -> Response:
        visit = site.visit(request)
        found = visit.ask(lambda office: paper_of(office, code, sha256))
        return visit.refuse(found) if isinstance(found, Refusal) else attached(found)

    @routes.post("/provider/{code}/certificates")
    async def hand_in(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        given = await given_file(form)

        def answer() -> Response:
            visit = site.visit(request)
            done = _hand_in(visit, form, given)
            return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}")

        return await run_in_threadpool(answer)

    @routes.post("/provider/{code}/vettings")
    def decide(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _vet(visit, code, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}")

    @routes.post("/provider/{code}/account")
    def state(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _state_account(visit, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}#account")

    @routes.post("/provider/{code}/suspensions")
    def suspend(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _suspend(visit, code, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}")

    return routes


def _state_account(visit: Visit, form: FormData) -> BankAccount | Refusal:
    """Of the provider that the speaker works for."""
    holder, bank, number = (str(form.get(name, "")) for name in ("holder", "bank", "number"))
    at = visit.site.installation.now()
    return visit.perform(
        "state_account",
        str(form.get("key", "")),
        BankAccount,
        lambda office: state_account(office, holder, bank, number, at=at),
        content={"holder": holder, "bank": bank, "number": number},
    )


def _suspend(visit: Visit, code: str, form: FormData) -> Suspension | Refusal:
    said, reason = str(form.get("decision", "")), str(form.get("reason", ""))
    if said not in ("suspend", "lift"):
        return not_visible(said)
    at, by, stop = visit.site.installation.now(), visit.me.display_name, said == "suspend"
    return visit.perform(
        "suspend_provider",
        str(form.get("key", "")),
        Suspension,
        lambda office: suspend_provider(office, code, suspend=stop, reason=reason, by=by, at=at),
        content={"provider": code, "decision": said, "reason": reason},
    )


def _hand_in(visit: Visit, form: FormData, given: GivenFile | Refusal | None) -> Provider | Refusal:
    if isinstance(given, Refusal):
        return given
    read = _certificate(form)
    if isinstance(read, Refusal):
        return read
    if given is None:
        return file_missing(read.certificate)
    at, paper = visit.site.installation.now(), Paper(given.name, OCTETS, given.content)
    content: Json = {"certificate": read.certificate, "sha256": hashlib.sha256(given.content).hexdigest()}
    return visit.perform(
        "register_qualification",
        str(form.get("key", "")),
        Provider,
        lambda office: hand_in_certificate(office, read, paper, at=at),
        content=content,
    )


def _certificate(form: FormData) -> Qualification | Refusal:
    """As the form has it; what cannot be read is named."""
    number = str(form.get("certificate", "")).strip()
    scheme, _, direction = str(form.get("kind", "")).partition("/")
    try:
        if not number or not scheme or not direction:
            raise ValueError("certificate")
        grade = int(str(form.get("grade", "")))
        days = date.fromisoformat(str(form.get("valid_from", ""))), date.fromisoformat(str(form.get("expires_on", "")))
        if not 1 <= grade <= 9:
            raise ValueError(f"grade {grade}")
    except ValueError as fault:
        return refuse(
            "certificate_unreadable",
            number,
            zh=f"证书无法读取（{fault}）；请填写类别、编号、级别（1–9）、起始日与到期日。",
            en=f"The certificate cannot be read ({fault}); give its kind, number, grade (1–9), first day and last day.",
        )
    return Qualification(scheme, direction, grade, number, *days, group=str(form.get("group", "")).strip())


def _vet(visit: Visit, code: str, form: FormData) -> Vetting | Refusal:
    certificate, reason = str(form.get("certificate", "")), str(form.get("reason", ""))
    said, at, by = str(form.get("decision", "")), visit.site.installation.now(), visit.me.display_name
    if said not in ("accepted", "refused"):
        return not_visible(said)
    yes = said == "accepted"
    return visit.perform(
        "vet_provider",
        f"{form.get('key', '')}:{certificate}:{said}",
        Vetting,
        lambda office: vet_qualification(office, code, certificate, yes=yes, reason=reason, by=by, at=at),
        content={"provider": code, "certificate": certificate, "decision": said, "reason": reason},
    )
