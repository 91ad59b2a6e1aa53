"""How many events a year: generating functions of counts, taken at the transform of a severity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Complexes = NDArray[np.complex128]


class Count(Protocol):
    """A number of events a year."""

    @property
    def mean(self) -> float: ...

    @property
    def variance(self) -> float: ...

    def log_transform(self, severity: Complexes) -> Complexes:
        """The logarithm of E[z ** N] at every z of the severity's transform, in its place; |z| ≤ 1."""
        ...

    def log_moment(self, severity: float) -> float:
        """The same at one real number above one; infinite where it does not exist."""
        ...


@dataclass(frozen=True, slots=True)
class Poisson:
    """Events that know nothing of each other."""

    mean: float

    @property
    def variance(self) -> float:
        return self.mean

    def log_transform(self, severity: Complexes) -> Complexes:
        severity -= 1
        severity *= self.mean
        return severity

    def log_moment(self, severity: float) -> float:
        return self.mean * (severity - 1)


@dataclass(frozen=True, slots=True)
class MixedPoisson:
    """Poisson in a year whose level is gamma with mean one and this coefficient of variation: negative binomial.

    Perils that share the level of the year are one such count over the mixture of their severities.
    """

    mean: float
    level_cv: float

    @classmethod
    def of_variance(cls, mean: float, variance: float) -> MixedPoisson:
        """The negative binomial of this mean and (larger) variance."""
        assert variance > mean > 0, "a negative binomial has a variance above its mean"
        return cls(mean, float(np.sqrt(variance - mean) / mean))

    @property
    def variance(self) -> float:
        return self.mean + (self.mean * self.level_cv) ** 2

    def log_transform(self, severity: Complexes) -> Complexes:
        """−r ln(1 + mean (1 − z) / r), r = 1 / cv²; the real part under the logarithm is at least one."""
        if not self.level_cv:
            return Poisson(self.mean).log_transform(severity)
        shape = self.level_cv**-2
        real = (1 + self.mean / shape) - (self.mean / shape) * severity.real
        imag = (-self.mean / shape) * severity.imag
        np.multiply(np.arctan(imag / real), -shape, out=severity.imag)
        real *= real
        imag *= imag
        real += imag
        np.multiply(np.log(real, out=real), -shape / 2, out=severity.real)
        return severity

    def log_moment(self, severity: float) -> float:
        if not self.level_cv:
            return self.mean * (severity - 1)
        shape = self.level_cv**-2
        inner = 1 + self.mean / shape * (1 - severity)
        return -shape * math.log(inner) if inner > 0 else math.inf
