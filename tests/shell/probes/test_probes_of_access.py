"""What the probes of SSH, SMB, VNC, SMTP, weak ciphers and pages make of what they are shown."""

from __future__ import annotations

import asyncio
import struct
from datetime import timedelta

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT
from tests.shell.probes.lab.certificates import write_certificate
from tests.shell.probes.test_family import Scripted
from tests.shell.probes.test_probes_say import InTurn, Txt, page

from ringwall.shell.probes import Gate, Records, Target
from ringwall.shell.probes.fingerprints import portal_of_certificate
from ringwall.shell.probes.http_get import Response
from ringwall.shell.probes.names import mail, records
from ringwall.shell.probes.remote import smb, smb_messages, smtp, ssh, vnc
from ringwall.shell.probes.remote.ssh_transport import Offer
from ringwall.shell.probes.stores import mongodb
from ringwall.shell.probes.web import exposure, hello
from ringwall.shell.probes.web.page import read_front
from ringwall.shell.probes.web.tls import judge_certificate

PLACE = Target("a.test", "127.0.0.1", 1, AT)


def says(probe: object, gate: Gate, target: Target = PLACE) -> list[str]:
    return [seen.says for seen in asyncio.run(probe.look(target, gate))]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("banner", "said"),
    [
        (b"SSH-1.5-Cisco-1.25\r\n", ["version_1"]),
        (b"SSH-1.99-OpenSSH_4.3\r\n", ["version_1"]),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", ["version_2"]),
        (b"Welcome\r\nSSH-2.0-x\r\n", ["version_2"]),
        (b"220 ftp\r\n", ["not_ssh"]),
        (b"\xff\xfd\x18", ["not_ssh"]),
        (b"", ["not_ssh"]),
    ],
)
def test_ssh_is_told_by_its_greeting_where_it_breaks_off_after_it(banner: bytes, said: list[str]) -> None:
    assert says(ssh, Scripted(banner)) == said


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        (("publickey",), "keys_only"),
        (("publickey", "keyboard-interactive"), "questions_asked"),
        (("publickey", "keyboard-interactive", "password"), "password_offered"),
        (("none",), "open"),
    ],
)
def test_the_weakest_way_to_sign_in_is_told(methods: tuple[str, ...], said: str) -> None:
    assert ssh.sign_in(methods) == said


@pytest.mark.parametrize(
    ("exchanges", "ciphers", "macs", "weak"),
    [
        (("curve25519-sha256",), ("aes128-ctr",), ("hmac-sha2-256",), {}),
        (("diffie-hellman-group1-sha1",), ("aes128-ctr",), (), {"exchange_weak": "diffie-hellman-group1-sha1"}),
        ((), ("aes256-cbc", "arcfour"), ("hmac-md5",), {"cipher_weak": "aes256-cbc, arcfour", "mac_weak": "hmac-md5"}),
    ],
)
def test_weak_names_of_ssh_are_told(
    exchanges: tuple[str, ...], ciphers: tuple[str, ...], macs: tuple[str, ...], weak: dict[str, str]
) -> None:
    assert ssh.weaknesses(Offer(b"", exchanges, (), ciphers, macs)) == weak


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((b"RFB 003.008\n", b"\x01\x01"), ["open"]),
        ((b"RFB 003.008\n", b"\x02\x02\x10"), ["auth_required"]),
        ((b"RFB 003.003\n", b"\0\0\0\x01"), ["open"]),
        ((b"RFB 003.003\n", b"\0\0\0\x02"), ["auth_required"]),
        ((b"RFB 003.008\n", b"\0"), ["refused"]),
        ((b"RFB 003.008\n", b""), ["refused"]),
        ((b"RFB 003.003\n", b"\0\0\0\0"), ["refused"]),
        ((b"SSH-2.0-x\r\n",), ["not_vnc"]),
    ],
)
def test_a_remote_screen_is_told_by_what_it_asks(answers: tuple[bytes, ...], said: list[str]) -> None:
    assert says(vnc, InTurn(*answers)) == said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((b"220 mx ESMTP\r\n", b"250-mx\r\n250 STARTTLS\r\n"), ["tls_offered"]),
        ((b"220 mx ESMTP\r\n", b"250-mx\r\n250 8BITMIME\r\n"), ["clear_only"]),
        ((b"220 mx ESMTP\r\n", b"250 mx\r\n"), ["clear_only"]),
        ((b"220 ftp\r\n", b"500 Unknown command\r\n"), ["not_smtp"]),
        ((b"554 no\r\n",), ["not_smtp"]),
    ],
)
def test_a_mail_server_is_told_by_its_extensions(answers: tuple[bytes, ...], said: list[str]) -> None:
    assert says(smtp, InTurn(*answers)) == said


def mongo(elements: bytes) -> bytes:
    body = bytes(5) + (len(elements) + 5).to_bytes(4, "little") + elements + b"\x00"
    return (16 + len(body)).to_bytes(4, "little") + bytes(8) + (2013).to_bytes(4, "little") + body


