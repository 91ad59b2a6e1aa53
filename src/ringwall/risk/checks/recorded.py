"""Figures of a model version as they were computed and kept beside it, so that a card shows them without a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.risk.checks.figures import Effort
from ringwall.risk.checks.record import Agreement, Check, Figure, Target, judge_figure
from ringwall.risk.checks.table import CHECKS

FIGURES_FILE = "figures.yaml"


@dataclass(frozen=True, slots=True)
class RecordedFigures:
    """The figures by target; `model_sha256` says of which numbers they are."""

    model_sha256: str
    on: date
    effort: Effort
    figures: Mapping[str, Figure]


def targets() -> tuple[tuple[Check, Target], ...]:
    """Every target with its check, in order."""
    return tuple((check, target) for check in CHECKS for target in check.targets)


def record_figures(model_sha256: str, on: date, effort: Effort, figures: Iterable[Figure]) -> RecordedFigures:
    """The figures with what they are of and how much was drawn for them."""
    return RecordedFigures(model_sha256, on, effort, {figure.target: figure for figure in figures})


def unexplained(recorded: RecordedFigures) -> tuple[str, ...]:
    """Targets without a figure, and those outside their tolerance for which no reason stands."""
    found = []
    for _, target in targets():
        figure = recorded.figures.get(target.code)
        if figure is None or (judge_figure(target, figure) is Agreement.OUTSIDE and target.reason is None):
            found.append(target.code)
    return tuple(found)


def write_figures(recorded: RecordedFigures) -> str:
    """The text of the file; `parse_figures` reads it."""
    effort = recorded.effort
    lines = [
        "# Figures of the checks K1 to K21, written by `ringwall model check --record`.",
        "# What each of them means stands in risk/checks/table.py.",
        f"model_sha256: {recorded.model_sha256}",
        f"computed: {recorded.on.isoformat()}",
        f"effort: {{draws: {effort.draws}, years: {effort.years}, policies: {effort.policies}}}",
        "figures:",
    ]
    for _, target in targets():
        figure = recorded.figures[target.code]
        lines.append(f"  {target.code}: {{value: {figure.value:.6g}, standard_error: {figure.standard_error:.3g}}}")
    return "\n".join(lines) + "\n"


def parse_figures(text: str, where: str = FIGURES_FILE) -> RecordedFigures | Refusal:
    """Read a record of figures, or say that it is none."""
    try:
        head = read_yaml(text)
        effort = Effort(*(int(head["effort"][name]) for name in ("draws", "years", "policies")))
        rows = head["figures"].items()
        figures = [Figure(code, float(row["value"]), float(row["standard_error"])) for code, row in rows]
        return record_figures(head["model_sha256"], date.fromisoformat(head["computed"]), effort, figures)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        said = str(error).splitlines()[0]
        return refuse(
            "figures_unreadable",
            where,
            zh=f"{where} 不是检验结果文件（{said}）；请用 ringwall model check --record 重新生成。",
            en=f"{where} is no record of checks ({said}); write it again with ringwall model check --record.",
        )
