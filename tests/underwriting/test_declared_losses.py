"""Losses that an applicant declares count only with evidence, and only where the form asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ringwall.basics import SHANGHAI
from ringwall.catalogue import read_folder
from ringwall.evidence import Answer
from ringwall.underwriting import DeclaredLosses, Questionnaire, declared_losses, parse_questionnaire

AT = datetime(2026, 3, 1, tzinfo=SHANGHAI)


def asked(name: str) -> Questionnaire:
    found, faults = parse_questionnaire(read_folder("questions")[f"{name}.yaml"], name)
    assert found is not None, faults
    return found


def answer(value: str, evidence: str, *, later: int = 0, question: str = "Q39") -> Answer:
    return Answer(question, 2, value, evidence, "", "", AT + timedelta(days=later))


@pytest.mark.parametrize("name", ["enterprise", "inclusive-sme", "park-master", "product-service"])
def test_every_form_asks_once_for_the_losses_of_three_years(name: str) -> None:
    assert [question.own_losses_years for question in asked(name).questions if question.own_losses_years] == [3]


def test_a_count_with_evidence_is_declared_and_one_without_is_only_said() -> None:
    sheet, proof = asked("enterprise"), "ab" * 32
    assert declared_losses(sheet, [answer("2", proof)]) == DeclaredLosses(2, 3, AT, "Q39", proof)
    assert declared_losses(sheet, [answer("0", "")]) is None
    assert declared_losses(sheet, [answer("", proof)]) is None
    assert declared_losses(sheet, []) is None


def test_a_correction_counts_even_where_it_takes_the_evidence_away() -> None:
    sheet, proof = asked("enterprise"), "ab" * 32
    assert declared_losses(sheet, [answer("0", proof), answer("3", "", later=1)]) is None
