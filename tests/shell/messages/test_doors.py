"""The ways out, each against a real server on this machine: what it says is what is kept as proof."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from tests.shell.messages.parcels import LATER, MESSAGE, WRITTEN_AT, parcel
from tests.shell.messages.servers import FINAL, Gateway, MailServer, mail_server, sms_gateway

from ringwall.basics import Refusal
from ringwall.desk.doors import Carried, Outcome, Parcel
from ringwall.monitoring import Channel, DeliveryReceipt, Mark
from ringwall.shell.messages import MailServer as Server
from ringwall.shell.messages import SmsDoor, SmsGateway, SmtpDoor, message_doors
from ringwall.shell.messages.smtp import Transport
from ringwall.shell.probes.lab.certificates import server_context, server_pem

LIN, WANG = "lin@factory.example", "wang@factory.example"
PORTAL = "https://portal.example"


def smtp(box: MailServer, *, receives: bool = True, **more: str) -> SmtpDoor:
    transport = Transport.STARTTLS if box.tls else Transport.NONE
    server = Server("localhost", box.port, transport, "notices@insurer.example", receives=receives, **more)
    return SmtpDoor(server, PORTAL, lambda: LATER, timeout=5)


def carried(door: SmtpDoor | SmsDoor, *parcels: Parcel) -> dict[str, Carried]:
    return {each.to: said for each, said in door.carry(parcels)}


def test_a_mail_in_the_box_is_delivered_and_the_final_reply_is_its_proof() -> None:
    with mail_server(MailServer()) as box:
        said = carried(smtp(box), parcel(LIN, Channel.SMTP))
    assert said == {LIN: Carried(Outcome.DELIVERED, LATER, LATER, FINAL)}
    (mail,) = box.mails
    assert mail["Subject"] == MESSAGE.subject.zh
    assert mail["Message-ID"] == f"<{MESSAGE.id}.{parcel(LIN, Channel.SMTP).person}@insurer.example>"
    body = mail.get_content()
    assert "请关闭 6379 端口。" in body
    assert f"{PORTAL}/inbox/{MESSAGE.id}" in body


def test_a_server_that_passes_mail_on_proves_no_delivery() -> None:
    with mail_server(MailServer()) as box:
        assert carried(smtp(box, receives=False), parcel(LIN, Channel.SMTP))[LIN].outcome is Outcome.HANDED_OVER


def test_a_batch_goes_over_one_connection_and_one_refusal_stops_nobody_else() -> None:
    refused = {LIN: "550 5.1.1 no such box"}
    with mail_server(MailServer(refused)) as box:
        said = carried(smtp(box), parcel(LIN, Channel.SMTP), parcel(WANG, Channel.SMTP, person=8))
    assert (said[LIN].outcome, said[LIN].proof) == (Outcome.REFUSED, "550 5.1.1 no such box")
    assert said[WANG].outcome is Outcome.DELIVERED
    assert box.connections == 1


def test_a_server_that_is_busy_puts_off() -> None:
    with mail_server(MailServer({LIN: "451 4.7.1 come back later"})) as box:
        assert carried(smtp(box), parcel(LIN, Channel.SMTP))[LIN].outcome is Outcome.PUT_OFF


@pytest.mark.parametrize("answer", ["drop", "drop after data"])
def test_a_server_that_drops_the_connection_puts_off_whatever_was_not_answered(answer: str) -> None:
    with mail_server(MailServer({WANG: answer})) as box:
        said = carried(
            smtp(box), *(parcel(to, Channel.SMTP, person=n) for n, to in enumerate((LIN, WANG, "x@y.example")))
        )
    assert [each.outcome for each in said.values()] == [Outcome.DELIVERED, Outcome.PUT_OFF, Outcome.PUT_OFF]


def test_nobody_at_the_address_puts_off() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = MailServer(port=taken.getsockname()[1])
        said = carried(smtp(nobody), parcel(LIN, Channel.SMTP))
    assert said[LIN].outcome is Outcome.PUT_OFF
    assert "refused" in said[LIN].proof.lower()


@pytest.mark.parametrize("to", ["lin", "lin@factory.example\r\nRCPT TO:<x@y.example>", "林@factory.example", ""])
def test_an_address_that_is_none_is_refused_before_the_server_hears_of_it(to: str) -> None:
    with mail_server(MailServer()) as box:
        said = carried(smtp(box), parcel(to, Channel.SMTP), parcel(WANG, Channel.SMTP, person=8))
    assert [each.outcome for each in said.values()] == [Outcome.REFUSED, Outcome.DELIVERED]
    assert len(box.mails) == 1
    assert not [line for line in box.commands if "x@y" in line]


def test_a_delivery_status_is_asked_for_where_the_server_offers_it() -> None:
    with mail_server(MailServer(extensions=("DSN",))) as box:
        carried(smtp(box), parcel(LIN, Channel.SMTP))
    key = parcel(LIN, Channel.SMTP).key
    assert [line for line in box.commands if line.endswith(f"RET=HDRS ENVID={key}")]
    assert [line for line in box.commands if line.endswith("NOTIFY=SUCCESS,FAILURE")]


def test_the_connection_is_encrypted_and_a_stranger_in_the_servers_place_gets_no_mail(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.write_bytes(server_pem("localhost", "self_signed"))
    with mail_server(MailServer(tls=server_context("localhost", "self_signed", "current"))) as box:
        good = carried(smtp(box, authority=str(authority)), parcel(LIN, Channel.SMTP))
        bad = carried(smtp(box), parcel(LIN, Channel.SMTP))
    assert good[LIN].outcome is Outcome.DELIVERED
    assert bad[LIN].outcome is Outcome.PUT_OFF
    assert "certificate" in bad[LIN].proof.lower()
    assert len(box.mails) == 1


def test_a_server_without_encryption_gets_no_mail_where_it_is_asked_for() -> None:
    with mail_server(MailServer()) as box:
        server = Server("localhost", box.port, Transport.STARTTLS, "notices@insurer.example")
        said = carried(SmtpDoor(server, "", lambda: LATER, timeout=5), parcel(LIN, Channel.SMTP))
    assert said[LIN].outcome is Outcome.PUT_OFF
    assert box.mails == []


PHONE = "+8613800000000"


def sms(gateway: Gateway) -> SmsDoor:
    return SmsDoor(SmsGateway(gateway.url, "secret"), PORTAL, lambda: LATER, timeout=5)


def test_the_gateway_gets_subject_and_link_under_a_key_that_stays_the_same() -> None:
    with sms_gateway(Gateway()) as gateway:
        one = parcel(PHONE, Channel.SMS)
        for _ in range(2):
            assert carried(sms(gateway), one)[PHONE] == Carried(Outcome.HANDED_OVER, LATER, LATER, "queue 7")
    assert gateway.sent == {
        one.key: {"to": PHONE, "text": f"{MESSAGE.subject.zh} 在门户中查看：{PORTAL}/inbox/{MESSAGE.id}"}
    }
    assert gateway.requests == [("PUT", f"/messages/{one.key}", "Bearer secret")] * 2


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "refused"), (401, "refused"), (429, "put_off"), (503, "put_off")]
)
def test_what_the_gateway_refuses_for_good_is_given_up_and_the_rest_is_put_off(status: int, outcome: str) -> None:
    with sms_gateway(Gateway(status)) as gateway:
        assert carried(sms(gateway), parcel(PHONE, Channel.SMS))[PHONE].outcome.value == outcome


def test_the_gateways_receipt_gives_the_instant_and_a_clock_that_cannot_be_right_gives_none() -> None:
    sent_at = WRITTEN_AT + timedelta(minutes=1)
    sent = DeliveryReceipt(Channel.SMS, Mark.SENT, PHONE, sent_at, "queue 7")
    good = WRITTEN_AT + timedelta(minutes=3)
    wrong = (WRITTEN_AT - timedelta(days=1), LATER + timedelta(days=1))
    for stated, believed in ((good, good), *((each, LATER) for each in wrong)):
        said = {"state": "delivered", "at": stated.isoformat(), "proof": "DLR 1"}
        with sms_gateway(Gateway(said=said)) as gateway:
            ((_, heard),) = sms(gateway).ask([parcel(PHONE, Channel.SMS, sent)])
        assert (heard.outcome, heard.ended_at, heard.proof) == (Outcome.DELIVERED, believed, "DLR 1")


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"state": "accepted"}, "silent"),
        ({"state": "failed", "proof": "no such number"}, "refused"),
        ({"state": "delivered"}, "silent"),
        ({"state": "delivered", "at": "soon"}, "silent"),
        ([], "silent"),
    ],
)
def test_what_the_gateway_says_besides_is_no_delivery(said: object, outcome: str) -> None:
    with sms_gateway(Gateway(said=said)) as gateway:  # type: ignore[arg-type]
        ((_, heard),) = sms(gateway).ask([parcel(PHONE, Channel.SMS)])
    assert heard.outcome.value == outcome


MAIL = {"RINGWALL_SMTP_HOST": "mail.example", "RINGWALL_SMTP_FROM": "notices@insurer.example"}
SMS = {"RINGWALL_SMS_URL": "https://sms.example/v1", "RINGWALL_SMS_KEY": "secret"}


def test_every_way_stays_shut_until_it_is_configured() -> None:
    def channels(environment: Mapping[str, str]) -> list[Channel]:
        doors = message_doors(environment, lambda: LATER)
        assert not isinstance(doors, Refusal)
        return [door.channel for door in doors]

    assert channels({}) == []
    assert channels(MAIL) == [Channel.SMTP]
    assert channels({**MAIL, **SMS}) == [Channel.SMTP, Channel.SMS]


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"RINGWALL_SMTP_FROM": ""}, "RINGWALL_SMTP_FROM"),
        ({"RINGWALL_SMTP_FROM": "nobody"}, "RINGWALL_SMTP_FROM"),
        ({"RINGWALL_SMTP_PORT": "high"}, "RINGWALL_SMTP_PORT"),
        ({"RINGWALL_SMTP_TLS": "perhaps"}, "RINGWALL_SMTP_TLS"),
        ({"RINGWALL_SMTP_TLS": "none"}, "RINGWALL_SMTP_TLS"),
        ({"RINGWALL_SMTP_CA": "/no/such/file"}, "RINGWALL_SMTP_CA"),
        ({"RINGWALL_SMS_URL": "http://sms.example"}, "RINGWALL_SMS_URL"),
        ({"RINGWALL_SMS_KEY": ""}, "RINGWALL_SMS_KEY"),
    ],
)
def test_half_a_configuration_is_refused_by_its_name(changed: Mapping[str, str], where: str) -> None:
    refused = message_doors({**MAIL, **SMS, **changed}, lambda: LATER)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("message_door_faulty", where)
