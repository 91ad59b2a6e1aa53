"""Everything that the use cases read from the catalogue: parsed once at the start, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from ringwall.basics import Calendar, Refusal, refuse
from ringwall.claim import ClockRule, HolidayTable, read_clock_rules, read_holidays
from ringwall.desk.sale import OnSale, newest_on_sale, quotable, read_sale, unknown_product
from ringwall.evidence import (
    Control,
    Intelligence,
    Periods,
    ProductRule,
    Rules,
    parse_controls,
    parse_periods,
    parse_products,
    parse_rules,
)
from ringwall.exposure import ConsentWording, parse_wording
from ringwall.incident import GradingScheme
from ringwall.incident import read_scheme as read_grading_scheme
from ringwall.market import Scheme
from ringwall.market import read_scheme as read_statistics_scheme
from ringwall.portfolio import Compile, in_memory
from ringwall.price import Capacity, CostOfCapital, read_capacities, read_cost_of_capital, read_rates
from ringwall.product import LOCK, Product, parse_product, read_lock, whole_texts
from ringwall.risk import (
    CARD_FILE,
    FIGURES_FILE,
    ModelCard,
    RiskModel,
    model_card,
    parse_card,
    parse_figures,
    parse_model,
)
from ringwall.service import Provider, RateCard, ServiceCatalogue, parse_catalogue, parse_providers, parse_rate_cards
from ringwall.treaty import Programme, read_programme
from ringwall.underwriting import Questionnaire, parse_authority, parse_questionnaire

T = TypeVar("T")
ReadFolder = Callable[[str], Mapping[str, str]]
"""A folder of the catalogue as its texts by path."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Product versions, what is on sale, models, rules and schemes, and what is known of vulnerabilities.

    `versions` has every product version as `code/version`, on sale or not, with all worked examples of it; `sale` has
    those that are ever quoted, under the same names; `filed` has the hash under which each was filed.
    """

    versions: Mapping[str, Product]
    sale: Mapping[str, OnSale]
    filed: Mapping[str, str]
    model: RiskModel
    model_texts: Mapping[str, str]
    """The files that the model was read from: what a refit starts from."""
    card: ModelCard
    rules: Rules
    controls: tuple[Control, ...]
    periods: Periods
    consent_wording: ConsentWording
    services: ServiceCatalogue
    providers: Mapping[str, Provider]
    rate_cards: tuple[RateCard, ...]
    schemes: tuple[GradingScheme, ...]
    clock_rules: Mapping[str, ClockRule]
    holidays: HolidayTable
    programme: Programme
    capacities: tuple[Capacity, ...]
    cost_of_capital: CostOfCapital
    statistics: Scheme
    intelligence: Intelligence
    products_seen: tuple[ProductRule, ...]
    """By what a product is recognised at a place, and what the catalogue of exploited vulnerabilities calls it."""
    loops: Compile = in_memory
    """How the loops of a book are compiled; who has a folder keeps them there."""

    @property
    def calendar(self) -> Calendar:
        return self.holidays.calendar()

    def version(self, code: str, version: str) -> Product:
        """The version that a record has pinned; what was pinned stays in the catalogue."""
        return self.versions[f"{code}/{version}"]

    def sold(self, code: str, version: str) -> OnSale:
        """What the version that a quote or policy has pinned was sold with, on sale today or not."""
        return self.sale[f"{code}/{version}"]

    def sold_on(self, day: date) -> tuple[OnSale, ...]:
        """Every version that is on sale on a day, by code and version."""
        names = sorted(name for name, sold in self.sale.items() if sold.on(day))
        return tuple(self.sale[name] for name in names)

    def quotable(self, code: str, version: str, day: date) -> OnSale | Refusal:
        """The version that is named, if it may be quoted on the day; without a name, the newest on sale."""
        if version:
            return quotable(self.versions, self.filed, self.sale, f"{code}/{version}", day)
        newest = newest_on_sale(self.sale.values(), code, day)
        if newest:
            return newest
        known = [each for each in self.versions.values() if each.code == code]
        if not known:
            return unknown_product(code, self.sale.values(), day)
        latest = max(known, key=lambda each: each.version)
        return quotable(self.versions, self.filed, self.sale, f"{code}/{latest.version}", day)


class _Faulty(Exception):
    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(refusals[0].code)
        self.refusals = refusals


VERSION_HEADS = ("/product.yaml", "/variant.yaml")


def load_catalogue(read: ReadFolder, intelligence: Intelligence) -> Catalogue | tuple[Refusal, ...]:
    """The whole catalogue; a faulty file stops the house with every fault named, rather than half a catalogue."""
    try:
        return _load(read, intelligence)
    except _Faulty as fault:
        return fault.refusals


def _load(read: ReadFolder, intelligence: Intelligence) -> Catalogue:
    schemes, controls, book = read("schemes"), read("controls"), read("book")
    versions = _versions(read)
    model_texts = read("models/2026-01")
    model, card = _model(model_texts)
    return Catalogue(
        versions=versions,
        sale=_sale(read, versions),
        filed=_good(read_lock(_one(read("products"), LOCK)[0])),
        model=model,
        model_texts=model_texts,
        card=card,
        rules=_good(parse_rules(*_one(controls, "checks.yaml"))),
        controls=_good(parse_controls(*_one(controls, "controls.yaml"))),
        periods=_good(parse_periods(*_one(controls, "periods.yaml"))),
        consent_wording=_good(parse_wording(*_one(controls, "consent.yaml"))),
        services=_good(parse_catalogue(*_one(read("services"), "enterprise.yaml"))),
        providers=_good(parse_providers(*_one(read("services"), "providers.yaml"))),
        rate_cards=_good(parse_rate_cards(*_one(read("services"), "rates.yaml"))),
        schemes=tuple(
            _good(read_grading_scheme(text, name)) for name, text in schemes.items() if name.startswith("grading-")
        ),
        clock_rules=_good(read_clock_rules(*_one(schemes, "statute-clocks.yaml"))),
        holidays=_good(read_holidays(*_one(schemes, "calendar-cn.yaml"))),
        programme=_good(read_programme(*_one(book, "treaties.yaml"))),
        capacities=_good(read_capacities(*_one(book, "capacity.yaml"))),
        cost_of_capital=_good(read_cost_of_capital(*_one(book, "capital.yaml"))),
        statistics=_good(read_statistics_scheme(*_one(book, "statistics.yaml"))),
        intelligence=intelligence,
        products_seen=_good(parse_products(*_one(read("feeds"), "products.yaml"))),
    )


def _versions(read: ReadFolder) -> dict[str, Product]:
    """Every product version; a variant is laid over its base."""
    names = sorted(path.rpartition("/")[0] for path in read("products") if path.endswith(VERSION_HEADS))
    return {
        name: _good(parse_product(whole_texts(name, lambda base: read(f"products/{base}")), read(f"examples/{name}")))
        for name in names
    }


def _sale(read: ReadFolder, versions: Mapping[str, Product]) -> dict[str, OnSale]:
    """Every version that is ever quoted, with its rates, authority and questions."""
    rows = _good(read_sale(*_one(read("sale"), "on-sale.yaml")))
    rates, authority, questions = (read(folder) for folder in ("rates", "authority", "questions"))
    authorities = {n: _good(parse_authority(*_one(authority, f"{n}.yaml"))) for n in {row.authority for row in rows}}
    asked = {name: _questionnaire(*_one(questions, f"{name}.yaml")) for name in {row.questions for row in rows}}
    return {
        row.name: OnSale(
            versions[row.name],
            row.first,
            row.until,
            _good(read_rates(rates, f"{row.product}-{row.version}.yaml")),
            authorities[row.authority],
            asked[row.questions],
        )
        for row in rows
    }


def _questionnaire(text: str, name: str) -> Questionnaire:
    questionnaire, faults = parse_questionnaire(text, name)
    if questionnaire is None:
        raise _Faulty(faults)
    return questionnaire


def _model(folder: Mapping[str, str]) -> tuple[RiskModel, ModelCard]:
    """The model with its card: the words and the figures beside it."""
    model = _good(parse_model(folder))
    words, figures = (_one(folder, name) for name in (CARD_FILE, FIGURES_FILE))
    return model, model_card(model, _good(parse_card(*words)), _good(parse_figures(*figures)))


def _one(folder: Mapping[str, str], name: str) -> tuple[str, str]:
    """A file's text and its name; a missing file is a fault of the catalogue."""
    if name not in folder:
        zh, en = f"目录缺少文件 {name}；请恢复该文件。", f"The catalogue lacks the file {name}; restore it."
        raise _Faulty((refuse("catalogue_file_missing", name, zh=zh, en=en),))
    return folder[name], name


def _good(read: T | Refusal | tuple[Refusal, ...]) -> T:
    if isinstance(read, Refusal):
        raise _Faulty((read,))
    if isinstance(read, tuple) and read and all(isinstance(each, Refusal) for each in read):
        raise _Faulty(read)
    return read  # type: ignore[return-value]
