"""A mail server's delivery status: matched to the mail that left, kept with its words, never taken twice."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.messages.conftest import LIN, PHONE, Street
from tests.shell.messages.servers import Gateway, MailServer, mail_server, sms_gateway
from tests.shell.messages.test_message_office import OpenHouse, asked
from tests.shell.messages.test_on_the_way import marks, now, sms

from ringwall.basics import Refusal
from ringwall.desk.doors import Outcome
from ringwall.desk.message.take_status import DeliveryStatus
from ringwall.desk.monitoring.alerts_of import _undelivered
from ringwall.desk.monitoring.known_of import KnownOf
from ringwall.monitoring import AlertKind, Channel, Mark
from ringwall.shell.cli import Refused
from ringwall.shell.jobs.queue import drain
from ringwall.shell.messages import MailServer as Server
from ringwall.shell.messages import SmtpDoor, read_statuses, returns_box
from ringwall.shell.messages.smtp import Transport

KEY = f"{UUID(int=1)}.{UUID(int=9)}"
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
DSN = ("8BITMIME", "DSN")


def relay(box: MailServer) -> SmtpDoor:
    """A server that passes mail on: its final reply proves no delivery."""
    return SmtpDoor(Server("localhost", box.port, Transport.NONE, "n@insurer.example"), "", now)


def notification(
    key: str,
    recipient: str,
    action: str = "delivered",
    *,
    status: str = "2.0.0",
    diagnostic: str = "250 2.0.0 kept in the box",
    at: datetime | None = AT,
    envelope: bool = True,
    returned: str = "headers",
) -> bytes:
    """As RFC 3464 has it: words for people, the fields, and the headers or the whole mail that is sent back."""
    fields = ["Reporting-MTA: dns; mx.example", *([f"Original-Envelope-Id: {key}"] if envelope else [])]
    block = [f"Final-Recipient: rfc822; {recipient}", f"Action: {action}", f"Status: {status}"]
    block += [f"Diagnostic-Code: smtp; {diagnostic}"] if diagnostic else []
    block += [f"Last-Attempt-Date: {format_datetime(at)}"] if at else []
    headers = [f"Message-ID: <{key}@insurer.example>", "Subject: x"]
    back = {
        "headers": ["Content-Type: text/rfc822-headers", "", *headers],
        "mail": ["Content-Type: message/rfc822", "", *headers, "", "x"],
    }
    parts = [
        ["Content-Type: text/plain; charset=utf-8", "", "Your message was dealt with."],
        ["Content-Type: message/delivery-status", "", *fields, "", *block, ""],
        *([back[returned]] if returned in back else []),
    ]
    head = [
        "From: MAILER-DAEMON@mx.example",
        "To: n@insurer.example",
        "Subject: Returned",
        f"Date: {format_datetime(AT + timedelta(minutes=3))}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
    ]
    lines = [*head, *(line for part in parts for line in ("--b", *part)), "--b--", ""]
    return "\r\n".join(lines).encode()


def one(content: bytes) -> DeliveryStatus:
    found = read_statuses(content, "dsn")
    assert not isinstance(found, Refusal), found
    (status,) = found
    return status


@pytest.mark.parametrize(("envelope", "returned"), [(True, "nothing"), (False, "headers"), (False, "mail")])
def test_a_notification_names_its_parcel_by_envelope_or_by_the_headers_sent_back(envelope: bool, returned: str) -> None:
    content = notification(KEY, LIN, envelope=envelope, returned=returned)
    status = one(content)
    assert (status.key, status.recipient, status.outcome, status.at) == (KEY, LIN, Outcome.DELIVERED, AT)
    digest = hashlib.sha256(content).hexdigest()
    assert status.said == f"2.0.0; 250 2.0.0 kept in the box; mx.example; SHA-256 {digest}"


def test_without_an_instant_of_its_own_the_notification_s_date_counts() -> None:
    assert one(notification(KEY, LIN, at=None)).at == AT + timedelta(minutes=3)


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded", "unheard-of"])
def test_what_proves_neither_delivery_nor_failure_says_nothing(action: str) -> None:
    assert read_statuses(notification(KEY, LIN, action), "dsn") == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "status_unreadable"),
        (b"From: a@b.example\r\nSubject: out of office\r\n\r\nback on Monday\r\n", "status_unreadable"),
        (notification("of-others", LIN), "status_of_nobody"),
        (notification(KEY, LIN, envelope=False, returned="nothing"), "status_of_nobody"),
    ],
)
def test_what_is_no_notification_of_ours_is_refused(content: bytes, code: str) -> None:
    refusal = read_statuses(content, "mail.eml")
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.where) == (code, "mail.eml")


@given(
    content=st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: notification(KEY, LIN)[:600] + text.encode())
)
def test_whatever_stands_in_a_mail_is_read_or_refused(content: bytes) -> None:
    assert isinstance(read_statuses(content, "x"), Refusal | tuple)


def envelope_of(box: MailServer) -> str:
    """As our own run has told the server."""
    found = next(re.search(r"ENVID=(\S+)", line) for line in box.commands if line.startswith("MAIL") or "ENVID" in line)
    assert found is not None
    return found[1]


def maildir(folder: Path, **mails: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for name, content in mails.items():
        (folder / "new" / name).write_bytes(content)
    return folder


def test_a_delivery_is_proved_by_the_server_s_answer_and_starts_the_clock(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with mail_server(MailServer(extensions=DSN)) as box:
        street.send_notice()
        drain(street.queue(relay(box)))
        assert [mark for mark, _ in marks(street, Channel.SMTP)] == ["sent"], "passed on, and not yet delivered"
        key, house = envelope_of(box), OpenHouse(street, relay(box))
        content = notification(key, LIN.upper(), at=now())
        place = maildir(tmp_path / "returns", a=content, b=b"Subject: out of office\r\n\r\nback on Monday")
        assert asked(monkeypatch, house, act="read", box=place) == 0
        said = json.loads(capsys.readouterr().out)
        assert [(each["parcel"], each["mark"], each["is_new"]) for each in said["taken"]] == [(key, "delivered", True)]
        assert [each["code"] for each in said["refusals"]] == ["status_unreadable"]
        assert sorted(file.name for file in (place / "cur").iterdir()) == ["a:2,S", "b:2,F"]
        assert list((place / "new").iterdir()) == []
        again = place / "cur" / "a:2,S"
        asked(monkeypatch, house, act="read", box=again)
        assert [each["is_new"] for each in json.loads(capsys.readouterr().out)["taken"]] == [False]
        drain(street.queue(relay(box)))
    (proof,) = (proof for mark, proof in marks(street, Channel.SMTP) if mark == "delivered")
    assert hashlib.sha256(content).hexdigest() in proof
    assert street.notices()[-1].delivered_at == street.sent().delivered_at
    assert len(street.notices()) == 2, "sent, and delivered once"


def test_a_failure_is_kept_with_its_words_opens_the_next_channel_and_raises_an_alert(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with mail_server(MailServer(extensions=DSN)) as box, sms_gateway(Gateway()) as gateway:
        street.send_notice()
        drain(street.queue(relay(box)))
        key, file = envelope_of(box), tmp_path / "failed.eml"
        file.write_bytes(notification(key, LIN, "failed", status="5.1.1", diagnostic="550 no such box", at=now()))
        house = OpenHouse(street, relay(box), sms(gateway))
        asked(monkeypatch, house, act="read", box=file)
        (taken,) = json.loads(capsys.readouterr().out)["taken"]
        assert (taken["mark"], taken["next_channel"]) == ("failed", "sms")
        assert file.exists(), "a file that was named stays where it is"
        with street.open_office(street.town.lead) as office:
            (alert,) = _undelivered(KnownOf(office, street.town.object_id, "S", now() + timedelta(minutes=1)))
        assert alert.kind is AlertKind.MESSAGE
        assert "550 no such box" in alert.because.en
        asked(monkeypatch, house, act="dead")
        (dead,) = json.loads(capsys.readouterr().out)["dead"]
        assert dead["reason"].startswith("5.1.1; 550 no such box; mx.example; SHA-256 ")
        asked(monkeypatch, house, act="send")
        assert [text["to"] for text in gateway.sent.values()] == [PHONE]
    assert street.sent().delivered_at is None


def test_the_worker_reads_the_configured_maildir_every_minute_and_leaves_the_rest_for_a_person(
    street: Street, tmp_path: Path
) -> None:
    with mail_server(MailServer(extensions=DSN)) as box:
        street.send_notice()
        drain(street.queue(relay(box)))
        place = maildir(tmp_path / "returns", b=b"Subject: out of office\r\n\r\nback on Monday")
        queue = street.queue(relay(box), returns=place)
        crons = {task.task.name: task.cron for task in queue.periodic_registry.periodic_tasks.values()}
        assert crons["read_answers"] == "* * * * *"
        for arrived in ("a", "c"):
            (place / "new" / arrived).write_bytes(notification(envelope_of(box), LIN, at=now()))
            asyncio.run(queue.tasks["read_answers"].func(timestamp=0))
            drain(queue)
    assert sorted(file.name for file in (place / "cur").iterdir()) == ["a:2,S", "b:2,F", "c:2,S"]
    assert [mark for mark, _ in marks(street, Channel.SMTP)] == ["sent", "delivered"]
    assert len(street.notices()) == 2, "sent, and delivered once, though two notifications say so"


def test_without_a_configured_box_the_worker_reads_nothing(street: Street) -> None:
    street.send_notice()
    drain(street.queue())
    asyncio.run(street.queue().tasks["read_answers"].func(timestamp=0))
    assert street.sent().receipt(Mark.DELIVERED) is None


def test_a_box_is_configured_by_the_environment_and_refused_where_it_is_no_maildir(tmp_path: Path) -> None:
    place = maildir(tmp_path / "returns")
    assert returns_box({}) is None
    assert returns_box({"RINGWALL_SMTP_RETURNS": str(place)}) == place
    refused = returns_box({"RINGWALL_SMTP_RETURNS": str(tmp_path)})
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("message_door_faulty", "RINGWALL_SMTP_RETURNS")


def test_the_command_reads_the_configured_box_when_none_is_named(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    place = maildir(tmp_path / "returns", a=notification(KEY, LIN))
    asked(monkeypatch, OpenHouse(street), {"RINGWALL_SMTP_RETURNS": str(place)}, act="read")
    assert [each["code"] for each in json.loads(capsys.readouterr().out)["refusals"]] == ["status_unknown"]


def test_a_notification_about_another_address_or_mail_proves_nothing(
    street: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with mail_server(MailServer(extensions=DSN)) as box:
        street.send_notice()
        drain(street.queue(relay(box)))
        other = notification(envelope_of(box), "somebody@else.example", at=now())
        place = maildir(tmp_path / "returns", a=other, b=notification(KEY, LIN))
        asked(monkeypatch, OpenHouse(street, relay(box)), act="read", box=place)
    codes = [each["code"] for each in json.loads(capsys.readouterr().out)["refusals"]]
    assert codes == ["status_other_address", "status_unknown"]
    assert street.sent().receipt(Mark.DELIVERED) is None


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_server_s_wrong_clock_starts_no_term_before_sending_nor_after_reading(
    street: Street, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hours: int
) -> None:
    with mail_server(MailServer(extensions=DSN)) as box:
        street.send_notice()
        drain(street.queue(relay(box)))
        file = tmp_path / "dsn.eml"
        file.write_bytes(notification(envelope_of(box), LIN, at=now() + timedelta(hours=hours)))
        asked(monkeypatch, OpenHouse(street, relay(box)), act="read", box=file)
    sent, delivered = street.sent().sent_at, street.sent().receipt(Mark.DELIVERED)
    assert sent is not None
    assert delivered is not None
    smtp_sent = next(each.at for each in street.sent().receipts if each.channel is Channel.SMTP)
    assert smtp_sent <= delivered.at <= now()


def test_a_box_that_is_not_there_is_refused(street: Street, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        asked(monkeypatch, OpenHouse(street), act="read", box=tmp_path / "nowhere")
    assert refused.value.refusals[0].code == "box_missing"
