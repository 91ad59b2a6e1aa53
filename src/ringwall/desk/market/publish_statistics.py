"""The figures that may be shown of the book: by industry, region, size and product, never below the privacy floor."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ringwall.basics import Refusal, day_start
from ringwall.desk.market.publish_peers import publish_peers
from ringwall.desk.office import Office, own_code
from ringwall.desk.portfolio.held_book import book_policies, claims_to_date
from ringwall.desk.records import StatisticsFile
from ringwall.market import StatisticsRow, regulator_export, statistics
from ringwall.portfolio import BookPolicy, ClaimToDate

TABLES = (("industry",), ("region",), ("industry", "size_band"))


def publish_statistics(office: Office, on: date, *, at: datetime) -> StatisticsFile | Refusal:
    """The tables and the export of one day, under a number of their own, and each insured beside its peers."""
    scheme, rows = office.catalogue.statistics, statistics_rows(office)
    tables = []
    for dimensions in TABLES:
        table = statistics(rows, dimensions, scheme)
        if isinstance(table, Refusal):
            return table
        tables.append(table)
    export = regulator_export(rows, f"{on:%Y-%m}", scheme)
    if isinstance(export, tuple):
        return export[0]
    file = StatisticsFile(office.numbers.next(f"{own_code(office)}-STAT"), on, tuple(tables), export)
    office.statistics.add(
        file.number, file, object_id=market_object(office), effective_at=day_start(on), known_at=at, state="published"
    )
    publish_peers(office, at=at)
    return file


def market_object(office: Office) -> UUID:
    """What an insurer reports stands apart from its book, so that its readers see no policy and no run."""
    number = f"{own_code(office)}-MARKET"
    object_id = office.objects.by_number(number) or office.objects.open(number)
    for member in office.directory.all():
        if member.kind == "regulator":
            office.objects.share(object_id, member.id, "regulator")
    return object_id


def statistics_rows(office: Office) -> tuple[StatisticsRow, ...]:
    claims: dict[str, list[ClaimToDate]] = {}
    for claim in claims_to_date(office):
        claims.setdefault(claim.policy, []).append(claim)
    return tuple(_row(policy, claims.get(policy.number, [])) for policy in book_policies(office))


def _row(policy: BookPolicy, claims: list[ClaimToDate]) -> StatisticsRow:
    insured = policy.organisation
    return StatisticsRow(
        policy=policy.number,
        product=policy.product,
        industry=insured.industry,
        region=insured.region,
        employees=insured.employees,
        subject="other",
        premium_minor=policy.premium_minor,
        sum_insured_minor=policy.aggregate_limit_minor,
        claims=len(claims),
        paid_minor=sum(claim.paid_minor for claim in claims),
        outstanding_minor=sum(claim.outstanding_minor for claim in claims),
    )
