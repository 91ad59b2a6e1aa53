"""A term has passed and the weakness is still there: the steps that the law offers (51), and the one a person takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ringwall.basics import Refusal, refuse
from ringwall.monitoring.behaviour import Kept, Promptness, kept_at
from ringwall.monitoring.looks import Look
from ringwall.monitoring.notice import NextStep, NextStepTaken, Notice


def offered(notice: Notice, kept: Kept | None) -> tuple[NextStep, ...]:
    """Every step, where a look after the term still saw the weakness and nobody has chosen yet; otherwise none."""
    unfixed = kept is not None and kept.standing is Promptness.LATE and kept.fixed_at is None
    return tuple(NextStep) if unfixed and notice.taken is None else ()


def take_step(notice: Notice, looks: Sequence[Look], taken: NextStepTaken) -> Notice | Refusal:
    """The notice with the step that somebody chose; only what is offered at that instant can be chosen."""
    kept = kept_at(notice, looks, taken.at)
    if taken.step in offered(notice, kept):
        return replace(notice, taken=taken)
    if notice.taken is not None:
        zh, en = f"{notice.taken.by} 已决定 {notice.taken.step}", f"{notice.taken.by} has chosen {notice.taken.step}"
    elif kept is None:
        zh, en = "该建议尚未送达，期限未开始", "it was not delivered, so no term runs"
    elif kept.fixed_at is not None:
        zh, en = f"复测已于 {kept.fixed_at} 确认整改", f"a re-test confirmed the fix at {kept.fixed_at}"
    else:
        zh, en = kept.because.zh.rstrip("。"), kept.because.en.rstrip(".")
    return refuse(
        "next_step_not_offered",
        notice.number,
        zh=f"拟就书面建议 {notice.number} 采取 {taken.step}，但{zh}；期限届满后经检测仍未整改的，方可由有权人决定。",
        en=f"{taken.step} is asked for on suggestion {notice.number}, but: {en}. A step is open once the term has "
        "passed and a later look still sees the weakness.",
    )
