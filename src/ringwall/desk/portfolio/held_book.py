"""What the acting insurer's book holds at an instant: imported rows, policies bound here, claims to date, panels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from ringwall.basics import local_day
from ringwall.claim import CostKind, outstanding_minor
from ringwall.desk.doors import Row
from ringwall.desk.office import Office
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.exposure import Organisation
from ringwall.portfolio import (
    BookAgain,
    BookPolicy,
    ClaimToDate,
    PartLimits,
    compile_book,
    known_losses,
    openings,
)
from ringwall.product import Product, Schedule, shared_limits
from ringwall.risk import Relief, combine, relief_steps
from ringwall.terms import RetentionMode

Panels = Mapping[str, Mapping[str, Fraction]]
"""Policy number to the share of each insurer by code; the share of others stands under an empty code."""


def book_policies(office: Office, at: datetime | None = None) -> tuple[BookPolicy, ...]:
    """Imported rows, and the policies on whose panel the acting insurer is, each with the share that others bear.

    With `at`, as they were known at that instant.
    """
    imported = [row.record for row in (all_known(office.book, at) if at else office.book.all())]
    return (*imported, *(_bound(office, row, at) for row in _ours(office, at)))


def claims_to_date(office: Office, at: datetime | None = None) -> tuple[ClaimToDate, ...]:
    """Every claim with what it has paid, what is outstanding, and the aggregate that it has used up."""
    return tuple(
        ClaimToDate(
            policy=row.record.claim.policy,
            claim=row.number,
            paid_minor=row.record.claim.paid_minor,
            outstanding_minor=outstanding_minor(row.record.claim, CostKind.INDEMNITY),
            used=row.record.claim.outcome.state_after if row.record.claim.outcome else {},
        )
        for row in (all_known(office.claims, at) if at else office.claims.all())
    )


def panels_of(office: Office, held: tuple[BookPolicy, ...]) -> Panels:
    """Who bears what: the signed panel of a policy bound here, our own share of an imported row."""
    me = my_code(office)
    panels: dict[str, dict[str, Fraction]] = {}
    for policy in held:
        panels[policy.number] = {me: 1 - policy.ceded, **({"": policy.ceded} if policy.ceded else {})}
    for row in office.policies.all():
        agreement = row.record.agreement
        if row.number in panels:
            panels[row.number] = {name: agreement.share_of(name) for name in agreement.names}
    return panels


def weaknesses_of(office: Office, at: datetime) -> Mapping[str, frozenset[str]]:
    """Policy number to the CVEs that were open at the insured at an instant; only insured that were looked at."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _ours(office, at):
        for finding in all_known(office.findings, at, row.object_id):
            if finding.record.is_open and finding.record.cve:
                found[row.number].add(finding.record.cve)
    return {number: frozenset(cves) for number, cves in found.items()}


def book_again(office: Office, as_at: date, years: int, seed: int, at: datetime | None = None) -> BookAgain:
    """The book with its losses, ready to run or to run again; with `at`, as it was known at that instant."""
    catalogue, held, claims = office.catalogue, book_policies(office, at), claims_to_date(office, at)
    products = {(product.code, product.version): product for product in catalogue.versions.values()}
    by_number = {policy.number: policy for policy in sorted(held, key=lambda policy: policy.number)}
    return BookAgain(
        policies=tuple(by_number.values()),
        terms=compile_book(held, products).terms,
        model=catalogue.model,
        years=years,
        seed=seed,
        as_at=as_at,
        opening=openings(claims),
        known=known_losses(claims, by_number),
    )


def my_code(office: Office) -> str:
    """The acting organisation as panels name it."""
    me = office.directory.by_id(office.me)
    assert me is not None, "the acting organisation is on the platform"
    return me.code


def _ours(office: Office, at: datetime | None) -> tuple[Row[PolicyFile], ...]:
    me = my_code(office)
    rows = all_known(office.policies, at) if at else tuple(office.policies.all())
    return tuple(row for row in rows if me in row.record.agreement.names)


def _bound(office: Office, row: Row[PolicyFile], at: datetime | None) -> BookPolicy:
    """A policy of the house as a row of the book: its exposure, its schedule, and what its evidence is worth."""
    file, model = row.record, office.catalogue.model
    content = file.policy.newest.content
    profile = (
        last_known(office.profiles, at, row.object_id) if at else office.profiles.of_object(row.object_id)[-1].record
    )
    assert profile is not None, "whoever is insured has a profile"
    insuring = Insuring(
        ceded=1 - file.agreement.share_of(my_code(office)),
        premium_minor=content.premium.premium.net_minor,
        first_day=local_day(content.period.start),
        last_day=local_day(content.period.end),
        relativity=file.relativity,
        relief=combine(model, relief_steps(model, file.standings, file.rated_findings)),
    )
    account = office.objects.number_of(row.object_id)
    return book_row(office, account, file.policy.number, profile, file.schedule, insuring)


@dataclass(frozen=True, slots=True)
class Insuring:
    """What of a contract stands neither in its schedule nor in the insured's figures; `last_day` is outside."""

    ceded: Fraction
    premium_minor: int
    first_day: date
    last_day: date
    relativity: Fraction
    relief: Relief


def book_row(
    office: Office, account: str, number: str, organisation: Organisation, schedule: Schedule, insuring: Insuring
) -> BookPolicy:
    """A contract of the house, bound or only quoted, as a row of the book."""
    product = office.catalogue.version(schedule.product, schedule.version)
    event_minor, aggregate_minor = shared_limits(product).of(schedule)
    return BookPolicy(
        account=account,
        number=number,
        organisation=organisation,
        product=product.code,
        product_version=product.version,
        parts=_parts(product, schedule),
        event_limit_minor=event_minor,
        aggregate_limit_minor=aggregate_minor,
        waiting_hours=schedule.values.get("npbi_wait_hours", 0),
        retention_mode=RetentionMode(schedule.values.get("npbi_mode", RetentionMode.WAITING_ONLY)),
        premium_minor=insuring.premium_minor,
        first_day=insuring.first_day,
        last_day=insuring.last_day,
        ceded=insuring.ceded,
        relativity=insuring.relativity,
        relief=insuring.relief,
        further=_further(product, schedule),
    )


def _further(product: Product, schedule: Schedule) -> tuple[tuple[str, int], ...]:
    """What the schedule chooses beside limits, deductibles and the wait of an interruption; its dates pay nothing."""
    columns = {*shared_limits(product), "npbi_wait_hours", "npbi_mode"}
    columns |= {f"{part.code.lower()}_{term}" for part in product.parts for term in ("limit", "deductible")}
    chosen = sorted(schedule.chosen - columns)
    return tuple((name, schedule.values[name]) for name in chosen if product.parameters[name].unit != "instant")


def _parts(product: Product, schedule: Schedule) -> tuple[PartLimits, ...]:
    event_minor, _ = shared_limits(product).of(schedule)
    named = [(part.code, part.code.lower()) for part in product.parts if not part.statutory]
    return tuple(
        PartLimits(
            code, schedule.values.get(f"{name}_limit", event_minor), schedule.values.get(f"{name}_deductible", 0)
        )
        for code, name in named
    )
