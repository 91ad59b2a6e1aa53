"""What stands between providers and insurers beside qualifications, as rows: cards, answers, suspensions."""

from __future__ import annotations

from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from ringwall.service import CardAnswer, RateCard, Suspension
from ringwall.shell.store.codec import decode, encode


class ProviderTermRows:
    """Implements `ringwall.desk.doors.ProviderTerms`; nothing is changed or taken away."""

    def __init__(self, connection: Connection[DictRow], me: UUID) -> None:
        self._connection = connection
        self._me = me

    def suspension(self, provider: UUID, insurer: UUID) -> Suspension | None:
        row = self._connection.execute(
            "select suspended, decided_by, decided_at, reason from ringwall.suspension "
            "where provider_id = %s and owner_id = %s order by id desc limit 1",
            (provider, insurer),
        ).fetchone()
        return Suspension(row["suspended"], row["decided_by"], row["decided_at"], row["reason"]) if row else None

    def suspend(self, provider: UUID, decision: Suspension) -> None:
        of = decision
        self._connection.execute(
            "insert into ringwall.suspension (owner_id, provider_id, suspended, decided_by, decided_at, reason) "
            "values (%s, %s, %s, %s, %s, %s)",
            (self._me, provider, of.suspended, of.by, of.at, of.reason),
        )

    def proposed(self, provider: UUID) -> tuple[RateCard, ...]:
        rows = self._connection.execute(
            "select body from ringwall.rate_card where owner_id = %s order by id", (provider,)
        )
        return tuple(decode(RateCard, row["body"]) for row in rows)

    def propose(self, card: RateCard) -> None:
        self._connection.execute(
            "insert into ringwall.rate_card (owner_id, number, body) values (%s, %s, %s)",
            (self._me, card.number, Jsonb(encode(card))),
        )

    def answers(self, provider: UUID, insurer: UUID | None = None) -> tuple[CardAnswer, ...]:
        rows = self._connection.execute(
            "select number, accepted, answered_by, answered_at, reason from ringwall.rate_card_answer "
            "where provider_id = %(provider)s and (%(insurer)s::uuid is null or owner_id = %(insurer)s) order by id",
            {"provider": provider, "insurer": insurer},
        )
        return tuple(
            CardAnswer(row["number"], row["accepted"], row["answered_by"], row["answered_at"], row["reason"])
            for row in rows
        )

    def answer(self, provider: UUID, answer: CardAnswer) -> None:
        self._connection.execute(
            "insert into ringwall.rate_card_answer (owner_id, provider_id, number, accepted, answered_by, answered_at, "
            "reason) values (%s, %s, %s, %s, %s, %s, %s)",
            (self._me, provider, answer.number, answer.accepted, answer.by, answer.at, answer.reason),
        )
