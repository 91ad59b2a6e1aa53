"""Every filed version goes all the way: applied for, priced, bound, settled, and simulated in one mixed book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import pytest
from tests.conftest import copied
from tests.desk.every_family import Sale, Sold

from ringwall.basics import Refusal
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.front import Request
from ringwall.desk.portfolio.simulate_book import BookWish, run_book
from ringwall.desk.records import BookRun
from ringwall.desk.sale import quotable
from ringwall.shell.store import embedded
from ringwall.wiring.house import House, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case

NAMES = (
    "enterprise-cyber/2026-07",
    "enterprise-cyber-ecommerce/2026-07",
    "enterprise-cyber-hospital/2026-07",
    "enterprise-cyber-manufacturing/2026-07",
    "inclusive-sme/2026-01",
    "park-master/2026-01",
    "product-service/2026-01",
)


@pytest.fixture(scope="module")
def all_sold(
    server: embedded.EmbeddedServer, template: str, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Mapping[str, Sold], BookRun]]:
    """One house in which every version was sold once, with a run of its book."""
    with (
        copied(server, template) as database,
        furnish(tmp_path_factory.mktemp("home"), database, catalogue) as house,
    ):
        people = enrol_everybody(house, shipped_case())
        sold = {name: Sale(house.front, people, catalogue, name).run() for name in NAMES}
        at = datetime.fromisoformat("2026-10-02T10:00:00+08:00")
        wish = BookWish(date(2026, 10, 1), 2_000, 7)
        run = house.front.perform(
            Request(people["underwriter"], "simulate_book", "every:book", None),
            BookRun,
            lambda office: run_book(office, wish, at=at),
        )
        assert isinstance(run, BookRun), run
        yield house, sold, run


AllSold = tuple[House, Mapping[str, Sold], BookRun]


def test_every_version_of_the_list_is_sold_here_or_in_the_story(catalogue: Catalogue) -> None:
    assert set(NAMES) | {"enterprise-cyber/2026-01"} == set(catalogue.sale) == set(catalogue.versions)


@pytest.mark.parametrize("name", NAMES)
def test_a_version_is_applied_for_priced_bound_and_settled(all_sold: AllSold, name: str) -> None:
    sold = all_sold[1][name]
    code, version = name.split("/")
    assert (sold.submission.product_code, sold.submission.product_version) == (code, version)
    assert (sold.quote.product, sold.quote.version) == (code, version)
    content = sold.policy.policy.newest.content
    assert (content.product_code, content.product_version) == (code, version)
    priced = sold.quote.priced
    assert priced.waterfall.total_minor == priced.gross_minor > 0
    assert priced.origin.product_version == version
    outcome = sold.claim.claim.outcome
    assert outcome is not None
    assert outcome.payable.low > 0


def test_the_mixed_book_simulates_every_family_and_refuses_nobody(all_sold: AllSold) -> None:
    _, sold, run = all_sold
    assert run.refusals == ()
    assert run.policies == len(NAMES)
    assert run.premium_minor == sum(each.quote.priced.net_minor for each in sold.values())
    assert run.gross.aal_minor > 0
    assert set(run.tail_by_policy) <= {each.policy.policy.number for each in sold.values()}


def test_a_quote_keeps_its_version_when_a_new_one_goes_on_sale(catalogue: Catalogue) -> None:
    old = catalogue.quotable("enterprise-cyber", "", date(2026, 6, 30))
    new = catalogue.quotable("enterprise-cyber", "", date(2026, 7, 1))
    pinned = catalogue.quotable("enterprise-cyber", "2026-01", date(2026, 7, 1))
    assert not isinstance(old, Refusal)
    assert not isinstance(new, Refusal)
    assert (old.product.version, new.product.version) == ("2026-01", "2026-07")
    assert pinned is old


@pytest.mark.parametrize(
    ("name", "day", "code"),
    [
        ("enterprise-cyber/2026-07", date(2026, 6, 30), "product_not_yet_on_sale"),
        ("enterprise-cyber/2026-01", date(2027, 1, 1), "product_withdrawn"),
        ("enterprise-cyber/2030-01", date(2026, 7, 1), "product_unknown"),
        ("no-such-product/", date(2026, 7, 1), "product_unknown"),
        ("inclusive-sme/", date(2025, 12, 31), "product_not_yet_on_sale"),
        ("inclusive-sme/", date(2027, 1, 1), "product_withdrawn"),
    ],
)
def test_what_is_not_on_sale_is_refused_with_what_is(catalogue: Catalogue, name: str, day: date, code: str) -> None:
    found = catalogue.quotable(*name.split("/"), day)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert "enterprise-cyber/2026-0" in found.message.en or day >= date(2027, 1, 1)


def test_a_version_that_is_not_filed_as_it_stands_or_has_no_rates_is_not_quoted(catalogue: Catalogue) -> None:
    name, day = "park-master/2026-01", date(2026, 7, 1)
    unfiled = quotable(catalogue.versions, {**catalogue.filed, name: "0" * 64}, catalogue.sale, name, day)
    others = {each: sold for each, sold in catalogue.sale.items() if each != name}
    unrated = quotable(catalogue.versions, catalogue.filed, others, name, day)
    assert isinstance(unfiled, Refusal)
    assert isinstance(unrated, Refusal)
    assert (unfiled.code, unrated.code) == ("product_not_filed", "product_without_rates")
    assert "inclusive-sme/2026-01" in unfiled.message.en
