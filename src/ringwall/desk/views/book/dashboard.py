"""The insurer's book: its newest simulation taken apart, the policies in it, and the runs before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.portfolio.held_book import book_policies
from ringwall.desk.portfolio.runs import runs_known
from ringwall.desk.records import BookRun, RunPoint
from ringwall.desk.views.market_page import REGIONS
from ringwall.desk.views.workbench_page import loss_names
from ringwall.exposure import VendorKind
from ringwall.portfolio import BookPolicy, ForcedLoss, Pile

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
    """One return period on the four curves: AEP and OEP, gross and net."""

    years: int
    points: tuple[RunPoint, ...]


CURVES = (("gross", "aep"), ("gross", "oep"), ("net", "aep"), ("net", "oep"))


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
class TailWay:
    """The gross tail value at risk given back in one way; the shares sum to it exactly."""

    code: str
    name: Words
    shares: tuple[Share, ...]

    @property
    def total_minor(self) -> int:
        return sum(share.amount_minor for share in self.shares)


@dataclass(frozen=True, slots=True)
class DisasterRow:
    """A forced scenario under its name."""

    name: Words
    loss: ForcedLoss


@dataclass(frozen=True, slots=True)
class Heap:
    """Where limits pile up in one view of the book: product, region or weakness."""

    code: str
    name: Words
    piles: tuple[tuple[Words, Pile], ...]


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
    tail_ways: tuple[TailWay, ...]
    disasters: tuple[DisasterRow, ...]
    tail: tuple[Share, ...]
    tail_rest_minor: int
    piles: tuple[PileRow, ...]
    heaps: tuple[Heap, ...]
    policies: PolicyList
    earlier: tuple[RunLine, ...]


def book_page(office: Office, speaker: Speaker, wish: ListWish, now: datetime, number: str = "") -> Book | Refusal:
    """The newest run, or the one that is named; only an insurer has a book."""
    if speaker.organisation_kind != "insurer":
        return not_visible("/book")
    runs = runs_known(office, now)
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
        tail_ways=tail_ways(office, run) if run else (),
        disasters=disasters(office, run) if run else (),
        tail=_tail(run, lines)[:TAIL_SHOWN] if run else (),
        tail_rest_minor=sum(share.amount_minor for share in _tail(run, lines)[TAIL_SHOWN:]) if run else 0,
        piles=_piles(run) if run else (),
        heaps=heaps(office, run) if run else (),
        policies=one_page(lines, wish),
        earlier=tuple(RunLine(row.record, row.known_at) for row in reversed(runs) if row is not chosen),
    )


def curve_points(run: BookRun, view: str, curve: str) -> tuple[RunPoint, ...]:
    """A curve with bands and years; of a run that was made before there were any, only its amounts."""
    if run.parts:
        return tuple(point for point in run.parts.points if (point.view, point.curve) == (view, curve))
    measures = run.gross if view == "gross" else run.net
    bare = measures.aep if curve == "aep" else measures.oep
    return tuple(RunPoint(view, curve, point.years, point.loss_minor, None, None, None) for point in bare)


def _curve(run: BookRun) -> tuple[CurveRow, ...]:
    curves = [curve_points(run, view, curve) for view, curve in CURVES]
    return tuple(CurveRow(points[0].years, points) for points in zip(*curves, strict=True))


def _causes(office: Office, run: BookRun) -> tuple[Share, ...]:
    names = loss_names(office.catalogue.model)
    return _shares({cause: amount for cause, amount in run.by_cause.items() if amount}, names)


def _tail(run: BookRun, lines: tuple[PolicyLine, ...]) -> tuple[Share, ...]:
    """The policies that make the worst years, the largest first; together they are the gross tail value at risk."""
    names = {line.policy.number: line.policy.organisation.name for line in lines}
    return _shares(run.tail_by_policy, names)


def tail_ways(office: Office, run: BookRun) -> tuple[TailWay, ...]:
    """By coverage part, by vendor behind the shock and by insurer on the panels."""
    if run.parts is None:
        return ()
    known = Words("已知赔款", "Losses known so far")
    parts = {part.code: part.name for product in office.catalogue.versions.values() for part in product.parts}
    vendors = {"": Words("无共同供应商（自身事件等）", "No common vendor (own events and others)")}
    members = {code: office.directory.by_code(code) for code in run.parts.tail_by_insurer if code}
    insurers = {code: member.name for code, member in members.items() if member}
    others = {"": Words("其他共保人和临分再保人", "Other co-insurers and facultative reinsurers")}
    ways = (
        ("part", Words("按保障部分", "By coverage part"), run.parts.tail_by_part, parts),
        ("vendor", Words("按供应商", "By vendor"), run.parts.tail_by_vendor, vendors),
        ("insurer", Words("按承保的保险人", "By insurer on the panels"), run.parts.tail_by_insurer, insurers | others),
    )
    return tuple(
        TailWay(code, name, _shares(amounts, {"known": known, **names})) for code, name, amounts, names in ways
    )


def disasters(office: Office, run: BookRun) -> tuple[DisasterRow, ...]:
    names = loss_names(office.catalogue.model)
    found = run.parts.disasters if run.parts else ()
    return tuple(DisasterRow(names.get(each.scenario, Words(each.scenario, each.scenario)), each) for each in found)


def heaps(office: Office, run: BookRun) -> tuple[Heap, ...]:
    """By product, region and weakness; the vendors stand by themselves."""
    if run.parts is None:
        return ()
    products = {f"{p.code} {p.version}": p.title for p in office.catalogue.versions.values()}
    ways: tuple[tuple[str, Words, tuple[Pile, ...], Mapping[str, Words]], ...] = (
        ("product", Words("按产品", "By product"), run.parts.products, products),
        ("region", Words("按地区", "By region"), run.parts.regions, REGIONS),
        ("weakness", Words("按漏洞（CVE）", "By weakness (CVE)"), run.parts.weaknesses, {}),
    )
    return tuple(
        Heap(code, name, tuple((names.get(pile.key, Words(pile.key, pile.key)), pile) for pile in piles))
        for code, name, piles, names in ways
    )


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
