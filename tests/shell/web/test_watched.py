"""Posture, dossier and alert centre as their people use them, and what the other side then sees."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction

import pytest
from tests.shell.web.conftest import NOW, Portal

from ringwall.desk.office import Office
from ringwall.desk.service.scorecard_of import scorecard_of
from ringwall.evidence import finding_uid
from ringwall.market import PeerComparison, Quartiles

CASE = "JIANGKOU-SUB-000001"
POSTURE, DOSSIER = f"/posture/{CASE}", f"/dossier/{CASE}"
GIT = finding_uid(CASE, "www.jiangkou.test", "web.git.exposed", "www.jiangkou.test:8080")
SAY = f"{POSTURE}/findings/{GIT}"
DURING = "at=2026-03-05"
"""After the drift was seen and told, before it was fixed."""


def article(text: str, uid: str = GIT) -> str:
    return text.split(f'id="finding-{uid}"')[1].split("</article>")[0]


def say(portal: Portal, person: str, kind: str, text: str = "", key: str = "") -> int:
    form = {"kind": kind, "text": text, "key": key or f"{person}-{kind}"}
    return portal.of(person).post(SAY, data=form).status_code


def precision(portal: Portal) -> tuple[Fraction, int] | None:
    """The share of the provider's findings that hold, and how many it has stated."""
    score = portal.house.front.ask(portal.speaker("shouan"), lambda office: scorecard_of(office, "fengtai", NOW))
    return None if score.finding_precision is None else (score.finding_precision, score.findings)


def test_the_open_findings_come_first_the_gravest_before_the_rest(reading: Portal) -> None:
    text = reading.of("jiangkou").get(f"{POSTURE}?{DURING}").text.split('id="findings"')[1].split("</section>")[0]
    titles = re.findall(r"<h3>(.*?) <span", text)
    assert titles[0] == "Redis answers without a password"
    assert len(titles) == 6


def test_each_finding_says_its_evidence_its_days_and_its_signed_effect(reading: Portal) -> None:
    one = article(reading.of("jiangkou").get(POSTURE).text)
    assert "seen from 15 Dec 2025 to 12 Mar 2026" in one
    assert re.search(r"evidence [0-9a-f]{12}", one)
    effect = re.search(r"Mended with all of its kind: (−¥ [\d,.]+) on", one)
    assert effect is not None
    fixes = reading.of("jiangkou").get(POSTURE).text.split('id="fixes"')[1].split("</section>")[0]
    assert effect[1] in fixes, "the figure is that of the fix list"


def test_a_premium_that_is_stated_gives_the_cheapest_fixes_and_one_out_of_reach_says_how_far_it_goes(
    reading: Portal,
) -> None:
    client = reading.of("jiangkou")
    plan = client.get(f"{POSTURE}?target=60000").text.split('id="plan"')[1].split("</section>")[0]
    assert re.search(r"\d fix(es)?, from ¥ [\d,.]+ to ¥ [\d,.]+ a year", plan)
    assert 'href="#fix-' in plan
    assert "does not reach it" in client.get(f"{POSTURE}?target=10").text
    assert client.get(f"{POSTURE}?target=cheap").status_code == 422


def test_the_history_is_what_was_known_at_each_date(reading: Portal) -> None:
    text = reading.of("jiangkou").get(POSTURE).text.split('id="history"')[1].split("</section>")[0]
    rows = re.findall(r">(\d+ \w+ \d+)</a></th><td>(.*?)</td><td class=\"amount\">(\d+)</td>", text)
    assert [(day, int(count)) for day, _, count in rows] == [
        ("15 Dec 2025", 5),
        ("20 Dec 2025", 5),
        ("29 Dec 2025", 5),
        ("2 Mar 2026", 6),
        ("12 Mar 2026", 3),
        ("12 Mar 2026", 3),
    ]
    assert re.findall(r">(1\.\d+)</a>", text) == ["1.579", "1.579", "1.579", "1.579", "1.191"]


