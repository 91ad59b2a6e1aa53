"""What mending weaknesses would save: each fix by itself, and the cheapest set that reaches a premium."""

from ringwall.price.mending.fix_list import Fix, Mended, all_fixed, fixes, mend
from ringwall.price.mending.fix_plan import FixPlan, cheapest_fixes

__all__ = ["Fix", "FixPlan", "Mended", "all_fixed", "cheapest_fixes", "fixes", "mend"]
