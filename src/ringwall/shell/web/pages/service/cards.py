"""Rate cards on the page of a provider: what it proposes, and the answer of an insurer to it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from ringwall.basics import Refusal, refuse
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.rate_cards import answer_rate_card, propose_rate_card
from ringwall.service import CardAnswer, CardLine, PriceUnit, RateCard
from ringwall.shell.web.pages.workbench import read_yuan, the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "cards"
MENU: MenuItem | None = None
"""The page of the provider leads to it."""
PRICE = "price."


def router(site: Site) -> APIRouter:
    """The two acts on a card."""
    routes = APIRouter()

    @routes.post("/provider/{code}/cards")
    def propose(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _propose(visit, code, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}#cards")

    @routes.post("/provider/{code}/cards/answers")
    def answer(request: Request, code: str, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _answer(visit, code, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to(f"/provider/{code}#cards")

    return routes


def _propose(visit: Visit, code: str, form: FormData) -> RateCard | Refusal:
    """The acting provider's own card; `code` is only where the page goes back to."""
    at = visit.site.installation.now()
    try:
        wished = RateCard(
            code,
            {},
            date.fromisoformat(str(form.get("valid_from", ""))),
            date.fromisoformat(str(form.get("valid_until", ""))),
            payment_days=int(str(form.get("payment_days", ""))),
        )
        lines = tuple(
            CardLine(name.removeprefix(PRICE), _fen(said), PriceUnit(str(form.get(f"unit.{name.removeprefix(PRICE)}"))))
            for name, value in form.items()
            if name.startswith(PRICE) and (said := str(value).strip().replace(",", ""))
        )
    except ValueError as fault:
        return refuse(
            "rate_card_unreadable",
            code,
            zh=f"价目表无法读取（{fault}）；请填写起止日、付款天数，并以元填写单价（至多两位小数）与单位。",
            en=f"The card cannot be read ({fault}); give its first and last day, the days to pay in, and prices in "
            "yuan (at most two decimals) with their unit.",
        )
    return visit.perform(
        "propose_rate_card",
        str(form.get("key", "")),
        RateCard,
        lambda office: propose_rate_card(office, wished, lines, at=at),
        content={name: str(value) for name, value in form.items() if name != "key"},
    )


def _fen(said: str) -> int:
    fen = read_yuan(said)
    if fen is None:
        raise ValueError(said)
    return fen


def _answer(visit: Visit, code: str, form: FormData) -> CardAnswer | Refusal:
    number, reason, said = (str(form.get(name, "")) for name in ("card", "reason", "decision"))
    if said not in ("accepted", "declined"):
        return not_visible(said)
    at, by, yes = visit.site.installation.now(), visit.me.display_name, said == "accepted"
    return visit.perform(
        "answer_rate_card",
        f"{form.get('key', '')}:{number}:{said}",
        CardAnswer,
        lambda office: answer_rate_card(office, code, number, yes=yes, reason=reason, by=by, at=at),
        content={"provider": code, "card": number, "decision": said, "reason": reason},
    )
