"""The co-insurance panel: the lead first, then the followers, with shares in a fixed order that sum to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Line:
    """One insurer's signed share of the risk."""

    insurer: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines in their fixed order; `sign_panel` is the way to make one. A single insurer is a panel of one."""

    lines: tuple[Line, ...]

    @property
    def lead(self) -> str:
        return self.lines[0].insurer

    @property
    def followers(self) -> tuple[str, ...]:
        return tuple(line.insurer for line in self.lines[1:])

    @property
    def insurers(self) -> tuple[str, ...]:
        return tuple(line.insurer for line in self.lines)

    @property
    def shares(self) -> tuple[Fraction, ...]:
        return tuple(line.share for line in self.lines)


def sign_panel(where: str, lines: Sequence[Line]) -> Panel | Refusal:
    """A panel whose shares are positive, belong to different insurers and sum to one."""
    names = [line.insurer for line in lines]
    if twice := next((name for name in names if names.count(name) > 1), None):
        return refuse(
            "insurer_twice",
            where,
            zh=f"{twice} 在共保体中出现两次；请合并为一个份额。",
            en=f"{twice} signs the panel twice; join its lines into one share.",
        )
    if wrong := next((line for line in lines if line.share <= 0), None):
        return refuse(
            "share_not_positive",
            where,
            zh=f"{wrong.insurer} 的份额为 {wrong.share}，不是正数；请删除该行或更正份额。",
            en=f"The share of {wrong.insurer} is {wrong.share}, which is not positive; drop the line or correct it.",
        )
    left = 1 - sum((line.share for line in lines), Fraction(0))
    if left > 0:
        return refuse(
            "share_open",
            where,
            zh=f"共保体份额合计 {1 - left}，尚余 {left} 未认购；请补足份额或降低限额。",
            en=f"The panel signs {1 - left} and leaves {left} open; sign the rest or reduce the limit.",
        )
    if left < 0:
        return refuse(
            "share_over",
            where,
            zh=f"共保体份额合计 {1 - left}，超出 {-left}；请缩减认购份额。",
            en=f"The panel signs {1 - left}, which is {-left} too much; sign the lines down.",
        )
    return Panel(tuple(lines))
