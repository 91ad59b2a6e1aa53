"""A term has passed: the underwriter takes a step of Insurance Law 51, and sees beforehand what it costs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal
from ringwall.desk.doors import Json
from ringwall.desk.monitoring.take_next_step import StepDone, take_next_step, try_step
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.views.parts import case_of
from ringwall.monitoring import NextStep, NextStepTaken
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "after_term"
MENU: MenuItem | None = None
ACTION = "take_next_step"


def router(site: Site) -> APIRouter:
    """What a step would do, and the step."""
    routes = APIRouter()

    @routes.post("/policy/{number}/notices/{notice}/try")
    def try_it(request: Request, number: str, notice: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _try(visit, number, notice, form)
        return visit.refuse(done) if isinstance(done, Refusal) else visit.page("step.html", {"done": done})

    @routes.post("/policy/{number}/notices/{notice}")
    def take(request: Request, number: str, notice: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _take(visit, number, notice, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/policy/{number}#{notice}")

    return routes


def _try(visit: Visit, number: str, notice: str, form: FormData) -> StepDone | Refusal:
    """Who may not take a step may not try one either."""
    taken = _taken(visit, form)
    if taken is None:
        return not_visible(notice)

    def work(office: Office) -> StepDone | Refusal:
        row = office.policies.newest(number)
        if row is None:
            return not_visible(number)
        refused = permit(visit.me, ACTION, office.objects.roles(row.object_id))
        return refused or try_step(office, row.object_id, notice, taken)

    return visit.ask(work)


def _take(visit: Visit, number: str, notice: str, form: FormData) -> StepDone | Refusal:
    taken = _taken(visit, form)
    found = visit.ask(lambda office: case_of(office, office.policies.newest(number)))
    if taken is None or found is None:
        return not_visible(notice)
    object_id, case = found

    def work(office: Office) -> StepDone | Refusal:
        return take_next_step(office, object_id, notice, taken)

    content: Json = {"notice": notice, "step": taken.step.value, "because": taken.because}
    return visit.perform(ACTION, str(form.get("key", "")), StepDone, work, number=case, content=content)


def _taken(visit: Visit, form: FormData) -> NextStepTaken | None:
    step, because = str(form.get("step", "")), str(form.get("because", "")).strip()
    if step not in list(NextStep):
        return None
    return NextStepTaken(NextStep(step), visit.me.display_name, visit.site.installation.now(), because)
