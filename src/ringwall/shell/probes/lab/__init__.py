"""A lab of loopback services with known weaknesses, for the main job and for tests; never part of a real scan."""

from ringwall.shell.probes.lab.lab import Lab, LabFailed, start_lab
from ringwall.shell.probes.lab.plan import LabPlan, case_plan, read_plan

__all__ = ["Lab", "LabFailed", "LabPlan", "case_plan", "read_plan", "start_lab"]
