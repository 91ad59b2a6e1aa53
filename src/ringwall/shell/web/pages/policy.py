"""The policy: schedule, history, premium, panel, findings, notices, documents; and the public check of a schedule."""

from __future__ import annotations

from typing import Literal
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.permissions import permit
from ringwall.desk.views.policy import STEP_NAMES, PolicyView, Verified, policy_page, read_schedule, verify_schedule
from ringwall.shell.web.site import MenuItem, Site, Visit
from ringwall.shell.web.two_times import two_times

NAME = "policy"
MENU: MenuItem | None = None
FORMS = ("take_next_step", "tell_of_increase")


def router(site: Site) -> APIRouter:
    """The page of a policy, its printed schedule, and the one page that answers without signing in."""
    routes = APIRouter()

    @routes.get("/policy/{number}")
    def policy(request: Request, number: str) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: policy_page(office, number, visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        more: dict[str, object] = {
            "view": view,
            "drawing": two_times(view.period, view.versions, visit.now),
            "shares": _shares(visit, view),
            "steps": STEP_NAMES,
            "may": _may(visit, view),
            "key": f"portal:policy:{uuid4()}",
        }
        return visit.page("policy.html", more)

    @routes.get("/policy/{number}/schedule.{language}.pdf")
    def schedule(request: Request, number: str, language: Literal["zh", "en"]) -> Response:
        visit = site.visit(request)
        content = visit.ask(lambda office: read_schedule(office, number, language))
        if isinstance(content, Refusal):
            return visit.refuse(content)
        headers = {
            "Content-Disposition": f'inline; filename="{number}.{language}.pdf"',
            # The browser's own viewer needs more than our pages do, and a PDF runs nothing of ours.
            "Content-Security-Policy": "frame-ancestors 'none'",
        }
        return Response(content, media_type="application/pdf", headers=headers)

    @routes.get("/verify")
    def verify(request: Request, code: str = "") -> Response:
        visit = site.look(request)
        found = _verified(visit, code) if code.strip() else None
        can_answer = site.installation.verify is not None or visit.speaker is not None
        return visit.page("verify.html", {"code": code.strip(), "found": found, "can_answer": can_answer})

    return routes


def _may(visit: Visit, view: PolicyView) -> frozenset[str]:
    """Which of the forms of the page are for the reader; nobody acts on a day that is over."""
    if visit.day is not None:
        return frozenset()

    def permitted(office: Office) -> frozenset[str]:
        object_id = office.objects.by_number(view.case)
        roles = office.objects.roles(object_id) if object_id else frozenset()
        return frozenset(action for action in FORMS if permit(visit.me, action, roles) is None)

    return visit.ask(permitted)


def _shares(visit: Visit, view: PolicyView) -> dict[str, object]:
    """The panel for the drawing; a share is drawn in ten-thousandths."""
    rows = [{"label": line.name.in_language(visit.language), "amount": int(line.share * 10_000)} for line in view.panel]
    return {"shares": rows}


def _verified(visit: Visit, code: str) -> Verified | None:
    """Strangers are answered where the installation can look for them, everybody else within what they may see."""
    public = visit.site.installation.verify
    if public is not None:
        return public(code)
    return visit.ask(lambda office: verify_schedule(office, code, visit.now)) if visit.speaker else None
