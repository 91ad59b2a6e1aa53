"""The book: its figures, its policies page by page and as a file, running it anew, and whose it is."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote

import pytest
from tests.shell.web.conftest import Portal

from ringwall.shell.web.pages.book.dashboard import book_wish, safe_text, yuan_of

RUN = {"key": "portal:book:one", "as_at": "2026-10-31", "years": "1000", "seed": "7"}


def fen(written: str) -> int:
    return int(written.replace(",", "").replace(".", ""))


def test_an_insurer_sees_its_newest_run_with_its_curves_and_its_tail(reading: Portal) -> None:
    for person in ("shouan", "shouan.claims"):
        text = reading.of(person).get("/book").text
        assert "Run SHOUAN-RUN-000001" in text
        assert re.search(r"the parts sum to ¥ [\d,.]+ exactly", text)
        assert "nine times in ten" in text
        assert 'data-drawing="exceedance"' in text


def test_the_tail_parts_that_are_shown_and_the_rest_sum_to_the_tail(reading: Portal) -> None:
    text = reading.of("shouan").get("/book").text
    tail = text.split('id="tail"')[1].split("</section>")[0]
    amounts = [fen(each) for each in re.findall(r"¥ ([\d,.]+)</td>", tail)]
    *parts, total = amounts
    assert len(parts) == 20 + 1
    assert sum(parts) == total > 0


@pytest.mark.parametrize("way", ["part", "vendor", "insurer"])
def test_the_tail_is_given_back_in_further_ways_that_each_sum_to_it(reading: Portal, way: str) -> None:
    text = reading.of("shouan").get("/book").text
    said = re.search(r"the parts sum to ¥ ([\d,.]+) exactly", text)
    table = text.split(f'id="tail-{way}"')[1].split("</table>")[0]
    *parts, total = [fen(each) for each in re.findall(r"¥ ([\d,]+\.\d\d)</td>", table)]
    assert said
    assert sum(parts) == total == fen(said[1])


def test_every_scenario_of_the_model_is_forced_and_shown_gross_and_net(reading: Portal) -> None:
    table = reading.of("shouan").get("/book").text.split('id="disasters"')[1].split("</section>")[0]
    rows = table.split("<tbody>")[1].split("</tr>")[:-1]
    assert len(rows) == len(reading.house.catalogue.model.scenarios)
    for row in rows:
        gross, gross_high, net, net_high = [fen(each) for each in re.findall(r"¥ ([\d,]+\.\d\d)</td>", row)]
        assert 0 <= net <= gross <= gross_high
        assert net_high <= gross_high


def test_a_follower_has_no_run_of_its_own_and_others_have_no_book(reading: Portal) -> None:
    assert "The book has not been simulated yet" in reading.of("zhongliu").get("/book").text
    for person in ("jiangkou", "tongzhou", "fengtai", "supervision"):
        client = reading.of(person)
        assert client.get("/book").status_code == 404
        assert client.get("/book/policies.csv").status_code == 404
        assert client.post("/book/runs", data=RUN).status_code == 404
        assert 'href="/book"' not in client.get("/").text


def test_the_list_is_searched_sorted_and_paged_by_the_server(reading: Portal) -> None:
    client = reading.of("shouan")
    first = client.get("/book?sort=premium&order=falling", headers={"HX-Request": "true"}).text
    assert "<html" not in first
    assert "401 policies" in first
    assert "Page 1 of 17" in first
    last = client.get("/book?sort=premium&order=falling&page=99", headers={"HX-Request": "true"}).text
    assert "Page 17 of 17" in last
    premiums = [int(p.replace(",", "")) for p in re.findall(r"¥ ([\d,]+)\.\d\d</td><td class=\"nowrap\"", first)]
    assert len(premiums) == 25
    assert premiums == sorted(premiums, reverse=True)
    ours = client.get(f"/book?q={quote('江口')}", headers={"HX-Request": "true"}).text
    assert "1 policy" in ours
    assert 'href="/policy/SHOUAN-P-000001"' in ours


def test_the_file_has_every_policy_in_the_order_of_the_list(reading: Portal) -> None:
    answer = reading.of("shouan").get("/book/policies.csv?sort=number&order=rising")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 1 + 401
    numbers = [row[0] for row in rows[1:]]
    assert numbers == sorted(numbers)
    assert rows[1][6] == "70342.83"


def test_a_text_that_a_table_program_takes_for_a_formula_stays_a_text() -> None:
    assert [safe_text(text) for text in ("=1+1", "@x", "plain")] == ["'=1+1", "'@x", "plain"]
    assert [yuan_of(minor) for minor in (0, 5, 12345, -7)] == ["0.00", "0.05", "123.45", "-0.07"]


def test_running_anew_keeps_a_further_run_once_for_its_key(writing: Portal) -> None:
    client = writing.of("shouan")
    assert client.post("/book/runs", data=RUN).status_code == 303
    assert client.post("/book/runs", data=RUN).status_code == 303
    text = client.get("/book").text
    assert "Run SHOUAN-RUN-000002" in text
    assert "1,000 simulated years" in text
    assert 'href="/book?run=SHOUAN-RUN-000001"' in text
    assert "SHOUAN-RUN-000003" not in text
    assert "Run SHOUAN-RUN-000001" in client.get("/book?run=SHOUAN-RUN-000001").text
    assert client.get("/book?run=SHOUAN-RUN-000009").status_code == 404


@pytest.mark.parametrize(
    ("as_at", "years", "seed", "code"),
    [
        ("31.10.2026", "1000", "1", "day_unreadable"),
        ("2026-10-31", "10", "1", "years_out_of_range"),
        ("2026-10-31", "9999999", "1", "years_out_of_range"),
        ("2026-10-31", "1000", "-1", "seed_unreadable"),
    ],
)
def test_a_run_that_cannot_be_is_refused_by_name(reading: Portal, as_at: str, years: str, seed: str, code: str) -> None:
    refused = reading.of("shouan").post("/book/runs", data={**RUN, "as_at": as_at, "years": years, "seed": seed})
    assert refused.status_code == 422
    assert code in refused.text
    assert getattr(book_wish(as_at, years, seed), "code", "") == code
