"""The questionnaire: exact text and version are kept, a blank is a blank, and every clash is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from importlib.resources import files

import pytest
import yaml

from ringwall.basics import SHANGHAI, Refusal
from ringwall.evidence import Answer
from ringwall.underwriting import (
    Questionnaire,
    check_answers,
    newest_answers,
    parse_questionnaire,
    read_answer,
    unproved,
)

TEXT = """
name: test
version: 2026-01
questions:
  - id: Q1
    version: 2
    kind: yes_no
    control: mfa_remote
    required: true
    text: {zh: "远程访问是否启用多因素认证？", en: "Is MFA on for remote access?"}
  - id: Q2
    version: 1
    kind: share
    control: edr
    text: {zh: "终端防护覆盖比例？", en: "What share of hosts has EDR?"}
  - id: Q3
    version: 1
    kind: choice
    choices:
      - {code: daily, zh: 每日, en: every day}
      - {code: weekly, zh: 每周, en: every week}
    text: {zh: "备份频率？", en: "How often is a backup made?"}
  - id: Q4
    version: 1
    kind: count
    text: {zh: "员工人数？", en: "How many employees?"}
  - id: Q5
    version: 1
    kind: money
    text: {zh: "年营业收入？", en: "Yearly revenue?"}
"""
NOON = datetime(2025, 12, 10, 12, tzinfo=SHANGHAI)
PROOF = "ab" * 32


def questionnaire() -> Questionnaire:
    parsed, refusals = parse_questionnaire(TEXT, "test.yaml")
    assert parsed is not None, refusals
    return parsed


def answer(question: str, value: str, version: int = 1, proof: str = PROOF) -> Answer:
    return Answer(question, version, value, proof, "", "", NOON)


YES = answer("Q1", "yes", version=2)


def codes(*answers: Answer) -> list[str]:
    return [refusal.code for refusal in check_answers(questionnaire(), answers)]


def test_a_questionnaire_keeps_the_exact_text_and_version() -> None:
    question = questionnaire().question("Q1")
    assert question is not None
    assert (question.version, question.required, question.control) == (2, True, "mfa_remote")
    assert question.text.en == "Is MFA on for remote access?"


def test_answers_that_fit_the_questions_give_no_refusal() -> None:
    assert codes(YES, answer("Q2", "280/400"), answer("Q3", "daily"), answer("Q4", "300"), answer("Q5", "1")) == []


@pytest.mark.parametrize("blank", [(), (answer("Q1", "  ", version=2),)])
def test_a_blank_is_missing_and_not_a_no(blank: tuple[Answer, ...]) -> None:
    assert codes(*blank) == ["answer_missing"]


def test_an_optional_question_may_stay_blank() -> None:
    assert codes(YES, answer("Q2", "")) == []


def test_an_answer_to_an_older_version_is_asked_again() -> None:
    assert codes(replace(YES, question_version=1)) == ["question_version"]


def test_an_answer_to_what_was_not_asked_is_refused() -> None:
    assert codes(YES, answer("Q99", "yes")) == ["question_unknown"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Q2", "3/2"),
        ("Q2", "1/0"),
        ("Q2", "-1"),
        ("Q2", "70%"),
        ("Q3", "never"),
        ("Q4", "-3"),
        ("Q4", "1.5"),
        ("Q5", "x"),
    ],
)
def test_an_answer_of_another_shape_is_refused(question: str, value: str) -> None:
    assert codes(YES, answer(question, value)) == ["answer_form"]


def test_evidence_that_is_no_digest_is_refused() -> None:
    assert codes(replace(YES, evidence_sha256="screenshot.png")) == ["evidence_form"]


def test_a_share_is_read_exactly() -> None:
    question = questionnaire().question("Q2")
    assert question is not None
    assert read_answer(question, "280/400") == Fraction(7, 10)
    assert read_answer(question, "0.7") == Fraction(7, 10)


def test_the_latest_answer_counts() -> None:
    later = replace(YES, value="no", answered_at=NOON + timedelta(days=1))
    assert newest_answers((later, YES))["Q1"].value == "no"


def test_two_answers_of_one_instant_that_differ_are_refused() -> None:
    assert codes(YES, replace(YES, value="no")) == ["answered_twice"]


def test_an_answer_on_a_control_without_evidence_is_named() -> None:
    assert unproved(questionnaire(), (replace(YES, evidence_sha256=""), answer("Q2", "1"))) == ("Q1",)


@pytest.mark.parametrize(
    "fault",
    [
        "questions: [",
        "- 1",
        "name: x",
        "questions: [1]",
        TEXT.replace("kind: share", "kind: percent"),
        TEXT.replace("kind: share", "kind: [share]"),
        TEXT.replace("kind: choice", "kind: count"),
        TEXT.replace("code: daily, ", ""),
        TEXT.replace("id: Q2", "id: Q1"),
        TEXT.replace("version: 2\n", "version: two\n"),
        TEXT.replace("required: true", "required: sometimes"),
        TEXT.replace('en: "Yearly revenue?"', 'en: ""'),
    ],
)
def test_a_faulty_questionnaire_gives_a_refusal_that_names_the_file(fault: str) -> None:
    parsed, refusals = parse_questionnaire(fault, "test.yaml")
    assert parsed is None
    assert all(isinstance(refusal, Refusal) and "test.yaml" in refusal.where for refusal in refusals)


def catalogue_text(*path: str) -> str:
    return files("ringwall.catalogue").joinpath(*path).read_text(encoding="utf-8")


def enterprise() -> Questionnaire:
    asked, refusals = parse_questionnaire(catalogue_text("questions", "enterprise.yaml"), "enterprise.yaml")
    assert asked is not None, refusals
    return asked


def test_the_questionnaire_of_the_catalogue_reads_whole() -> None:
    edr = enterprise().question("Q20")
    assert edr is not None
    assert (edr.version, edr.control, edr.required) == (3, "edr", True)


def test_the_case_of_the_catalogue_answers_the_questionnaire_of_the_catalogue() -> None:
    rows = yaml.load(catalogue_text("scenarios", "jiangkou", "cover.yaml"), Loader=yaml.BaseLoader)["answers"]
    answers = [answer(row["question"], row["value"], int(row["version"]), row["evidence"] and PROOF) for row in rows]
    assert check_answers(enterprise(), answers) == ()
