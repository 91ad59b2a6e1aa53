"""The book: its newest simulation, its policies page by page and as a file, and running it anew."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, QueryParams

from ringwall.basics import FEN_PER_YUAN, Language, Refusal, Words, local_day, refuse
from ringwall.desk.doors import Json
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.portfolio.runs import newest_run
from ringwall.desk.portfolio.simulate_book import BookWish, run_book
from ringwall.desk.records import BookRun, RunPoint
from ringwall.desk.views.book.dashboard import (
    SORTS,
    Book,
    ListWish,
    PolicyLine,
    book_page,
    curve_points,
    in_order,
    policy_lines,
)
from ringwall.shell.web.pages.workbench import the_form
from ringwall.shell.web.site import MenuItem, Site, Visit, back_to

NAME = "book"
MENU: MenuItem | None = MenuItem("/book", Words("业务组合", "Book"), frozenset({"underwriter", "claims_handler"}))

YEARS = range(1_000, 50_001)
"""So many simulated years a request may ask for: fewer say nothing of the tail, more belong to the queue."""
WHOLE = re.compile(r"\d{1,10}")
FORMULA = ("=", "+", "-", "@", "\t")
COLUMNS = (
    Words("保单号", "Policy"),
    Words("被保险人", "Insured"),
    Words("行业", "Industry"),
    Words("地区", "Region"),
    Words("每次事故限额（元）", "Event limit (yuan)"),
    Words("累计限额（元）", "Aggregate limit (yuan)"),
    Words("净保费（元）", "Net premium (yuan)"),
    Words("起保日", "First day"),
    Words("终止日（不含）", "Ends before"),
    Words("尾部份额（元）", "Part of the tail (yuan)"),
)

CURVE_NAMES = (
    ("gross", "aep", Words("年累计 AEP（毛）", "AEP gross")),
    ("gross", "oep", Words("单次最大 OEP（毛）", "OEP gross")),
    ("net", "aep", Words("年累计 AEP（净）", "AEP net")),
    ("net", "oep", Words("单次最大 OEP（净）", "OEP net")),
)


def router(site: Site) -> APIRouter:
    """The page, the file, and the use case that runs the book."""
    routes = APIRouter()

    @routes.get("/book")
    def book(request: Request, run: str = "") -> Response:
        visit = site.visit(request)
        wish = wish_of(request.query_params)
        view = visit.ask(lambda office: book_page(office, visit.me, wish, visit.now, run))
        return visit.show(
            "book.html",
            view,
            block="policies",
            drawn=drawings(view, visit.language),
            key=f"portal:book:{uuid4()}",
            default_day=local_day(site.installation.now()),
            link=lambda **changed: list_link(wish, **changed),
            year_address=year_address,
        )

    @routes.get("/book/policies.csv")
    def policies(request: Request) -> Response:
        visit = site.visit(request)
        if visit.me.organisation_kind != "insurer":
            return visit.refuse(not_visible("/book"))
        wish = wish_of(request.query_params)
        lines = visit.ask(lambda office: in_order(policy_lines(office, _run(office, visit)), wish))
        return as_file(policies_csv(lines, visit.language), "policies.csv")

    @routes.post("/book/runs")
    def run_anew(request: Request, form: Annotated[FormData, Depends(the_form)]) -> Response:
        visit = site.visit(request)
        done = _run_anew(visit, form)
        return visit.refuse(done) if isinstance(done, Refusal) else back_to("/book")

    return routes


def _run(office: Office, visit: Visit) -> BookRun | None:
    row = newest_run(office, visit.now)
    return row.record if row else None


def _run_anew(visit: Visit, form: FormData) -> BookRun | Refusal:
    said = {name: str(form.get(name, "")).strip() for name in ("as_at", "years", "seed", "key")}
    wish = book_wish(said["as_at"], said["years"], said["seed"])
    if isinstance(wish, Refusal):
        return wish
    if visit.me.organisation_kind != "insurer":
        return not_visible("/book")
    at = visit.site.installation.now()
    content: Json = {"as_at": said["as_at"], "years": wish.years, "seed": wish.seed}
    return visit.perform(
        "simulate_book", said["key"], BookRun, lambda office: run_book(office, wish, at=at), content=content
    )


def book_wish(as_at: str, years: str, seed: str) -> BookWish | Refusal:
    """What to simulate, or what of it cannot be read."""
    try:
        day = date.fromisoformat(as_at)
    except ValueError:
        return refuse(
            "day_unreadable",
            as_at,
            zh=f"“{as_at}”不是日期；请写成 2026-10-31 的形式。",
            en=f"'{as_at}' is not a day; write it as 2026-10-31.",
        )
    if not WHOLE.fullmatch(years) or int(years) not in YEARS:
        return refuse(
            "years_out_of_range",
            years,
            zh=f"模拟年数“{years}”须为 {YEARS[0]:,} 至 {YEARS[-1]:,} 之间的整数；请更改。",
            en=f"The simulated years '{years}' must be a whole number from {YEARS[0]:,} to {YEARS[-1]:,}; change it.",
        )
    if not WHOLE.fullmatch(seed):
        return refuse(
            "seed_unreadable",
            seed,
            zh=f"随机种子“{seed}”须为不超过 10 位的整数；请更改。",
            en=f"The seed '{seed}' must be a whole number of at most 10 digits; change it.",
        )
    return BookWish(day, int(years), int(seed))


def wish_of(given: QueryParams) -> ListWish:
    """The list as the address asks for it; what is not understood is as if it were not said."""
    sort, page = given.get("sort", "tail"), given.get("page", "1")
    falling = given.get("order", "falling" if sort in ("tail", "limit", "premium") else "rising") == "falling"
    number = int(page) if WHOLE.fullmatch(page) else 1
    return ListWish(given.get("q", "").strip(), sort if sort in SORTS else "tail", falling, number)


def list_link(wish: ListWish, **changed: str) -> str:
    """The same list with something changed, as a query."""
    now = {"q": wish.search, "sort": wish.sort, "order": "falling" if wish.falling else "rising"}
    if changed.get("sort") == wish.sort:
        changed["order"] = "rising" if wish.falling else "falling"
    elif "sort" in changed:
        changed["order"] = "falling" if changed["sort"] in ("tail", "limit", "premium") else "rising"
    return urlencode({name: value for name, value in {**now, **changed}.items() if value})


def drawings(view: Book | Refusal, language: Language) -> Json:
    """The four curves, the causes, the vendors and the disasters."""
    if isinstance(view, Refusal) or view.run is None:
        return {}
    curves = [_curve_drawn(view.run, *named, language) for named in CURVE_NAMES]
    causes: list[Json] = [
        {"label": share.name.in_language(language), "amount": share.amount_minor} for share in view.causes
    ]
    piles: list[Json] = [
        {"label": f"{pile.kind.in_language(language)} {pile.vendor}", "amount": pile.limit_minor} for pile in view.piles
    ]
    axis = Words("重现期（年，对数刻度）", "Return period in years (log scale)").in_language(language)
    disasters: list[Json] = [
        {"label": row.name.in_language(language), "amount": row.loss.gross_mean_minor} for row in view.disasters
    ]
    return {
        "curves": {"axis": axis, "curves": curves},
        "causes": {"bars": causes},
        "piles": {"bars": piles},
        "disasters": {"bars": disasters},
    }


def _curve_drawn(run: BookRun, view: str, curve: str, name: Words, language: Language) -> Json:
    """The points with the addresses of the years that made them, and the band where the years are enough to say."""
    points = [point for point in curve_points(run, view, curve) if point.loss_minor is not None]
    return {
        "name": name.in_language(language),
        "points": [[point.years, point.loss_minor] for point in points],
        "links": [year_address(run.number, point) for point in points],
        "band": [
            [point.years, point.low_minor, point.high_minor]
            for point in points
            if point.low_minor is not None and point.high_minor is not None
        ],
    }


def year_address(run: str, point: RunPoint) -> str:
    """Where the year stands that made a point of a curve."""
    if point.year is None:
        return ""
    return f"/book/runs/{run}/years/{point.year}?view={point.view}&curve={point.curve}"


def policies_csv(lines: tuple[PolicyLine, ...], language: Language) -> str:
    """Every policy of the list, with amounts in yuan."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.in_language(language) for column in COLUMNS])
    for line in lines:
        policy, insured = line.policy, line.policy.organisation
        texts = (
            policy.number,
            insured.name.in_language(language),
            line.industry.in_language(language),
            line.region.in_language(language),
        )
        amounts = (policy.event_limit_minor, policy.aggregate_limit_minor, policy.premium_minor)
        writer.writerow(
            [
                *(safe_text(text) for text in texts),
                *(yuan_of(amount) for amount in amounts),
                policy.first_day.isoformat(),
                policy.last_day.isoformat(),
                yuan_of(line.tail_minor),
            ]
        )
    return out.getvalue()


def yuan_of(minor: int) -> str:
    sign, size = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{size // FEN_PER_YUAN}.{size % FEN_PER_YUAN:02d}"


def safe_text(text: str) -> str:
    """A text that a table program would take for a formula is written as a text."""
    return f"'{text}" if text.startswith(FORMULA) else text


def as_file(text: str, name: str) -> Response:
    """A CSV that table programs read as UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, media_type="text/csv; charset=utf-8", headers=headers)
