"""Exact compound distributions: counts and severities on a grid, put together by the fast Fourier transform."""

from ringwall.price.compound.annual_loss import AnnualLoss, Period, Source, compound, long_enough, of_masses
from ringwall.price.compound.asked import AskedOfPeriod, asked_of_period
from ringwall.price.compound.counts import Count, MixedPoisson, Poisson
from ringwall.price.compound.grid import Floats, Grid, Layer, drawn_masses, layer_masses

__all__ = [
    "AnnualLoss",
    "AskedOfPeriod",
    "Count",
    "Floats",
    "Grid",
    "Layer",
    "MixedPoisson",
    "Period",
    "Poisson",
    "Source",
    "asked_of_period",
    "compound",
    "drawn_masses",
    "layer_masses",
    "long_enough",
    "of_masses",
]
