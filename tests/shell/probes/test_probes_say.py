"""What single probes make of what they are shown: tables of the words of the real protocols."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT
from tests.shell.probes.test_family import Scripted

from ringwall.shell.probes import Gate, Probe, Records, Target
from ringwall.shell.probes.fingerprints import mail_provider, portal_of
from ringwall.shell.probes.http_get import read_response
from ringwall.shell.probes.lab.certificates import server_pem
from ringwall.shell.probes.names import mail, zone
from ringwall.shell.probes.remote import ftp, rdp, telnet
from ringwall.shell.probes.stores import elasticsearch, memcached, postgres, redis
from ringwall.shell.probes.web import exposure
from ringwall.shell.probes.web.tls import judge_certificate


def page(body: bytes, head: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return head + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body


ANSWERS = [
    (rdp, bytes.fromhex("030000130ed00000123400 0300080005000000"), "nla_required"),
    (rdp, bytes.fromhex("030000130ed00000123400 0300080006000000"), "nla_required"),
    (rdp, bytes.fromhex("030000130ed00000123400 0300080002000000"), "nla_not_required"),
    (rdp, bytes.fromhex("030000130ed00000123400 021f080001000000"), "nla_not_required"),
    (rdp, bytes.fromhex("0300000b06d00000123400"), "nla_not_required"),
    (rdp, bytes.fromhex("0300000b06800000000001"), "not_rdp"),
    (rdp, b"SSH-2.0-OpenSSH_9.2p1\r\n", "not_rdp"),
    (rdp, b"", "not_rdp"),
    (redis, b"-NOAUTH Authentication required.\r\n", "auth_required"),
    (redis, b"-DENIED Redis is running in protected mode\r\n", "auth_required"),
    (redis, b"-ERR unknown command\r\n", "not_redis"),
    (redis, b"+PONG\r\n", "open"),
    (memcached, b"VERSION 1.6.18\r\n", "open"),
    (memcached, b"CLIENT_ERROR unauthenticated\r\n", "auth_required"),
    (memcached, b"ERROR\r\n", "not_memcached"),
    (elasticsearch, page(b'{"cluster_name":"c","version":{"number":"8.1.0"}}'), "open"),
    (elasticsearch, page(b'{"status":401}', b"HTTP/1.1 401 Unauthorized"), "auth_required"),
    (elasticsearch, page(b"<html>hello</html>"), "not_elasticsearch"),
    (elasticsearch, b"SSH-2.0-x\r\n", "not_elasticsearch"),
    (postgres, b"R\0\0\0\x08\0\0\0\0", "open"),
    (postgres, b"R\0\0\0\x08\0\0\0\x03", "auth_required"),
    (postgres, b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0", "auth_required"),
    (postgres, b"E\0\0\0\x5dSFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry\0\0", "auth_required"),
    (postgres, b"RFB 003.008\n", "not_postgres"),
    (telnet, bytes([255, 253, 24]), "login_in_clear"),
    (telnet, b"\r\nUser Access Verification\r\n\r\nUsername: ", "login_in_clear"),
    (telnet, b"SSH-2.0-OpenSSH_9.2p1\r\n", "not_telnet"),
    (ftp, b"220 mail.jiangkou.test ESMTP\r\n502 unimplemented\r\n", "not_ftp"),
    (ftp, b"SSH-2.0-x\r\n", "not_ftp"),
    (exposure, page(b"ref: refs/heads/main\n"), "git_exposed"),
    (exposure, page(b"9fceb02d0ae598e95dc970b74767f19372d61af8\n"), "git_exposed"),
    (exposure, page(b"<html>ref: refs/heads/main</html>"), "nothing_exposed"),
    (exposure, page(b"ref: refs/heads/main\n", b"HTTP/1.1 404 Not Found"), "nothing_exposed"),
    (exposure, page(b"APP_KEY=x\nDB_HOST=y\n"), "env_exposed"),
    (exposure, page(b"<html>\nAPP_KEY=x\n</html>"), "nothing_exposed"),
    (exposure, page(b"<title>Index of /</title>"), "listing_exposed"),
    (exposure, b"not http at all", "not_http"),
]


@pytest.mark.parametrize(("probe", "answer", "says"), ANSWERS)
def test_a_probe_reads_its_protocol(probe: Probe, answer: bytes, says: str) -> None:
    """Every connection of the look gets the same answer; a word that it leads to is among what is said."""
    target = Target("a.test", "127.0.0.1", 8080 if probe is exposure else probe.PORTS[0], AT)
    seen = asyncio.run(probe.look(target, Scripted(answer)))
    assert says in {observation.says for observation in seen}


@pytest.mark.parametrize(
    ("info", "says", "detail"),
    [
        (b"$32\r\n# Server\r\nredis_version:6.2.6\r\n\r\n", "open", "redis 6.2.6"),
        (b"-ERR unknown command 'INFO'\r\n", "open", ""),
        (b"-NOPERM this user has no permissions\r\n", "auth_required", ""),
    ],
)
def test_a_redis_that_takes_commands_from_anybody_is_open(info: bytes, says: str, detail: str) -> None:
    seen = asyncio.run(redis.look(Target("a.test", "127.0.0.1", 6379, AT), InTurn(b"+PONG\r\n", info)))
    assert [(s.says, s.detail) for s in seen] == [(says, detail)]


CLEAR = (b"220 ready\r\n", b"500 Unknown command.\r\n")
TLS = (b"220 ready\r\n", b"234 Proceed.\r\n")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((b"220 ready\r\n", b"331 password?\r\n", b"230 welcome\r\n", *CLEAR), ["anonymous_allowed", "clear_only"]),
        ((b"220-two\r\n220 lines\r\n", b"230 welcome\r\n", *TLS), ["anonymous_allowed", "tls_offered"]),
        ((b"220 ready\r\n", b"331 password?\r\n", b"530 no\r\n", *CLEAR), ["login_required", "clear_only"]),
        ((b"220 ready\r\n", b"530 TLS first\r\n", *TLS), ["login_required", "tls_offered"]),
        ((b"220 ready\r\n", b"530 no\r\n", b"421 too many\r\n", b""), ["login_required"]),
        ((b"220 mail.a.test ESMTP\r\n", b"502 command not implemented\r\n"), ["not_ftp"]),
        ((b"",), ["not_ftp"]),
    ],
)
def test_ftp_is_told_by_its_answers(answers: tuple[bytes, ...], says: list[str]) -> None:
    seen = asyncio.run(ftp.look(Target("a.test", "127.0.0.1", 2121, AT), InTurn(*answers)))
    assert [s.says for s in seen] == says


class InTurn(Scripted):
    """One connection whose side answers each question in turn."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(b"")
        self._answers = list(answers)

    def open(self, *_: object, **__: object):  # type: ignore[no-untyped-def, override]
        return _Turns(self._answers)


