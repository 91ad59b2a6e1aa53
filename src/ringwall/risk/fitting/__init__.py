"""Refitting the model to own experience: estimates, drift, new versions as data, and what differs between versions."""

from ringwall.risk.fitting.components import COMPONENTS, Component, Observed
from ringwall.risk.fitting.drift import CostDrift, CountDrift, Drift, drift_of
from ringwall.risk.fitting.experience import (
    CLAIM_COLUMNS,
    EXPOSURE_COLUMNS,
    BookExperience,
    Exposed,
    Lost,
    data_digest,
    read_experience,
)
from ringwall.risk.fitting.likelihood import Fitted, Sample, exponential_rate, fit_lognormal, pareto_exponent
from ringwall.risk.fitting.refit import Refit, refit
from ringwall.risk.fitting.second import SecondOpinion, by_lifelines, second_opinion
from ringwall.risk.fitting.versions import TRUSTED, Difference, NewVersion, differences, write_version

__all__ = [
    "CLAIM_COLUMNS",
    "COMPONENTS",
    "EXPOSURE_COLUMNS",
    "TRUSTED",
    "BookExperience",
    "Component",
    "CostDrift",
    "CountDrift",
    "Difference",
    "Drift",
    "Exposed",
    "Fitted",
    "Lost",
    "NewVersion",
    "Observed",
    "Refit",
    "Sample",
    "SecondOpinion",
    "by_lifelines",
    "data_digest",
    "differences",
    "drift_of",
    "exponential_rate",
    "fit_lognormal",
    "pareto_exponent",
    "read_experience",
    "refit",
    "second_opinion",
    "write_version",
]
