"""The table of checks: complete, sourced, and with a figure of the model kept beside the model for every target."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.risk import (
    CHECKS,
    FIGURES_FILE,
    Agreement,
    Figure,
    FigureUnit,
    RecordedFigures,
    RiskModel,
    Span,
    Target,
    check_line,
    judge_figure,
    parse_figures,
    targets,
    unexplained,
    write_figures,
)

CODES = [f"K{n}" for n in range(1, 22) if n not in (4, 5)]


@pytest.fixture(scope="module")
def recorded() -> RecordedFigures:
    found = parse_figures(read_folder("models", "2026-01")[FIGURES_FILE])
    assert isinstance(found, RecordedFigures), found
    return found


def test_the_checks_are_k1_to_k21_without_the_two_that_were_never_set() -> None:
    assert [check.code for check in CHECKS] == CODES
    codes = [target.code for _, target in targets()]
    assert len(set(codes)) == len(codes)
    assert all(re.match(rf"{check.code}(\.|$)", target.code) for check, target in targets())


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_says_question_population_source_and_method_in_both_languages(check) -> None:  # type: ignore[no-untyped-def]
    for words in (check.question, check.population, check.how, *(target.says for target in check.targets)):
        assert words.zh
        assert words.en
    assert check.source
    for target in check.targets:
        assert target.tolerance.low <= target.tolerance.high
        if target.published:
            assert target.published.low <= target.tolerance.high
            assert target.published.high >= target.tolerance.low


def test_the_figures_beside_the_model_are_of_its_numbers_and_whole(model: RiskModel, recorded: RecordedFigures) -> None:
    """Where this fails after a change of the model: `ringwall model check --record`."""
    assert recorded.model_sha256 == model.sha256
    assert unexplained(recorded) == ()


def test_a_reason_stands_only_where_a_target_does_not_hold(recorded: RecordedFigures) -> None:
    for _, target in targets():
        held = judge_figure(target, recorded.figures[target.code]) is not Agreement.OUTSIDE
        assert held == (target.reason is None), target.code


def test_figures_survive_writing_and_reading(recorded: RecordedFigures) -> None:
    assert parse_figures(write_figures(recorded)) == recorded


@pytest.mark.parametrize("text", ["", "figures: [", "model_sha256: x", "effort: {draws: many}"])
def test_a_file_that_is_no_record_is_refused(text: str) -> None:
    found = parse_figures(text)
    assert isinstance(found, Refusal)
    assert found.code == "figures_unreadable"


POINT = Target("T", CHECKS[0].question, FigureUnit.SHARE, Span(0.5, 0.5), Span(0.3, 0.7))
RANGE = replace(POINT, published=Span(0.5, math.inf))


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (POINT, 0.5, Agreement.MET),
        (POINT, 0.55, Agreement.MET),
        (POINT, 0.56, Agreement.MISS),
        (POINT, 0.29, Agreement.OUTSIDE),
        (RANGE, 0.6, Agreement.MET),
        (RANGE, 0.49, Agreement.MISS),
        (replace(POINT, published=None), 0.3, Agreement.MET),
    ],
)
def test_a_miss_is_within_the_tolerance_and_not_what_was_published(
    target: Target, value: float, verdict: Agreement
) -> None:
    assert judge_figure(target, Figure("T", value)) is verdict
    said = check_line(CHECKS[0], target, Figure("T", value))
    assert said.endswith(verdict.upper()) == (verdict is not Agreement.MET)
