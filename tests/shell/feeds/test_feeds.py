"""Feeds: both families parse alike, bad entries go one by one, and the source in use is always told."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from ringwall.basics import Refusal
from ringwall.evidence import price_relevant
from ringwall.shell.feeds import FEEDS, epss, kev, load_intelligence
from ringwall.shell.feeds.built_in import built_in
from ringwall.shell.feeds.folder import official_addresses, unpack
from ringwall.shell.feeds.parsed import REFUSALS_LISTED, Parsed, is_cve

SHARED = Path(__file__).parents[3] / "../shared/data/evidence/vuln"

KEV_ROW = {
    "cveID": "CVE-2026-1234",
    "vendorProject": "Vendor",
    "product": "Gateway",
    "dateAdded": "2026-02-03",
    "dueDate": "2026-02-24",
    "knownRansomwareCampaignUse": "Known",
    "shortDescription": "left aside",
}
EPSS_HEAD = "#model_version:v2026.01.01,score_date:2026-03-01T00:00:00+0000\ncve,epss,percentile\n"


def kev_file(*rows: object) -> bytes:
    return json.dumps(
        {"catalogVersion": "2026.03.01", "dateReleased": "2026-03-01T10:00:00.1Z", "vulnerabilities": rows}
    ).encode()


GOOD_FILES = {"kev": kev_file(KEV_ROW), "epss": (EPSS_HEAD + "CVE-2026-1234,0.5,0.9\n").encode()}


def parsed(answer: Parsed[object] | Refusal) -> Parsed[object]:
    assert isinstance(answer, Parsed), answer
    return answer


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.NAME)
def test_every_feed_has_the_same_shape(feed: object) -> None:
    assert feed.NAME in official_addresses()  # type: ignore[attr-defined]
    good = parsed(feed.parse(GOOD_FILES[feed.NAME], "good"))  # type: ignore[attr-defined]
    assert (good.published_on, set(good.entries), good.refusals) == (date(2026, 3, 1), {"CVE-2026-1234"}, ())
    for bad in (b"", b"\x00\xff", b"<html>", b"[]", b"{}"):
        refusal = feed.parse(bad, "bad")  # type: ignore[attr-defined]
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.where) == ("feed_unreadable", "bad")


def test_official_addresses_are_safe_and_bounded() -> None:
    for address in official_addresses().values():
        assert address.url.startswith("https://")
        assert address.most_bytes > 0
        assert address.patterns


@pytest.mark.parametrize(
    "change",
    [
        {"cveID": "CVE-26-1"},
        {"cveID": 7},
        {"dateAdded": "soon"},
        {"product": None},
        {"dueDate": "2026-13-01"},
        {"cveID": "CVE-2026-0001"},  # there twice
    ],
)
def test_a_malformed_entry_is_refused_alone(change: dict[str, object]) -> None:
    good = KEV_ROW | {"cveID": "CVE-2026-0001"}
    catalogue = parsed(kev.parse(kev_file(good, KEV_ROW | change), "kev.json"))
    assert set(catalogue.entries) == {"CVE-2026-0001"}
    assert [(refusal.code, refusal.where) for refusal in catalogue.refusals] == [("feed_entry_malformed", "kev.json#2")]


def test_an_entry_keeps_what_matters() -> None:
    entry = parsed(kev.parse(GOOD_FILES["kev"], "kev")).entries["CVE-2026-1234"]
    assert (entry.vendor, entry.product, entry.ransomware) == ("Vendor", "Gateway", True)  # type: ignore[attr-defined]
    assert (entry.added_on, entry.due_on) == (date(2026, 2, 3), date(2026, 2, 24))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (EPSS_HEAD + "CVE-2026-1234,0.5,0.9\n", "epss.csv"),
        (EPSS_HEAD.replace("T00:00:00+0000", "") + "CVE-2026-1234,0.5,0.9", "epss.csv"),
        ("CVE;epss;percentile\r\nCVE-2026-1234;0.5;0.9\r\n", "epss_full_2026-03-01.csv"),
        ("CVE-2026-1234;0.5;0.9\n\n", "epss_full_2026-03-01.csv"),
    ],
)
def test_scores_come_in_two_forms_and_have_a_date(text: str, where: str) -> None:
    table = parsed(epss.parse(text.encode(), where))
    score = table.entries["CVE-2026-1234"]
    assert (score.score, score.percentile, score.score_date) == (0.5, 0.9, date(2026, 3, 1))  # type: ignore[attr-defined]
    assert table.refusals == ()


def test_scores_without_a_date_are_refused() -> None:
    assert isinstance(epss.parse(b"CVE;epss;percentile\nCVE-2026-1234;0.5;0.9\n", "epss.csv"), Refusal)


@pytest.mark.parametrize(
    "line",
    ["CVE-2026-1,0.5,0.9", "CVE-2026-1235,1.5,0.9", "CVE-2026-1235,nan,0.9", "CVE-2026-1235,0.5", "x", "a,b,c,d"],
)
def test_a_malformed_score_is_refused_alone(line: str) -> None:
    table = parsed(epss.parse((EPSS_HEAD + f"CVE-2026-1234,0.5,0.9\n{line}\nCVE-2026-9999,0,1\n").encode(), "e.csv"))
    assert set(table.entries) == {"CVE-2026-1234", "CVE-2026-9999"}
    assert [refusal.where for refusal in table.refusals] == ["e.csv:4"]


def test_a_score_given_twice_keeps_the_first() -> None:
    table = parsed(epss.parse((EPSS_HEAD + "CVE-2026-1234,0.5,0.9\nCVE-2026-1234,0.6,0.9\n").encode(), "e.csv"))
    assert table.entries["CVE-2026-1234"].score == 0.5  # type: ignore[attr-defined]
    assert "twice" in table.refusals[0].message.en


def test_many_bad_entries_are_counted_after_the_first_ones() -> None:
    bad = "nothing\n" * (REFUSALS_LISTED + 7)
    table = parsed(epss.parse((EPSS_HEAD + "CVE-2026-1234,0.5,0.9\n" + bad).encode(), "e.csv"))
    assert len(table.refusals) == REFUSALS_LISTED + 1
    assert table.refusals[-1].message.en.startswith("7 more")


@pytest.mark.parametrize("text", ["CVE-2026-1234", "CVE-1999-0001", "CVE-2026-1234567"])
def test_a_cve_number_has_a_year_and_at_least_four_digits(text: str) -> None:
    assert is_cve(text)
    for wrong in (text + "x", " " + text, text.lower(), text[:-1] if len(text) == 13 else "CVE-2026", text + "-1"):
        assert not is_cve(wrong)


def test_an_archive_never_unfolds_beyond_its_bound() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    for packed, most in ((bomb, 1_000), (b"x" * 1_001, 1_000), (bomb[:-8], 10_000_001), (b"\x1f\x8bnot", 1_000)):
        assert isinstance(unpack(packed, most, "where"), Refusal)
    assert unpack(bomb, 10_000_000, "where") == bytes(10_000_000)


def test_a_folder_is_read_plain_or_packed_and_the_latest_scores_win(tmp_path: Path) -> None:
    (tmp_path / "known_exploited_vulnerabilities.json").write_bytes(GOOD_FILES["kev"])
    for day, score in (("2026-02-01", "0.01"), ("2026-03-01", "0.5")):
        text = f"CVE-2026-1234;{score};0.9\n".encode()
        (tmp_path / f"epss_full_{day}.csv.gz").write_bytes(gzip.compress(text))
    facts, refusals = load_intelligence(tmp_path, tmp_path / "cache")
    assert refusals == ()
    assert (facts.catalogue_version, facts.score_date) == ("2026.03.01", date(2026, 3, 1))
    assert (len(facts.known_exploited), facts.epss["CVE-2026-1234"].score, facts.unlisted) == (1, 0.5, None)
    assert "epss_full_2026-03-01.csv.gz" in facts.source.en
    assert not (tmp_path / "cache").exists()


def test_what_a_folder_lacks_comes_from_the_built_in_table_and_is_told(tmp_path: Path) -> None:
    (tmp_path / "epss_full_2026-03-01.csv").write_text("CVE-2026-1234;0.05;0.9\n")
    facts, refusals = load_intelligence(tmp_path, tmp_path / "cache")
    assert [refusal.code for refusal in refusals] == ["feed_missing"]
    assert "built-in" in facts.source.en
    assert price_relevant("CVE-2026-1234", facts) is None  # the built-in list does not tell whether it is exploited
    assert price_relevant("CVE-2019-0708", facts) is True


def test_an_empty_folder_leaves_the_built_in_table(tmp_path: Path) -> None:
    facts, refusals = load_intelligence(tmp_path, tmp_path / "cache")
    assert facts == built_in()
    assert len(refusals) == 2


def test_the_built_in_table_says_what_it_knows_and_no_more() -> None:
    table = built_in()
    assert table.unlisted is not None
    assert set(table.epss) == set(table.known_exploited) | table.unlisted
    assert all(is_cve(cve) for cve in table.epss)
    assert len(table.epss) >= 25
    answers = {cve: price_relevant(cve, table) for cve in ("CVE-2018-13379", "CVE-2020-14145", "CVE-2099-0001")}
    assert answers == {"CVE-2018-13379": True, "CVE-2020-14145": False, "CVE-2099-0001": None}


@pytest.mark.skipif(not SHARED.exists(), reason="no shared vulnerability data at ../shared/data")
def test_the_published_tables_are_read_whole_and_agree_with_the_built_in_one() -> None:
    facts, refusals = load_intelligence(SHARED, SHARED / "never-written")
    assert refusals == ()
    assert (len(facts.known_exploited), len(facts.epss)) == (1404, 360_142)
    assert sum(entry.ransomware for entry in facts.known_exploited.values()) == 293
    table = built_in()
    for cve, entry in table.known_exploited.items():
        assert facts.known_exploited[cve] == entry
    for cve, score in table.epss.items():
        assert facts.epss[cve].score == pytest.approx(score.score, abs=5e-6)
        assert facts.epss[cve].score_date == score.score_date
