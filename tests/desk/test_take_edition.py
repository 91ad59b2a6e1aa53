"""A new edition of a feed: its new entries find the policies that they touch, once; the first edition tells nobody."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.desk.conftest import ToldUntil
from tests.desk.test_the_loop import CVE, REDIS, look
from tests.desk.test_the_loop import OLD as OLD_REDIS

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.evidence.put_on_record import record_scan
from ringwall.desk.intelligence.facts_at import facts_at
from ringwall.desk.intelligence.take_edition import EditionTaken, edition_of, note_scores, take_edition
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.desk.views.posture.findings import findings_shown
from ringwall.evidence import EpssScore, EpssTable, KevEdition, KnownExploited, is_exploited
from ringwall.shell.feeds import load_intelligence, official_addresses, read_kev

OLD = KnownExploited("CVE-2022-0543", "Redis", "Debian-specific Redis Servers", date(2022, 3, 28), False, None)
NEW = KnownExploited("CVE-2026-0001", "Redis", "Redis Servers", date(2026, 3, 1), True, None)
OTHER = KnownExploited("CVE-2026-0002", "Nobody", "Nothing", date(2026, 3, 1), False, None)
WHERE = Words("试验", "a test")


def edition(version: str, *entries: KnownExploited) -> KevEdition:
    return KevEdition(version, {entry.cve: entry for entry in entries}, WHERE)


def test_only_what_no_edition_had_is_told_and_only_once(told_until: ToldUntil) -> None:
    year = told_until("bind")
    at = year.case.at["bound_at"] + timedelta(days=1)

    def take(taken: KevEdition) -> EditionTaken:
        def work(office: Office, _: UUID) -> EditionTaken:
            return take_edition(office, taken, at=at)

        return year.read("underwriter", work)

    first = take(edition("1", OLD))
    assert (first.new, first.told) == ((), ()), "the first edition is where counting begins"
    second = take(edition("2", OLD, NEW, OTHER))
    assert second.new == ("CVE-2026-0001", "CVE-2026-0002")
    (policy,) = second.told
    assert take(edition("2", OLD, NEW, OTHER)).told == (), "the same edition again tells nobody"
    assert take(edition("1", OLD)).new == (), "nor does an older one"

    def topics(office: Office, object_id: UUID) -> list[str]:
        return [row.number for row in office.knowledge.of_object(object_id) if "kev:" in row.number]

    assert year.read("underwriter", topics) == [f"{policy}:kev:CVE-2026-0001"]
    newest = year.read("underwriter", lambda office, _: office.editions.newest())
    assert [(feed, version, dated) for feed, version, dated, _ in newest] == [("kev", "2", date(2026, 3, 1))]
    assert year.read("first_follower", lambda office, _: office.editions.newest()) == (), "each insurer takes its own"


def test_a_first_edition_may_tell_from_a_day_on(told_until: ToldUntil) -> None:
    year = told_until("bind")
    at = year.case.at["bound_at"] + timedelta(days=1)
    taken = year.read(
        "underwriter", lambda office, _: take_edition(office, edition("1", OLD, NEW), at=at, since=date(2026, 1, 1))
    )
    assert taken.new == ("CVE-2026-0001",)
    assert len(taken.told) == 1


def kev_file(version: str, *entries: KnownExploited) -> bytes:
    rows = [
        {
            "cveID": entry.cve,
            "vendorProject": entry.vendor,
            "product": entry.product,
            "dateAdded": entry.added_on.isoformat(),
            "knownRansomwareCampaignUse": "Known" if entry.ransomware else "Unknown",
        }
        for entry in entries
    ]
    return json.dumps(
        {"catalogVersion": version, "dateReleased": "2026-03-01T00:00:00Z", "vulnerabilities": rows}
    ).encode()


@contextmanager
def published(body: bytes) -> Iterator[tuple[str, list[int]]]:
    """A feed on loopback with an ETag, and the statuses that it answered."""
    statuses: list[int] = []

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status = 304 if self.headers.get("If-None-Match") == '"one"' else 200
            statuses.append(status)
            self.send_response(status)
            self.send_header("ETag", '"one"')
            self.send_header("Content-Length", str(len(body) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/kev.json", statuses
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_edition_comes_by_http_once_and_then_from_the_cache(tmp_path: Path) -> None:
    with published(kev_file("9", OLD, NEW)) as (url, statuses):
        addresses = dict(official_addresses())
        addresses["kev"] = replace(addresses["kev"], url=url)
        addresses["epss"] = replace(addresses["epss"], url="http://127.0.0.1:1/none")
        for _ in range(2):
            found = edition_of(load_intelligence(None, tmp_path, timeout=20, addresses=addresses)[0])
            assert isinstance(found, KevEdition), found
            assert (found.version, set(found.entries)) == ("9", {OLD.cve, NEW.cve})
    assert statuses == [200, 304]


def test_the_built_in_table_is_no_edition(tmp_path: Path) -> None:
    refused = edition_of(load_intelligence(tmp_path, tmp_path / "cache")[0])
    assert isinstance(refused, Refusal)
    assert refused.code == "edition_not_whole"


def test_a_file_is_an_edition_and_nonsense_is_refused() -> None:
    found = read_kev(kev_file("9", NEW), "kev.json")
    assert isinstance(found, KevEdition)
    assert (found.dated, found.entries) == (NEW.added_on, {NEW.cve: NEW})
    assert isinstance(read_kev(b"{}", "kev.json"), Refusal)


def scored(day: date, score: float) -> EpssTable:
    return EpssTable(day, {CVE: (score, 0.5)})


def test_scores_are_kept_once_a_day_and_few_ones_never(told_until: ToldUntil) -> None:
    year = told_until("apply")
    at = year.case.at["applied_at"]

    def note(office: Office, _: UUID) -> Any:
        opened = replace(office.catalogue.intelligence, epss=EpssTable(at.date(), {}, whole=False))
        note_scores(office, opened, at=at)
        assert office.editions.newest() == (), "the built-in table names only a few"
        for _again in range(2):
            note_scores(office, replace(opened, epss=scored(at.date(), 0.2)), at=at)
        note_scores(office, replace(opened, epss=scored(at.date() - timedelta(days=1), 0.1)), at=at)
        return [each[:3] for each in office.editions.newest()]

    assert year.read("underwriter", note) == [("epss", at.date().isoformat(), at.date())]


def test_one_table_that_two_insurers_take_is_kept_once_and_read_by_both(told_until: ToldUntil) -> None:
    year = told_until("bind")
    at = year.case.at["bound_at"]

    def take(office: Office, _: UUID) -> tuple[EpssTable | None, int]:
        note_scores(office, replace(office.catalogue.intelligence, epss=scored(at.date(), 0.25)), at=at)
        rows = vars(office.editions)["_connection"].execute(
            "select count(*) as n from ringwall.feed_edition where scores is not null"
        )
        return office.editions.scores("epss", (office.me,), at), rows.fetchone()["n"]

    for person in ("underwriter", "first_follower"):
        table, kept = year.read(person, take)
        assert table is not None
        assert (table[CVE], kept) == (EpssScore(CVE, 0.25, 0.5, at.date()), 1)


def test_a_look_is_scored_by_the_newest_table_that_its_lead_had_taken_and_whose_day_had_come(
    told_until: ToldUntil,
) -> None:
    year = told_until("bind")
    bound = year.case.at["bound_at"]

    def note(person: str, table: EpssTable, day: int) -> None:
        at = bound + timedelta(days=day)
        year.read(person, lambda o, _: note_scores(o, replace(o.catalogue.intelligence, epss=table), at=at))

    def judged(day: float) -> tuple[float | None, date | None]:
        seen = look(bound + timedelta(days=day), REDIS, version=OLD_REDIS)
        file = year.read("insured", lambda office, i: record_scan(office, i, seen, purpose="test"))
        assert isinstance(file, ScanFile), file
        (finding,) = [each for each in file.findings if (each.cve, each.locator) == (CVE, REDIS)]
        return finding.epss, finding.score_date

    def shown(day: float) -> tuple[float | None, date | None]:
        at = bound + timedelta(days=day)
        rows = year.read("insured", lambda o, i: findings_shown(o, i, at, (), facts_at(o, i, at)))
        (finding,) = [each.finding for each in rows if (each.finding.cve, each.finding.locator) == (CVE, REDIS)]
        return finding.epss, finding.score_date

    def on(day: int) -> date:
        return (bound + timedelta(days=day)).date()

    note("underwriter", scored(on(2), 0.2), 2)
    assert judged(2.1) == (0.2, on(2))
    note("first_follower", scored(on(3), 0.3), 3)
    assert judged(3.1) == (0.2, on(2)), "another insurer's scores are not the lead's"
    note("underwriter", scored(on(4), 0.4), 4)
    note("underwriter", scored(on(9), 0.9), 4)
    assert judged(4.1) == (0.4, on(4)), "the house was not opened anew, and nobody knows a later day's score"
    assert judged(3.5) == (0.2, on(2)), "a look from before is scored by what was on record then"
    assert shown(4.5) == (0.4, on(4)), "the page shows today's score without a look"
    assert judged(9.5) == (0.9, on(9))
    source = year.read("insured", lambda o, i: facts_at(o, i, bound + timedelta(days=10)).source.en)
    assert source.endswith(f"; EPSS {on(9)}")


def test_a_newer_whole_table_with_which_the_house_opened_counts_and_one_of_a_few_scores_does_not(
    told_until: ToldUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = told_until("bind")
    at = year.case.at["bound_at"] + timedelta(days=9)
    today = local_day(at)

    def score(office: Office, object_id: UUID, opened: EpssTable) -> float:
        facts = replace(office.catalogue.intelligence, epss=opened, score_date=opened.score_date)
        with monkeypatch.context() as another_house:
            another_house.setattr(office, "_catalogue", replace(office.catalogue, intelligence=facts))
            return facts_at(office, object_id, at).epss[CVE].score

    def scores(office: Office, object_id: UUID) -> list[float]:
        kept = scored(today - timedelta(days=3), 0.3)
        note_scores(office, replace(office.catalogue.intelligence, epss=kept), at=at)
        few = EpssTable(today, {CVE: (0.5, 0.5)}, whole=False)
        opened = (
            scored(today, 0.9),
            scored(today - timedelta(days=5), 0.1),
            scored(today + timedelta(days=1), 1.0),
            few,
        )
        return [score(office, object_id, each) for each in opened]

    assert year.read("underwriter", scores) == [0.9, 0.3, 0.3, 0.3]


def test_a_look_is_judged_by_the_newest_edition_that_its_lead_had_taken_by_then(told_until: ToldUntil) -> None:
    year = told_until("bind")
    bound = year.case.at["bound_at"]
    listed = KnownExploited(CVE, "Redis", "Redis", (bound + timedelta(days=2)).date(), True, None)

    def take(person: str, taken: KevEdition, day: int) -> None:
        at = bound + timedelta(days=day)
        year.read(person, lambda office, _: take_edition(office, taken, at=at))

    def judged(day: float) -> tuple[bool | None, str]:
        seen = look(bound + timedelta(days=day), REDIS, version=OLD_REDIS)
        file = year.read("insured", lambda office, i: record_scan(office, i, seen, purpose="test"))
        assert isinstance(file, ScanFile), file
        (finding,) = [each for each in file.findings if (each.cve, each.locator) == (CVE, REDIS)]
        return finding.known_exploited, file.intelligence

    opened = year.read("insured", lambda office, _: office.catalogue.intelligence)
    assert judged(1) == (is_exploited(CVE, opened), opened.catalogue_version), "nobody has taken an edition"
    take("underwriter", edition("2", OLD), 2)
    assert judged(2.5) == (False, "2"), "a whole edition that does not list it"
    take("first_follower", edition("3", OLD, listed), 3)
    assert judged(3.5) == (False, "2"), "another insurer's edition is not the lead's"
    take("underwriter", edition("4", OLD, listed), 5)
    assert judged(6) == (True, "4"), "the house was not opened anew"
    assert judged(4.5)[1] == "2", "a look from before is judged by what was on record then"
    seen = year.read("insured", lambda o, i: facts_at(o, i, bound + timedelta(days=7)).source.en)
    assert seen.startswith("KEV 4: a test; EPSS")