def test_one_insured_alone_is_told_why_there_is_no_comparison(reading: Portal) -> None:
    text = reading.of("jiangkou").get(POSTURE).text
    assert "fewer than 5 other insured were looked at" in text


def test_enough_peers_are_shown_by_quartiles(writing: Portal) -> None:
    quarters = Quartiles(Fraction(2), Fraction(7, 2), Fraction(5))
    factors = Quartiles(Fraction(8, 10), Fraction(1), Fraction(13, 10))
    comparison = PeerComparison(CASE, "manufacturing", "medium", 5, 6, 3, Fraction(1191, 1000), quarters, factors)

    def publish(office: Office) -> None:
        object_id = office.objects.by_number(CASE)
        assert object_id is not None
        office.peers.add(f"{CASE}:peers", comparison, object_id=object_id, effective_at=NOW, known_at=NOW)

    writing.house.front.ask(writing.speaker("shouan"), publish)
    peers = writing.of("jiangkou").get(POSTURE).text.split('id="peers"')[1].split("</section>")[0]
    assert "6 other insured that were looked at" in peers
    assert re.findall(r'amount">([\d.]+)<', peers) == ["3", "2", "3.5", "5", "1.191", "0.8", "1", "1.3"]


def test_the_insured_disputes_and_the_lead_upholds_so_the_finding_moves_the_premium_no_more(writing: Portal) -> None:
    insured, lead = writing.of("jiangkou"), writing.of("shouan")
    assert say(writing, "jiangkou", "disputed", "this is a trap for scanners") == 303
    one = article(insured.get(POSTURE).text)
    assert "disputed, waits for the insurer" in one
    assert "this is a trap for scanners" in one
    assert "left, due" in one
    assert 'value="disputed"' not in one
    alerts = lead.get("/alerts?kind=deadline").text
    assert "A dispute waits for the insurer" in alerts
    stated = precision(writing)
    assert stated is not None
    assert stated[0] == 1, "a dispute that is not decided takes nothing back"
    assert "Uphold: withdraw the finding" in article(lead.get(POSTURE).text)
    assert say(writing, "shouan", "upheld", "seen and agreed") == 303
    one = article(insured.get(POSTURE).text)
    assert "dispute upheld, withdrawn" in one
    assert "seen and agreed" in one
    assert "Mended with all" not in one
    assert "A dispute waits" not in lead.get("/alerts").text
    after = precision(writing)
    assert after == (1 - Fraction(1, stated[1]), stated[1]), "the provider's scan had stated it"
    assert f"of {stated[1]} stated" in insured.get("/provider/fengtai").text


def test_a_fix_that_is_only_reported_keeps_its_price_until_somebody_looks(writing: Portal) -> None:
    before = article(writing.of("jiangkou").get(POSTURE).text)
    assert say(writing, "jiangkou", "said_fixed") == 303
    assert say(writing, "jiangkou", "retest_asked") == 303
    after = article(writing.of("jiangkou").get(POSTURE).text)
    price = re.search(r"Mended with all of its kind: [^ ]+ [\d,.]+", before)
    assert price is not None
    assert price[0] in after
    assert "re-test asked for" in after
    assert "A re-test was asked for" in writing.of("shouan").get("/alerts").text


def test_an_answer_without_a_reason_is_refused(writing: Portal) -> None:
    assert say(writing, "jiangkou", "answered") == 422


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        ("shouan", "disputed"),
        ("jiangkou", "upheld"),
        ("fengtai", "said_fixed"),
        ("zhongliu", "rejected"),
        ("jiangkou", "x"),
    ],
)
def test_nobody_says_what_is_not_theirs_to_say(writing: Portal, person: str, kind: str) -> None:
    assert say(writing, person, kind, "because") == 404
    assert 'class="said"' not in writing.of("jiangkou").get(POSTURE).text


