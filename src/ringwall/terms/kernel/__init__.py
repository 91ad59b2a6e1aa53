"""The graph as one loop over item losses, policy by policy: a text for each structure, which a compiler makes fast."""

from ringwall.terms.kernel.table import ItemTable, SettledItems, opening_states, room_for, settle_items, written
from ringwall.terms.kernel.text import KernelPlan, plan_kernel

__all__ = [
    "ItemTable",
    "KernelPlan",
    "SettledItems",
    "opening_states",
    "plan_kernel",
    "room_for",
    "settle_items",
    "written",
]
