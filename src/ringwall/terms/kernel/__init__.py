"""The graph as one loop over item losses, policy by policy: a text for each structure, which a compiler makes fast."""

from ringwall.terms.kernel.block import BlockPlan, block_numbers, plan_block
from ringwall.terms.kernel.lanes import LANES, lanes_hold
from ringwall.terms.kernel.table import (
    ItemTable,
    SettledItems,
    numbers_of,
    opening_states,
    room_for,
    settle_items,
    written,
)
from ringwall.terms.kernel.text import KernelPlan, plan_kernel

__all__ = [
    "LANES",
    "BlockPlan",
    "ItemTable",
    "KernelPlan",
    "SettledItems",
    "block_numbers",
    "lanes_hold",
    "numbers_of",
    "opening_states",
    "plan_block",
    "plan_kernel",
    "room_for",
    "settle_items",
    "written",
]
