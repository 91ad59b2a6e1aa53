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


def test_said_to_be_fixed_it_is_ordered_while_the_policy_includes_it_and_then_says_what_is_to_be_done(
    writing: Portal,
) -> None:
    packages = [{**GRYPE["matches"][0], "artifact": {"name": f"lib-{n}", "version": "1"}} for n in range(6)]  # type: ignore[dict-item]
    asset, insured = "erp.jiangkou.test", writing.of("jiangkou")
    hand_in(writing, "jiangkou", json.dumps({**GRYPE, "matches": packages}).encode(), asset=asset)
    uids = re.findall(r'href="#finding-([0-9a-f]+)"', reports(writing, "jiangkou").split("</article>")[0])
    assert len(uids) == 6
    for uid in uids:
        said = {"key": uuid4().hex, "kind": "said_fixed", "text": ""}
        assert insured.post(f"{POSTURE}/findings/{uid}", data=said).status_code == 303
    shown = [insured.get(POSTURE).text.split(f'id="finding-{uid}"')[1].split("</article>")[0] for uid in uids]
    ordered, waiting = (
        ["Re-test ordered:" in each for each in shown],
        ["hand in a newer report" in each for each in shown],
    )
    assert [not each for each in ordered] == waiting
    assert waiting[-1], "the policy includes fewer re-tests"
    assert 'href="#report-file"' in shown[-1]
    in_chinese = insured.get(POSTURE, params={"lang": "zh"}).text.split(f'id="finding-{uids[-1]}"')[1]
    assert "请上传修复后的 grype 报告" in in_chinese.split("</article>")[0]
    assert (
        'href="#report-file"'
        not in writing.of("shouan").get(POSTURE).text.split(f'id="finding-{uids[-1]}"')[1].split("</article>")[0]
    )

    hand_in(writing, "jiangkou", json.dumps({**GRYPE, "matches": packages[:1]}).encode(), asset=asset)
    newest = reports(writing, "jiangkou").split("</article>")[0]
    assert "已关闭" in newest or "Closed, since the report has them no more:" in newest
    assert uids[-1][:8] in newest
