"""The quote workbench: terms, controls and fixes move the premium at once; only quoting anew stores anything."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, QueryParams

from ringwall.basics import FEN_PER_YUAN, Language, Refusal, Words, refuse
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.price.reprice import KeptBases, WhatIf, chosen_terms
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.workbench_page import Workbench, choosable, options_page, workbench
from ringwall.evidence import Standing
from ringwall.price import WaterfallStep
from ringwall.product import Parameter
from ringwall.shell.web.site import MenuItem, Refused, Site, Visit, back_to

NAME = "workbench"
MENU: MenuItem | None = None

AMOUNT = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?")
WHOLE = re.compile(r"\d{1,9}")
CONTROL = "control."
FIXED = "fixed"
TARGET = "target"


async def the_form(request: Request) -> FormData:
    """What was sent, read before the work begins."""
    return await request.form()


def router(site: Site) -> APIRouter:
    """The workbench of a quote with its live answer, and the way to a new quote."""
    routes, bases = APIRouter(), KeptBases()

    @routes.get("/quote/{number}")
    def page(request: Request, number: str) -> Response:
        visit, given = site.visit(request), request.query_params
        view = visit.ask(
            lambda office: workbench(office, visit.me, number, asked_of(office, number, given), bases, now=visit.now)
        )
        drawn = {"drawn": waterfall_drawn(view, visit.language), "curve": curve_drawn(view, visit.language)}
        more = {
            "key": f"portal:quote:{uuid4()}",
            "options": "" if isinstance(view, Refusal) else address_of(view, "/options"),
        }
        response = visit.show("workbench.html", view, block="answer", **more, **drawn)
        if isinstance(view, Workbench) and visit.wants_fragment:
            response.headers["HX-Replace-Url"] = address_of(view)
        return response

    @routes.get("/quote/{number}/options")
    def options(request: Request, number: str) -> Response:
        visit, given = site.visit(request), request.query_params
        across = str(given.get("across", ""))
        view = visit.ask(
            lambda office: options_page(
                office, visit.me, number, asked_of(office, number, given), across, bases, now=visit.now
            )
        )
        return visit.show("options.html", view)

    @routes.post("/quote/{number}")
    def quote_anew(request: Request, number: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        quoted = _quote_anew(visit, number, form)
        return visit.refuse(quoted) if isinstance(quoted, Refusal) else back_to(f"/quote/{quoted.number}")

    return routes


def _quote_anew(visit: Visit, number: str, form: FormData) -> QuoteFile | Refusal:
    """The quote's own risk, period, panel and level of authority with the terms of the form, on what is known now."""
    found = visit.ask(lambda office: _object_and_choices(office, number, form))
    if isinstance(found, Refusal):
        return found
    object_number, choices = found
    at = visit.site.installation.now()

    def work(office: Office) -> QuoteFile | Refusal:
        row = office.quotes.newest(number)
        assert row is not None, "the quote was there a moment ago, and nothing is ever taken away"
        quote = row.record
        wish = QuoteWish(choices, quote.period, quote.panel, quote.decision.level)
        return quote_risk(office, row.object_id, wish, at=at)

    content: Json = {"quote": number, "choices": {**choices}}
    return visit.perform("quote_risk", str(form.get("key", "")), QuoteFile, work, number=object_number, content=content)


def _object_and_choices(office: Office, number: str, form: FormData) -> tuple[str, dict[str, int]] | Refusal:
    row = office.quotes.newest(number)
    if row is None:
        return not_visible(number)
    choices = {**chosen_terms(row.record), **asked_of(office, number, form).choices}
    return office.objects.number_of(row.object_id), choices


def asked_of(office: Office, number: str, given: QueryParams | FormData) -> WhatIf:
    """What the form asks, less what stands in the quote anyway."""
    row = office.quotes.newest(number)
    if row is None:
        return WhatIf()
    quote, product = row.record, office.catalogue.version(row.record.product, row.record.version)
    said = {p.name: read_number(p, str(given.get(p.name, "")).strip()) for p in choosable(product)}
    values = quote.schedule.values
    choices = {name: value for name, value in said.items() if value is not None and value != values[name]}
    controls = {s.control: given.get(f"{CONTROL}{s.control}", "") for s in quote.standings}
    standing = {s.control: s.standing.value for s in quote.standings}
    changed = {
        control: Standing(str(now))
        for control, now in controls.items()
        if now in list(Standing) and now != standing[control]
    }
    fixed = {str(uid) for uid in given.getlist(FIXED)} & {finding.uid for finding in quote.findings}
    return WhatIf(choices, changed, frozenset(fixed), read_target(str(given.get(TARGET, "")).strip()))