def number(name: bytes, value: float) -> bytes:
    return b"\x01" + name + b"\x00" + struct.pack("<d", value)


INNER = b"\x03inner\x00\x0c\x00\x00\x00\x10a\x00\x01\x00\x00\x00\x00"
DENIED = b"\x02errmsg\x00\x03\x00\x00\x00no\x00\x10code\x00\x0d\x00\x00\x00"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (mongo(number(b"ok", 1)), "open"),
        (mongo(INNER + number(b"ok", 1)), "open"),
        (mongo(number(b"ok", 0) + DENIED), "auth_required"),
        (mongo(number(b"ok", 0) + b"\x10code\x00\x3b\x00\x00\x00"), "refused"),
        (mongo(b"\x7fodd\x00" + number(b"ok", 1)), "not_mongodb"),
        (mongo(b"\x03inner\x00\xff\xff\xff\x7f"), "not_mongodb"),
        (b"HTTP/1.0 200 OK\r\n\r\nIt looks like you are trying to access MongoDB over HTTP", "not_mongodb"),
        (b"", "not_mongodb"),
    ],
)
def test_a_document_store_is_told_by_its_answer(answer: bytes, said: str) -> None:
    assert says(mongodb, Scripted(answer)) == [said]


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_no_document_breaks_the_reader(elements: bytes) -> None:
    assert says(mongodb, Scripted(mongo(elements)))[0] in mongodb.SAYS


def smb2(body: bytes, status: int = 0) -> bytes:
    header = b"\xfeSMB" + bytes(4) + status.to_bytes(4, "little") + bytes(52)
    return smb_messages.framed(header + body)


def negotiated(mode: int) -> bytes:
    return smb2(b"\x41\x00" + mode.to_bytes(2, "little") + bytes(60))


NTLM = b"NTLMSSP\x00\x02\x00\x00\x00" + bytes(28) + b"\x04\x00\x04\x00\x30\x00\x00\x00" + bytes(4)
ASKED = smb2(bytes(8) + NTLM, smb_messages.STATUS_MORE)
OLD = smb_messages.framed(b"\xffSMB\x72" + bytes(4) + bytes(23) + b"\x11\x00\x00" + bytes(32))
NO_DIALECT = smb_messages.framed(b"\xffSMB\x72" + bytes(4) + bytes(23) + b"\x01\xff\xff\x00\x00")
IN_AS_GUEST, IN_AS_SOMEBODY = (smb2(bytes((9, 0, flags, 0)) + bytes(8)) for flags in (1, 0))
TURNED_AWAY = smb2(bytes(12), 0xC000006D)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((OLD, negotiated(1), ASKED, IN_AS_GUEST), ["signing_optional", "guest_allowed", "version_1"]),
        ((b"", negotiated(3), ASKED, TURNED_AWAY), ["signing_required", "guest_refused"]),
        ((NO_DIALECT, negotiated(3), ASKED, IN_AS_SOMEBODY), ["signing_required", "guest_refused"]),
        ((b"", negotiated(3), smb2(bytes(8), smb_messages.STATUS_MORE)), ["signing_required"]),
        ((b"", negotiated(3), b""), ["signing_required"]),
        ((OLD, b""), ["version_1"]),
    ],
)
def test_a_file_server_is_told_by_its_answers(answers: tuple[bytes, ...], said: list[str]) -> None:
    """A session that is neither a guest's nor nobody's would be somebody's, and is not called a guest's."""
    assert says(smb, InTurn(*answers)) == ["reachable", *said]


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"\0\0\0\x04\xfeSMB", smb2(bytes(8), 0xC0000001)])
def test_what_does_not_negotiate_is_no_file_server(answer: bytes) -> None:
    assert says(smb, Scripted(answer)) == ["not_smb"]


def server_hello(cipher: int) -> bytes:
    body = b"\x03\x03" + bytes(32) + b"\x02ab" + cipher.to_bytes(2) + b"\x00"
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (server_hello(0x0005), "RSA_RC4_128_SHA"),
        (server_hello(0xC006), "ECDHE_ECDSA_NULL_SHA"),
        (server_hello(0x1301), ""),
        (b"\x15\x03\x03\x00\x02\x02\x28", ""),
        (b"HTTP/1.1 400 Bad Request\r\n", ""),
        (b"", ""),
    ],
)
def test_a_weak_cipher_is_the_one_that_the_server_chose(answer: bytes, name: str) -> None:
    assert asyncio.run(hello.weak_cipher(PLACE, Scripted(answer), exposure.METHOD)) == name


@given(st.binary(max_size=60))
def test_no_answer_to_a_greeting_breaks_the_reader(answer: bytes) -> None:
    assert hello.chosen_cipher(b"\x16\x03\x03\x00\x3c\x02" + answer) >= -1


