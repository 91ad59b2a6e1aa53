"""Closed forms of a lognormal loss; every simulation is checked against them."""

from __future__ import annotations

import math


def _below(z: float) -> float:
    """Probability that a standard normal is at most z."""
    return math.erfc(-z / math.sqrt(2)) / 2


def mean_loss(median: float, sigma: float) -> float:
    """E[X]."""
    return median * math.exp(sigma * sigma / 2)


def limited_mean(median: float, sigma: float, limit: float) -> float:
    """E[min(X, limit)], the limited expected value."""
    if limit <= 0:
        return 0.0
    z = math.log(limit / median) / sigma
    return mean_loss(median, sigma) * _below(z - sigma) + limit * _below(-z)


def layer_mean(median: float, sigma: float, limit: float, retention: float) -> float:
    """E[min((X − retention)+, limit)] = LEV(retention + limit) − LEV(retention)."""
    return limited_mean(median, sigma, retention + limit) - limited_mean(median, sigma, retention)


def chance_above(median: float, sigma: float, amount: float) -> float:
    """P(X > amount)."""
    return _below(-math.log(amount / median) / sigma)
