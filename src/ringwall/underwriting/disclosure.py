"""A false answer and what follows from it, in the steps of Insurance Law 16 (rules R-01 to R-05)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from ringwall.basics import Calendar, Refusal, Words, days_between, last_day, local_day, refuse, years_later

RIGHT_DAYS = 30
BAR_YEARS = 2


class Culpability(StrEnum):
    """Only the last two give a right to rescind."""

    NONE = "none"
    NEGLIGENCE = "negligence"
    GROSS_NEGLIGENCE = "gross_negligence"
    DELIBERATE = "deliberate"


class PremiumRefund(StrEnum):
    """What becomes of the premium; `LEFT_TO_CONTRACT` names no amount."""

    NOTHING_TO_RETURN = "nothing_to_return"
    WHOLE = "whole"
    KEPT = "kept"
    LEFT_TO_CONTRACT = "left_to_contract"


@dataclass(frozen=True, slots=True)
class FalseAnswer:
    """The answer as established; a catch-all question is not asked specifically."""

    question: str
    question_version: int
    asked_specifically: bool
    is_false: bool
    material: bool
    culpability: Culpability
    serious_effect_on_event: bool


@dataclass(frozen=True, slots=True)
class InsurerConduct:
    """What the insurer knew and did, as instants; None means that it did not happen."""

    concluded_on: date
    knew_at: datetime | None
    premium_taken_at: tuple[datetime, ...] = ()
    rescission_notice_at: datetime | None = None
    refusal_letter_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DisclosureStep:
    """One step of the reasoning: the rule and what it gives here."""

    rule: str
    finding: Words


@dataclass(frozen=True, slots=True)
class DisclosureAssessment:
    """Whether the contract is rescinded, by which rule, and what it does to the event and to the premium."""

    right_existed: bool
    right_last_day: date | None
    rescinded: bool
    decided_by: str
    event_paid: bool
    premium_refund: PremiumRefund
    premium_refund_minor: int | None
    steps: tuple[DisclosureStep, ...]


@dataclass(frozen=True, slots=True)
class _Right:
    last_day: date
    steps: tuple[DisclosureStep, ...]


@dataclass(frozen=True, slots=True)
class KnowingBars:
    """What knowing something does to a right to rescind over it: barred by R-03, or ending on a day by R-02."""

    rule: str
    barred: bool
    last_day: date | None
    because: Words


def knowing_bars(insurer: InsurerConduct, calendar: Calendar) -> KnowingBars | None:
    """Of one thing that the insurer knows, whatever answer it speaks against; nothing where it does not know."""
    if insurer.knew_at is None:
        return None
    if (barred := _bar(insurer)) is not None:
        return KnowingBars(barred.rule, True, None, barred.finding)
    knew_day, bar = local_day(insurer.knew_at), years_later(insurer.concluded_on, BAR_YEARS)
    last = _right_ends(knew_day, bar, calendar)
    return KnowingBars(
        "R-02",
        False,
        last,
        Words(
            f"订立时不知情，{knew_day} 起知情：即使答复不实，解除权最迟于 {last} 届满。",
            f"Not known at conclusion, known since {knew_day}: even over a false answer a right to rescind ends with "
            f"{last} at the latest.",
        ),
    )


def assess_disclosure(
    answer: FalseAnswer,
    insurer: InsurerConduct,
    premium_gross_minor: int,
    calendar: Calendar,
    void_clauses: Sequence[str] = (),
) -> DisclosureAssessment | Refusal:
    """The five rules in order; the first that stands against the insurer decides, and no event is cut in part."""
    notice, knew_at = insurer.rescission_notice_at, insurer.knew_at
    if notice is not None and (knew_at is None or notice < knew_at):
        return _notice_before_knowledge(answer, insurer)
    assessment = _assess(answer, insurer, premium_gross_minor, calendar)
    if not assessment.event_paid:
        return assessment
    return replace(assessment, steps=(*assessment.steps, _explained(void_clauses)))


def _assess(
    answer: FalseAnswer, insurer: InsurerConduct, premium_gross_minor: int, calendar: Calendar
) -> DisclosureAssessment:
    notice, right = insurer.rescission_notice_at, _right(answer, insurer, calendar)
    if isinstance(right, DisclosureAssessment):
        return right
    if notice is None:
        return _no_notice(right, insurer)
    if local_day(notice) > right.last_day:
        return _too_late(right, notice)
    return _rescinded(right, answer, premium_gross_minor, notice)


def _right(answer: FalseAnswer, insurer: InsurerConduct, calendar: Calendar) -> _Right | DisclosureAssessment:
    name = f"{answer.question} v{answer.question_version}"
    if not answer.asked_specifically:
        text = Words(f"{name} 为概括性询问，不产生告知义务。", f"{name} is a catch-all question; it gives no duty.")
        return _no_right("R-01", (DisclosureStep("R-01", text),))
    asked = DisclosureStep(
        "R-01",
        Words(
            f"{name} 已具体询问，文本与版本均有留存：告知义务成立。",
            f"{name} was put, specific, its version kept: the duty applies.",
        ),
    )
    blamed = answer.culpability in (Culpability.GROSS_NEGLIGENCE, Culpability.DELIBERATE)
    if not (answer.is_false and answer.material and blamed):
        text = Words(
            "答复并非不实，或不重要，或无重大过失：不产生解除权。",
            "Not false, not material or without gross fault: no right to rescind.",
        )
        return _no_right("R-02", (asked, DisclosureStep("R-02", text)))
    if (barred := _bar(insurer)) is not None:
        return _no_right("R-03", (asked, barred))
    if insurer.knew_at is None:
        text = Words(
            "保险人尚不知情，解除权期间未起算。", "The insurer does not know yet; the term of the right has not begun."
        )
        return _no_right("R-02", (asked, DisclosureStep("R-02", text)))
    return _dated_right(asked, insurer.concluded_on, insurer.knew_at, calendar)


def _bar(insurer: InsurerConduct) -> DisclosureStep | None:
    """Knowing at conclusion, or taking premium while knowing, ends the matter (Law 16(6), SPC Interpretation II 7)."""
    if insurer.knew_at is None:
        return None
    knew_day = local_day(insurer.knew_at)
    if knew_day <= insurer.concluded_on:
        return DisclosureStep(
            "R-03",
            Words(
                f"保险人于 {knew_day} 已知情，而合同于 {insurer.concluded_on} 订立：不得解除。",
                f"The insurer knew on {knew_day} and concluded on {insurer.concluded_on}: no right to rescind.",
            ),
        )
    taken = [at for at in insurer.premium_taken_at if at > insurer.knew_at]
    if not taken:
        return None
    return DisclosureStep(
        "R-03",
        Words(
            f"保险人知情后仍于 {local_day(min(taken))} 收取保险费：不得解除。",
            f"The insurer took premium on {local_day(min(taken))} after knowing: no right to rescind.",
        ),
    )


def _dated_right(
    asked: DisclosureStep, concluded: date, knew_at: datetime, calendar: Calendar
) -> _Right | DisclosureAssessment:
    """Thirty days from knowledge, rolled once, but never after two years from conclusion (Law 16(3))."""
    knew_day, bar = local_day(knew_at), years_later(concluded, BAR_YEARS)
    if knew_day > bar:
        text = Words(
            f"合同成立已逾两年（至 {bar}）：解除权不再产生。",
            f"Two years have passed since conclusion (until {bar}): no right arises.",
        )
        return _no_right("R-02", (asked, DisclosureStep("R-02", text)))
    last = _right_ends(knew_day, bar, calendar)
    arose = DisclosureStep(
        "R-02",
        Words(
            f"不实、有重大过失以上过错且重要：解除权自 {knew_day} 产生，至 {last} 届满。",
            f"False, with gross fault, material: a right to rescind arose on {knew_day} and ends with {last}.",
        ),
    )
    nothing = DisclosureStep(
        "R-03",
        Words(
            "订立时不知情，知情后未收取保险费：无其他阻碍。",
            "The insurer did not know at conclusion and took no premium after knowing: nothing bars the right.",
        ),
    )
    return _Right(last, (asked, arose, nothing))


def _right_ends(knew_day: date, bar: date, calendar: Calendar) -> date:
    return min(last_day(knew_day, RIGHT_DAYS, 0, calendar, rolls=True)[1], bar)


def _no_notice(right: _Right, insurer: InsurerConduct) -> DisclosureAssessment:
    if insurer.refusal_letter_at is not None:
        text = Words(
            "仅发拒赔通知而未解除合同：不得以此拒赔。", "A refusal letter alone, without rescission, refuses nothing."
        )
        return _stands(right, "R-04", (DisclosureStep("R-04", text),))
    text = Words("未送达解除通知：合同有效。", "No notice of rescission was delivered: the contract stands.")
    return _stands(right, "R-02", (DisclosureStep("R-02", text), _paid()))


def _too_late(right: _Right, notice: datetime) -> DisclosureAssessment:
    late = days_between(right.last_day, local_day(notice))
    step = DisclosureStep(
        "R-02",
        Words(
            f"解除通知于 {local_day(notice)} 送达，逾期 {late} 日：合同未解除。",
            f"The notice was delivered on {local_day(notice)}, {late} day(s) late: not rescinded.",
        ),
    )
    return _stands(right, "R-02", (step, _paid()))


def _rescinded(right: _Right, answer: FalseAnswer, premium_gross_minor: int, notice: datetime) -> DisclosureAssessment:
    delivered = DisclosureStep(
        "R-02",
        Words(
            f"解除通知于 {local_day(notice)} 按期送达：合同解除。",
            f"The notice was delivered on {local_day(notice)}, in time: rescinded.",
        ),
    )
    refund, amount, effect = _effect(answer, premium_gross_minor)
    steps = (*right.steps, delivered, DisclosureStep("R-02", effect))
    event_paid = refund is PremiumRefund.LEFT_TO_CONTRACT
    return DisclosureAssessment(True, right.last_day, True, "R-02", event_paid, refund, amount, steps)


def _effect(answer: FalseAnswer, premium_gross_minor: int) -> tuple[PremiumRefund, int | None, Words]:
    """What a rescission does (Law 16(4) and (5)): only without serious effect is the event before still paid."""
    if answer.culpability is Culpability.DELIBERATE:
        text = Words(
            "故意不实告知：此前事故不赔，保险费不退。", "Deliberate: the event is not paid, the premium is kept."
        )
        return PremiumRefund.KEPT, 0, text
    if answer.serious_effect_on_event:
        text = Words(
            "对事故有严重影响：此前事故不赔，退还保险费。",
            "Serious effect: the event is not paid, the premium goes back.",
        )
        return PremiumRefund.WHOLE, premium_gross_minor, text
    text = Words("对事故无严重影响：此前事故仍应赔付。", "No serious effect: the event before is still paid.")
    return PremiumRefund.LEFT_TO_CONTRACT, None, text


def _stands(right: _Right, rule: str, steps: tuple[DisclosureStep, ...]) -> DisclosureAssessment:
    nothing = PremiumRefund.NOTHING_TO_RETURN
    return DisclosureAssessment(True, right.last_day, False, rule, True, nothing, None, (*right.steps, *steps))


def _no_right(rule: str, steps: tuple[DisclosureStep, ...]) -> DisclosureAssessment:
    return DisclosureAssessment(False, None, False, rule, True, PremiumRefund.NOTHING_TO_RETURN, None, steps)


def _paid() -> DisclosureStep:
    return DisclosureStep(
        "R-04",
        Words(
            "未解除合同即不得以不实告知拒赔：事故全额赔付。",
            "Without rescission the false answer is no ground for refusal: the event is paid in full.",
        ),
    )


def _explained(void_clauses: Sequence[str]) -> DisclosureStep:
    if not void_clauses:
        return DisclosureStep(
            "R-05", Words("限制性条款均已说明：有效。", "All restricting clauses were explained: they work.")
        )
    names = "、".join(void_clauses), ", ".join(void_clauses)
    return DisclosureStep(
        "R-05", Words(f"未说明的条款无效：{names[0]}。", f"Not explained and therefore void: {names[1]}.")
    )


def _notice_before_knowledge(answer: FalseAnswer, insurer: InsurerConduct) -> Refusal:
    notice, knew = insurer.rescission_notice_at, insurer.knew_at or "—"
    return refuse(
        "notice_before_knowledge",
        answer.question,
        zh=f"解除通知（{notice}）早于保险人知情时间（{knew}）；请先补记保险人何时、从何处知情。",
        en=f"The notice of rescission ({notice}) is before the insurer's knowledge ({knew}); record first when "
        "and from what the insurer learned.",
    )
