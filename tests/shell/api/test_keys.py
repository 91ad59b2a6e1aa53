"""A write is done once for its key: the same content gets the stored answer, other content is its own refusal."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.shell.api.conftest import Told
from tests.shell.api.story import CLAIMS, INSURED, LEAD, Desk, application, quote_wish
from tests.shell.api.walk import OF_OTHERS, OWN_WRITES, REPEATABLE_POSTS, send

from ringwall.desk.life.case import Case


def apply(desk: Desk, body: Any, key: str | None) -> httpx.Response:
    return desk.client.post("/submissions", json=body, headers=desk.headers(INSURED, key))


def test_the_same_key_with_the_same_content_gives_the_stored_answer_and_the_same_status(
    empty_desk: Desk, case: Case
) -> None:
    first = apply(empty_desk, application(case), "once")
    again = apply(empty_desk, application(case), "once")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert len(empty_desk.get(INSURED, "/submissions")["rows"]) == 1


def test_the_stored_answer_does_not_move_with_the_clock(told: Told, desk: Desk) -> None:
    body = {"policy": told.numbers.policy, "service": "incident-hotline"}
    first = desk.client.post("/orders", json=body, headers=desk.headers(CLAIMS, "hotline"))
    desk.clock.at = desk.clock.at.replace(year=desk.clock.at.year + 1)
    again = desk.client.post("/orders", json=body, headers=desk.headers(CLAIMS, "hotline"))
    assert first.status_code == 201, first.text
    assert (again.status_code, again.json()) == (201, first.json())


def test_the_same_key_with_other_content_is_refused_and_changes_nothing(empty_desk: Desk, case: Case) -> None:
    apply(empty_desk, application(case), "once")
    other = application(case)
    other["organisation"]["employees"] += 1
    refused = apply(empty_desk, other, "once")
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert len(empty_desk.get(INSURED, "/submissions")["rows"]) == 1


def test_the_same_key_on_another_route_is_other_content(told: Told, desk: Desk) -> None:
    headers, claim = desk.headers(CLAIMS, "one key"), told.numbers.claim
    headers["Idempotency-Key"] = "one-key"
    body = {"subject": "A-I3", "step": "requested"}
    assert desk.client.post(f"/claims/{claim}/consents", json=body, headers=headers).status_code == 201
    refused = desk.client.post(f"/claims/{claim}/decisions", json={}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")


def test_a_refused_write_leaves_its_key_unused(empty_desk: Desk, case: Case) -> None:
    wrong = application(case) | {"product": "none"}
    assert apply(empty_desk, wrong, "once").status_code == 404
    assert apply(empty_desk, application(case), "once").status_code == 201


def test_every_write_wants_a_key(told: Told, seen: Desk) -> None:
    for (method, path), make in {**OF_OTHERS, **OWN_WRITES}.items():
        if method == "GET" or (method, path) in REPEATABLE_POSTS:
            continue
        answer = send(seen, method, make(told), seen.headers(LEAD))
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing"), path


@pytest.mark.parametrize("key", ["a b", "x" * 201, "\t", "é"])
def test_a_key_that_cannot_be_kept_is_refused(seen: Desk, case: Case, key: str) -> None:
    headers = {**seen.headers(INSURED), "Idempotency-Key": key.encode()}
    answer = seen.client.post("/submissions", json=application(case), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.json()["code"] in ("idempotency_key_malformed", "idempotency_key_missing")


def test_two_organisations_may_use_the_same_key(empty_desk: Desk, case: Case) -> None:
    number = apply(empty_desk, application(case), "same").json()["number"]
    answer = empty_desk.client.post("/quotes", json=quote_wish(case, number), headers=empty_desk.headers(LEAD, "same"))
    assert answer.status_code == 201, answer.text
