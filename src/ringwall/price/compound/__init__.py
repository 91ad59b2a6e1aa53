"""Exact compound distributions: counts and severities on a grid, put together by the fast Fourier transform."""

from ringwall.price.compound.annual_loss import WRAPPED, AnnualLoss, Period, Source, beyond, compound, of_masses
from ringwall.price.compound.counts import Count, MixedPoisson, Poisson
from ringwall.price.compound.grid import Floats, Grid, Layer, drawn_masses, layer_masses

__all__ = [
    "WRAPPED",
    "AnnualLoss",
    "Count",
    "Floats",
    "Grid",
    "Layer",
    "MixedPoisson",
    "Period",
    "Poisson",
    "Source",
    "beyond",
    "compound",
    "drawn_masses",
    "layer_masses",
    "of_masses",
]
