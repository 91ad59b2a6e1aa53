"""Checks K14, K16, K17 and K21 on simulated books: each prints its figure, and it is the one beside the model."""

from __future__ import annotations

import pytest

from ringwall.catalogue import read_folder
from ringwall.portfolio import figures_of_books
from ringwall.risk import (
    CHECKS,
    FIGURES_FILE,
    Agreement,
    Effort,
    Figure,
    RecordedFigures,
    RiskModel,
    check_line,
    judge_figure,
    parse_figures,
)

MOST_ERRORS = 5
OF_BOOKS = ("K14", "K16", "K17", "K21")


def assert_hold(model: RiskModel, found: dict[str, Figure]) -> None:
    recorded = parse_figures(read_folder("models", model.version)[FIGURES_FILE])
    assert isinstance(recorded, RecordedFigures)
    checks = [check for check in CHECKS if check.code in OF_BOOKS]
    assert list(found) == [target.code for check in checks for target in check.targets]
    for check in checks:
        for target in check.targets:
            figure, kept = found[target.code], recorded.figures[target.code]
            print(check_line(check, target, figure))
            assert judge_figure(target, figure) is not Agreement.OUTSIDE or target.reason, target.code
            error = (figure.standard_error**2 + kept.standard_error**2) ** 0.5
            assert abs(figure.value - kept.value) <= MOST_ERRORS * error + 1e-9, target.code


def test_the_checks_of_whole_books_hold(model: RiskModel) -> None:
    found = figures_of_books(model, Effort(years=2_000, policies=1_500))
    assert_hold(model, {figure.target: figure for figure in found})


@pytest.mark.full
def test_the_checks_of_whole_books_hold_over_many_years(model: RiskModel) -> None:
    found = figures_of_books(model, Effort(years=20_000, policies=1_500))
    assert_hold(model, {figure.target: figure for figure in found})