def test_both_sides_see_the_same_dossier(reading: Portal) -> None:
    pages = [reading.of(person).get(f"{DOSSIER}?{DURING}").text for person in ("jiangkou", "shouan")]
    mains = [page.split('id="contradictions"')[1].split("</main>")[0] for page in pages]
    assert mains[0] == mains[1]
    assert mains[0].count("notice-box") == 4
    assert "counts until" in mains[0]


def test_the_dossier_says_what_was_known_when_and_what_it_moved(reading: Portal) -> None:
    known = reading.of("shouan").get(DOSSIER).text.split('id="known"')[1].split("</section>")[0]
    assert known.count("no right to rescind") == 5, "what the look before binding saw"
    redis = known.split("Redis answers without a password")[1].split("</tr>")[0]
    assert "/quote/SHOUAN-Q-000001#step-finding-unauthenticated_store" in redis
    assert "+¥ 2,573.26" in redis
    rdp = known.split("Remote desktop (RDP)")[1].split("</tr>")[0]
    assert "2026-04-01" in rdp, "thirty days from the look of 2 March"
    assert "#step-" not in rdp, "it came after the quote"


def test_on_an_earlier_day_the_dossier_knows_less(reading: Portal) -> None:
    client = reading.of("shouan")
    before = client.get(f"{DOSSIER}?at=2025-12-12").text.split('id="known"')[1]
    assert "Redis" not in before
    assert "Nothing is concluded yet" in before
    assert client.get(f"{DOSSIER}?at=2025-12-01").status_code == 404


def test_an_alert_that_somebody_has_noted_says_who_and_when_and_goes_down_the_list(writing: Portal) -> None:
    lead = writing.of("shouan")
    form = {"number": CASE, "alert": "traffic:beacons", "key": "k", "back": "/alerts?kind=traffic"}
    answer = lead.post("/alerts", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/alerts?kind=traffic")
    text = lead.get("/alerts?kind=traffic").text
    assert re.search(r"noted by .*, 2 Nov 2026, 09:00", text)
    assert text.rindex("Regular calls to one address") > text.rindex("Logins in the clear")
    assert "Regular calls" not in lead.get("/alerts?state=new").text
    theirs = writing.of("jiangkou").get("/alerts?state=new").text
    assert "Regular calls" in theirs, "the insured takes note for itself"
    assert "noted by" in theirs


@pytest.mark.parametrize("person", ["zhongliu", "fengtai", "supervision", "tongzhou"])
def test_nobody_else_takes_note(writing: Portal, person: str) -> None:
    form = {"number": CASE, "alert": "traffic:beacons", "key": "k"}
    assert writing.of(person).post("/alerts", data=form).status_code == 404


def test_an_alert_that_is_not_there_cannot_be_noted(writing: Portal) -> None:
    form = {"number": CASE, "alert": "traffic:nothing", "key": "k"}
    assert writing.of("shouan").post("/alerts", data=form).status_code == 422


def test_the_filters_narrow_the_list_and_the_file_has_the_same_lines(reading: Portal) -> None:
    client = reading.of("shouan")
    for query in ("", "kind=traffic", "severity=high", "state=noted", f"insured={CASE}", "kind=nonsense", "insured=X"):
        page = client.get(f"/alerts?{query}&{DURING}").text
        answer = client.get(f"/alerts.csv?{query}&{DURING}")
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert answer.headers["content-type"].startswith("text/csv")
        assert len(rows) - 1 == page.count('<li class="task">'), query
    high = client.get(f"/alerts?severity=high&{DURING}").text
    assert "Logins in the clear" not in high
    assert "New since binding: Remote desktop" in high


def test_a_followers_underwriter_sees_no_alert_of_an_insured_whose_application_it_does_not_see(reading: Portal) -> None:
    text = reading.of("zhongliu").get(f"/alerts?{DURING}").text.split("<main")[1]
    assert "No alert passes." in text
    assert "Jiangkou" not in text
