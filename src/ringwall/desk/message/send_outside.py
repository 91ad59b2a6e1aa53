"""Letters leave the house: each parcel is carried at least once, a bounded number of times, and every word is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import Carried, MessageDoor, Outcome, Outgoing, Parcel, SendingState
from ringwall.monitoring import DeliveryReceipt, Mark, take_receipt

BATCH = 100
"""Parcels over one connection."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 4, 16, 64, 256))
"""Between attempts; after the last of them a parcel is given up."""
ASKED_FOR = timedelta(hours=72)
"""How long after writing a gateway is asked what became of a parcel."""
Clock = Callable[[], datetime]


def send_outside(outgoing: Outgoing, doors: Sequence[MessageDoor], now: Clock, *, letter: UUID | None = None) -> int:
    """Carry what is due over every open door, the parcels of a new letter among them; gives how many were tried."""
    if letter is not None and doors:
        outgoing.plan(letter, [door.channel for door in doors], now())
    tried = 0
    for door in doors:
        with outgoing.alone(door.channel):
            tried += _carry(outgoing, door, now)
            _ask(outgoing, door, now)
    return tried


def _carry(outgoing: Outgoing, door: MessageDoor, now: Clock) -> int:
    tried = 0
    while parcels := outgoing.waiting(door.channel, now(), BATCH):
        for parcel, carried in door.carry(parcels):
            _settle(outgoing, parcel, carried)
        tried += len(parcels)
    return tried


def _ask(outgoing: Outgoing, door: MessageDoor, now: Clock) -> None:
    for parcel, carried in door.ask(outgoing.handed_over(door.channel, now(), BATCH)):
        _settle(outgoing, parcel, carried)


def _settle(outgoing: Outgoing, parcel: Parcel, carried: Carried) -> None:
    """A receipt that clashes with the message's own dates is no proof: the parcel is given up, and starts no clock."""
    state, due_at = _next(parcel, carried)
    marks = _marks(carried, state)
    message = parcel.message
    for mark, at in marks:
        taken = take_receipt(message, DeliveryReceipt(parcel.channel, mark, parcel.to, at, carried.proof))
        if isinstance(taken, Refusal):
            outgoing.settle(parcel, (), "dead", carried.ended_at)
            return
        message = taken
    outgoing.settle(parcel, message.receipts[len(parcel.message.receipts) :], state, due_at)


def _marks(carried: Carried, state: SendingState) -> tuple[tuple[Mark, datetime], ...]:
    sent = (Mark.SENT, carried.began_at)
    match carried.outcome:
        case Outcome.HANDED_OVER:
            return (sent,)
        case Outcome.DELIVERED:
            return (sent, (Mark.DELIVERED, carried.ended_at))
        case _:
            return ((Mark.FAILED, carried.ended_at),) if state == "dead" else ()


def _next(parcel: Parcel, carried: Carried) -> tuple[SendingState, datetime]:
    """Where the parcel stands now, and when it is looked at again."""
    at = carried.ended_at
    match carried.outcome:
        case Outcome.DELIVERED:
            return "done", at
        case Outcome.REFUSED:
            return "dead", at
        case Outcome.HANDED_OVER:
            return "handed", at + WAITS[0]
        case Outcome.SILENT:
            asked_on = at < parcel.message.written_at + ASKED_FOR
            return ("handed" if asked_on else "done"), at + WAITS[min(parcel.attempts, len(WAITS) - 1)]
        case Outcome.PUT_OFF:
            return ("waiting", at + WAITS[parcel.attempts]) if parcel.attempts < len(WAITS) else ("dead", at)
