"""The market as far as it may be shown: statistics with their privacy floor, filed products, the regulator's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible, permit
from ringwall.desk.records import StatisticsFile
from ringwall.desk.views.parts import all_known
from ringwall.market import TOTAL, FiledProduct, Scheme, Table, TableCell, filed_products

READERS = frozenset({"insurer", "regulator"})
REGIONS: Mapping[str, Words] = {
    f"CN-{code}": Words(zh, en)
    for code, zh, en in (
        ("BJ", "北京", "Beijing"),
        ("TJ", "天津", "Tianjin"),
        ("HE", "河北", "Hebei"),
        ("LN", "辽宁", "Liaoning"),
        ("SH", "上海", "Shanghai"),
        ("JS", "江苏", "Jiangsu"),
        ("ZJ", "浙江", "Zhejiang"),
        ("AH", "安徽", "Anhui"),
        ("FJ", "福建", "Fujian"),
        ("SD", "山东", "Shandong"),
        ("HA", "河南", "Henan"),
        ("HB", "湖北", "Hubei"),
        ("HN", "湖南", "Hunan"),
        ("GD", "广东", "Guangdong"),
        ("CQ", "重庆", "Chongqing"),
        ("SC", "四川", "Sichuan"),
        ("SN", "陕西", "Shaanxi"),
    )
}
"""The provinces by ISO 3166-2, as the books so far name them; another code stands for itself."""


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """One published table with the words of its rows and columns; a held-back cell has no figures."""

    table: Table
    dimensions: tuple[Words, ...]
    rows: tuple[tuple[str, Words], ...]
    columns: tuple[tuple[str, Words], ...]

    def cell(self, row: str, column: str = TOTAL) -> TableCell | None:
        return self.table.find(row, column)

    @property
    def held_back(self) -> int:
        return sum(cell.figures is None for cell in self.table.cells)


@dataclass(frozen=True, slots=True)
class Report:
    """One publication: whose it is, of which day, and its tables."""

    file: StatisticsFile
    insurer: Words
    published_at: datetime
    tables: tuple[StatisticsTable, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """The page: the newest publication of each insurer, and what is on the shelf."""

    reports: tuple[Report, ...]
    filings: tuple[FiledProduct, ...]
    floor: int
    figures: Mapping[str, Words]
    may_publish: bool


def market_page(office: Office, speaker: Speaker, now: datetime) -> Market | Refusal:
    """For insurers, each with its own figures, and for the supervisor with everybody's."""
    if speaker.organisation_kind not in READERS:
        return not_visible("/market")
    newest: dict[object, Row[StatisticsFile]] = {}
    for row in sorted(all_known(office.statistics, now), key=lambda row: (row.known_at, row.number)):
        newest[row.owner_id] = row
    scheme = office.catalogue.statistics
    may_publish = speaker.organisation_kind == "insurer" and permit(speaker, "publish_statistics", None) is None
    return Market(
        reports=tuple(_report(office, row) for row in newest.values()),
        filings=filed_products(office.catalogue.versions.values(), local_day(now)),
        floor=scheme.floor,
        figures=scheme.figures,
        may_publish=may_publish,
    )


def export_of(office: Office, speaker: Speaker, number: str) -> StatisticsFile | Refusal:
    """The regulator's table of one publication, for whoever may see that publication."""
    row = office.statistics.newest(number) if speaker.organisation_kind in READERS else None
    return row.record if row else not_visible(number)


def _report(office: Office, row: Row[StatisticsFile]) -> Report:
    owner = office.directory.by_id(row.owner_id)
    name = owner.name if owner else Words(row.number, row.number)
    tables = tuple(_table(office, table) for table in row.record.tables)
    return Report(row.record, name, row.known_at, tables)


def _table(office: Office, table: Table) -> StatisticsTable:
    scheme = office.catalogue.statistics
    rows = list(dict.fromkeys(cell.row for cell in table.cells if cell.row))
    columns = list(dict.fromkeys(cell.column for cell in table.cells if cell.column))
    names = [_words_for(office, scheme, dimension) for dimension in table.dimensions]
    bands = [band.code for band in scheme.size_bands]
    if table.dimensions[-1] == "size_band":
        columns.sort(key=bands.index)
    return StatisticsTable(
        table,
        tuple(scheme.dimensions[dimension] for dimension in table.dimensions),
        tuple((row, names[0].get(row, Words(row, row))) for row in rows),
        tuple((column, names[-1].get(column, Words(column, column))) for column in columns),
    )


def _words_for(office: Office, scheme: Scheme, dimension: str) -> Mapping[str, Words]:
    match dimension:
        case "industry":
            return office.catalogue.model.industries
        case "region":
            return REGIONS
        case "size_band":
            return {band.code: band.words for band in scheme.size_bands}
        case "product":
            return {product.code: product.title for product in office.catalogue.versions.values()}
        case _:
            return {code: subject.words for code, subject in scheme.subjects.items()}