class _Turns:
    def __init__(self, answers: list[bytes]) -> None:
        self._answers = answers

    async def __aenter__(self) -> _Turns:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def send(self, _question: bytes) -> None: ...

    async def ask(self, _question: bytes) -> bytes:
        return self._answers.pop(0)

    async def read_until(self, _enough: object) -> bytes:
        return self._answers.pop(0)


class Txt:
    """A resolver that knows TXT and MX records only."""

    def __init__(self, txt: dict[str, tuple[str, ...]], mx: tuple[str, ...] = ()) -> None:
        self.txt, self.mx = txt, mx

    async def look_up(self, name: str, kind: str) -> Records:
        return Records(name, self.txt.get(name, ()) if kind == "TXT" else self.mx if kind == "MX" else ())


@pytest.mark.parametrize(
    ("spf", "says"),
    [
        (("v=spf1 mx -all",), "spf_hard"),
        (("v=spf1 include:x.test ~ALL",), "spf_soft"),
        (("v=spf1 mx ?all",), "spf_open"),
        (("v=spf1 mx",), "spf_open"),
        (("v=spf1 redirect=_spf.x.test",), "spf_redirected"),
        (("v=spf10 -all", "google-site-verification=1"), "spf_missing"),
        (("v=spf1 -all", "v=spf1 mx -all"), "spf_invalid"),
    ],
)
def test_spf_is_read_to_its_end(spf: tuple[str, ...], says: str) -> None:
    assert says in mail_words(Txt({"a.test": spf}))


