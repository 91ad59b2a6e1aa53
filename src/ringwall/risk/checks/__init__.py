"""Published figures that the model must reproduce, as data, and what it comes to, kept beside the model."""

from ringwall.risk.checks.figures import SINGLE_RISKS, Effort, figures_of_check, quantile_error, tail_exponent
from ringwall.risk.checks.populations import fen_per_usd, ground_up, western
from ringwall.risk.checks.record import (
    Agreement,
    Check,
    Figure,
    FigureUnit,
    Target,
    check_line,
    judge_figure,
    shown_figure,
    shown_span,
)
from ringwall.risk.checks.recorded import (
    FIGURES_FILE,
    RecordedFigures,
    parse_figures,
    record_figures,
    targets,
    unexplained,
    write_figures,
)
from ringwall.risk.checks.table import CHECKS

__all__ = [
    "CHECKS",
    "FIGURES_FILE",
    "SINGLE_RISKS",
    "Agreement",
    "Check",
    "Effort",
    "Figure",
    "FigureUnit",
    "RecordedFigures",
    "Target",
    "check_line",
    "fen_per_usd",
    "figures_of_check",
    "ground_up",
    "judge_figure",
    "parse_figures",
    "quantile_error",
    "record_figures",
    "shown_figure",
    "shown_span",
    "tail_exponent",
    "targets",
    "unexplained",
    "western",
    "write_figures",
]
