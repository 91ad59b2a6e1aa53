"""The written suggestion of Insurance Law 51: what was found, what to do by when, and what follows if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from ringwall.basics import Calendar, Refusal, Words, last_day, local_day, refuse
from ringwall.evidence import Finding, Severity


class NextStep(StrEnum):
    """What the law offers where a term has passed and the weakness is still there; a person chooses, nothing else."""

    RAISE_PREMIUM = "raise_premium"
    END_CONTRACT = "end_contract"
    LEAVE = "leave"
    """Neither; the reason says why."""


@dataclass(frozen=True, slots=True)
class NextStepTaken:
    """Which step somebody chose, when and why."""

    step: NextStep
    by: str
    at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on one finding; its contract term runs in calendar days from the day of delivery and never rolls."""

    number: str
    policy: str
    finding: str
    text: Words
    consequences: Words
    sent_at: datetime
    term_days: int
    delivered_at: datetime | None = None
    letter: str = ""
    """The number of the first notice in a letter that holds several; empty: it has a letter of its own."""
    taken: NextStepTaken | None = None

    @property
    def told_by(self) -> str:
        """The number under which the letter with this notice stands."""
        return self.letter or self.number

    @property
    def deadline(self) -> date | None:
        """The last day to fix; None until the notice is delivered."""
        if self.delivered_at is None:
            return None
        return last_day(local_day(self.delivered_at), self.term_days, 0, Calendar(), rolls=False)[1]


CONSEQUENCES = Words(
    "未按约定履行安全责任的，保险人有权要求增加保险费或者解除合同（保险法第五十一条）。"
    "危险程度显著增加而未及时通知的，因此发生的保险事故不承担赔偿责任（保险法第五十二条）。"
    "保险人须经被保险人同意方可采取安全预防措施。",
    "If the agreed duty of safety is not met, the insurer may ask for more premium or end the contract "
    "(Insurance Law 51). "
    "A loss that a notable increase of risk caused and that was not notified in time is not paid (Insurance Law 52). "
    "The insurer takes preventive measures only with the insured's consent.",
)


def write_notice(number: str, policy: str, finding: Finding, *, sent_at: datetime, term_days: int) -> Notice | Refusal:
    """The notice on an open finding that is more than information."""
    if finding.severity is Severity.INFO:
        return refuse(
            "finding_for_information",
            finding.uid,
            zh=f"发现项“{finding.title.zh}”仅供参考（级别 {finding.severity.name}），不发书面建议；请在报告中说明。",
            en=f"The finding '{finding.title.en}' is information ({finding.severity.name}) and carries no written "
            "suggestion; say it in the report.",
        )
    if not finding.is_open:
        return refuse(
            "finding_closed",
            finding.uid,
            zh=f"发现项“{finding.title.zh}”已关闭，无需书面建议；如再次出现请重新检测。",
            en=f"The finding '{finding.title.en}' is closed and needs no notice; scan again if it is back.",
        )
    assert term_days > 0, "a term has at least one day"
    text = Words(
        f"{finding.asset}（{finding.locator}）：{finding.title.zh}。建议：{finding.advice.zh} 请于送达后 "
        f"{term_days} 日内整改并申请复测。",
        f"{finding.asset} ({finding.locator}): {finding.title.en}. Advice: {finding.advice.en} "
        f"Fix it within {term_days} days of delivery and ask for a re-test.",
    )
    return Notice(number, policy, finding.uid, text, CONSEQUENCES, sent_at, term_days)


def deliver(notice: Notice, at: datetime) -> Notice | Refusal:
    """The notice as delivered; the first delivery counts, the same instant again changes nothing."""
    if at < notice.sent_at or notice.delivered_at not in (None, at):
        other = notice.delivered_at or notice.sent_at
        return refuse(
            "delivery_clash",
            notice.number,
            zh=f"送达时间 {at} 与已有记录 {other} 冲突；请核对送达回证。",
            en=f"Delivery at {at} clashes with the record of {other}; check the proof of delivery.",
        )
    return replace(notice, delivered_at=at)
