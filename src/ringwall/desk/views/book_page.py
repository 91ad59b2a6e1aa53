"""The insurer's book: its newest simulation taken apart, the policies in it, and the runs before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.portfolio.simulate_book import book_policies
from ringwall.desk.records import BookRun
from ringwall.desk.views.market_page import REGIONS
from ringwall.desk.views.parts import all_known
from ringwall.desk.views.workbench_page import loss_names
from ringwall.exposure import VendorKind
from ringwall.portfolio import BookPolicy, CurvePoint

ROWS_A_PAGE = 25
TAIL_SHOWN = 20
VENDOR_KINDS: Mapping[VendorKind, Words] = {
    VendorKind.CLOUD: Words("云服务", "Cloud"),
    VendorKind.OPERATING_SYSTEM: Words("操作系统", "Operating system"),
    VendorKind.ENDPOINT_AGENT: Words("终端安全代理", "Endpoint agent"),
    VendorKind.MANAGED_SERVICE: Words("托管服务", "Managed service"),
    VendorKind.BUSINESS_APPLICATION: Words("业务软件", "Business application"),
    VendorKind.EMAIL: Words("电子邮件", "E-mail"),
}


@dataclass(frozen=True, slots=True)
class ListWish:
    """Which part of a long list is asked for: a text to look for, the column to sort by, and the page."""

    search: str = ""
    sort: str = "tail"
    falling: bool = True
    page: int = 1


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One return period on the four curves."""

    years: int
    gross_aep: int | None
    gross_oep: int | None
    net_aep: int | None
    net_oep: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a sum: its name, its amount, and its share of the whole."""

    key: str
    name: Words
    amount_minor: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class PileRow:
    """What hangs on one vendor: policies, their event limits and premium, and the mean of its common shocks."""

    kind: Words
    vendor: str
    policies: int
    limit_minor: int
    premium_minor: int
    mean_minor: int | None


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy of the book in the list; `is_ours` where it was bound here and has a page of its own."""

    policy: BookPolicy
    industry: Words
    region: Words
    tail_minor: int
    is_ours: bool


