"""The OpenAPI document says everything, its page needs no other host, and what the API does is what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.shell.api.conftest import Told
from tests.shell.api.story import CLAIMS, INSURED, LEAD, Desk
from tests.walls.house import ROOT

from ringwall.shell.api import make_api
from ringwall.shell.api.problems import Problem

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_api(None, None, None).openapi()  # type: ignore[arg-type]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield f"{verb.upper()} {path}", operation


def test_every_operation_is_described_in_both_languages_and_says_how_it_refuses(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert " · " in operation["summary"], name
        assert operation["description"], name
        refusals = {code: said for code, said in operation["responses"].items() if int(code) >= 400}
        signing_in = name == "POST /sessions"
        assert set(refusals) >= ({"401", "422"} if signing_in else {"401", "403", "404", "422"}), name
        for said in refusals.values():
            problem = said["content"]["application/problem+json"]
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert problem["example"]["code"]
        assert bool(operation.get("security")) is not signing_in, name
        stores = name.startswith("POST") and not signing_in and not operation.get("x-repeatable")
        keys = [each for each in operation.get("parameters", ()) if each["name"] == "Idempotency-Key"]
        assert bool(keys) is stores, name


def test_every_amount_is_a_whole_number_and_says_that_it_is_fen(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for field, said in schema.get("properties", {}).items():
            if field.endswith("_minor"):
                kinds = {each.get("type") for each in said.get("anyOf", [said])} - {"null", "object"}
                assert kinds <= {"integer"}, f"{name}.{field}"


def test_no_answer_is_looser_than_its_record(document: dict[str, Any]) -> None:
    """An answer is closed: what it does not name it does not hold."""
    answers = {"Submission", "QuoteFile", "PolicyFile", "ClaimSeen", "Incident", "Order", "BookRun", "StatisticsFile"}
    for name in answers:
        schema = document["components"]["schemas"][name]
        assert schema["additionalProperties"] is False, name
        assert set(schema["required"]) == set(schema["properties"]), name


def test_every_example_of_a_problem_is_a_problem(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        for code, said in operation["responses"].items():
            if int(code) >= 400:
                Problem.model_validate(said["content"]["application/problem+json"]["example"], strict=True)


def test_every_example_of_a_request_can_be_read(document: dict[str, Any], desk: Desk) -> None:
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            continue
        path = re.sub(r"{.*?}", "X-1", name.removeprefix("POST ").replace("{message}", str(UUID(int=0))))
        answer = desk.client.post(
            path, json=content["application/json"]["example"], headers=desk.headers(LEAD, desk.fresh_key())
        )
        assert answer.json().get("code") != "request_invalid", f"{name}: {answer.text}"


def test_the_documents_page_needs_no_other_host_and_no_script(seen: Desk) -> None:
    answer = seen.client.get("/docs")
    assert answer.status_code == 200
    assert not re.search(r"<script|https?://|//cdn|src=", answer.text)
    for path in seen.api.openapi()["paths"]:
        assert f"<code>{path}</code>" in answer.text
    assert seen.client.get("/openapi.json").json()["openapi"].startswith("3.")


def test_the_guide_names_every_route_and_no_other(document: dict[str, Any]) -> None:
    guide = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").replace("{n}", "{number}")
    named = set(re.findall(r"(?:GET|POST|DELETE) (?:/api)?(/[a-z{}0-9/-]+)", guide))
    assert named <= set(document["paths"])
    tails = set(re.findall(r"`…(/[a-z{}0-9/-]+)", guide))
    lists = {path.rpartition("/")[0] for path in document["paths"] if path.endswith("}")}
    missing = {
        path
        for path in set(document["paths"]) - named - lists
        if not any(path.endswith(tail) for tail in tails) and not path.endswith("}")
    }
    assert not missing


def test_whatever_is_sent_the_answer_is_one_that_the_document_names(told: Told, desk: Desk) -> None:
    """A few generated requests on every operation, each as every person of the case, on the told house."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", desk.app)
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path == "/sessions" and operation.method == "delete":
            continue

        @FEW
        @given(case=operation.as_strategy())
        def send(case: schemathesis.Case) -> None:
            aim_at_the_case(case, told)
            for person in (INSURED, LEAD, CLAIMS):
                case.headers = {**(case.headers or {}), **desk.headers(person, desk.fresh_key())}
                case.call_and_validate(checks=CHECKS)

        send()


def aim_at_the_case(case: schemathesis.Case, told: Told) -> None:
    """Put numbers of the case where numbers are asked for, so that what is generated reaches the use case behind."""
    numbers = told.numbers
    if case.path_parameters:
        noun = next((each for each in OF_PATH if f"/{each}/" in case.path), "")
        if noun:
            named = "message" if noun == "inbox" else "number"
            case.path_parameters[named] = getattr(numbers, OF_PATH[noun])
    if isinstance(case.body, dict):
        for field in ("submission", "quote", "policy"):
            if isinstance(case.body.get(field), str):
                case.body[field] = getattr(numbers, field)


OF_PATH = {
    "submissions": "submission",
    "quotes": "quote",
    "receipts": "receipt",
    "policies": "policy",
    "notices": "notice",
    "incidents": "incident",
    "orders": "order",
    "claims": "claim",
    "runs": "run",
    "statistics": "publication",
    "inbox": "message",
}
