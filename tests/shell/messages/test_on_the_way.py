"""From the outbox to the clock: letters leave by the queue, at least once, and a clock is told once."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from tests.shell.messages.conftest import LIN, PHONE, Street
from tests.shell.messages.parcels import WRITTEN_AT
from tests.shell.messages.servers import FINAL, Gateway, MailServer, mail_server, sms_gateway
from tests.walls.house import ROOT

from ringwall.basics import Refusal
from ringwall.desk.doors import MessageDoor
from ringwall.desk.message.open_message import open_message
from ringwall.desk.message.send_outside import WAITS, send_outside
from ringwall.monitoring import Channel, Mark
from ringwall.shell.jobs.queue import drain
from ringwall.shell.messages import MailServer as Server
from ringwall.shell.messages import SmsDoor, SmsGateway, SmtpDoor
from ringwall.shell.messages.smtp import Transport
from ringwall.shell.store.connection import acting_for
from ringwall.shell.store.post.outgoing import outgoing_rows

AT = WRITTEN_AT + timedelta(minutes=5)


def now() -> datetime:
    return datetime.now(UTC)


def smtp(box: MailServer) -> SmtpDoor:
    return SmtpDoor(Server("localhost", box.port, Transport.NONE, "n@insurer.example", receives=True), "", now)


def sms(gateway: Gateway) -> SmsDoor:
    return SmsDoor(SmsGateway(gateway.url, "key"), "", now)


def marks(street: Street, channel: Channel) -> list[tuple[str, str]]:
    return [(each.mark.value, each.proof) for each in street.sent().receipts if each.channel is channel]


def test_a_letter_is_in_the_inbox_with_its_transaction_and_nothing_leaves_an_unconfigured_house(street: Street) -> None:
    street.send_notice()
    assert [(r.channel, r.mark, r.at) for r in street.sent().receipts] == [(Channel.INBOX, Mark.SENT, WRITTEN_AT)]
    drain(street.queue())
    assert street.sent().delivered_at is None
    assert [notice.deadline for notice in street.notices()] == [None], "what was only sent starts no term"


def test_opening_a_message_delivers_it_under_the_name_of_the_person_and_starts_the_term(street: Street) -> None:
    street.send_notice()
    message = street.sent()
    for at, by in ((AT, "林"), (AT + timedelta(hours=1), "王")):
        with street.open_office(street.town.insured) as office:
            assert not isinstance(open_message(office, message.id, by=by, at=at), Refusal)
    drain(street.queue())
    assert marks(street, Channel.INBOX)[1:] == [("delivered", "林"), ("read", "林")]
    assert [notice.delivered_at for notice in street.notices()] == [None, AT]


def test_the_receiving_servers_final_reply_starts_the_term_and_a_later_opening_does_not_move_it(street: Street) -> None:
    with mail_server(MailServer()) as box:
        street.send_notice()
        drain(street.queue(smtp(box)))
    delivered_at = street.sent().delivered_at
    assert marks(street, Channel.SMTP) == [("sent", FINAL), ("delivered", FINAL)]
    assert [notice.delivered_at for notice in street.notices()] == [None, delivered_at]
    with street.open_office(street.town.insured) as office:
        open_message(office, street.sent().id, by="林", at=now())
    drain(street.queue())
    assert [notice.delivered_at for notice in street.notices()] == [None, delivered_at]
    assert street.sent().delivered_at == delivered_at
    assert street.sent().read_at is not None


def test_a_refused_mail_is_a_dead_letter_that_starts_no_clock_and_can_be_sent_again(street: Street) -> None:
    with mail_server(MailServer({LIN: "550 no such box"})) as box:
        street.send_notice()
        drain(street.queue(smtp(box)))
        assert marks(street, Channel.SMTP) == [("failed", "550 no such box")]
        assert [each.proof for each in street.sent().failures] == ["550 no such box"]
        assert street.notices()[-1].delivered_at is None
        with outgoing_rows(street.town.owner_url) as outgoing:
            assert [parcel.to for parcel in outgoing.given_up(now())] == [LIN]
            box.answers.clear()
            assert send_outside(outgoing, [smtp(box)], now) == 0, "what was given up rests"
            assert outgoing.try_again(now()) == 1
            assert send_outside(outgoing, [smtp(box)], now) == 1
    assert street.sent().failures == ()
    assert street.sent().delivered_at is not None
    assert len(box.mails) == 1


def test_attempts_are_bounded_with_longer_waits_between_them(street: Street) -> None:
    with mail_server(MailServer({LIN: "451 later"})) as box:
        street.send_notice()
        letter = letter_of(street)
        at = [now()]
        door = SmtpDoor(Server("localhost", box.port, Transport.NONE, "n@x.example"), "", lambda: at[0])
        with outgoing_rows(street.town.owner_url) as outgoing:
            send_outside(outgoing, [door], lambda: at[0], letter=letter)
            for wait in WAITS:
                at[0] += wait - timedelta(seconds=1)
                assert send_outside(outgoing, [door], lambda: at[0]) == 0, "not before its time"
                assert street.sent().failures == ()
                at[0] += timedelta(seconds=1)
                assert send_outside(outgoing, [door], lambda: at[0]) == 1
            at[0] += timedelta(days=30)
            assert send_outside(outgoing, [door], lambda: at[0]) == 0
    assert marks(street, Channel.SMTP) == [("failed", "451 later")]


def letter_of(street: Street) -> UUID:
    with psycopg.connect(street.town.owner_url) as owner:
        row = owner.execute("select id from ringwall.outbox").fetchone()
    assert row is not None
    return UUID(str(row[0]))


def test_a_gateways_delivery_receipt_starts_the_term_and_the_message_is_handed_in_once(street: Street) -> None:
    with sms_gateway(Gateway()) as gateway:
        street.send_notice()
        drain(street.queue(sms(gateway)))
        assert marks(street, Channel.SMS) == [("sent", "queue 7")]
        assert street.notices()[-1].delivered_at is None
        heard = {"state": "delivered", "at": now().isoformat(), "proof": "DLR 1"}
        gateway.said = heard
        with outgoing_rows(street.town.owner_url) as outgoing:
            send_outside(outgoing, [sms(gateway)], lambda: now() + timedelta(minutes=2))
        drain(street.queue())
    assert marks(street, Channel.SMS) == [("sent", "queue 7"), ("delivered", "DLR 1")]
    assert street.notices()[-1].delivered_at == street.sent().delivered_at
    assert [text["to"] for text in gateway.sent.values()] == [PHONE]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from uuid import UUID
from ringwall.desk.message.send_outside import send_outside
from ringwall.shell.messages import MailServer, SmtpDoor
from ringwall.shell.messages.smtp import Transport
from ringwall.shell.store.post.outgoing import OutgoingRows, outgoing_rows

url, port, letter = sys.argv[1:]
OutgoingRows.settle = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
now = lambda: datetime.now(UTC)
door = SmtpDoor(MailServer("localhost", int(port), Transport.NONE, "n@insurer.example", receives=True), "", now)
with outgoing_rows(url) as outgoing:
    send_outside(outgoing, [door], now, letter=UUID(letter))
"""


