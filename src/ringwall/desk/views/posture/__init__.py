"""The posture of one insured: what stands open and what mending saves, over time, beside its peers, and how fresh."""

from ringwall.desk.views.posture.page import Posture, posture

__all__ = ["Posture", "posture"]
