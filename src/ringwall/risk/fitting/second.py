"""A second opinion on every severity by lifelines, an optional extra: the same likelihood in other people's code."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ringwall.basics import Refusal, refuse
from ringwall.risk.fitting.experience import BookExperience
from ringwall.risk.fitting.likelihood import Sample, fit_lognormal
from ringwall.risk.fitting.refit import fitted_samples
from ringwall.risk.model import RiskModel, Territory


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """ln mean, spread and effect of size of one component as fitted here and by lifelines."""

    territory: Territory
    component: str
    ours: tuple[float, float, float]
    theirs: tuple[float, float, float]

    @property
    def apart(self) -> float:
        """The largest difference; all three are on the scale of logarithms."""
        return max(abs(one - other) for one, other in zip(self.ours, self.theirs, strict=True))


def second_opinion(model: RiskModel, experience: BookExperience) -> tuple[SecondOpinion, ...] | Refusal:
    """Each severity once more: left truncation by `entry`, right censoring by the events that were seen whole."""
    try:
        import lifelines  # noqa: F401
    except ImportError:
        return refuse(
            "lifelines_missing",
            "--second-opinion",
            zh="未安装可选依赖 lifelines；请安装 ringwall[fit] 后重试，或不加 --second-opinion。",
            en="The optional dependency lifelines is not installed; install ringwall[fit] or go without.",
        )
    return tuple(_opinions(model, experience))


def _opinions(model: RiskModel, experience: BookExperience) -> Iterator[SecondOpinion]:
    for territory, component, sample, slope in fitted_samples(model, experience):
        ours = fit_lognormal(sample, slope=slope)
        theirs = by_lifelines(sample, slope=slope)
        yield SecondOpinion(territory, component.code, (ours.mu, ours.sigma, ours.slope), theirs)


def by_lifelines(sample: Sample, *, slope: bool) -> tuple[float, float, float]:
    """Accelerated failure time with a lognormal: mu, sigma and the effect of ln size."""
    import lifelines
    import pandas

    table = {"loss": sample.loss, "seen": ~sample.cut, "entry": sample.above}
    if slope:
        table["size"] = sample.ln_size
    fitted = lifelines.LogNormalAFTFitter().fit(pandas.DataFrame(table), "loss", "seen", entry_col="entry")
    found = fitted.params_
    sigma = math.exp(found["sigma_", "Intercept"])
    return float(found["mu_", "Intercept"]), sigma, float(found["mu_", "size"]) if slope else 0.0
