"""Quotes: priced on what is known today, with the reasons and the fix list; and priced again without being stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from ringwall.basics import Refusal, Term, Words, local_day, refuse
from ringwall.desk.office import Office
from ringwall.desk.permissions import permit
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.price.reprice import Repriced, WhatIf, change_terms, reprice
from ringwall.desk.records import QuoteFile
from ringwall.desk.sale import OnSale
from ringwall.evidence import Standing
from ringwall.policy import Line
from ringwall.shell.api.caller import REPEATABLE, Asking, Caller, SignedRoute, Writing
from ringwall.shell.api.forms.fields import After, Body, Limit, Number, NumberText, Period, Ratio, Word
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, listing, object_of, record_of, standing
from ringwall.shell.api.problems import Refused
from ringwall.underwriting import Question

router = APIRouter(tags=["报价 · Quotes"], route_class=SignedRoute)

Choices = dict[
    Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], Annotated[int, Field(ge=-(10**15), le=10**15, strict=True)]
]


class PanelLine(Body):
    """One insurer's share of the risk, by its code; the first line leads."""

    insurer: Word
    share: Ratio


class AskQuote(Body):
    """What is to be quoted: the schedule's choices (whole units), the period, the panel, the level of authority."""

    submission: NumberText = Field(examples=["JIANGKOU-SUB-000001"])
    choices: Choices = Field(default_factory=dict, examples=[{"event_limit": 300_000_000}])
    period: Period
    panel: list[PanelLine] = Field(
        min_length=1,
        max_length=30,
        examples=[[{"insurer": "shouan", "share": "3/5"}, {"insurer": "zhongliu", "share": "2/5"}]],
    )
    level: Word = Field(examples=["senior_underwriter"])

    def record(self) -> QuoteWish:
        """The room's own record of it."""
        panel = tuple(Line(each.insurer, each.share) for each in self.panel)
        return QuoteWish(self.choices, Term(self.period.start, self.period.end), panel, self.level)


class Reprice(Body):
    """What is assumed to be different: choices, how controls stand, and findings that are mended."""

    choices: Choices = Field(default_factory=dict)
    controls: dict[Word, Literal["held", "broken", "unknown"]] = Field(default_factory=dict, examples=[{"edr": "held"}])
    fixed: list[Word] = Field(
        default_factory=list, max_length=500, description="发现项 uid · uids of findings", examples=[[]]
    )

    def record(self) -> WhatIf:
        """The desk's own record of it."""
        controls = {code: Standing(standing) for code, standing in self.controls.items()}
        return WhatIf(self.choices, controls, frozenset(self.fixed))


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with what the insured would pay."""

    quote: QuoteFile
    gross_minor: int
    insured_part_minor: int


@dataclass(frozen=True, slots=True)
class ProductOnSale:
    """A version that can be applied for today, with what is asked and what the schedule may choose."""

    code: str
    version: str
    title: Words
    registration: str
    on_sale_from: date
    rates_version: str
    rates_filing: str
    parts: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """What is on sale on a day."""

    day: date
    products: tuple[ProductOnSale, ...]


@router.get("/products", response_model=mirror(Shop), summary="在售产品 · What is on sale")
def products(caller: Asking) -> Shop:
    """Every filed product version that is on sale today, by code and version."""
    day = local_day(caller.instant(None))
    return caller.ask(lambda office: Shop(day, tuple(_on_sale(each) for each in office.catalogue.sold_on(day))))


def _on_sale(sold: OnSale) -> ProductOnSale:
    product = sold.product
    return ProductOnSale(
        product.code,
        product.version,
        product.title,
        product.filing.number,
        sold.first,
        sold.rates.version,
        sold.rates.filing,
        tuple(part.code for part in product.parts),
        sold.questionnaire.questions,
        tuple(name for name, parameter in product.parameters.items() if parameter.open_to_choice),
    )


@router.post("/quotes", status_code=201, response_model=mirror(Quoted), summary="报价 · Quote a risk")
def quote(body: AskQuote, writer: Writing) -> Quoted:
    """A quote under a number of its own. What the lead knows from looks at the insured is dated with it."""
    if body.period.is_backward():
        raise Refused(_period_backward(body.period))
    at = writer.instant(None)
    made = writer.write(
        "quote_risk",
        body,
        QuoteFile,
        lambda office: quote_risk(office, object_of(office, body.submission), body.record(), at=at),
        body.submission,
    )
    return _quoted(made)


@router.get("/quotes", response_model=mirror(Listing), summary="报价列表 · List quotes")
def quotes(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The quotes that the speaker's organisation may see."""
    return caller.ask(lambda office: listing(office, office.quotes.all(), limit, after))


@router.get("/quotes/{number}", response_model=mirror(Quoted), summary="报价单 · One quote")
def one_quote(number: Number, caller: Asking) -> Quoted:
    """The quote with its waterfall, every step with its reason, and what each fix would save."""
    return _quoted(record_of(caller, lambda office: office.quotes, number, QuoteFile))


@router.post(
    "/quotes/{number}/reprice",
    response_model=mirror(Repriced),
    summary="试算 · Price again",
    openapi_extra={f"x-{REPEATABLE}": True},
)
def price_again(number: Number, body: Reprice, caller: Asking) -> Repriced:
    """What the quote would cost with other choices, controls or mended findings; nothing is stored."""
    return caller.ask(lambda office: _priced_again(caller, office, number, body))


def _quoted(file: QuoteFile) -> Quoted:
    return Quoted(file, file.priced.gross_minor, file.priced.insured_part_minor)


def _priced_again(caller: Caller, office: Office, number: str, change: Reprice) -> Repriced | Refusal:
    row = standing(office.quotes, number)
    if isinstance(row, Refusal):
        return row
    if (refusal := permit(caller.speaker, "quote_risk", office.objects.roles(row.object_id))) is not None:
        return refusal
    quoted = row.record
    controls, uids = [each.control for each in quoted.standings], [each.uid for each in quoted.findings]
    if unknown := sorted(set(change.controls) - set(controls)):
        return _not_in_quote("control_unknown", number, unknown, controls)
    if unknown := sorted(set(change.fixed) - set(uids)):
        return _not_in_quote("finding_unknown", number, unknown, uids)
    changed = change_terms(office, quoted, change.choices, caller.house.bases)
    return changed if isinstance(changed, Refusal) else reprice(office, changed, change.record())


def _not_in_quote(code: str, quote: str, unknown: Sequence[str], known: Sequence[str]) -> Refusal:
    named, there = ", ".join(unknown), ", ".join(known) or "—"
    return refuse(
        code,
        quote,
        zh=f"报价 {quote} 中没有 {named}（有：{there}）；请改选其中之一。",
        en=f"Quote {quote} has no {named}; it has {there}; choose among these.",
    )


def _period_backward(period: Period) -> Refusal:
    start, end = period.start.isoformat(), period.end.isoformat()
    return refuse(
        "period_backward",
        "period",
        zh=f"保险期间自 {start} 起，至 {end} 止，不足一日；请更正起止时刻。",
        en=f"The period starts at {start} and ends at {end}, less than a day; correct its ends.",
    )