@dataclass(frozen=True, slots=True)
class PolicyList:
    """One page of the policies, with how many there are."""

    wish: ListWish
    rows: tuple[PolicyLine, ...]
    found: int
    pages: int


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run that was made, in short."""

    run: BookRun
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """The page; `run` is None before the first simulation."""

    run: BookRun | None
    made_at: datetime | None
    may_run: bool
    curve: tuple[CurveRow, ...]
    loss_ratio: Fraction | None
    causes: tuple[Share, ...]
    tail: tuple[Share, ...]
    tail_rest_minor: int
    piles: tuple[PileRow, ...]
    policies: PolicyList
    earlier: tuple[RunLine, ...]


def book_page(office: Office, speaker: Speaker, wish: ListWish, now: datetime, number: str = "") -> Book | Refusal:
    """The newest run, or the one that is named; only an insurer has a book."""
    if speaker.organisation_kind != "insurer":
        return not_visible("/book")
    mine = (row for row in all_known(office.book_runs, now) if row.owner_id == office.me)
    runs = sorted(mine, key=lambda row: (row.known_at, row.number))
    chosen = next((row for row in runs if row.number == number), None) if number else next(reversed(runs), None)
    if number and chosen is None:
        return not_visible(number)
    run = chosen.record if chosen else None
    lines = policy_lines(office, run)
    return Book(
        run=run,
        made_at=chosen.known_at if chosen else None,
        may_run=permit(speaker, "simulate_book", None) is None,
        curve=_curve(run) if run else (),
        loss_ratio=Fraction(run.incurred_minor, run.earned_minor) if run and run.earned_minor else None,
        causes=_causes(office, run) if run else (),
        tail=_tail(run, lines)[:TAIL_SHOWN] if run else (),
        tail_rest_minor=sum(share.amount_minor for share in _tail(run, lines)[TAIL_SHOWN:]) if run else 0,
        piles=_piles(run) if run else (),
        policies=one_page(lines, wish),
        earlier=tuple(RunLine(row.record, row.known_at) for row in reversed(runs) if row is not chosen),
    )


def _curve(run: BookRun) -> tuple[CurveRow, ...]:
    def points(curve: tuple[CurvePoint, ...]) -> dict[int, int | None]:
        return {point.years: point.loss_minor for point in curve}

    gross_aep, gross_oep = points(run.gross.aep), points(run.gross.oep)
    net_aep, net_oep = points(run.net.aep), points(run.net.oep)
    return tuple(
        CurveRow(years, loss, gross_oep.get(years), net_aep.get(years), net_oep.get(years))
        for years, loss in gross_aep.items()
    )


def _causes(office: Office, run: BookRun) -> tuple[Share, ...]:
    names = loss_names(office.catalogue.model)
    return _shares({cause: amount for cause, amount in run.by_cause.items() if amount}, names)


def _tail(run: BookRun, lines: tuple[PolicyLine, ...]) -> tuple[Share, ...]:
    """The policies that make the worst years, the largest first; together they are the gross tail value at risk."""
    names = {line.policy.number: line.policy.organisation.name for line in lines}
    return _shares(run.tail_by_policy, names)


def _shares(amounts: Mapping[str, int], names: Mapping[str, Words]) -> tuple[Share, ...]:
    whole = sum(amounts.values())
    largest_first = sorted(amounts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Share(key, names.get(key, Words(key, key)), amount, Fraction(amount, whole) if whole else Fraction(0))
        for key, amount in largest_first
    )


def _piles(run: BookRun) -> tuple[PileRow, ...]:
    rows = []
    for pile in run.piles:
        kind, _, vendor = pile.key.partition(":")
        mean = run.by_vendor.get(vendor) if kind == VendorKind.CLOUD else None
        rows.append(
            PileRow(VENDOR_KINDS[VendorKind(kind)], vendor, pile.policies, pile.limit_minor, pile.premium_minor, mean)
        )
    return tuple(rows)


def policy_lines(office: Office, run: BookRun | None) -> tuple[PolicyLine, ...]:
    """Every policy of the book as it stands, with its part of the tail in a run."""
    industries = office.catalogue.model.industries
    ours = {row.number for row in office.policies.all()}
    tail = run.tail_by_policy if run else {}
    lines = []
    for policy in book_policies(office):
        insured = policy.organisation
        industry = industries.get(insured.industry, Words(insured.industry, insured.industry))
        region = REGIONS.get(insured.region, Words(insured.region, insured.region))
        lines.append(PolicyLine(policy, industry, region, tail.get(policy.number, 0), policy.number in ours))
    return tuple(lines)


SORTS: Mapping[str, Callable[[PolicyLine], Any]] = {
    "number": lambda line: line.policy.number,
    "insured": lambda line: line.policy.organisation.name.zh,
    "industry": lambda line: line.policy.organisation.industry,
    "region": lambda line: line.policy.organisation.region,
    "limit": lambda line: line.policy.event_limit_minor,
    "premium": lambda line: line.policy.premium_minor,
    "ends": lambda line: line.policy.last_day,
    "tail": lambda line: line.tail_minor,
}


def in_order(lines: tuple[PolicyLine, ...], wish: ListWish) -> tuple[PolicyLine, ...]:
    """What matches the search, sorted; equal lines stand by number."""
    wanted = wish.search.casefold()
    found = [line for line in lines if not wanted or any(wanted in text.casefold() for text in _texts(line))]
    found.sort(key=SORTS["number"])
    found.sort(key=SORTS.get(wish.sort, SORTS["tail"]), reverse=wish.falling)
    return tuple(found)


def _texts(line: PolicyLine) -> tuple[str, ...]:
    insured = line.policy.organisation
    in_words = (insured.name, line.industry, line.region)
    return line.policy.number, insured.region, *(text for words in in_words for text in (words.zh, words.en))


def one_page(lines: tuple[PolicyLine, ...], wish: ListWish) -> PolicyList:
    found = in_order(lines, wish)
    pages = max(-(-len(found) // ROWS_A_PAGE), 1)
    page = min(max(wish.page, 1), pages)
    rows = found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    return PolicyList(ListWish(wish.search, wish.sort, wish.falling, page), rows, len(found), pages)


def newest_run(office: Office, now: datetime) -> Row[BookRun] | None:
    """The last run of the acting insurer."""
    mine = [row for row in all_known(office.book_runs, now) if row.owner_id == office.me]
    return max(mine, key=lambda row: (row.known_at, row.number), default=None)
