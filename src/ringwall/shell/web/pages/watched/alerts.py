"""The alert centre: one list with filters, a note of who has seen what, and the same list as a file."""

from __future__ import annotations

import csv
import io
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, QueryParams

from ringwall.basics import Language, Refusal, Words
from ringwall.desk.doors import Json
from ringwall.desk.monitoring.acknowledge_alert import acknowledge_alert
from ringwall.desk.office import Office
from ringwall.desk.permissions import RISK_MANAGER, UNDERWRITER, not_visible
from ringwall.desk.views.alerts import AlertLine, AlertsPage, AlertWish, alerts_page
from ringwall.desk.views.alerts.page import KIND_WORDS, SEVERITY_WORDS, STATE_WORDS
from ringwall.evidence import Severity
from ringwall.monitoring import Acknowledgement, AlertKind, AlertState
from ringwall.shell.web.language import instant
from ringwall.shell.web.pages.book.dashboard import as_file, safe_text
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to, local_target

NAME = "alerts"
MENU: MenuItem | None = MenuItem("/alerts", Words("告警", "Alerts"), frozenset({RISK_MANAGER, UNDERWRITER}))
FILTERS = ("kind", "severity", "state", "insured")
HEADINGS = (
    Words("被保险人", "Insured"),
    Words("投保单", "Application"),
    Words("类别", "Kind"),
    Words("级别", "Severity"),
    Words("告警", "Alert"),
    Words("原因", "Because"),
    Words("下一步", "Next step"),
    Words("提出时间", "Raised"),
    Words("期限", "Due"),
    Words("状态", "State"),
    Words("确认人", "Noted by"),
)


def router(site: Site) -> APIRouter:
    """The list, the file, and taking note."""
    routes = APIRouter()

    @routes.get("/alerts")
    def alerts(request: Request) -> Response:
        visit = site.visit(request)
        view = _view(visit, request.query_params)
        if isinstance(view, Refusal):
            return visit.refuse(view)
        more: dict[str, object] = {
            "view": view,
            "kinds": KIND_WORDS,
            "severities": SEVERITY_WORDS,
            "states": STATE_WORDS,
            "back": local_target(request),
            "query": request.url.query,
            "may_note": visit.day is None,
            "key": f"portal:alert:{uuid4()}",
        }
        return visit.page("alerts.html", more)

    @routes.get("/alerts.csv")
    def export(request: Request) -> Response:
        visit = site.visit(request)
        view = _view(visit, request.query_params)
        if isinstance(view, Refusal):
            return visit.refuse(view)
        return as_file(alerts_csv(view, visit.language), "alerts.csv")

    @routes.post("/alerts")
    def note(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _note(visit, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(str(form.get("back", "/alerts")))

    return routes


def _view(visit: Visit, given: QueryParams) -> AlertsPage | Refusal:
    if visit.me.role not in (RISK_MANAGER, UNDERWRITER):
        return not_visible("/alerts")
    return visit.ask(lambda office: alerts_page(office, visit.now, wish_of(given)))


def wish_of(given: QueryParams) -> AlertWish:
    """The filters of an address; what is no filter lets everything through."""
    kind, severity, state, insured = (str(given.get(name, "")) for name in FILTERS)
    return AlertWish(
        AlertKind(kind) if kind in list(AlertKind) else None,
        Severity[severity.upper()] if severity.upper() in Severity.__members__ else None,
        AlertState(state) if state in list(AlertState) else None,
        insured,
    )


def _note(visit: Visit, form: FormData) -> Acknowledgement | Refusal:
    number, alert, at = str(form.get("number", "")), str(form.get("alert", "")), visit.site.installation.now()

    def work(office: Office) -> Acknowledgement | Refusal:
        object_id = office.objects.by_number(number)
        if object_id is None:
            return not_visible(number)
        return acknowledge_alert(office, object_id, alert, by=visit.me.display_name, at=at)

    key, content = f"{form.get('key', '')}:{number}:{alert}", {"number": number, "alert": alert}
    stated: Json = {**content}
    return visit.perform("acknowledge_alert", key, Acknowledgement, work, number=number, content=stated)


def alerts_csv(view: AlertsPage, language: Language) -> str:
    """The lines that pass the filters, in their order."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([heading.in_language(language) for heading in HEADINGS])
    for line in view.lines:
        table.writerow([safe_text(cell) for cell in _cells(line, language)])
    return written.getvalue()


def _cells(line: AlertLine, language: Language) -> tuple[str, ...]:
    one, alert = line.noted, line.noted.alert
    texts = (alert.what, alert.because, alert.next_step)
    return (
        line.insured.in_language(language),
        line.number,
        KIND_WORDS[alert.kind].in_language(language),
        SEVERITY_WORDS[alert.severity].in_language(language),
        *(text.in_language(language) for text in texts),
        instant(alert.raised_at, language),
        instant(alert.due_at, language) if alert.due_at else "",
        STATE_WORDS[one.state].in_language(language),
        "; ".join(f"{note.by} {instant(note.at, language)}" for note in one.notes),
    )
