"""The rule files: everything in them can be read, agrees with its neighbours, and a fault is named."""

from __future__ import annotations

import re

import pytest
import yaml

from ringwall import catalogue
from ringwall.basics import Refusal
from ringwall.evidence import Control, Rules, parse_controls, parse_rules
from ringwall.evidence.rules import read_version

FOLDER = catalogue.read_folder("controls")
QUESTIONS = yaml.load(catalogue.read_folder("questions")["enterprise.yaml"], Loader=yaml.BaseLoader)["questions"]
SIGNALS = yaml.load(catalogue.read_folder("models")["2026-01/signals.yaml"], Loader=yaml.BaseLoader)["signals"]
SHOWN_ONLY = {"stores_authenticated", "certificates_valid"}
"""Controls whose weakness the risk model counts as a finding, so that it is not counted twice."""


def test_every_rating_factor_is_one_of_the_models_findings(rules: Rules) -> None:
    factors = {check.factor for check in rules.checks} - {""}
    assert factors <= {name for name, row in SIGNALS.items() if row["kind"] == "finding"}


def test_every_control_is_one_of_the_models_or_shown_only(controls: tuple[Control, ...]) -> None:
    priced = {name for name, row in SIGNALS.items() if row["kind"] == "control"}
    assert {control.id for control in controls} == priced | SHOWN_ONLY


def test_perils_and_factors_agree_with_the_model(rules: Rules) -> None:
    for check in rules.checks:
        if check.factor:
            assert set(check.perils) <= set(SIGNALS[check.factor]["perils"]), check.id


def test_every_control_is_asked_about_by_the_question_it_names(controls: tuple[Control, ...]) -> None:
    asked = {row["id"]: row for row in QUESTIONS}
    for control in controls:
        if control.answer is None:
            continue
        question = asked[control.answer.question]
        assert question["control"] == control.id
        values = {"yes", "no"} if question["kind"] == "yes_no" else {c["code"] for c in question.get("choices", [])}
        assert {*control.answer.held, *control.answer.broken} <= values
        if question["kind"] != "share":
            assert {*control.answer.held, *control.answer.broken} == values, "every value of the answer is judged"
    named = {row["id"]: row["control"] for row in QUESTIONS if "control" in row}
    assert named == {c.answer.question: c.id for c in controls if c.answer}


def test_questions_have_numbers_of_their_own_and_both_languages() -> None:
    numbers = [row["id"] for row in QUESTIONS]
    assert len(set(numbers)) == len(numbers)
    for row in QUESTIONS:
        assert re.fullmatch(r"Q\d\d", row["id"])
        assert int(row["version"]) >= 1
        assert re.search(r"[\u4e00-\u9fff]", row["text"]["zh"])
        assert row["text"]["en"].isascii()


def test_the_question_of_the_case_stands_in_its_exact_words() -> None:
    edr = next(row for row in QUESTIONS if row["id"] == "Q20")
    assert edr["version"] == "3"
    assert edr["text"]["en"] == (
        "Is endpoint detection and response (EDR) installed and running on every server and workstation? "
        "yes / no, with the share of hosts"
    )


def test_texts_for_people_stand_in_both_languages(rules: Rules) -> None:
    for rule in (*rules.checks, *rules.matches):
        for words in (rule.title, rule.advice):
            assert re.search(r"[\u4e00-\u9fff]", words.zh)
            assert not re.search(r"[\u4e00-\u9fff]", words.en)
        assert rule.source
        assert rule.perils


CHECK = """
version: x
distribution_builds: deb
checks:
  a.b:
    probe: redis
    says: {open: high}
    title: {zh: 题, en: title}
    advice: {zh: 议, en: advice}
    perils: [DB]
    factor: ''
    cwe: CWE-1
    source: none
versions:
  CVE-2000-1:
    product: p
    affected: [['1', '2']]
    severity: low
    title: {zh: 题, en: title}
    advice: {zh: 议, en: advice}
    perils: [DB]
    cwe: CWE-1
    source: none
ends_of_life:
  eol.p:
    product: p
    cycles: [{first: '1', below: '2', ended: 2020-01-01, source: x}]
    kept: [{version: 1.5, until: 2030-01-01, source: y}]
    title: {zh: 题, en: title}
    advice: {zh: 议, en: advice}
    perils: [DB]
"""


def test_a_sound_file_of_rules_is_read() -> None:
    assert isinstance(parse_rules(CHECK, "x.yaml"), Rules)
    without = parse_rules(CHECK.partition("ends_of_life:")[0], "x.yaml")
    assert isinstance(without, Rules)
    assert without.ends_of_life == ()


@pytest.mark.parametrize(
    ("sound", "faulty", "where"),
    [
        ("{open: high}", "{open: awful}", "a.b"),
        ("en: title}\n    advice: {zh: 议, en: advice}\n    perils: [DB]\n    factor", "en: ''}\n    factor", "a.b"),
        ("    source: none\nversions", "versions", "a.b"),
        ("    source: none\nversions", "    source: ''\nversions", "a.b"),
        ("    factor: ''", "    basis: guess\n    factor: ''", "a.b"),
        ("[['1', '2']]", "[['2', '1']]", "CVE-2000-1"),
        ("[['1', '2']]", "[['1']]", "CVE-2000-1"),
        ("ended: 2020-01-01", "ended: soon", "eol.p"),
        ("first: '1', below: '2', ended", "first: '3', below: '2', ended", "eol.p"),
        ("until: 2030-01-01, source: y", "until: 2030-01-01, source: ''", "eol.p"),
        ("distribution_builds: deb", "distribution_builds: '('", "x.yaml"),
        ("version: x", "", "x.yaml"),
        ("checks:", "other:", "checks"),
        (CHECK, "{", "x.yaml"),
        (CHECK, "- 1", "x.yaml"),
    ],
)
def test_a_fault_in_the_rules_is_named_with_its_place(sound: str, faulty: str, where: str) -> None:
    read = parse_rules(CHECK.replace(sound, faulty), "x.yaml")
    assert isinstance(read, tuple)
    assert read
    assert all(isinstance(refusal, Refusal) for refusal in read)
    assert any(where in refusal.where for refusal in read)


@pytest.mark.parametrize(
    "row",
    [
        "label: {zh: 标, en: label}",
        "label: {zh: 标}\n    answer: {question: Q1, held: [a], broken: [b], fresh_for_days: 1}",
        "label: {zh: 标, en: l}\n    answer: {question: Q1, fresh_for_days: 1}",
        "label: {zh: 标, en: l}\n    answer: {question: Q1, held: [a], broken: [b], held_from: 1, fresh_for_days: 1}",
        "label: {zh: 标, en: l}\n    answer: {question: Q1, held: [a], broken: [b], fresh_for_days: 0}",
        "label: {zh: 标, en: l}\n    look: {assets: cloud, probe: x, broken_by: [], holds: yes, fresh_for_days: 1}",
        "label: {zh: 标, en: l}\n    look: {assets: host, probe: x, broken_by: [], holds: maybe, fresh_for_days: 1}",
    ],
)
def test_a_fault_in_a_control_is_named_with_its_place(row: str) -> None:
    read = parse_controls(f"controls:\n  c1:\n    {row}\n", "c.yaml")
    assert isinstance(read, Refusal)
    assert "c1" in read.where


@pytest.mark.parametrize(
    ("text", "version"), [("7.0.15", (7, 0, 15)), ("2.3.4-debian", (2, 3, 4)), ("8", (8,)), ("v8", ()), ("", ())]
)
def test_a_version_is_read_as_numbers(text: str, version: tuple[int, ...]) -> None:
    assert read_version(text) == version
