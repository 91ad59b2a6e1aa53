"""What simulated years say: mean, exceedance, tail and how sure they are; and to whom a loss goes back."""

from ringwall.portfolio.measures.allocation import allocate_tail, by_insurer, sums_by
from ringwall.portfolio.measures.bands import Band, exceedance_band, mean_band, tail_mean_band
from ringwall.portfolio.measures.curve import RETURN_PERIODS, CurvePoint, Measures, measure, tail_years
from ringwall.portfolio.measures.impact import Impact, impact

__all__ = [
    "RETURN_PERIODS",
    "Band",
    "CurvePoint",
    "Impact",
    "Measures",
    "allocate_tail",
    "by_insurer",
    "exceedance_band",
    "impact",
    "mean_band",
    "measure",
    "sums_by",
    "tail_mean_band",
    "tail_years",
]
