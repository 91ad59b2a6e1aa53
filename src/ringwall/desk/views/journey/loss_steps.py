"""The incident, the provider's orders, and the claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from ringwall.basics import Refusal, Words
from ringwall.claim import Claim, ClaimEntry, EntryKind
from ringwall.desk.doors import Row
from ringwall.desk.incident.report_incident import grades_of
from ringwall.desk.records import ClaimFile
from ringwall.desk.views.journey.step import Lane, Stage, Step, Told
from ringwall.desk.views.parts import Bar, Figure, all_known
from ringwall.incident import CLASS_NAMES, Incident
from ringwall.service import Order, OrderEntry, OrderState, sla_standing


@dataclass(frozen=True, slots=True)
class Act:
    """What an entry of a claim is called, who acts, and whom it reaches."""

    what: Words
    lane: Lane
    reaches: tuple[Lane, ...] = ()


ACTS = {
    EntryKind.NOTIFIED: Act(Words("报案", "Loss notified"), Lane.INSURED, (Lane.LEAD,)),
    EntryKind.REGISTERED: Act(Words("立案", "Claim registered"), Lane.LEAD),
    EntryKind.DOCUMENTS_RECEIVED: Act(Words("收到索赔材料", "Documents received"), Lane.INSURED, (Lane.LEAD,)),
    EntryKind.SUPPLEMENT_ASKED: Act(
        Words("一次性告知补充材料", "Supplement asked for, once"), Lane.LEAD, (Lane.INSURED,)
    ),
    EntryKind.SUPPLEMENT_DELIVERED: Act(
        Words("补充材料通知送达，核定期限停止计算", "Supplement notice delivered, the clock stands"),
        Lane.INSURED,
        (Lane.LEAD,),
    ),
    EntryKind.CONSENT_REQUESTED: Act(Words("请求事先同意", "Prior consent asked for"), Lane.INSURED, (Lane.LEAD,)),
    EntryKind.CONSENT_GRANTED: Act(Words("同意", "Consent given"), Lane.LEAD, (Lane.INSURED,)),
    EntryKind.CONSENT_REFUSED: Act(Words("不同意", "Consent refused"), Lane.LEAD, (Lane.INSURED,)),
    EntryKind.CONSENT_DEEMED: Act(Words("视为同意", "Consent deemed given"), Lane.LEAD, (Lane.INSURED,)),
    EntryKind.DECIDED: Act(Words("核定", "Decided"), Lane.LEAD, (Lane.INSURED,)),
    EntryKind.AGREED: Act(Words("达成赔偿协议", "Amount agreed"), Lane.INSURED, (Lane.LEAD,)),
    EntryKind.REFUSAL_SENT: Act(Words("发出拒赔通知书", "Refusal letter sent"), Lane.LEAD, (Lane.INSURED,)),
    EntryKind.RESERVE_SET: Act(Words("提取未决赔款准备金", "Case reserve set"), Lane.LEAD),
    EntryKind.PAYMENT_AUTHORISED: Act(Words("核赔", "Payment released"), Lane.LEAD),
    EntryKind.PAID: Act(Words("赔款支付", "Indemnity paid"), Lane.LEAD, (Lane.INSURED, Lane.FOLLOWERS)),
    EntryKind.CLOSED: Act(Words("结案", "Closed"), Lane.LEAD),
    EntryKind.REOPENED: Act(Words("重开赔案", "Reopened"), Lane.LEAD),
}


ORDER_ACTS = {
    OrderState.REQUESTED: Words("派单", "placed"),
    OrderState.CONSENTED: Words("已同意", "consented to"),
    OrderState.ACCEPTED: Words("接单", "accepted"),
    OrderState.ON_SITE: Words("到场", "on site"),
    OrderState.DELIVERED: Words("交付", "delivered"),
    OrderState.ACCEPTED_BY_INSURED: Words("被保险人验收", "accepted by the insured"),
    OrderState.SETTLED: Words("结算", "settled"),
    OrderState.SENT_BACK: Words("退回重做", "sent back to be done again"),
    OrderState.REJECTED: Words("验收不通过，终止", "rejected for good"),
    OrderState.CANCELLED: Words("取消", "cancelled"),
}


def steps(told: Told) -> Iterator[Step]:
    """Incidents, orders and claims, each entry a step."""
    for incident in all_known(told.office.incidents, told.now, told.object_id):
        yield _incident(told, incident)
    for order in all_known(told.office.orders, told.now, told.object_id):
        yield from _order(told, order.record)
    for claim in all_known(told.office.claims, told.now, told.object_id):
        yield from _claim(told, claim.record.claim)
        yield from _disclosure(told, claim.number)


def _incident(told: Told, row: Row[Incident]) -> Step:
    incident, name = row.record, CLASS_NAMES[row.record.incident_class]
    first = told.office.incidents.history(row.number)[0]
    grades = grades_of(told.office, incident, told.now)
    figures = (Figure(Words(f"分级（{g.scheme.code}）", f"Grade ({g.scheme.code})"), g.name) for g in grades)
    return Step(
        row.number,
        Stage.LOSS,
        Lane.INSURED,
        Words(f"报告事件 {row.number}", f"Incident {row.number} reported"),
        incident.started_at or incident.discovered_at,
        first.known_at,
        f"/incident/{row.number}",
        (Figure(Words("事件分类", "Class"), name), *figures),
        reaches=(Lane.LEAD, Lane.PROVIDER),
        holds=Words("发生", "began"),
    )


def _order(told: Told, order: Order) -> Iterator[Step]:
    service = told.office.catalogue.services.service(order.service)
    name = Words(order.service, order.service) if isinstance(service, Refusal) else service.name
    for place, entry in enumerate(each for each in order.entries if each.at <= told.now):
        act = ORDER_ACTS[entry.state]
        yield Step(
            order.number if place == 0 else f"{order.number}-{entry.state.value}",
            Stage.LOSS,
            told.lane_of(entry.by),
            Words(f"工单 {order.number}：{act.zh}", f"Order {order.number}: {act.en}"),
            entry.at,
            entry.at,
            f"/order/{order.number}",
            note=name,
            reaches=_reached(entry),
            bars=_stopped_by(told, order, entry),
        )


def _reached(entry: OrderEntry) -> tuple[Lane, ...]:
    if entry.state in (OrderState.REQUESTED, OrderState.CONSENTED):
        return (Lane.PROVIDER,)
    return (Lane.INSURED,) if entry.state in (OrderState.ON_SITE, OrderState.DELIVERED) else ()


def _stopped_by(told: Told, order: Order, entry: OrderEntry) -> tuple[Bar, ...]:
    """The service times that this entry ends."""
    service = told.office.catalogue.services.service(order.service)
    if isinstance(service, Refusal):
        return ()
    ended = (each for each in sla_standing(order, service, told.now) if each.term.to_state is entry.state)
    return tuple(
        Bar(started, each.due_at, each.done_at)
        for each in ended
        if each.due_at is not None and (started := order.reached_at(each.term.from_state)) is not None
    )


def _claim(told: Told, claim: Claim) -> Iterator[Step]:
    known = claim.known_at(told.now)
    for (kind, at, known_at), group in groupby(known.history, key=lambda each: (each.kind, each.at, each.known_at)):
        entries, act = list(group), ACTS[kind]
        about = [name for entry in entries for name in entry.about if kind not in _ABOUT_A_PAYEE]
        anchor = claim.number if kind is EntryKind.REGISTERED else f"{claim.number}-{kind.value}-{at:%Y%m%d%H%M}"
        yield Step(
            anchor,
            Stage.LOSS,
            act.lane,
            Words(f"赔案 {claim.number}：{act.what.zh}", f"Claim {claim.number}: {act.what.en}"),
            at,
            known_at,
            f"/claim/{claim.number}",
            _amounts(claim.number, entries),
            Words("、".join(about), ", ".join(about)) if about else None,
            act.reaches,
        )


_ABOUT_A_PAYEE = frozenset({EntryKind.PAYMENT_AUTHORISED, EntryKind.PAID})


def _amounts(number: str, entries: list[ClaimEntry]) -> tuple[Figure, ...]:
    first, link = entries[0], f"/claim/{number}"
    if first.outcome is not None:
        outcome = first.outcome
        return (
            Figure(Words("实际损失", "Factual loss"), outcome.factual_minor, "money", link),
            Figure(Words("责任内损失", "Within cover"), outcome.within_cover.low, "money", link),
            Figure(Words("应付赔款", "Payable"), outcome.payable.low, "money", link),
        )
    if first.kind is EntryKind.RESERVE_SET:
        total = sum(part.amount_minor for entry in entries for part in entry.parts)
        return (Figure(Words("准备金", "Reserve"), total, "money", link),)
    if first.amount_minor is not None and first.kind is not EntryKind.CONSENT_REQUESTED:
        return (Figure(Words("金额", "Amount"), first.amount_minor, "money", link),)
    return ()


def _disclosure(told: Told, number: str) -> Iterator[Step]:
    """A false answer that came to light is judged once; the claim's file carries the result from then on."""
    history = [row for row in told.office.claims.history(number) if row.known_at <= told.now]
    judged: Row[ClaimFile] | None = next((row for row in history if row.record.disclosure is not None), None)
    if judged is None or judged.record.disclosure is None:
        return
    assessment = judged.record.disclosure
    ended: datetime = judged.known_at
    result = Words("解除合同", "rescinded") if assessment.rescinded else Words("不得解除合同", "not rescinded")
    yield Step(
        f"{number}-disclosure",
        Stage.LOSS,
        Lane.LEAD,
        Words("不实告知的认定", "A false answer judged"),
        judged.effective_at,
        ended,
        f"/claim/{number}",
        (
            Figure(Words("结论", "Result"), result),
            Figure(Words("依据规则", "By rule"), assessment.decided_by),
        ),
        reaches=(Lane.INSURED,),
    )
