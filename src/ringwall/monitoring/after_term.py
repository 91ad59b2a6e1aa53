"""What is to be done about a written suggestion: fix it, look again, or one of the steps that the law offers (51)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringwall.basics import Refusal, Words, refuse
from ringwall.monitoring.behaviour import Promptness, kept_at
from ringwall.monitoring.looks import Look
from ringwall.monitoring.notice import NextStep, NextStepTaken, Notice

NOT_DELIVERED = Words("该建议尚未送达，期限未开始", "it was not delivered, so no term runs")
WITHDRAWN = Words("异议成立，该发现项已撤回", "a dispute was upheld and its finding is withdrawn")
NOTHING_MORE = Words("无须再处理", "Nothing more is to be done")
FIX_IT = Words("整改并申请复测", "Fix it and ask for the re-test")
LOOK_AGAIN = Words(
    "期限届满后尚无检测：请安排复测，复测仍可见的方可由核保人决定（保险法第五十一条）",
    "Nobody has looked since its term passed: have it re-tested; a step opens only if that look still sees it "
    "(Insurance Law 51)",
)
CHOOSE = Words(
    "逾期未整改：由核保人决定要求增加保险费或者解除合同（保险法第五十一条）；整改并经复测的除外",
    "Its term is over: the underwriter decides on more premium or the end of the contract (Insurance Law 51), unless "
    "it is fixed and re-tested",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """How a suggestion stands, what is to be done next, and which steps of the law a person may take now."""

    stands: Words
    next: Words
    steps: tuple[NextStep, ...] = ()
    settled: bool = False
    """Nothing more is to be done: it is fixed, or somebody has chosen a step."""


def offered(notice: Notice, looks: Sequence[Look], at: datetime, withdrawn: Collection[str] = ()) -> Offer:
    """A step is open once the term has passed, a later look still sees the weakness, and nobody has chosen yet.

    A suggestion on a finding that a dispute has withdrawn asks for nothing.
    """
    if notice.finding in withdrawn:
        return Offer(WITHDRAWN, NOTHING_MORE, settled=True)
    if notice.taken is not None:
        taken = notice.taken
        chosen = Words(f"{taken.by} 已决定 {taken.step}", f"{taken.by} has chosen {taken.step}")
        return Offer(chosen, NOTHING_MORE, settled=True)
    kept = kept_at(notice, looks, at)
    if kept is None:
        return Offer(NOT_DELIVERED, FIX_IT)
    if kept.fixed_at is not None:
        fixed = Words(f"复测已于 {kept.fixed_at} 确认整改", f"a re-test confirmed the fix at {kept.fixed_at}")
        return Offer(fixed, NOTHING_MORE, settled=True)
    stands = Words(kept.because.zh.rstrip("。"), kept.because.en.rstrip("."))
    match kept.standing:
        case Promptness.LATE:
            return Offer(stands, CHOOSE, tuple(NextStep))
        case Promptness.NOT_SEEN:
            return Offer(stands, LOOK_AGAIN)
        case _:
            return Offer(stands, FIX_IT)


def take_step(
    notice: Notice, looks: Sequence[Look], taken: NextStepTaken, withdrawn: Collection[str] = ()
) -> Notice | Refusal:
    """The notice with the step that somebody chose; only what is offered at that instant can be chosen."""
    offer = offered(notice, looks, taken.at, withdrawn)
    if taken.step in offer.steps:
        return replace(notice, taken=taken)
    return refuse(
        "next_step_not_offered",
        notice.number,
        zh=f"拟就书面建议 {notice.number} 采取 {taken.step}，但{offer.stands.zh}；期限届满后经检测仍未整改的，"
        "方可由有权人决定。",
        en=f"{taken.step} is asked for on suggestion {notice.number}, but: {offer.stands.en}. A step is open once the "
        "term has passed and a later look still sees the weakness.",
    )