FRONTS = [
    (False, 200, {}, "<input type='password'>", {"login_in_clear", "headers_missing"}),
    (True, 200, {}, "<input type=password>", {"hsts_missing", "headers_missing"}),
    (True, 302, {"location": "http://a.test/"}, "", {"redirect_to_clear", "hsts_missing"}),
    (True, 302, {"location": "https://a.test/", "strict-transport-security": "max-age=1"}, "", set()),
    (False, 301, {"location": "https://a.test/"}, "", set()),
    (False, 404, {}, "", set()),
    (False, 404, {"server": "nginx/1.0"}, "", {"version_told"}),
    (False, 404, {"server": "cloudfront"}, "", set()),
    (False, 404, {"set-cookie": "a=1; Secure; HttpOnly\nb=2; secure"}, "", {"cookie_unprotected"}),
    (False, 404, {"set-cookie": "a=1; SECURE; httponly"}, "", set()),
    (False, 200, {"x-content-type-options": "nosniff", "x-frame-options": "DENY"}, "hello", set()),
    (False, 200, {"x-content-type-options": "nosniff", "content-security-policy": "frame-ancestors 'self'"}, "", set()),
    (False, 200, {}, "<title>Apache2 Debian Default Page: It works</title>", {"default_page_shown", "headers_missing"}),
]  # fmt: skip


@pytest.mark.parametrize(("tls", "status", "headers", "body", "said"), FRONTS)
def test_a_front_page_tells_of_its_care(
    tls: bool, status: int, headers: dict[str, str], body: str, said: set[str]
) -> None:
    assert {seen.says for seen in read_front(Response(status, headers, body.encode()), PLACE, "web", tls)} == said


def test_a_cookies_value_is_not_kept() -> None:
    (seen,) = read_front(Response(404, {"set-cookie": "session=secret"}, b""), PLACE, "web", False)
    assert seen.detail == "session"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(b"<title>phpMyAdmin</title>"), "admin_shown"),
        (page(b"there is no /phpmyadmin/ here"), "nothing_exposed"),
        (page(b"Active connections: 1 \n"), "status_exposed"),
        (page(b"<h1>Apache Server Status for a.test</h1>"), "status_exposed"),
        (page(b"", b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="Tomcat Manager"'), "admin_shown"),
        (page(b"", b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"'), "nothing_exposed"),
    ],
)
def test_pages_for_insiders_are_told_by_their_words(answer: bytes, said: str) -> None:
    assert said in says(exposure, Scripted(answer), Target("a.test", "127.0.0.1", 8080, AT))


def test_a_short_key_is_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "short.pem"
    write_certificate(path, "a.test", "short_key")
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    said = judge_certificate(certificate, "a.test", AT + timedelta(days=1))
    assert set(said) == {"certificate_current", "certificate_self_signed", "certificate_other_name", "key_short"}


@pytest.mark.parametrize(
    ("subject", "vendor"),
    [
        ("CN=FGT60E4Q16012345,O=Fortinet", "Fortinet SSL VPN"),
        ("CN=ASA Temporary Self Signed Certificate", "Cisco ASA"),
        ("CN=www.acme.test,O=Acme", ""),
    ],
)
def test_an_appliance_is_told_by_its_factory_certificate(subject: str, vendor: str) -> None:
    assert portal_of_certificate(subject) == vendor


class Answers(Txt):
    """A resolver that knows one answer for each kind of record."""

    def __init__(self, **kinds: tuple[str, ...]) -> None:
        super().__init__({})
        self.kinds = kinds

    async def look_up(self, name: str, kind: str) -> Records:
        return Records(name, self.kinds.get(kind, ()))


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({}, ["caa_missing", "servers_unknown"]),
        ({"NS": ("ns1.a.test",)}, ["caa_missing", "servers_single"]),
        ({"NS": ("ns1.a.test", "ns2.a.test"), "CAA": ('0 issue "x"',)}, ["caa_present", "servers_several"]),
    ],
)
def test_a_zones_records_are_counted(kinds: dict[str, tuple[str, ...]], said: list[str]) -> None:
    gate = Scripted(b"")
    gate.resolver = Answers(**kinds)
    assert says(records, gate, Target("a.test", "", 0, AT)) == said


@pytest.mark.parametrize(
    ("mx", "sts", "said"),
    [
        ((), (), set()),
        (("mx.a.test",), (), {"mta_sts_missing"}),
        (("mx.a.test",), ("v=STSv1; id=1",), {"mta_sts_present"}),
        (("mx.a.test",), ("v=STSv1; id=1", "v=STSv1; id=2"), {"mta_sts_missing"}),
    ],
)
def test_mta_sts_is_asked_of_a_domain_that_takes_mail(
    mx: tuple[str, ...], sts: tuple[str, ...], said: set[str]
) -> None:
    gate = Scripted(b"")
    gate.resolver = Txt({"_mta-sts.a.test": sts}, mx)
    found = set(says(mail, gate, Target("a.test", "", 0, AT)))
    assert {word for word in found if word.startswith("mta_sts")} == said
