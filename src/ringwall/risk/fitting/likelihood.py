"""Maximum likelihood where a deductible hides small losses and a limit cuts large ones.

One likelihood serves all severities: the density of what is seen whole, the survival of what reached its limit, each
given that the deductible was exceeded. lifelines has the same one; a test holds the two together (decision 0013).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Yes = NDArray[np.bool_]

HALF_LN_TWO_PI = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Sample:
    """Losses from the ground up; `above` is the deductible of each (0: none), `cut` says that the limit was reached."""

    loss: Floats
    above: Floats
    cut: Yes
    ln_size: Floats

    def __len__(self) -> int:
        return len(self.loss)


@dataclass(frozen=True, slots=True)
class Fitted:
    """ln loss = mu + slope × ln size + sigma × normal, with standard errors; for sigma that of its logarithm."""

    mu: float
    sigma: float
    slope: float
    mu_error: float
    ln_sigma_error: float
    slope_error: float


def fit_lognormal(sample: Sample, *, slope: bool) -> Fitted:
    """The likeliest lognormal; without `slope` the size has no effect."""
    from scipy.optimize import minimize  # a third of a second to load, and only a refit needs it

    ln_loss = np.log(sample.loss)
    start = np.array([ln_loss.mean(), np.log(max(ln_loss.std(), 0.1)), *([0.0] if slope else [])])
    found = minimize(lambda at: _score(sample, ln_loss, at), start, jac=True, method="BFGS", options={"gtol": 1e-6})
    errors = np.sqrt(np.diag(_covariance(lambda at: _score(sample, ln_loss, at)[1], found.x)))
    mu, ln_sigma, rest = float(found.x[0]), float(found.x[1]), found.x[2:]
    return Fitted(
        mu,
        float(np.exp(ln_sigma)),
        float(rest[0]) if slope else 0.0,
        float(errors[0]),
        float(errors[1]),
        float(errors[2]) if slope else 0.0,
    )


def _score(sample: Sample, ln_loss: Floats, at: Floats) -> tuple[float, Floats]:
    """The negative log-likelihood and its gradient by (mu, ln sigma, slope)."""
    sigma = np.exp(at[1])
    slope = at[2] if len(at) > 2 else 0.0
    mean = at[0] + slope * sample.ln_size
    z = (ln_loss - mean) / sigma
    seen = ~sample.cut
    value = float(np.sum(_log_above(z[sample.cut])) - np.sum(z[seen] ** 2 / 2 + HALF_LN_TWO_PI + at[1] + ln_loss[seen]))
    d_mean = np.where(sample.cut, _hazard(z), z) / sigma
    d_ln_sigma = np.where(sample.cut, _hazard(z) * z, z * z - 1)
    hidden = sample.above > 0
    entry = (np.log(sample.above[hidden]) - mean[hidden]) / sigma
    value -= float(np.sum(_log_above(entry)))
    d_mean[hidden] -= _hazard(entry) / sigma
    d_ln_sigma[hidden] -= _hazard(entry) * entry
    gradient = [d_mean.sum(), d_ln_sigma.sum(), *([(d_mean * sample.ln_size).sum()] if len(at) > 2 else [])]
    return -value, -np.array(gradient)


def _log_above(z: Floats) -> Floats:
    """Logarithm of the chance that a standard normal is above."""
    from scipy.special import log_ndtr  # a quarter of a second to load

    return np.asarray(log_ndtr(-z))


def _hazard(z: Floats) -> Floats:
    """Density over survival of a standard normal, safe far out."""
    return np.asarray(np.exp(-z * z / 2 - HALF_LN_TWO_PI - _log_above(z)))


def _covariance(gradient: Callable[[Floats], Floats], at: Floats) -> Floats:
    """The inverse of the observed information, by differences of the gradient."""
    steps = np.eye(len(at)) * 1e-4
    hessian = np.array([(gradient(at + step) - gradient(at - step)) / 2e-4 for step in steps])
    return np.asarray(np.linalg.pinv((hessian + hessian.T) / 2))


def likeliest(loss: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """The minimum of a negative log-likelihood of one number, and its standard error."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-6})
    at, step = float(found.x), 1e-3 * (high - low)
    curvature = (loss(at + step) - 2 * loss(at) + loss(at - step)) / step**2
    return at, float(1 / np.sqrt(curvature)) if curvature > 0 else float("inf")


def exponential_rate(sample: Sample) -> float:
    """Closed form: events seen whole over the excess of all; the memory of a deductible is nil."""
    return float((~sample.cut).sum() / (sample.loss - sample.above).sum())


def pareto_exponent(sample: Sample) -> float:
    """Closed form above each deductible: events seen whole over the sum of ln(loss / deductible)."""
    return float((~sample.cut).sum() / np.log(sample.loss / sample.above).sum())
