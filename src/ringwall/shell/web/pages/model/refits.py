"""A proposed version of the loss model beside the one in use: making it, reading it, adopting or declining it."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, refuse
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import RefitFile, RefitState
from ringwall.desk.risk.decide_refit import decide_refit
from ringwall.desk.risk.propose_refit import RefitWish, propose_refit
from ringwall.desk.views.model.refits import may_propose, refit_page
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "refits"
MENU: MenuItem | None = None
"""The model card leads to it."""


def router(site: Site) -> APIRouter:
    """The proposal, and the two writes."""
    routes = APIRouter()

    @routes.post("/model/refits")
    def propose(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        made = _propose(visit, form)
        return visit.refuse(made) if isinstance(made, Refusal) else back_to(f"/model/refits/{made.number}")

    @routes.get("/model/refits/{number}")
    def refit(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: refit_page(office, visit.me, number, visit.now))
        return visit.show("refit.html", view, key=f"portal:refit:{uuid4()}")

    @routes.post("/model/refits/{number}")
    def decide(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _decide(visit, number, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/model/refits/{number}")

    return routes


def _propose(visit: Visit, form: FormData) -> RefitFile | Refusal:
    if not may_propose(visit.me):
        return not_visible("/model/refits")
    version, at = str(form.get("version", "")).strip(), visit.site.installation.now()
    wish = RefitWish(version)
    return visit.perform(
        "propose_refit",
        str(form.get("key", "")),
        RefitFile,
        lambda office: propose_refit(office, wish, by=visit.me, at=at),
        content={"version": version},
    )


def _decide(visit: Visit, number: str, form: FormData) -> RefitFile | Refusal:
    said, reason, at = str(form.get("state", "")), str(form.get("reason", "")), visit.site.installation.now()
    states = {state.value: state for state in (RefitState.ADOPTED, RefitState.DECLINED)}
    if said not in states:
        return refuse(
            "decision_unreadable",
            number,
            zh=f"对提案 {number} 的决定“{said}”须为采用或不采用；请重新选择。",
            en=f"The decision '{said}' on proposal {number} must adopt or decline it; choose again.",
        )
    return visit.perform(
        "decide_refit",
        str(form.get("key", "")),
        RefitFile,
        lambda office: decide_refit(office, number, states[said], reason, by=visit.me, at=at),
        content={"number": number, "state": said, "reason": reason},
    )
