"""The workbench says what a quote does to the book of the last run, and refers what goes beyond a stated capacity."""

from __future__ import annotations

import re

from tests.shell.web.conftest import Portal

QUOTE = "/quote/SHOUAN-Q-000001"


def fen(written: str) -> int:
    return int(re.sub(r"[^\d−-]", "", written).replace("−", "-"))


def section(text: str) -> str:
    return text.split('id="book"')[1].split("</section>")[0]


def test_a_bound_quote_and_the_book_without_it_make_the_run(reading: Portal) -> None:
    client = reading.of("shouan")
    rows = re.findall(r"<tr>.*?</tr>", section(client.get(QUOTE).text).split("</table>")[0], re.S)[1:]
    amounts = [[fen(each) for each in re.findall(r"¥ [\d,.]+", row)] for row in rows]
    without, adds, _, net_adds = zip(*amounts, strict=True)
    assert net_adds[0] < adds[0], "shares and treaties bear a part"
    run = client.get("/book").text.split('id="curves"')[1].split("</section>")[0]
    average = re.search(r"Average year</th><td class=\"amount\"[^>]*>(¥ [\d,.]+)", run)
    tail = re.search(r"Tail value at risk 99</th><td class=\"amount\"[^>]*>(¥ [\d,.]+)", run)
    assert average
    assert tail
    assert all(amount >= 0 for amount in adds)
    known = client.get("/book").text.split("Losses known so far")[1]
    claims = re.search(r"¥ [\d,.]+", known)
    assert claims
    assert without[0] + adds[0] == fen(average[1]) - fen(claims[0])


def test_every_vendor_of_the_insured_stands_against_the_capacity(reading: Portal) -> None:
    text = section(reading.of("shouan").get(QUOTE).text)
    assert text.count("Event limits on") >= 1
    assert "exceeded" not in text


def test_whoever_may_not_quote_sees_nothing_of_the_book(reading: Portal) -> None:
    for person in ("jiangkou", "tongzhou", "zhongliu", "fengtai", "supervision"):
        answer = reading.of(person).get(QUOTE)
        assert answer.status_code == 404 or 'id="book"' not in answer.text
