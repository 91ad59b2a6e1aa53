"""The handler rules on an increase of risk on the claim's page, and sees beforehand what the ruling does."""

from __future__ import annotations

import re

import pytest
from tests.shell.web.conftest import Portal

PAGE = "/claim/SHOUAN-C-000001"
RULE, TRY = f"{PAGE}/increase", f"{PAGE}/increase/try"
FORM = {
    "key": "k",
    "what": "remote desktop opened for a supplier",
    "since": "2026-07-01T09:00",
    "notable": "yes",
    "told": "no",
    "bound": "no",
    "caused": ["A-I3", "A-I4"],
    "because": "the forensic report shows that the intruder came in by it",
}


def amounts(text: str) -> list[str]:
    return re.findall(r"<dd>([^<]+)</dd>", text)


def test_the_preview_says_what_the_ruling_takes_and_keeps_nothing(proved: Portal) -> None:
    client = proved.of("shouan.claims")
    assert f'action="{RULE}"' in client.get(PAGE).text
    answer = client.post(TRY, data={**FORM, "because": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    without, by_ruling, difference = amounts(answer.text)
    assert without == "¥ 1,587,000.00"
    assert by_ruling == "¥ 1,307,000.00", "the restoration of data goes, with its deductible"
    assert difference == "−¥ 280,000.00"
    assert "The ruling</h3>" not in client.get(PAGE).text


def test_an_unanswered_point_gives_no_amount(proved: Portal) -> None:
    half = {name: value for name, value in FORM.items() if name != "told"}
    answer = proved.of("shouan.claims").post(TRY, data=half, headers={"HX-Request": "true"})
    assert "Answer every point" in answer.text
    assert amounts(answer.text) == []


def test_the_ruling_stands_with_its_reason_and_the_decision_follows_it(proved: Portal) -> None:
    client = proved.of("shouan.claims")
    assert client.post(RULE, data=FORM).status_code == 303
    text = client.get(PAGE).text.split('id="increase"')[1].split("</section>")[0]
    assert "Not paid: A-I3, A-I4" in text
    assert "the forensic report shows" in text
    assert client.post(f"{PAGE}/decide", data={"key": "d"}).status_code == 303
    assert "¥ 1,307,000.00" in client.get(PAGE).text
    assert "Not paid: A-I3, A-I4" in proved.of("jiangkou").get(PAGE).text, "the insured reads the reason"


def test_a_ruling_after_the_decision_offers_to_decide_anew(proved: Portal) -> None:
    client = proved.of("shouan.claims")
    assert client.post(f"{PAGE}/decide", data={"key": "d"}).status_code == 303
    assert "Decide anew by the ruling" not in client.get(PAGE).text
    assert client.post(RULE, data=FORM).status_code == 303


def test_a_ruling_without_its_reason_or_a_point_is_refused(proved: Portal) -> None:
    client = proved.of("shouan.claims")
    assert client.post(RULE, data={**FORM, "because": " "}).status_code == 422
    assert client.post(RULE, data={**FORM, "told": ""}).status_code == 404


@pytest.mark.parametrize("person", ["jiangkou", "shouan", "zhongliu", "fengtai"])
def test_nobody_but_the_leads_handler_rules_or_tries(proved: Portal, person: str) -> None:
    client = proved.of(person)
    assert client.post(TRY, data=FORM).status_code == 404
    assert client.post(RULE, data=FORM).status_code == 404
    assert f'action="{RULE}"' not in client.get(PAGE).text
