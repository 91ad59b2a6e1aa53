"""A claim's page and the list: the three numbers with their reasons, the clocks, and for whom there is none."""

from __future__ import annotations

import re

import pytest
from tests.shell.web.conftest import Portal

CLAIM = "SHOUAN-C-000001"
PAGE = f"/claim/{CLAIM}"
READERS = ("shouan.claims", "shouan", "jiangkou", "tongzhou", "zhongliu", "yuanqiao")


@pytest.mark.parametrize("person", READERS)
def test_whoever_takes_part_sees_the_three_numbers_and_the_list(reading: Portal, person: str) -> None:
    page = reading.of(person).get(PAGE)
    assert page.status_code == 200
    for number in ("¥ 2,434,000.00", "¥ 1,957,000.00", "¥ 1,587,000.00"):
        assert number in page.text
    assert CLAIM in reading.of(person).get("/claims").text


@pytest.mark.parametrize("person", ["fengtai", "supervision"])
def test_for_everybody_else_there_is_no_such_claim(reading: Portal, person: str) -> None:
    assert reading.of(person).get(PAGE).status_code == 404
    assert reading.of(person).get("/claims").status_code == 404
    assert "/claims" not in reading.of(person).get("/").text


def test_a_refused_item_says_what_would_have_covered_it(reading: Portal) -> None:
    text = reading.of("shouan.claims").get(PAGE).text
    row = text.split('id="item-A-I2"')[1].split("</tr>")[0]
    assert "not paid: excluded" in row
    assert "“consent in writing beforehand” were “yes”" in row
    assert 'popovertarget="clause-1-2"' in row
    ransom = text.split('id="item-A-I9"')[1].split("</tr>")[0]
    assert "No other fact would bring it into cover." in ransom


def test_every_clause_that_is_named_opens_its_text_in_both_languages(reading: Portal) -> None:
    text = reading.of("shouan.claims").get(PAGE).text
    named = set(re.findall(r'popovertarget="(clause-[\d-]+)"', text))
    cards = dict(re.findall(r'<div popover id="(clause-[\d-]+)"(.*?)</div>', text, flags=re.DOTALL))
    assert named == set(cards)
    assert all('lang="zh-CN"' in card and 'lang="en"' in card for card in cards.values())


def test_the_clocks_show_the_pause_and_the_last_day(reading: Portal) -> None:
    clocks = reading.of("shouan.claims").get(PAGE).text.split('id="clocks"')[1].split("</section>")[0]
    assert clocks.count("done in time") == 4
    assert "stood still from 7 Sept 2026 to 14 Sept 2026 (7 days)" in clocks
    assert "last day 8 Oct 2026" in clocks
    assert 'class="pause"' in clocks


def test_the_hours_that_the_insured_keeps_sum_to_the_retention(reading: Portal) -> None:
    hours = reading.of("shouan.claims").get(PAGE).text.split("Interruption by the hour")[1].split("</section>")[0]
    assert hours.count('<tr><th scope="row">') == 60 + 1
    total = hours.split("<tfoot>")[1]
    assert re.findall(r"¥ ([\d,]+)\.00", total) == ["1,200,000", "300,000", "900,000"]


def test_the_trace_leads_from_the_payment_to_the_invoice(reading: Portal) -> None:
    trace = reading.of("shouan.claims").get(PAGE).text.split('id="trace"')[1].split("</section>")[0]
    for said in ("payable now", "Incident response: after the deductible", "containment and clean-up by a named firm"):
        assert said in trace
    assert "¥ 20,000.00" in trace
    assert "Checked and not binding:" in trace


def test_the_split_over_the_panel_is_shown_to_its_carriers_only(reading: Portal) -> None:
    assert "¥ 611,600.00" in reading.of("zhongliu").get(PAGE).text
    for outside in ("jiangkou", "tongzhou"):
        text = reading.of(outside).get(PAGE).text
        assert "Split over the panel" not in text
        assert "¥ 611,600.00" not in text


def test_looking_back_shows_the_claim_as_it_was_known_then(reading: Portal) -> None:
    text = reading.of("shouan.claims").get(f"{PAGE}?at=2026-09-10").text
    assert "documents asked for" in text
    assert "No decision has been made yet" in text
    assert "stands still since 7 Sept 2026" in text
    assert "¥ 1,587,000.00" not in text
    assert reading.of("shouan.claims").get(f"{PAGE}?at=2026-01-05").status_code == 404


def test_a_claim_number_that_does_not_exist_is_not_found(reading: Portal) -> None:
    assert reading.of("shouan.claims").get("/claim/SHOUAN-C-000099").status_code == 404


ACTS = ("decide", "agree", "refuse", "release", "pay")


def take(portal: Portal, act: str, person: str = "shouan.claims", key: str = "", **more: str) -> int:
    form = {"key": key or f"portal:claim:{act}", **more}
    return portal.of(person).post(f"{PAGE}/{act}", data=form).status_code


def test_the_handler_takes_the_claim_from_the_proofs_to_the_payment_as_the_story_does(proved: Portal) -> None:
    client = proved.of("shouan.claims")
    votes = {"vote.shouan": "yes", "vote.zhongliu": "yes", "vote.yuanqiao": "yes"}
    assert "Decide on what has been proved" in client.get(PAGE).text
    for act in ACTS:
        text = client.get(PAGE).text
        assert f'action="{PAGE}/{act}"' in text, act
        assert take(proved, act, **votes) == 303
    text = client.get(PAGE).text
    assert 'id="next"' not in text
    assert "¥ 611,600.00" in text
    assert text.split("<dt>Paid</dt>")[1].split("</dd>")[0].endswith("¥ 1,587,000.00</a>")


def test_an_act_is_done_once_for_its_key_and_never_before_its_turn(proved: Portal) -> None:
    for early in ("agree", "release", "pay"):
        assert take(proved, early) == 422, early
    assert take(proved, "decide") == take(proved, "decide") == 303
    assert proved.of("shouan.claims").get(PAGE).text.count("decision</li>") == 1
    assert take(proved, "decide", key="another") == 303, "a further decision stands beside the first"
    assert proved.of("shouan.claims").post(f"{PAGE}/burn", data={"key": "k"}).status_code == 422


def test_a_panel_that_votes_against_it_keeps_the_money_and_everything_as_it_was(proved: Portal) -> None:
    for act in ACTS[:-1]:
        assert take(proved, act) == 303
    against = {"vote.shouan": "yes", "vote.zhongliu": "no", "vote.yuanqiao": "no"}
    assert take(proved, "pay", **against) == 422
    assert f'action="{PAGE}/pay"' in proved.of("shouan.claims").get(PAGE).text


@pytest.mark.parametrize("person", ["jiangkou", "tongzhou", "zhongliu", "shouan", "fengtai", "supervision"])
def test_nobody_but_the_leads_handler_is_offered_an_act_or_takes_one(proved: Portal, person: str) -> None:
    for act in ACTS:
        assert take(proved, act, person) == 404
    page = proved.of(person).get(PAGE)
    assert 'id="next"' not in page.text
    assert "decision" not in proved.of("shouan.claims").get(PAGE).text.split('id="history"')[1]


def test_who_looks_back_is_offered_nothing_to_do(proved: Portal) -> None:
    assert 'id="next"' not in proved.of("shouan.claims").get(f"{PAGE}?at=2026-09-15").text
