"""The pages of every filed version open: quote, options, exclusions, policy, claim and settlement, and the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from tests.conftest import copied
from tests.desk.every_family import Sale, Sold
from tests.desk.test_every_family import NAMES
from tests.shell.web.conftest import Portal
from tests.told_year import ToldYear

from ringwall.desk.catalogue import Catalogue
from ringwall.shell.store import embedded
from ringwall.wiring.house import furnish
from ringwall.wiring.people import enrol_everybody, shipped_case


@pytest.fixture(scope="module")
def shop(
    told_year: ToldYear, server: embedded.EmbeddedServer, catalogue: Catalogue
) -> Iterator[tuple[Portal, Mapping[str, Sold]]]:
    """The portal over the told year, in which every version was sold beside it."""
    with copied(server, told_year.database.name) as database, furnish(told_year.home, database, catalogue) as house:
        people = enrol_everybody(house, shipped_case())
        yield Portal(house), {name: Sale(house.front, people, catalogue, name).run() for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_of_a_version_open_for_the_lead(shop: tuple[Portal, Mapping[str, Sold]], name: str) -> None:
    portal, sold = shop[0], shop[1][name]
    quote, policy = sold.quote.number, sold.policy.policy.number
    pages = (f"/quote/{quote}", f"/quote/{quote}/options", f"/policy/{policy}", f"/claim/{sold.claim.claim.number}")
    for page in (*pages, f"/posture/{sold.submission.number}", f"/settlement?under={policy}"):
        answer = portal.of("shouan").get(page)
        assert answer.status_code == 200, (page, answer.text[:500])
    bench = portal.of("shouan").get(pages[0]).text
    assert f'data-premium="{sold.quote.priced.insured_part_minor}"' in bench


def test_a_limit_of_another_family_is_moved_on_its_bench(shop: tuple[Portal, Mapping[str, Sold]]) -> None:
    portal, sold = shop[0], shop[1]["park-master/2026-01"]
    page = portal.of("shouan").get(f"/quote/{sold.quote.number}?member_limit=100000")
    assert page.status_code == 200
    assert f'data-premium="{sold.quote.priced.insured_part_minor}"' not in page.text
