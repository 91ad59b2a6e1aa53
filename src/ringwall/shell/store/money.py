"""The journal of each organisation and the panel's chain of postings, as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.ledger import Account, Transfer, TransferState
from ringwall.settlement import PanelAgreement, PanelPosting
from ringwall.shell.store.codec import decode, encode

OWN_TRANSFERS = "select * from ringwall.transfer where owner_id = ringwall.me()"
IN_ORDER = " order by known_at, id"
INSERT_TRANSFER = (
    "insert into ringwall.transfer (owner_id, id, object_id, debit, credit, amount_minor, currency, effective_on, "
    "known_at, state, reference, settles) values (%(owner_id)s, %(id)s, %(object_id)s, %(debit)s, %(credit)s, "
    "%(amount_minor)s, %(currency)s, %(effective_on)s, %(known_at)s, %(state)s, %(reference)s, %(settles)s)"
)


class JournalRows:
    """The acting organisation's own books; a movement's id makes it unique, so that none is entered twice."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def enter(self, object_id: UUID, transfers: Sequence[Transfer]) -> None:
        for transfer in transfers:
            values = {"object_id": object_id, "settles": transfer.settles, **_movement(transfer, self._me)}
            self._connection.execute(INSERT_TRANSFER, values)

    def of_object(self, object_id: UUID) -> tuple[Transfer, ...]:
        rows = self._connection.execute(OWN_TRANSFERS + " and object_id = %s" + IN_ORDER, (object_id,))
        return tuple(_transfer(row) for row in rows)

    def all(self) -> tuple[Transfer, ...]:
        return tuple(_transfer(row) for row in self._connection.execute(OWN_TRANSFERS + IN_ORDER))


class PanelRows:
    """The chain of postings of the panels that the acting organisation leads or follows."""

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection = connection

    def lock(self, agreement: PanelAgreement, sequence: str) -> None:
        """Until this transaction ends nobody else posts to the sequence."""
        self._connection.execute(
            "select ringwall.lock_panel(%s, %s, %s)", (agreement.panel, sequence, agreement.currency)
        )

    def log(self, object_id: UUID) -> tuple[PanelPosting, ...]:
        """Every posting on an object once, in order of sequence and number."""
        rows = self._connection.execute(
            "select distinct on (panel, sequence, currency, number) body from ringwall.panel_posting "
            "where object_id = %s order by panel, sequence, currency, number, place",
            (object_id,),
        )
        return tuple(decode(PanelPosting, row["body"]) for row in rows)

    def post(
        self,
        object_id: UUID,
        agreement: PanelAgreement,
        posting: PanelPosting,
        carriers: Mapping[str, UUID],
        transfers: Sequence[Transfer],
    ) -> None:
        """One posting for all carriers, with the movements in each one's books."""
        self._connection.execute(
            "select ringwall.post_to_panel(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                object_id,
                agreement.panel,
                posting.event.kind.sequence.value,
                agreement.currency,
                posting.number,
                posting.amount_minor,
                posting.running_total_minor,
                [carriers[name] for name, _ in posting.parts],
                [part for _, part in posting.parts],
                Jsonb(encode(posting)),
                Jsonb([encode(_movement(each, carriers[each.debit.participant])) for each in transfers]),
            ),
        )


def _movement(transfer: Transfer, owner: UUID) -> dict[str, Any]:
    return {
        "owner_id": owner,
        "id": transfer.id,
        "debit": f"{transfer.debit.participant}:{transfer.debit.code}",
        "credit": f"{transfer.credit.participant}:{transfer.credit.code}",
        "amount_minor": transfer.amount_minor,
        "currency": transfer.currency,
        "effective_on": transfer.effective_on,
        "known_at": transfer.known_at,
        "state": transfer.state.value,
        "reference": transfer.reference,
    }


def _transfer(row: DictRow) -> Transfer:
    return Transfer(
        id=row["id"],
        debit=_account(row["debit"], row["currency"]),
        credit=_account(row["credit"], row["currency"]),
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        effective_on=row["effective_on"],
        known_at=row["known_at"],
        state=TransferState(row["state"]),
        reference=row["reference"],
        settles=row["settles"],
    )


def _account(stored: str, currency: str) -> Account:
    participant, _, code = stored.partition(":")
    return Account(participant, code, currency)
