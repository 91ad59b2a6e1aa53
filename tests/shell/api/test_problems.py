"""Every no has one shape: what clashes, where, and the next step, in the reader's language, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.shell.api.conftest import Told
from tests.shell.api.story import CLAIMS, INSURED, LEAD, Desk, application, bind_wish, loss_event, quote_wish
from tests.walls.house import PACKAGE

from ringwall.basics import Refusal, refuse
from ringwall.desk.life.case import Case
from ringwall.desk.permissions import PERMISSIONS
from ringwall.shell.api import make_api
from ringwall.shell.api.problems import STATUS_OF, status_of

SHAPE = {"type", "title", "status", "detail", "instance", "code", "where", "errors"}
Change = Callable[[Any], None]


def checked(answer: Any, status: int, code: str) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert set(said) == SHAPE
    assert (said["status"], said["code"], said["type"]) == (status, code, f"urn:ringwall:refusal:{code}")
    assert said["title"]
    assert said["detail"]
    assert said["instance"].startswith("/api")
    return said


def test_an_unknown_route_and_an_unknown_method_are_problems(seen: Desk) -> None:
    checked(seen.client.get("/nothing"), 404, "route_unknown")
    said = seen.client.put("/policies", headers=seen.headers(LEAD))
    checked(said, 405, "http_method_unknown")
    assert said.headers["allow"] == "GET, POST"


def test_a_refusal_is_said_in_the_language_of_the_request_and_in_chinese_by_default(seen: Desk) -> None:
    token = {"Authorization": f"Bearer {seen.token(LEAD)}"}
    told = {
        "": ("不存在或未授权", "zh-CN"),
        "en": ("Not there, or not shared with you", "en"),
        "fr, en;q=0.5, zh;q=0.9": ("不存在或未授权", "zh-CN"),
        "en-GB, zh;q=0.9": ("Not there, or not shared with you", "en"),
        "en;q=x": ("Not there, or not shared with you", "en"),
    }
    for wanted, (title, language) in told.items():
        answer = seen.client.get("/policies/X-1", headers=token | {"Accept-Language": wanted})
        assert checked(answer, 404, "not_visible")["title"] == title
        assert answer.headers["content-language"] == language


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(seen: Desk) -> None:
    for name in (LEAD, "nobody"):
        answer = seen.client.post("/sessions", json={"name": name, "password": "wrong"})
        checked(answer, 401, "sign_in_refused")


def test_a_password_is_never_said_back(seen: Desk) -> None:
    answer = seen.client.post("/sessions", json={"name": LEAD, "password": {"secret": "s3cret"}})
    checked(answer, 422, "request_invalid")
    assert "s3cret" not in answer.text


def changed(*path: Any, to: Any) -> Change:
    def change(body: Any) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = to

    return change


BAD_APPLICATIONS: list[tuple[Change, int, str, str]] = [
    (changed("organisation", "revenue_minor", to=-1), 422, "request_invalid", "organisation.revenue_minor"),
    (changed("organisation", "employees", to=-300), 422, "request_invalid", "organisation.employees"),
    (changed("organisation", "employees", to="300"), 422, "request_invalid", "organisation.employees"),
    (changed("organisation", "employees", to=3.5), 422, "request_invalid", "organisation.employees"),
    (changed("organisation", "employees", to=True), 422, "request_invalid", "organisation.employees"),
    (changed("organisation", "gross_profit_rate", to="0.3"), 422, "request_invalid", "organisation.gross_profit_rate"),
    (changed("organisation", "gross_profit_rate", to="3/0"), 422, "request_invalid", "organisation.gross_profit_rate"),
    (changed("organisation", "name", "zh", to="  "), 422, "request_invalid", "organisation.name.zh"),
    (changed("organisation", "name", "zh", to="a\0b"), 422, "request_invalid", "organisation.name.zh"),
    (changed("organisation", "name", "zh", to="\ud800"), 422, "request_invalid", "organisation.name.zh"),
    (changed("surprise", to=1), 422, "request_invalid", "surprise"),
    (changed("answers", to=[]), 422, "request_invalid", "answers"),
    (changed("product", to="none"), 404, "product_unknown", "none"),
    (changed("lead", to="nobody"), 404, "party_unknown", "nobody"),
    (changed("lead", to="tongzhou"), 404, "party_unknown", "tongzhou"),
    (changed("answers", 0, "question", to="Q99"), 422, "answers_clash", "Q99"),
]


@pytest.mark.parametrize(("change", "status", "code", "where"), BAD_APPLICATIONS)
def test_a_bad_application_names_the_field_and_changes_nothing(
    seen: Desk, case: Case, change: Change, status: int, code: str, where: str
) -> None:
    import json

    body = application(case)
    change(body)
    headers = seen.headers(INSURED, "bad") | {"Content-Type": "application/json"}
    said = checked(seen.client.post("/submissions", content=json.dumps(body), headers=headers), status, code)
    assert where in said["where"]
    if code == "request_invalid":
        (error,) = said["errors"]
        assert (error["field"], bool(error["given"]), bool(error["expected"])) == (where, True, True)
    assert len(seen.get(INSURED, "/submissions")["rows"]) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"nul", b'{"a": NaN}'])
def test_a_body_that_is_no_json_object_is_a_problem(seen: Desk, content: bytes) -> None:
    headers = seen.headers(INSURED, "bad") | {"Content-Type": "application/json"}
    checked(seen.client.post("/submissions", content=content, headers=headers), 422, "request_invalid")


WRONG_INSTANTS = [
    "2026-13-01T00:00:00+08:00",
    "2026-01-01T00:00:00",
    "2026-01-01",
    0,
    None,
    "0001-01-01T00:00:00Z",
    "x",
]


@pytest.mark.parametrize("instant", WRONG_INSTANTS)
def test_a_wrong_date_says_what_form_is_expected(told: Told, seen: Desk, instant: Any) -> None:
    body = quote_wish(told.case, told.numbers.submission)
    body["period"]["start"] = instant
    answer = seen.client.post("/quotes", json=body, headers=seen.headers(LEAD, "bad"))
    (error,) = checked(answer, 422, "request_invalid")["errors"]
    assert error["field"] == "period.start"
    assert "offset" in error["expected"]


def test_shares_that_do_not_sum_to_one_are_refused(told: Told, seen: Desk) -> None:
    body = quote_wish(told.case, told.numbers.submission)
    body["panel"][0]["share"] = "9/20"
    answer = seen.client.post("/quotes", json=body, headers=seen.headers(LEAD, "bad"))
    assert checked(answer, 422, answer.json()["code"])["code"].startswith("share")
    body["panel"][0]["share"] = "-8/20"
    checked(seen.client.post("/quotes", json=body, headers=seen.headers(LEAD, "bad")), 422, "request_invalid")


def test_a_period_that_runs_backward_is_refused(told: Told, seen: Desk) -> None:
    body = quote_wish(told.case, told.numbers.submission)
    body["period"] = {"start": body["period"]["end"], "end": body["period"]["start"]}
    checked(seen.client.post("/quotes", json=body, headers=seen.headers(LEAD, "bad")), 422, "period_backward")


def test_a_choice_outside_the_products_range_is_refused(told: Told, seen: Desk) -> None:
    body = quote_wish(told.case, told.numbers.submission)
    body["choices"]["event_limit"] = -1
    answer = seen.client.post("/quotes", json=body, headers=seen.headers(LEAD, "bad"))
    checked(answer, 422, "schedule_range")


def test_an_instant_that_is_still_to_come_is_refused(told: Told, seen: Desk) -> None:
    body = {"policy": told.numbers.policy, "incident_class": "other", "discovered_at": "2030-01-01T00:00:00Z"}
    answer = seen.client.post("/incidents", json=body, headers=seen.headers(INSURED, "bad"))
    assert checked(answer, 422, "instant_in_future")["where"] == "discovered_at"


def test_what_clashes_with_the_state_of_a_claim_is_a_409(told: Told, seen: Desk) -> None:
    path = f"/claims/{told.numbers.claim}/supplements"
    answer = seen.client.post(path, json={"documents": ["more"]}, headers=seen.headers(CLAIMS, "bad"))
    assert answer.status_code == 409, answer.text
    path = f"/claims/{told.numbers.claim}/payments"
    answer = seen.client.post(path, json={}, headers=seen.headers(CLAIMS, "bad"))
    assert answer.status_code == 409, answer.text


def test_without_premium_no_policy(empty_desk: Desk, case: Case) -> None:
    number = empty_desk.post(INSURED, "/submissions", application(case))["number"]
    quoted = empty_desk.post(LEAD, "/quotes", quote_wish(case, number))
    answer = empty_desk.client.post(
        "/policies", json=bind_wish(case, quoted["quote"]["number"]), headers=empty_desk.headers(LEAD, "early")
    )
    assert answer.status_code == 409, answer.text
    assert empty_desk.get(LEAD, "/policies")["rows"] == []


def test_nothing_is_bound_twice(told: Told, seen: Desk) -> None:
    body = bind_wish(told.case, told.numbers.quote)
    answer = seen.client.post("/policies", json=body, headers=seen.headers(LEAD, "twice"))
    assert told.numbers.policy in checked(answer, 409, "quote_already_bound")["detail"]


def test_only_a_clause_that_takes_something_away_is_confirmed(told: Told, seen: Desk) -> None:
    number, shown_at = told.numbers.submission, told.case.at["shown_at"].isoformat()
    body = {"submission": number, "clauses": ["99.9"], "confirmed_by": "x", "shown_at": shown_at}
    answer = seen.client.post("/explanations", json=body, headers=seen.headers(INSURED, "none"))
    checked(answer, 404, "clause_unknown")


BAD_ITEMS: list[tuple[Change, str]] = [
    (changed("part", to="NOTHING"), "event_part"),
    (changed("amount_minor", to=-1), "request_invalid"),
    (changed("amount_minor", to=None), "event_amount"),
    (changed("facts", "kind", to=[]), "request_invalid"),
]


@pytest.mark.parametrize(("change", "code"), BAD_ITEMS)
def test_a_bad_loss_item_is_refused(told: Told, seen: Desk, change: Change, code: str) -> None:
    event = loss_event(told.case.event)
    change(event["items"][0])
    body = {"policy": told.numbers.policy, "event": event}
    checked(seen.client.post("/claims", json=body, headers=seen.headers(CLAIMS, "bad")), 422, code)


def test_a_table_that_cannot_be_read_is_refused_and_one_with_bad_rows_says_which(seen: Desk) -> None:
    headers = seen.headers(LEAD) | {"Content-Type": "text/csv"}

    def bring(content: bytes, key: str) -> Any:
        return seen.client.post("/book/imports", content=content, headers=headers | {"Idempotency-Key": key})

    checked(bring(b"\xff", "a"), 422, "table_not_text")
    checked(bring(b"a\0b", "b"), 422, "table_not_text")
    checked(bring(b"", "c"), 422, "content_empty")
    assert bring(b"a,b\n1,2\n", "d").status_code == 422
    checked(seen.client.post("/book/imports", json={}, headers=seen.headers(LEAD, "e")), 415, "media_type_unknown")


def test_some_bad_rows_give_207_and_the_good_ones_join_the_book(desk: Desk) -> None:
    from ringwall.catalogue import read_folder

    lines = read_folder("book")["opening.csv"].splitlines(keepends=True)
    table = lines[0] + lines[1].replace("SYN-P", "NEW-P") + lines[2].replace("SYN-P", "NEW-P").replace("2026-", "20x6-")
    headers = desk.headers(LEAD, "some") | {"Content-Type": "text/csv"}
    answers = [desk.client.post("/book/imports", content=table.encode(), headers=headers) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == 207, answer.text
        assert answer.json()["accepted"] == 1
        assert answer.json()["refused"][0]["where"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(seen: Desk) -> None:
    headers = seen.headers(INSURED, "big") | {"Content-Type": "application/json"}
    answer = seen.client.post("/submissions", content=b" " * 8_000_001, headers=headers)
    checked(answer, 413, "body_too_large")


def test_a_fault_of_ours_says_so_and_shows_no_traceback(seen: Desk) -> None:
    def broken() -> Any:
        raise RuntimeError("secret detail of the house")

    whole = FastAPI()
    whole.mount("/api", make_api(seen.house.front, seen.house.gate, broken))
    client = TestClient(whole, raise_server_exceptions=False)
    answer = client.get("/api/journal/trial-balance", headers=seen.headers(LEAD))
    said = checked(answer, 500, "internal_fault")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert said["where"] == "/api/journal/trial-balance"


def test_every_code_of_the_table_is_a_code_of_the_house() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "problems.py")
    text += (PACKAGE / "shell/api/problems.py").read_text(encoding="utf-8").split("class FieldProblem")[1]
    assert [code for code in STATUS_OF if f'"{code}"' not in text] == []


def test_a_code_that_the_table_does_not_name_is_bad_content() -> None:
    assert status_of(refuse("share_open", "x", zh="一", en="a")) == 422
    assert isinstance(refuse("share_open", "x", zh="一", en="a"), Refusal)
    assert set(PERMISSIONS) >= {"handle_claim"}
