"""Deliveries reach the things whose clocks they start: a notice's term begins, a claim's clock stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.claim import supplement_delivered
from ringwall.desk.claim.handle_claim import claim_file, keep_claim
from ringwall.desk.claim.letters import SUPPLEMENT
from ringwall.desk.monitoring.watch_policy import record_delivery
from ringwall.desk.office import Office
from ringwall.monitoring import Mark, Message


@dataclass(frozen=True, slots=True)
class ClocksTold:
    """The numbers of what has learned of its delivery."""

    notices: tuple[str, ...]
    claims: tuple[str, ...]


def tell_clocks(office: Office, object_id: UUID, *, at: datetime) -> ClocksTold | Refusal:
    """Everything on one object that the acting organisation has sent and that was delivered since; `at` is when we
    learn of it, the instant itself is the message's."""
    notices = record_delivery(office, object_id, at=at)
    if isinstance(notices, Refusal):
        return notices
    claims = []
    for message in _delivered_supplements(office, object_id):
        told = _tell_claim(office, object_id, message, at)
        if isinstance(told, Refusal):
            return told
        if told:
            claims.append(message.about)
    return ClocksTold(tuple(notice.number for notice in notices), tuple(claims))


def _delivered_supplements(office: Office, object_id: UUID) -> Iterator[Message]:
    return (each for each in office.post.sent(object_id) if each.topic == SUPPLEMENT and each.delivered_at is not None)


def _tell_claim(office: Office, object_id: UUID, message: Message, at: datetime) -> bool | Refusal:
    file = claim_file(office, object_id, message.about)
    if isinstance(file, Refusal):
        return file
    proof = message.receipt(Mark.DELIVERED)
    assert proof is not None, "only delivered messages are told"
    claim = supplement_delivered(file.claim, at=proof.at, by=proof.channel.value, note=proof.proof, known_at=at)
    if isinstance(claim, Refusal):
        return claim
    if claim is file.claim:
        return False
    keep_claim(office, object_id, replace(file, claim=claim), at)
    return True