def read_yuan(said: str) -> int | None:
    """An amount in yuan, with at most two decimals and nothing else, in fen; None where it is none."""
    found = AMOUNT.fullmatch(said)
    return int(found[1]) * FEN_PER_YUAN + int((found[2] or "0").ljust(2, "0")) if found else None


def read_number(parameter: Parameter, said: str) -> int | None:
    """Yuan with at most two decimals become fen, other units are whole; nothing where nothing was said."""
    said = said.replace(",", "").replace(" ", "")
    if not said:
        return None
    if parameter.unit == "minor":
        if (fen := read_yuan(said)) is not None:
            return fen
    elif WHOLE.fullmatch(said):
        return int(said)
    raise Refused(
        refuse(
            "number_unreadable",
            parameter.name,
            zh=f"“{parameter.words.zh}”填写为“{said}”，不是数；请填写数字（金额以元计，至多两位小数）。",
            en=f"“{parameter.words.en}” is “{said}”, which is no number; write digits (amounts in yuan, at most two "
            "decimals).",
        )
    )


def read_target(said: str) -> int | None:
    """A gross premium in yuan that mending is to reach; nothing where nothing was said."""
    said = said.replace(",", "").replace(" ", "")
    if not said:
        return None
    if (fen := read_yuan(said)) is not None:
        return fen
    raise Refused(
        refuse(
            "target_unreadable",
            TARGET,
            zh=f"目标保费填写为“{said}”，不是金额；请以元填写数字（至多两位小数）。",
            en=f"The premium to reach is “{said}”, which is no amount; write yuan in digits (at most two decimals).",
        )
    )


GROUPS = {
    "lower": Words("降低频率的控制措施", "Controls that lower the frequency"),
    "raise": Words("提高频率的控制措施", "Controls that raise the frequency"),
    "findings": Words("未关闭的发现项", "Open findings"),
}


def waterfall_drawn(view: Workbench | Refusal, language: Language) -> Json:
    """For the eye: controls and findings in three sums, and every other step that changes something."""
    if isinstance(view, Refusal) or view.answer.priced is None:
        return {"steps": []}
    sums: dict[str, int] = {}
    labels: dict[str, Words] = {}
    for step in (line.step for line in view.answer.steps):
        group = _group(step)
        sums[group] = sums.get(group, 0) + step.amount_minor
        labels[group] = GROUPS.get(group, step.label)
    steps: list[Json] = [
        {"label": labels[group].in_language(language), "amount": amount, "total": False}
        for group, amount in sums.items()
        if amount
    ]
    pays = Words("投保人应付", "The insured pays").in_language(language)
    return {"steps": [*steps, {"label": pays, "amount": view.answer.priced.insured_part_minor, "total": True}]}


def curve_drawn(view: Workbench | Refusal, language: Language) -> Json:
    """What a year pays at each return period."""
    if isinstance(view, Refusal) or view.answer.year is None:
        return {"curves": []}
    axis, name = (
        Words("重现期（年）", "once in so many years"),
        Words("本合同一年赔付", "what the contract pays in a year"),
    )
    points: list[Json] = [[period, round(amount.minor)] for period, amount in view.answer.year.curve]
    return {"axis": axis.in_language(language), "curves": [{"name": name.in_language(language), "points": points}]}


def _group(step: WaterfallStep) -> str:
    if step.code.startswith("control:"):
        return "raise" if step.amount_minor > 0 else "lower"
    return "findings" if step.code.startswith("finding:") else step.code


def address_of(view: Workbench, page: str = "") -> str:
    """The page, or one below it, with what was changed, as a link that can be sent to a colleague."""
    asked = view.asked
    changed = [(term.parameter.name, term.written.replace(",", "")) for term in view.terms if term.changed]
    changed += [(f"{CONTROL}{control}", standing.value) for control, standing in sorted(asked.controls.items())]
    changed += [(FIXED, uid) for uid in sorted(asked.fixed)]
    changed += [(TARGET, f"{asked.target_minor / FEN_PER_YUAN:g}")] if asked.target_minor is not None else []
    path = f"/quote/{view.quote.number}{page}"
    return f"{path}?{urlencode(changed)}" if changed else path