def test_a_worker_killed_between_sending_and_recording_loses_nothing_and_the_clock_is_told_once(street: Street) -> None:
    with mail_server(MailServer()) as box:
        street.send_notice()
        arguments = [street.town.owner_url, str(box.port), str(letter_of(street))]
        died = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT, check=False)
        assert died.returncode == -9
        assert len(box.mails) == 1, "the mail has left"
        assert street.sent().delivered_at is None, "and nobody has written it down"
        for _ in range(2):
            drain(street.queue(smtp(box)))
    assert len(box.mails) == 2, "at least once"
    assert len(set(box.ids)) == 1, "under one Message-ID, so that the second copy is known as one"
    assert marks(street, Channel.SMTP) == [("sent", FINAL), ("delivered", FINAL)]
    assert len(street.notices()) == 2, "sent, and delivered once"


def test_two_workers_do_not_carry_the_same_parcel(street: Street) -> None:
    with mail_server(MailServer()) as box:
        street.send_notice()
        letter = letter_of(street)
        url, door = street.town.owner_url, smtp(box)
        with outgoing_rows(url) as one, outgoing_rows(url) as other:
            for outgoing in itertools.islice(itertools.cycle((one, other)), 4):
                send_outside(outgoing, [door], now, letter=letter)
            with one.alone(Channel.SMTP), psycopg.connect(url) as third:
                held = third.execute("select pg_try_advisory_lock(hashtextextended('sending:smtp', 0))").fetchone()
                assert held == (False,)
    assert len(box.mails) == 1


