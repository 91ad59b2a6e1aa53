"""What the insured is told in the course of a claim, as letters under the claim's number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ringwall.basics import Words, yuan
from ringwall.claim import Claim
from ringwall.desk.doors import Letter

SUPPLEMENT = "supplement"
DECISION = "claim_decision"
REFUSAL = "claim_refusal"


def supplement_letter(object_id: UUID, claim: Claim, documents: Sequence[str], at: datetime) -> Letter:
    """The one notice that names everything still missing (Insurance Law 22)."""
    subject = Words(f"赔案 {claim.number} 补充材料通知", f"Claim {claim.number}: documents that are still needed")
    text = Words(
        f"请补充以下材料（一次性告知，保险法第二十二条）：{'、'.join(documents)}。"
        "核定期限自本通知送达之日起停止计算，至材料补齐之日恢复。",
        f"Please send what is still missing; this notice is the only one (Insurance Law 22): {', '.join(documents)}. "
        "The time for our decision stands still from delivery of this notice until the last of them has come.",
    )
    return _letter(object_id, claim, SUPPLEMENT, subject, text, at)


def decision_letter(object_id: UUID, claim: Claim, at: datetime) -> Letter:
    """The outcome in its three numbers; the reasons stand on the claim's page."""
    outcome = claim.outcome
    assert outcome is not None, "a decided claim has its outcome"
    factual, covered, payable = (
        yuan(minor) for minor in (outcome.factual_minor, outcome.within_cover.low, outcome.payable.low)
    )
    subject = Words(f"赔案 {claim.number} 核定结果", f"Claim {claim.number}: our decision")
    text = Words(
        f"实际损失 ¥ {factual}，责任范围内 ¥ {covered}，应付赔款 ¥ {payable}。逐项理由见赔案页面。",
        f"Factual loss ¥ {factual}, within cover ¥ {covered}, payable ¥ {payable}. "
        "The claim's page gives the reason for each item.",
    )
    return _letter(object_id, claim, DECISION, subject, text, at)


def refusal_letter(object_id: UUID, claim: Claim, items: Sequence[str], at: datetime) -> Letter:
    """The items that are not paid; the law wants the letter sent within three days of the decision (24)."""
    subject = Words(f"赔案 {claim.number} 拒绝赔偿通知书", f"Claim {claim.number}: items that are not paid")
    text = Words(
        f"以下项目不予赔偿：{'、'.join(items)}。理由与条款见赔案页面；如有异议请回复。",
        f"These items are not paid: {', '.join(items)}. The claim's page says why; answer if you disagree.",
    )
    return _letter(object_id, claim, REFUSAL, subject, text, at)


def _letter(object_id: UUID, claim: Claim, topic: str, subject: Words, text: Words, at: datetime) -> Letter:
    return Letter(object_id, topic, "insured", subject, text, f"/claim/{claim.number}", at, claim.number)