@pytest.mark.parametrize(
    ("dmarc", "says"),
    [
        (("v=DMARC1; p=reject",), "dmarc_enforced"),
        (("v=DMARC1;p=quarantine;pct=50",), "dmarc_enforced"),
        (("v=DMARC1; p=none; sp=reject",), "dmarc_watching"),
        (("v=DMARC1; sp=reject",), "dmarc_invalid"),
        (("v=DMARC1; p=reject", "v=DMARC1; p=none"), "dmarc_invalid"),
        (("v=spf1 -all",), "dmarc_missing"),
        ((), "dmarc_missing"),
    ],
)
def test_dmarc_is_read_to_its_policy(dmarc: tuple[str, ...], says: str) -> None:
    assert says in mail_words(Txt({"_dmarc.a.test": dmarc}))


def test_a_name_without_a_policy_of_its_own_has_its_parents() -> None:
    assert "dmarc_enforced" in mail_words(Txt({"_dmarc.a.test": ("v=DMARC1; p=reject",)}), "mail.dept.a.test")
    assert "dmarc_missing" in mail_words(Txt({"_dmarc.test": ("v=DMARC1; p=reject",)}))


def mail_words(resolver: Txt, domain: str = "a.test") -> set[str]:
    gate = Gate(None, (), resolver, lambda: AT)
    return {seen.says for seen in asyncio.run(mail.look(Target(domain, "", 0, AT), gate))}


@pytest.mark.parametrize(
    ("exchanges", "provider"),
    [
        (("a-test.mail.protection.outlook.com",), "Microsoft 365"),
        (("mxbiz1.qq.com", "mxbiz2.qq.com"), "Tencent Exmail"),
        (("mx.notqq.com",), "own"),
        (("mail.a.test",), "own"),
        ((), ""),
    ],
)
def test_the_mail_provider_is_read_from_the_exchanges(exchanges: tuple[str, ...], provider: str) -> None:
    assert mail_provider(exchanges) == provider


@pytest.mark.parametrize(
    ("headers", "body", "vendor"),
    [
        ({}, '<script src="/remote/fgt_lang?lang=en"></script>', "Fortinet SSL VPN"),
        ({"location": "/+CSCOE+/logon.html"}, "", "Cisco ASA"),
        ({"location": "https://vpn.a.test/dana-na/auth/url_default/welcome.cgi"}, "", "Ivanti Connect Secure"),
        ({"set-cookie": "a=1\nNSC_AAAC=xyz; path=/"}, "", "Citrix Gateway"),
        ({}, "<title>Welcome</title>", ""),
    ],
)
def test_a_portal_is_told_by_its_own_marks(headers: dict[str, str], body: str, vendor: str) -> None:
    assert portal_of(headers, body) == vendor


def test_a_certificate_is_judged_by_the_date_of_the_look() -> None:
    certificate = x509.load_pem_x509_certificate(server_pem("mail.a.test", "expired"))
    end = certificate.not_valid_after_utc
    for at, says in (
        (end, "certificate_current"),
        (end + timedelta(seconds=1), "certificate_expired"),
        (certificate.not_valid_before_utc - timedelta(seconds=1), "certificate_not_yet_valid"),
    ):
        assert judge_certificate(certificate, "mail.a.test", at) == (says,)
    assert "certificate_other_name" in judge_certificate(certificate, "a.test", end)


def test_the_certificates_of_the_lab_are_the_same_at_every_start() -> None:
    assert server_pem("a.test", "current") == server_pem("a.test", "current")
    assert server_pem("a.test", "current") != server_pem("b.test", "current")
    assert ssl.PEM_cert_to_DER_cert(server_pem("a.test", "expired").decode().partition("-----BEGIN PRIVATE")[0])


def test_a_chunked_body_is_put_together() -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nref:\r\n5;x=1\r\n a/b\n\r\n0\r\n\r\n"
    response = read_response(raw)
    assert response is not None
    assert response.body == b"ref: a/b\n"


class Zone(Scripted):
    """A gate to a name server that answers a transfer with given bytes."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(answer)
        self.resolver = OneServer()


class OneServer:
    async def look_up(self, name: str, kind: str) -> Records:
        return Records(name, {"NS": ("ns1.a.test",), "A": ("127.0.0.1",)}.get(kind, ()))


@given(st.binary(max_size=60))
def test_a_name_server_that_answers_nonsense_hands_nothing_out(answer: bytes) -> None:
    framed = len(answer).to_bytes(2) + answer
    for spoken in (answer, framed):
        seen = asyncio.run(zone.look(Target("a.test", "", 0, AT), Zone(spoken)))
        assert [s.says for s in seen] == ["transfer_refused", "recursion_refused"]
