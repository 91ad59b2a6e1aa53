"""Rate cards: proposed by a provider, answered by an insurer; what an order is charged by, and what is owed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Letter
from ringwall.desk.office import Office, own_code
from ringwall.desk.permissions import not_visible
from ringwall.desk.service.registry import lead_of, register_number
from ringwall.service import (
    LONGEST_PAYMENT_DAYS,
    CardAnswer,
    CardLine,
    Order,
    Payable,
    RateCard,
    accepted_cards,
    answer_card,
    card_for,
    propose_card,
)


def card_of(office: Office, object_id: UUID, provider: str, service: str, day: date) -> RateCard | Refusal:
    """By what a provider's work on a service is charged: a card of the house, or one that the lead has accepted."""
    cards, member = office.catalogue.rate_cards, office.directory.by_code(provider)
    if member is not None and (proposed := office.provider_terms.proposed(member.id)):
        answers = office.provider_terms.answers(member.id, lead_of(office, object_id))
        cards = (*cards, *accepted_cards(proposed, answers))
    return card_for(cards, provider, service, day)


def payable_of(office: Office, object_id: UUID, order: Order) -> Payable | None:
    """What is owed for an order, due by the term of the provider's card; nothing before it is settled."""
    if order.invoice is None or not order.is_owed:
        return None
    card = card_of(office, object_id, order.provider, order.service, order.invoice.worked_on)
    return order.payable(LONGEST_PAYMENT_DAYS if isinstance(card, Refusal) else card.payment_days)


def propose_rate_card(office: Office, card: RateCard, lines: Sequence[CardLine], *, at: datetime) -> RateCard | Refusal:
    """The acting provider's card under a number of its own; nothing is ordered by it before an insurer accepts it."""
    me = office.directory.by_id(office.me)
    if me is None or me.kind != "provider":
        return not_visible("rate-card")
    services = {each.code: each.name for each in office.catalogue.services.services}
    wished = replace(card, provider=me.code, number=office.numbers.next(f"{own_code(office)}-RC"))
    proposed = propose_card(wished, lines, services, local_day(at))
    if not isinstance(proposed, Refusal):
        office.provider_terms.propose(proposed)
    return proposed


def answer_rate_card(
    office: Office, code: str, number: str, *, yes: bool, reason: str, by: str, at: datetime
) -> CardAnswer | Refusal:
    """The acting insurer's answer to a proposed card, and word of it to the provider."""
    member, me = office.directory.by_code(code), office.directory.by_id(office.me)
    proposed = office.provider_terms.proposed(member.id) if member else ()
    card = next((each for each in proposed if each.number == number), None)
    if member is None or card is None or me is None or me.kind != "insurer":
        return not_visible(number)
    answer = answer_card(
        card, office.provider_terms.answers(member.id, office.me), yes=yes, by=by, at=at, reason=reason
    )
    if isinstance(answer, Refusal):
        return answer
    office.provider_terms.answer(member.id, answer)
    if (register := office.objects.by_number(register_number(code))) is not None:
        office.post.send(_letter(register, code, answer))
    return answer


def _letter(register: UUID, code: str, answer: CardAnswer) -> Letter:
    said = Words("已认可", "accepted") if answer.accepted else Words("不予认可", "declined")
    subject = Words(f"价目表 {answer.number} {said.zh}", f"Rate card {answer.number}: {said.en}")
    text = Words(answer.reason or "可以接单。", answer.reason or "Orders may be dispatched by it.")
    return Letter(register, "rate_card", "insured", subject, text, f"/provider/{code}#cards", answer.at, answer.number)
