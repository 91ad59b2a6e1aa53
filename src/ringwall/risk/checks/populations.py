"""The populations of the published figures as risk profiles, and what one event costs from the ground up."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ringwall.basics import FEN_PER_YUAN
from ringwall.risk.model import RiskModel, Territory
from ringwall.risk.profile import AVERAGE_INDUSTRY, RiskProfile

Floats = NDArray[np.float64]

SMALL_BUSINESSES_USD = (1e6, 2e6, 5e6, 10e6, 25e6)
"""A small-business book by quintiles of revenue: most below 10M USD, none above the smallest Coalition band's edge."""
WAITING_SECONDS = 10 * 3_600
COST_PARTS = ("INRE", "MIT", "INV", "DIAS", "LIA", "EXT", "FIN", "RANSOM.paid")
OUTAGE_PARTS = ("NPBI", "CBI")


def western(
    model: RiskModel, revenue_usd: float, records_held: int = 20_000, gross_profit: Fraction = Fraction(35, 100)
) -> RiskProfile:
    """An average Western firm by its revenue."""
    revenue_minor = round(revenue_usd * fen_per_usd(model))
    return RiskProfile(Territory.WEST, AVERAGE_INDUSTRY, revenue_minor, gross_profit, records_held)


def fen_per_usd(model: RiskModel) -> float:
    """At the model's rate of exchange."""
    return model.numbers(Territory.WEST)["reference.usd_cny"] * FEN_PER_YUAN


def interruption(subject: Mapping[str, NDArray[np.int64]], part: str, waiting: int = WAITING_SECONDS) -> Floats:
    """Loss of income in fen, hour by hour after the waiting period."""
    if f"{part}.seconds" not in subject:
        return np.zeros(1)
    return np.maximum(subject[f"{part}.seconds"] - waiting, 0) / 3_600 * subject[f"{part}.rate"]


def ground_up(subject: Mapping[str, NDArray[np.int64]], waiting: int = WAITING_SECONDS) -> Floats:
    """What each event costs the insured in fen: money lost, ransom paid, costs, and interruption after the wait."""
    whole = sum((interruption(subject, part, waiting) for part in OUTAGE_PARTS), np.zeros(1))
    for part in (*COST_PARTS, "NPBI.extra"):
        if part in subject:
            whole = whole + subject[part]
    return np.asarray(whole, np.float64)


def in_layer(loss: Floats, limit: float, retention: float) -> Floats:
    return np.minimum(np.maximum(loss - retention, 0.0), limit)
