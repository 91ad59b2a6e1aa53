"""Reports of other scanners and VEX statements are handed in on the posture page, which says what was read of them."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

from tests.desk.test_reports_and_answers import GRYPE, NMAP, vex
from tests.shell.web.conftest import Portal

POSTURE = "/posture/JIANGKOU-SUB-000001"


def hand_in(portal: Portal, person: str, content: bytes, status: int = 303, proof: bytes = b"", **fields: Any) -> str:
    files = {"file": ("report", content), **({"proof": ("proof.txt", proof)} if proof else {})}
    answer = portal.of(person).post(f"{POSTURE}/reports", data={"key": uuid4().hex, **fields}, files=files)
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else answer.text


def reports(portal: Portal, person: str) -> str:
    return portal.of(person).get(POSTURE).text.split('id="reports"')[1].split("</section>")[0]


def test_a_report_is_shown_with_what_was_read_and_what_lies_outside_the_consent(writing: Portal) -> None:
    place = hand_in(writing, "jiangkou", NMAP.format(host="erp.jiangkou.test").encode())
    number = place.rpartition("#report-")[2]
    page = reports(writing, "jiangkou")
    assert f'id="report-{number}"' in page
    assert "On record: 1 · answered: 0 · outside the consent and left out: 0" in page
    uid = re.findall(r'href="#finding-([0-9a-f]+)"', page)[0]
    assert f'id="finding-{uid}"' in writing.of("jiangkou").get(POSTURE).text

    hand_in(writing, "jiangkou", NMAP.format(host="erp.stranger.test").encode())
    page = reports(writing, "shouan")
    assert "On record: 0 · answered: 0 · outside the consent and left out: 2" in page
    assert "erp.stranger.test:21 is not within the consent" in page
    assert "<details open>" in page


def test_a_provider_hands_in_what_it_has_seen_and_no_statement_of_the_insured(writing: Portal) -> None:
    hand_in(writing, "fengtai", NMAP.format(host="www.jiangkou.test").encode())
    assert "nmap" in reports(writing, "jiangkou")
    assert "only its risk manager hands it in" in hand_in(writing, "fengtai", vex("not_affected"), status=422)
    assert "may_say" not in reports(writing, "fengtai")


def test_a_vex_answers_with_the_file_that_proves_it(writing: Portal) -> None:
    asset = "erp.jiangkou.test"
    assert "name the asset" in hand_in(writing, "jiangkou", json.dumps(GRYPE).encode(), status=422)
    hand_in(writing, "jiangkou", json.dumps(GRYPE).encode(), asset=asset)
    hand_in(writing, "jiangkou", vex("not_affected"), asset=asset)
    assert "answered: 0" in reports(writing, "jiangkou").split("</article>")[0]
    hand_in(writing, "jiangkou", vex("not_affected"), proof=b"no JndiLookup.class", asset=asset)
    assert "answered: 1" in reports(writing, "jiangkou").split("</article>")[0]


def test_what_is_no_report_is_refused_and_strangers_hand_in_nothing(writing: Portal) -> None:
    hand_in(writing, "jiangkou", b"hello", status=422)
    answer = writing.of("jiangkou").post(f"{POSTURE}/reports", data={"key": "x"})
    assert "No file was chosen" in answer.text
    for person in ("zhongliu", "tongzhou", "supervision"):
        assert hand_in(writing, person, NMAP.format(host="erp.jiangkou.test").encode(), status=404)
