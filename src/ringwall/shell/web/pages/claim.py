"""A claim with everything that hangs on it and what is to be done next, and the list of claims by their clocks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import SHANGHAI, Language, Refusal, Words
from ringwall.desk.claim.handle_claim import By, agree_claim, decide_claim, send_refusal
from ringwall.desk.claim.pay_claim import PaidClaim, authorise_claim, pay_claim
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import BROKER, CLAIMS_HANDLER, RISK_MANAGER, UNDERWRITER, not_visible
from ringwall.desk.records import ClaimFile
from ringwall.desk.views.claim_acts import Act, untold_items
from ringwall.desk.views.claim_page import ClaimPage, claim_page, claims_by_clock
from ringwall.desk.views.parts import case_of
from ringwall.desk.views.settlement import PEOPLE as SETTLING
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "claim"
PEOPLE = frozenset({CLAIMS_HANDLER, UNDERWRITER, RISK_MANAGER, BROKER})
MENU: MenuItem | None = MenuItem("/claims", Words("赔案", "Claims"), PEOPLE)
VOTE = "vote."


def router(site: Site) -> APIRouter:
    """The list, the page, and the acts that the page offers."""
    routes = APIRouter()

    @routes.get("/claims")
    def claims(request: Request) -> Response:
        visit = site.visit(request)
        if visit.me.role not in PEOPLE:
            return visit.refuse(not_visible("/claims"))
        return visit.show("claims.html", visit.ask(lambda office: claims_by_clock(office, visit.now)))

    @routes.get("/claim/{number}")
    def claim(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: claim_page(office, visit.me, number, visit.now))
        key = f"portal:claim:{uuid4()}"
        may_settle = visit.me.role in SETTLING
        return visit.show("claim.html", view, drawn=drawings(view, visit.language), key=key, may_settle=may_settle)

    @routes.post("/claim/{number}/{act}")
    def take(request: Request, number: str, act: Act, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = take_act(visit, number, act, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/claim/{number}")

    return routes


def take_act(visit: Visit, number: str, act: Act, form: FormData) -> ClaimFile | PaidClaim | Refusal:
    """One act through the front, at the installation's time, by the person who is signed in."""
    found = visit.ask(lambda office: case_of(office, office.claims.newest(number)))
    if found is None:
        return not_visible(number)
    object_id, object_number = found
    key, by = str(form.get("key", "")), By(visit.me.display_name, visit.site.installation.now())
    votes = {name.removeprefix(VOTE): value == "yes" for name, value in form.items() if name.startswith(VOTE)}
    content: Json = {"claim": number, "act": act.value, "votes": {**votes}}
    if act is Act.PAY:
        return visit.perform(
            act.action,
            key,
            PaidClaim,
            lambda office: pay_claim(office, object_id, number, votes, by),
            number=object_number,
            content=content,
        )
    return visit.perform(
        act.action,
        key,
        ClaimFile,
        lambda office: _take(office, object_id, number, act, by),
        number=object_number,
        content=content,
    )


def _take(office: Office, object_id: UUID, number: str, act: Act, by: By) -> ClaimFile | Refusal:
    match act:
        case Act.DECIDE:
            return decide_claim(office, object_id, number, by)
        case Act.AGREE:
            return agree_claim(office, object_id, number, by)
        case Act.REFUSE:
            row = office.claims.newest(number)
            items = untold_items(row.record.claim) if row else ()
            return send_refusal(office, object_id, number, items, by)
        case _:
            return authorise_claim(office, object_id, number, by)


def drawings(view: ClaimPage | Refusal, language: Language) -> dict[str, Json]:
    """The three numbers as steps, and each interruption by the hour."""
    if isinstance(view, Refusal) or view.decided is None:
        return {"numbers": None, "hours": []}
    numbers: list[Json] = [
        {"label": step.label.in_language(language), "amount": step.amount_minor, "total": step.is_number}
        for step in view.decided.numbers
    ]
    kept = Words("自留", "kept by the insured").in_language(language)
    counts = Words("计入赔款", "counts").in_language(language)
    hours: list[Json] = [
        {
            "hours": [f"{line.at.astimezone(SHANGHAI):%m-%d %H:%M}" for line in each.hours],
            "stacks": [
                {"name": kept, "amounts": [line.kept_minor for line in each.hours], "quiet": True},
                {"name": counts, "amounts": [line.lost_minor - line.kept_minor for line in each.hours], "quiet": False},
            ],
        }
        for each in view.decided.interruptions
    ]
    return {"numbers": {"steps": numbers}, "hours": hours}
