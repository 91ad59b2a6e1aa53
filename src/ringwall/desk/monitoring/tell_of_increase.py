"""The insured tells of a notable increase of its risk (Insurance Law 52); who has told in time loses no cover by it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import SHANGHAI, Refusal, Words, refuse
from ringwall.desk.doors import Letter
from ringwall.desk.office import Office, own_code
from ringwall.monitoring import RiskTold

RISK_TOLD = "risk_told"


def tell_of_increase(
    office: Office, object_id: UUID, what: str, *, since: datetime, at: datetime
) -> RiskTold | Refusal:
    """Kept in the insured's own words, and told to the lead by letter; what follows is for the lead's people to say."""
    policies = office.policies.of_object(object_id)
    if not policies:
        return _not_bound(office, object_id)
    policy = policies[-1].number
    if not what.strip() or since > at:
        return _not_told(policy, what, since, at)
    told = RiskTold(office.numbers.next(f"{own_code(office)}-R"), policy, what, since, at)
    office.risks_told.add(told.number, told, object_id=object_id, effective_at=since, known_at=at)
    subject = Words(f"保险单 {policy}：被保险人告知风险增加", f"Policy {policy}: the insured tells of more risk")
    text = Words(
        f"{what}\n请安排检测；按最新证据显著增加的，可按合同增加保险费或者解除合同（保险法第五十二条）。",
        f"{what}\nHave it looked at. Where the newest evidence shows a notable increase, the premium may rise as the "
        "contract says, or the contract may end (Insurance Law 52).",
    )
    office.post.send(Letter(object_id, RISK_TOLD, "lead", subject, text, f"/policy/{policy}", at, told.number))
    return told


def _not_bound(office: Office, object_id: UUID) -> Refusal:
    number = office.objects.number_of(object_id)
    return refuse(
        "no_policy_to_tell_of",
        number,
        zh=f"{number} 尚未承保，没有期内危险程度增加可告知；请更新投保申请中的回答。",
        en=f"{number} is not bound, so there is no increase within a term to tell of; change the application.",
    )


def _not_told(policy: str, what: str, since: datetime, at: datetime) -> Refusal:
    began, now = (f"{each.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for each in (since, at))
    return refuse(
        "increase_not_described",
        policy,
        zh=f"就保险单 {policy} 告知的增加为“{what.strip()}”，自 {began} 起，而现在是 {now}；"
        "请写明何事使危险程度增加，并填写不晚于现在的时间。",
        en=f"The increase told of for policy {policy} is '{what.strip()}' since {began}, and it is {now} now; say what "
        "has increased the risk, and since when, not later than now.",
    )
