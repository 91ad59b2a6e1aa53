"""Confirming exclusions on the page: all of them or none, once, by the applicant, after they were shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from tests.shell.web.conftest import NOW, Portal

from ringwall.basics import Refusal
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.records import QuoteFile
from ringwall.desk.underwriting.apply_for_cover import Application, apply_for_cover
from ringwall.underwriting import Submission
from ringwall.wiring.people import shipped_case


@pytest.fixture
def quote(writing: Portal) -> str:
    """The number of a fresh quote whose exclusions nobody has confirmed."""
    case, front = shipped_case(), writing.house.front
    application = Application(case.organisation, case.product, case.lead, case.broker, case.answers)
    submission = front.perform(
        Request(writing.speaker("jiangkou"), "apply_for_cover", "explain:apply", None),
        Submission,
        lambda office: apply_for_cover(office, application, at=NOW - timedelta(days=1)),
    )
    assert isinstance(submission, Submission), submission
    wish = QuoteWish(case.choices, case.period, case.panel, case.level)

    def work(office: Office) -> QuoteFile | Refusal:
        object_id = office.objects.by_number(submission.number)
        assert object_id is not None
        return quote_risk(office, object_id, wish, at=NOW - timedelta(hours=2))

    quoted = front.perform(
        Request(writing.speaker("shouan"), "quote_risk", "explain:quote", None, submission.number), QuoteFile, work
    )
    assert isinstance(quoted, QuoteFile), quoted
    return quoted.number


def form_of(client: TestClient, quote: str) -> dict[str, object]:
    """What the page would send if every clause were ticked."""
    text = client.get(f"/explain/{quote}").text
    hidden = dict(re.findall(r'<input type="hidden" name="(key|shown_at)" value="([^"]+)"', text))
    clauses = re.findall(r'name="clauses" value="([^"]+)"', text)
    assert clauses
    return {**hidden, "clauses": clauses, "by": "Jiangkou, authorised signatory"}


def send(client: TestClient, quote: str, form: dict[str, object]) -> Response:
    answer: Response = client.post(f"/explain/{quote}", data=form)
    return answer


def test_every_clause_is_confirmed_at_once_and_a_second_sending_changes_nothing(writing: Portal, quote: str) -> None:
    client = writing.of("jiangkou")
    form = form_of(client, quote)
    for _ in range(2):
        answer = send(client, quote, form)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/explain/{quote}")
    text = client.get(f"/explain/{quote}").text
    assert "Every clause was explained and confirmed." in text
    assert "Jiangkou, authorised signatory" in text
    assert f"/quote/{quote}" in client.get("/").text
    assert "pay the premium" in client.get("/").text.lower()


def test_a_clause_that_is_not_ticked_leaves_all_unconfirmed(writing: Portal, quote: str) -> None:
    client = writing.of("jiangkou")
    form = form_of(client, quote)
    form["clauses"] = list(form["clauses"])[1:]  # type: ignore[call-overload]
    answer = send(client, quote, form)
    assert answer.status_code == 422
    assert "clause_not_ticked" in answer.text
    assert form_of(client, quote)["clauses"], "all of them still wait"


@pytest.mark.parametrize("shown", [NOW + timedelta(minutes=1), NOW - timedelta(hours=13)])
def test_nothing_is_confirmed_that_was_shown_later_or_long_ago(writing: Portal, quote: str, shown: object) -> None:
    client = writing.of("jiangkou")
    answer = send(client, quote, {**form_of(client, quote), "shown_at": shown.isoformat()})  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "shown_too_long_ago" in answer.text


def test_a_confirmation_names_a_person(writing: Portal, quote: str) -> None:
    client = writing.of("jiangkou")
    answer = send(client, quote, {**form_of(client, quote), "by": "   "})
    assert answer.status_code == 422
    assert "confirmed_by_nobody" in answer.text


@pytest.mark.parametrize("person", ["shouan", "tongzhou", "zhongliu"])
def test_nobody_but_the_applicant_confirms(writing: Portal, quote: str, person: str) -> None:
    form = form_of(writing.of("jiangkou"), quote)
    client = writing.of(person)
    assert 'name="clauses"' not in client.get(f"/explain/{quote}").text
    assert send(client, quote, form).status_code == 404
    assert form_of(writing.of("jiangkou"), quote)["clauses"]


def test_an_incomplete_form_is_answered_with_a_page(writing: Portal, quote: str) -> None:
    answer = send(writing.of("jiangkou"), quote, {"key": "k"})
    assert answer.status_code == 422
    assert "What was sent cannot be read" in answer.text
