"""The settlement bench: every edit settles anew at once, nothing is stored, and a case travels as a file or a link."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, Words
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.settlement import EDITORS, PEOPLE, Asked, Bench, bench_of_case, edited_bench, settlement_bench
from ringwall.desk.views.settlement.basis import basis_of
from ringwall.desk.views.settlement.case import Case, settle_case
from ringwall.desk.views.settlement.files import case_json, case_yaml, example_yaml, product_named, read_text
from ringwall.desk.views.settlement.sheet import with_item, without_item
from ringwall.shell.web.pages.settlement.form import MOST_BYTES, form_id, pasted_text, sheet_of, the_file_form
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "settlement"
PATH = "/settlement"
MENU: MenuItem | None = MenuItem(PATH, Words("理算台", "Settle"), PEOPLE)
ADD, REMOVE = "add", "remove."
FileKind = Literal["case.yaml", "case.json", "example.yaml"]
MEDIA = {"yaml": "application/yaml", "json": "application/json"}


def router(site: Site) -> APIRouter:
    """The bench, its live answer, the way in for a file, and the files that it gives."""
    routes = APIRouter()

    @routes.get(PATH)
    def page(request: Request) -> Response:
        visit = site.visit(request)
        return _show(visit, visit.ask(lambda office: settlement_bench(office, visit.me, _asked(request), visit.now)))

    @routes.post(PATH)
    def edit(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: _edited(office, visit, form))
        faulted = str(form.get("faulted", "")).split()
        return _show(visit, view, faulted=tuple(faulted))

    @routes.post(f"{PATH}/file")
    def open_file(request: Request, form: Annotated[FormData, Depends(the_file_form)]) -> Response:
        return _open_file(site.visit(request), form)

    @routes.get(f"{PATH}/{{kind}}")
    def take(request: Request, kind: FileKind) -> Response:
        visit = site.visit(request)
        view = visit.ask(lambda office: settlement_bench(office, visit.me, _asked(request), visit.now))
        if isinstance(view, Refusal):
            return visit.refuse(view)
        return _file(view, kind) if view.case else visit.refuse(view.faults[0].refusal)

    return routes


def _asked(request: Request) -> Asked:
    given = request.query_params
    return Asked(given.get("under", ""), given.get("claim", ""), given.get("example", ""), given.get("case", ""))


def _edited(office: Office, visit: Visit, form: FormData) -> Bench | Refusal:
    """The form as it was sent, with an item more or less where that was asked for."""
    asked = Asked(str(form.get("under", "")), str(form.get("claim", "")))
    sheet, do = sheet_of(form), str(form.get("do", ""))
    if do == ADD or do.startswith(REMOVE):
        basis = basis_of(office, visit.me, asked, visit.now)
        if isinstance(basis, Refusal):
            return basis
        first = basis.product.parts[0].code
        sheet = with_item(sheet, first) if do == ADD else without_item(sheet, do.removeprefix(REMOVE), first)
    return edited_bench(office, visit.me, asked, sheet, visit.now)


def _show(
    visit: Visit, view: Bench | Refusal, *, faulted: tuple[str, ...] = (), pasted: str = "", fault: Words | None = None
) -> Response:
    """The page, or for htmx the answer alone, or the form with it; a good case leaves its link in the address."""
    if isinstance(view, Refusal):
        return visit.refuse(view)
    part = "bench" if visit.request.headers.get("HX-Target") == "bench" else "answer"
    query, marked = urlencode(view.address), {*faulted, *(each.field for each in view.faults)} - {""}
    values: Mapping[str, object] = {
        "view": view,
        "action": f"{PATH}?at={visit.day.isoformat()}" if visit.day else PATH,
        "address": f"{PATH}?{query}",
        "query": query,
        "case_text": case_yaml(view.basis, view.case) if view.case else "",
        "part": part if visit.wants_fragment else "",
        "fields_to_mark": sorted(marked),
        "form_id": form_id,
        "pasted": pasted,
        "file_fault": fault,
    }
    bad = view.faults or fault
    response = visit.page(
        "settlement.html", values, block=part, status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
    )
    if visit.wants_fragment and view.link:
        looked = {"at": visit.day.isoformat()} if visit.day else {}
        response.headers["HX-Replace-Url"] = f"{PATH}?{urlencode({**view.address, **looked})}"
    return response


def _open_file(visit: Visit, form: FormData) -> Response:
    """A good file becomes a case with its own address; of another one the text is kept beside what is wrong with it."""
    if visit.me.role not in EDITORS:
        return visit.refuse(not_visible(PATH))
    text, asked = pasted_text(form), Asked(str(form.get("under", "")))
    if isinstance(text, Refusal):
        return _not_opened(visit, asked, "", text)
    opened = visit.ask(lambda office: _opened(office, visit, asked, text))
    if isinstance(opened, Refusal):
        return _not_opened(visit, asked, text, opened)
    if opened.link and not opened.left_out:
        return back_to(f"{PATH}?{urlencode(opened.address)}")
    return _show(visit, opened)


def _opened(office: Office, visit: Visit, asked: Asked, text: str) -> Bench | Refusal:
    """The bench with the case that a text tells; a file that names a product version is opened under that."""
    named = product_named(text)
    basis = basis_of(office, visit.me, asked, visit.now)
    if not isinstance(basis, Refusal) and named in office.catalogue.versions and named != basis.version:
        basis = basis_of(office, visit.me, Asked(named), visit.now)
    if isinstance(basis, Refusal):
        return basis
    case = read_text(text, basis)
    return case if isinstance(case, Refusal) else bench_of_case(office, visit.me, basis, case, visit.now)


def _not_opened(visit: Visit, asked: Asked, text: str, refusal: Refusal) -> Response:
    view = visit.ask(lambda office: settlement_bench(office, visit.me, asked, visit.now))
    return _show(visit, view, pasted=text[:MOST_BYTES], fault=refusal.message)


def _file(view: Bench, kind: FileKind) -> Response:
    case: Case | None = view.case
    assert case is not None, "the caller has looked"
    match kind:
        case "case.yaml":
            text = case_yaml(view.basis, case)
        case "case.json":
            text = case_json(view.basis, case)
        case _:
            text = example_yaml(view.basis, case, settle_case(view.basis, case))
    headers = {"Content-Disposition": f'attachment; filename="{kind}"'}
    return Response(text, media_type=MEDIA[kind.rpartition(".")[2]], headers=headers)
