"""Contracts of other systems as our terms, and ours as theirs: so far the OED account of cyber business."""

from ringwall.product.interchange.fields import DECIMALS, OedRow
from ringwall.product.interchange.oed import COVERAGES, OedLayer, by_the_hour, oed_layer

__all__ = ["COVERAGES", "DECIMALS", "OedLayer", "OedRow", "by_the_hour", "oed_layer"]