def test_a_message_and_its_receipts_are_seen_by_addressee_and_sender_and_by_nobody_else(street: Street) -> None:
    street.send_notice()
    message, town = street.sent(), street.town
    with street.open_office(town.insured) as office:
        assert [each.id for each in office.post.inbox()] == [message.id]
        assert office.post.unread() == 1
        assert office.post.sent() == ()
        open_message(office, message.id, by="林", at=AT)
        assert office.post.unread() == 0
    with street.open_office(town.lead) as office:
        assert office.post.inbox() == ()
        assert isinstance(open_message(office, message.id, by="主承", at=AT), Refusal), "a sender opens nothing"
    for stranger in (town.follower, *town.strangers.values()):
        with street.open_office(stranger) as office:
            assert (office.post.inbox(), office.post.sent(), office.post.sent(town.object_id)) == ((), (), ())
            assert office.post.received(message.id) is None
        with acting_for(town.pool, stranger) as connection:
            assert connection.execute("select * from ringwall.message_receipt").fetchall() == []


FORGED = (
    "insert into ringwall.message_receipt (message_id, owner_id, sender_id, channel, mark, at, proof) "
    "values (%s, %s, %s, %s, %s, now(), 'forged')"
)


@pytest.mark.parametrize(
    ("who", "channel", "mark"),
    [
        ("lead", "inbox", "read"),
        ("follower", "inbox", "read"),
        ("insured", "smtp", "delivered"),
        ("insured", "inbox", "failed"),
    ],
)
def test_nobody_writes_a_receipt_that_is_not_its_own_to_give(street: Street, who: str, channel: str, mark: str) -> None:
    street.send_notice()
    message, acting = street.sent(), getattr(street.town, who)
    for owner in {acting, street.town.insured}:
        with pytest.raises(errors.InsufficientPrivilege), acting_for(street.town.pool, acting) as connection:
            connection.execute(FORGED, (message.id, owner, street.town.lead, channel, mark))


def test_a_receipt_is_a_link_of_the_addressees_audit_chain_and_is_never_changed(street: Street) -> None:
    street.send_notice()
    town = street.town
    for statement in ("update ringwall.message_receipt set at = now()", "delete from ringwall.message_receipt"):
        with (
            pytest.raises(errors.InsufficientPrivilege),
            acting_for(street.town.pool, street.town.insured) as connection,
        ):
            connection.execute(statement.encode())
    with acting_for(town.pool, town.insured) as connection:
        nouns = [row["noun"] for row in connection.execute("select noun from ringwall.audit_entry")]
    assert "message_receipt" in nouns


def test_both_ways_out_carry_the_same_letter(street: Street) -> None:
    with mail_server(MailServer()) as box, sms_gateway(Gateway()) as gateway:
        doors: list[MessageDoor] = [smtp(box), sms(gateway)]
        street.send_notice()
        drain(street.queue(*doors))
    assert (len(box.mails), len(gateway.sent)) == (1, 1)
