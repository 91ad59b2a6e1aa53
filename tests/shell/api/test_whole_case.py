"""The case of the catalogue through the API, from the application to the payment, gives the scenario's own numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from tests.shell.api.conftest import Told
from tests.shell.api.story import CLAIMS, ENGINEER, INSURED, LEAD, Desk

from ringwall.basics import split_running

PARTS = {
    "INRE": (21_600_000, 18_600_000, 16_600_000),
    "DIAS": (36_500_000, 33_000_000, 28_000_000),
    "NPBI": (124_800_000, 124_800_000, 94_800_000),
    "EXT": (46_000_000, 6_000_000, 6_000_000),
    "MIT": (7_500_000, 7_500_000, 7_500_000),
    "INV": (5_800_000, 5_800_000, 5_800_000),
    "NONE": (1_200_000, 0, 0),
}
"""Of each part: factual loss, loss within cover, payable; scenario A by hand."""

VERDICTS = {
    "A-I1": "covered",
    "A-I2": "excluded",
    "A-I5": "excluded",
    "A-I8": "covered",
    "A-I9": "nominal_only",
    "A-I12": "unmapped",
}
KNOWN = 158_700_000
SHARES = {"shouan": Fraction(8, 20), "zhongliu": Fraction(7, 20), "yuanqiao": Fraction(5, 20)}


@pytest.fixture
def claim(told: Told, seen: Desk) -> Any:
    return seen.get(CLAIMS, f"/claims/{told.numbers.claim}")


def test_the_claim_has_the_three_numbers_of_the_worked_scenario(claim: Any) -> None:
    assert claim["factual_minor"] == 243_400_000
    assert claim["within_cover"] == {"low": 195_700_000, "high": 195_700_000}
    assert claim["payable"] == {"low": 158_700_000, "high": 158_700_000}
    assert (claim["state"], claim["paid_minor"]) == ("paid", 158_700_000)


def test_each_part_and_each_item_is_settled_as_by_hand(claim: Any) -> None:
    found = {
        each["part"]: (each["factual_minor"], each["within_cover"]["low"], each["payable"]["low"])
        for each in claim["parts"]
    }
    assert found == PARTS
    assert {each["name"]: each["verdict"] for each in claim["items"] if each["name"] in VERDICTS} == VERDICTS
    assert set(claim["refused_items"]) == {"A-I2", "A-I5", "A-I9", "A-I12"}
    assert claim["trace"]["value"] == 158_700_000


def test_the_clocks_stand_on_the_scenarios_days(claim: Any) -> None:
    last_days = {each["rule"]: (each["last_day"], each["in_time"]) for each in claim["clocks"]}
    assert last_days["R-16"] == ("2026-10-08", True)
    assert last_days["R-17"] == ("2026-10-08", True)
    assert last_days["R-18"] == ("2026-09-28", True)
    assert claim["disclosure"]["rescinded"] is False
    assert claim["disclosure"]["decided_by"] == "R-02"


def test_reserves_are_paid_down_to_nothing(claim: Any) -> None:
    assert sum(each["paid_minor"] for each in claim["reserves"]) == 158_700_000
    assert {each["outstanding_minor"] for each in claim["reserves"]} == {0}


def test_the_payment_is_split_over_the_panel_on_the_running_total(told: Told, seen: Desk) -> None:
    payment = told.numbers.payment
    assert payment["parts_minor"] == {"shouan": 63_480_000, "zhongliu": 55_545_000, "yuanqiao": 39_675_000}
    postings = seen.get(LEAD, f"/policies/{told.numbers.policy}/postings")["postings"]
    booked: dict[str, dict[str, int]] = {}
    for each in postings:
        sequence = "claim" if each["event"]["kind"] in ("indemnity", "expense", "recovery") else each["event"]["kind"]
        so_far = booked.setdefault(sequence, dict.fromkeys(SHARES, 0))
        for name, part in each["parts"]:
            so_far[name] += part
        whole = split_running(each["running_total_minor"], list(SHARES.values()))
        assert list(so_far.values()) == list(whole), f"{sequence} {each['number']}"
    assert set(booked) == {"premium", "vat", "reserve", "claim"}
    assert sum(booked["claim"].values()) == 158_700_000


def test_every_carrier_has_its_own_statement_and_its_books_balance(told: Told, seen: Desk) -> None:
    paid = {"shouan": 63_480_000, "zhongliu": 55_545_000, "yuanqiao": 39_675_000}
    for carrier, part in paid.items():
        shown = seen.get(carrier, f"/policies/{told.numbers.policy}/statement")
        closings = {each["kind"]: each["closing_minor"] for each in shown["closings"]}
        assert (shown["statement"]["participant"], closings["claim"], shown["differences"]) == (carrier, part, [])
        trial = seen.get(carrier, "/journal/trial-balance")
        assert trial["balanced"] is True
        assert trial["total"]["debit_minor"] == trial["total"]["credit_minor"] > 0
        assert {line["account"]["participant"] for line in trial["lines"]} == {carrier}


def test_the_policy_is_read_on_two_dates(told: Told, seen: Desk) -> None:
    path, before, after = f"/policies/{told.numbers.policy}", "2026-03-01T00:00:00+08:00", "2026-06-01T00:00:00+08:00"
    newest = seen.get(INSURED, path)
    assert [each["kind"] for each in newest["file"]["policy"]["versions"]] == ["issued", "endorsed"]
    then = seen.get(INSURED, path, effective=after, known=before)["version"]
    now = seen.get(INSURED, path, effective=after)["version"]
    assert (then["kind"], now["kind"]) == ("issued", "endorsed")
    assert now["content"]["premium"]["annual_net_minor"] < then["content"]["premium"]["annual_net_minor"]
    early = seen.get(INSURED, path, effective="2025-12-30T00:00:00+08:00", status=404)
    assert early["code"] == "policy_not_in_force"


def test_the_quote_shows_its_waterfall_and_what_each_fix_saves(told: Told, seen: Desk) -> None:
    shown = seen.get(LEAD, f"/quotes/{told.numbers.quote}")
    steps = shown["quote"]["priced"]["waterfall"]["steps"]
    assert sum(step["amount_minor"] for step in steps) == steps[-1]["level_minor"] == shown["gross_minor"]
    saving = [fix for fix in shown["quote"]["fixes"] if fix["premium_after_minor"] < fix["premium_before_minor"]]
    assert saving


def test_what_is_on_sale_stands_in_one_list_with_what_is_asked(seen: Desk) -> None:
    shop = seen.get(INSURED, "/products")
    names = [f"{each['code']}/{each['version']}" for each in shop["products"]]
    assert names == sorted(names)
    assert {"enterprise-cyber/2026-01", "inclusive-sme/2026-01", "park-master/2026-01"} <= set(names)
    for each in shop["products"]:
        assert each["on_sale_from"] <= shop["day"]
        assert each["questions"]
        assert each["rates_filing"] == each["registration"]


def test_pricing_again_without_a_change_gives_the_quotes_price_and_stores_nothing(told: Told, seen: Desk) -> None:
    path = f"/quotes/{told.numbers.quote}"
    shown = seen.get(LEAD, path)
    same = seen.post(LEAD, f"{path}/reprice", {}, status=200)
    assert same["priced"]["net_minor"] == shown["quote"]["priced"]["net_minor"]
    fix = next(
        f for f in shown["quote"]["fixes"] if f["premium_after_minor"] < f["premium_before_minor"] and f["subjects"]
    )
    mended = seen.post(LEAD, f"{path}/reprice", {"fixed": fix["subjects"]}, status=200)
    assert mended["priced"]["net_minor"] < same["priced"]["net_minor"]
    higher = seen.post(LEAD, f"{path}/reprice", {"choices": {"npbi_deductible": 10_000_000}}, status=200)
    assert higher["priced"]["net_minor"] > same["priced"]["net_minor"]
    assert len(seen.get(LEAD, "/quotes")["rows"]) == 1


def test_pricing_again_names_what_the_quote_does_not_have(told: Told, seen: Desk) -> None:
    path = f"/quotes/{told.numbers.quote}/reprice"
    assert seen.post(LEAD, path, {"controls": {"moat": "held"}}, status=404)["code"] == "control_unknown"
    assert seen.post(LEAD, path, {"fixed": ["none"]}, status=404)["code"] == "finding_unknown"
    assert seen.post(LEAD, path, {"choices": {"moat": 1}}, status=404)["code"] == "schedule_unknown"
    assert seen.post("zhongliu", path, {}, status=404)["code"] == "not_visible"
    assert seen.post(INSURED, path, {}, status=403)["code"] == "not_your_task"


def test_the_incident_has_its_grades_and_its_report_is_due_four_hours_after_discovery(told: Told, desk: Desk) -> None:
    seen = desk.get(CLAIMS, f"/incidents/{told.numbers.incident}")
    assert len(seen["grades"]) >= 2
    assert seen["incident"]["facts"] == dict(told.case.incident_facts)
    small = {each["scheme"]: each["level"] for each in seen["grades"]}
    assert small
    more = {"kind": "fact_established", "at": "2026-08-20T10:00:00+08:00", "fact": "direct_loss_minor"}
    more |= {"value": 500_000_000, "what": {"zh": "直接损失已查明", "en": "direct loss established"}}
    desk.post(INSURED, f"/incidents/{told.numbers.incident}/entries", more)
    graded = desk.get(CLAIMS, f"/incidents/{told.numbers.incident}", operator="other")
    assert {duty["due_at"] for duty in graded["duties"]} == {"2026-08-15T02:40:00Z"}


def test_the_order_kept_its_service_times(told: Told, seen: Desk) -> None:
    shown = seen.get(ENGINEER, f"/orders/{told.numbers.order}")
    assert shown["state"] == "accepted_by_insured"
    assert {clock["result"] for clock in shown["clocks"]} == {"met"}


def test_the_one_whose_consent_a_service_needs_gives_it(told: Told, desk: Desk) -> None:
    order = desk.post(CLAIMS, "/orders", {"policy": told.numbers.policy, "service": "retest"})["order"]["number"]
    consent = {"state": "consented"}
    assert desk.post(CLAIMS, f"/orders/{order}/steps", consent, status=403)["code"] == "not_your_task"
    assert desk.post(INSURED, f"/orders/{order}/steps", consent)["state"] == "consented"
    assert desk.post(ENGINEER, f"/orders/{order}/steps", {"state": "delivered"}, status=409)["code"] == "order_state"


def test_what_was_seen_of_the_insured_is_there_for_those_who_may_read_it(told: Told, seen: Desk) -> None:
    path = f"/submissions/{told.numbers.submission}"
    for reader in (INSURED, LEAD, "tongzhou"):
        assert seen.get(reader, f"{path}/findings")["findings"]
        assert seen.get(reader, f"{path}/controls")["controls"]
        assert len(seen.get(reader, f"{path}/assets")["assets"]) == len(told.case.assets)
        assert len(seen.get(reader, f"{path}/consent")["entries"]) == 1
    assert seen.get(LEAD, f"{path}/traffic")["batches"][0]["lines"] > 0
    then = seen.get(LEAD, f"{path}/controls", at="2025-12-16T00:00:00+08:00")
    now = seen.get(LEAD, f"{path}/controls")
    assert {f["uid"] for f in then["findings"]} < {f["uid"] for f in now["findings"]}


def test_a_paper_behind_an_answer_is_read_through_the_walls(told: Told, seen: Desk) -> None:
    path = f"/submissions/{told.numbers.submission}/files"
    listed = seen.get(LEAD, path)["files"]
    assert {each["sha256"] for each in listed} >= {each.evidence_sha256 for each in told.case.answers} - {""}
    answer = seen.client.get(f"{path}/{told.numbers.file}", headers=seen.headers(LEAD))
    assert answer.content.decode() in told.case.evidence.values()
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert seen.client.get(f"{path}/{told.numbers.file}", headers=seen.headers(ENGINEER)).status_code == 404


def test_letters_are_in_the_inbox_of_those_they_were_written_to(seen: Desk) -> None:
    assert {each["topic"] for each in seen.get(INSURED, "/inbox")["letters"]} >= {"notice"}
    assert {each["topic"] for each in seen.get(ENGINEER, "/inbox")["letters"]} >= {"incident", "order"}
    assert seen.get("yuanqiao", "/inbox")["letters"] == []


def test_the_book_and_the_market_know_the_policy_and_its_loss(told: Told, seen: Desk) -> None:
    run = seen.get(LEAD, f"/book/runs/{told.numbers.run}")
    assert (run["known_minor"], run["seed"], run["years"]) == (KNOWN, 1, 500)
    assert run["gross"]["aal_minor"] >= run["net"]["aal_minor"]
    published = seen.get(LEAD, f"/market/statistics/{told.numbers.publication}")
    assert all(
        cell["figures"] is None or cell["figures"]["policies"] >= t["floor"]
        for t in published["tables"]
        for cell in t["cells"]
    )


def test_a_list_goes_on_after_the_number_it_ended_with(told: Told, seen: Desk) -> None:
    first = seen.get(CLAIMS, "/orders", limit="1")
    assert (len(first["rows"]), first["next"]) == (1, first["rows"][0]["number"])
    rest = seen.get(CLAIMS, "/orders", after=first["next"])
    assert (len(rest["rows"]), rest["next"]) == (1, "")
    assert rest["rows"][0]["application"] == told.numbers.submission
