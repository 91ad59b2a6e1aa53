"""Make our own EVE sample: small servers and clients talk across two network namespaces, Suricata reads the capture.

Run as root where iproute2, tcpdump and Suricata 7 are installed: `python tools/make_eve_sample.py`. Every packet is
real; only the clock is moved: a conversation is set to its time in the story and its packets follow half a millisecond
apart, so that two runs give nearly the same sample (sizes of acknowledged pieces and TLS randoms remain).
Where namespaces are refused, the addresses are put on `lo` for the length of the run.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TARGET = Path(__file__).parent.parent / "src/ringwall/catalogue/lab/eve.ndjson"
MOST_BYTES = 400_000
FIRST_PORT = 20_000
WAIT_SECONDS = 30.0
PCAP_HEAD = 24
STEP_MICROS = 500

INSURED = "jiangkou.test"
RESOLVER, CLOCK = "192.0.2.53", "192.0.2.123"
MAIL, PORTAL, FILES = "10.41.0.25", "10.41.0.21", "10.41.0.30"
GATEWAY, PLANT_PANEL = "10.41.0.7", "10.41.5.9"
OFFICE = ("10.41.2.11", "10.41.2.12", "10.41.3.15", "10.41.3.22")
STRANGE_PC = "10.41.2.44"
SUPPLIER, SHOP, CONTROLLER, DROP = "203.0.113.80", "203.0.113.81", "203.0.113.66", "198.51.100.200"
CUSTOMERS = ("198.51.100.77", "198.51.100.78", "198.51.100.79")
PROBER = "192.0.2.99"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"

FIRST_DAY = datetime(2026, 2, 27, tzinfo=UTC)
STRANGE_DAY = datetime(2026, 2, 27, 16, tzinfo=UTC)
"""Midnight of 28 February in Shanghai: the beacon calls all through this local day."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: who calls whom, when in the story, and about what."""

    kind: str
    client: str
    server: str
    server_port: int
    at: datetime
    about: tuple[str, ...] = ()
    port: int = 0

    @property
    def datagrams(self) -> bool:
        return self.kind in {"dns", "clock"}


def story() -> tuple[Talk, ...]:
    """The same talks on every run; the source port tells each one apart in the capture."""
    rng = random.Random(41)
    talks = [*ordinary(rng), *servers_of_the_insured(rng), *strange(rng)]
    ordered = sorted(talks, key=lambda talk: talk.at)
    return tuple(replace(talk, port=FIRST_PORT + number) for number, talk in enumerate(ordered))


def ordinary(rng: random.Random) -> Iterator[Talk]:
    """Three working days of an office: names, pages, mail, the clock."""
    names = ("www", "erp", "mail", "img", "cdn7", "login", "files", "news")
    for day in range(3):
        morning = FIRST_DAY + timedelta(days=day, hours=1)
        for host in OFFICE:
            at = morning + timedelta(minutes=rng.randrange(480))
            asked = tuple(f"{name}.supplier-{day}.example" for name in rng.sample(names, 2))
            yield Talk("dns", host, RESOLVER, 53, at, asked)
            yield Talk("page", host, SHOP, 80, at + timedelta(seconds=2), ("shop.example", BROWSER))
            yield Talk("tls", host, SUPPLIER, 443, at + timedelta(minutes=rng.randrange(90)), ("erp.supplier.example",))
        for hour in range(0, 8, 2):
            yield Talk("clock", OFFICE[0], CLOCK, 123, morning + timedelta(hours=hour))
        yield Talk("mail", OFFICE[day], MAIL, 25, morning + timedelta(minutes=rng.randrange(400)))


def servers_of_the_insured(rng: random.Random) -> Iterator[Talk]:
    """What outsiders and colleagues meet: an expired certificate, logins in the clear, a remote desktop."""
    for day in range(3):
        noon = FIRST_DAY + timedelta(days=day, hours=4)
        for customer in CUSTOMERS:
            at = noon + timedelta(minutes=rng.randrange(200))
            yield Talk("tls", customer, MAIL, 443, at, (f"mail.{INSURED}",))
            yield Talk("tls", customer, PORTAL, 443, at + timedelta(minutes=3), (f"portal.{INSURED}",))
        yield Talk("ftp", OFFICE[2], FILES, 21, noon + timedelta(minutes=rng.randrange(60)))
    yield Talk("telnet", OFFICE[3], PLANT_PANEL, 23, FIRST_DAY + timedelta(days=1, hours=2, minutes=11))
    for attempt in range(12):
        at = FIRST_DAY + timedelta(days=2, hours=3, minutes=7 * attempt + rng.randrange(5))
        yield Talk("desktop", PROBER, GATEWAY, 3389, at, (f"user{attempt:02d}",))


def strange(rng: random.Random) -> Iterator[Talk]:
    """One computer loads a program, calls out twice an hour, sends data as names, and then sends it in bulk."""
    yield Talk("page", STRANGE_PC, CONTROLLER, 80, STRANGE_DAY - timedelta(minutes=9), (CONTROLLER, "Stage-Loader/1.0"))
    for half_hour in range(48):
        at = STRANGE_DAY + timedelta(minutes=30 * half_hour + 7, seconds=rng.randrange(45))
        yield Talk("beacon", STRANGE_PC, CONTROLLER, 8443, at)
    for burst in range(16):
        at = STRANGE_DAY + timedelta(hours=9, minutes=6 * burst + rng.randrange(3))
        labels = (base64.b32encode(rng.randbytes(20)).decode().lower() for _ in range(11))
        yield Talk("dns", STRANGE_PC, RESOLVER, 53, at, tuple(f"{label}.cdn-sync.example" for label in labels))
    yield Talk("bulk", STRANGE_PC, DROP, 8022, STRANGE_DAY + timedelta(hours=11, minutes=20))


Turn = tuple[str, bytes]


def dialogue(talk: Talk) -> list[Turn]:
    """Who says what, in turn: both ends play the same text, so both know how much to expect."""
    match talk.kind:
        case "page":
            host, agent = talk.about
            head = f"GET / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n\r\n"
            page = b"<html><body>ok</body></html>"
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page)
            return [("client", head.encode()), ("server", answer + page)]
        case "tls":
            return [("client", b"GET / HTTP/1.0\r\n\r\n"), ("server", b"HTTP/1.0 204 No Content\r\n\r\n")]
        case "mail":
            return _lines(f"220 mail.{INSURED}", f"EHLO office.{INSURED}", f"250 mail.{INSURED}", "QUIT", "221 bye")
        case "ftp":
            login = ("USER plans", "331 password", "PASS invented", "230 welcome")
            return _lines("220 file service", *login, "QUIT", "221 bye")
        case "telnet":
            return _lines("panel login: ", "operator", "Password: ", "invented", "panel> ", "exit")
        case "desktop":
            return [("client", _desktop_request(talk.about[0])), ("server", DESKTOP_CONFIRM)]
        case "beacon":
            return [("client", b"\x01" * 180), ("server", b"\x02" * 90)]
        case "bulk":
            return [("client", random.Random(7).randbytes(48_000_000)), ("server", b"done")]
    raise AssertionError(talk.kind)


def _lines(*lines: str) -> list[Turn]:
    """The server speaks first, then each in turn."""
    return [(("server", "client")[number % 2], f"{line}\r\n".encode()) for number, line in enumerate(lines)]


DESKTOP_CONFIRM = bytes.fromhex("030000130ed000001234000200080002000000")


def _desktop_request(user: str) -> bytes:
    """The connection request of the remote desktop protocol, with a user's name and the wish for TLS."""
    rest = b"\xe0\x00\x00\x00\x00\x00" + f"Cookie: mstshash={user}\r\n".encode() + bytes.fromhex("0100080001000000")
    return struct.pack(">BBHB", 3, 0, len(rest) + 5, len(rest)) + rest


def play(connection: socket.socket, talk: Talk, me: str) -> None:
    for speaker, text in dialogue(talk):
        if speaker == me:
            connection.sendall(text)
            continue
        left = len(text)
        while left and (got := connection.recv(min(left, 1 << 20))):
            left -= len(got)


def tls_context(talk: Talk, work: Path, me: str) -> ssl.SSLContext:
    """TLS 1.2, in which the certificate is visible on the wire; the client looks at nothing, as many do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if me == "server" else ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if me == "server":
        context.load_cert_chain(work / f"{talk.about[0]}.pem")
    else:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def write_certificate(name: str, until: datetime, number: int, work: Path) -> None:
    """A self-signed certificate whose key and signature are the same on every run (a secret of no one)."""
    key = ec.derive_private_key(4_100_000 + number, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    dated = builder.serial_number(number).not_valid_before(datetime(2025, 1, 31, tzinfo=UTC)).not_valid_after(until)
    signed = dated.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (work / f"{name}.pem").write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))


def serve(talks: Sequence[Talk], work: Path) -> None:
    """All servers, each on its own address and port, until the standard input closes."""
    known = {(talk.client, talk.port): talk for talk in talks}

    class Stream(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            talk = known[self.client_address[:2]]
            self.request.settimeout(WAIT_SECONDS)
            if talk.kind == "tls":
                self.request = tls_context(talk, work, "server").wrap_socket(self.request, server_side=True)
            play(self.request, talk, "server")
            self.request.close()

    class Datagram(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, reply = self.request
            reply.sendto(data if known[self.client_address[:2]].kind == "clock" else answer(data), self.client_address)

    for server, port, datagrams in {(talk.server, talk.server_port, talk.datagrams) for talk in talks}:
        make = socketserver.ThreadingUDPServer if datagrams else socketserver.ThreadingTCPServer
        listener = make((server, port), Datagram if datagrams else Stream)
        threading.Thread(target=listener.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


def answer(data: bytes) -> bytes:
    """An address for ordinary names, one short text for the long ones."""
    query = dns.message.from_wire(data)
    (question,) = query.question
    reply = dns.message.make_response(query)
    kind, value = ("TXT", '"ok"') if len(str(question.name)) > 40 else ("A", SUPPLIER)
    reply.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, value))
    return reply.to_wire()


def call(talks: Sequence[Talk], work: Path) -> None:
    """All clients, one conversation after the other."""
    for talk in talks:
        kind = socket.SOCK_DGRAM if talk.datagrams else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as plain:
            plain.settimeout(WAIT_SECONDS)
            plain.bind((talk.client, talk.port))
            plain.connect((talk.server, talk.server_port))
            if talk.datagrams:
                ask(plain, talk)
            elif talk.kind == "tls":
                with tls_context(talk, work, "client").wrap_socket(plain, server_hostname=talk.about[0]) as secure:
                    play(secure, talk, "client")
            else:
                play(plain, talk, "client")


def ask(connection: socket.socket, talk: Talk) -> None:
    if talk.kind == "clock":
        connection.send(b"\x23" + bytes(47))
        connection.recv(512)
    for number, name in enumerate(talk.about):
        query = dns.message.make_query(name, "TXT" if len(name) > 40 else "A", id=talk.port % 5_000 * 12 + number)
        connection.send(query.to_wire())
        connection.recv(4096)


def move_clock(capture: Path, moved: Path, talks: Sequence[Talk]) -> None:
    """Write the capture anew in the order of the story; packets of no conversation (ARP) are left out."""
    known = {(ip_address(talk.client).packed, talk.port): talk for talk in talks}
    seen: Counter[Talk] = Counter()
    packets: list[tuple[int, bytes]] = []
    raw = capture.read_bytes()
    place = PCAP_HEAD
    while place < len(raw):
        (kept,) = struct.unpack_from("<I", raw, place + 8)
        packet = raw[place + 16 : place + 16 + kept]
        place += 16 + kept
        talk = _talk_of(packet, known)
        if talk is not None:
            packets.append((round(talk.at.timestamp() * 1_000_000) + seen[talk] * STEP_MICROS, packet))
            seen[talk] += 1
    assert len(seen) == len(talks), f"the capture holds {len(seen)} of {len(talks)} conversations"
    packets.sort(key=lambda timed: timed[0])
    with moved.open("wb") as file:
        file.write(raw[:PCAP_HEAD])
        for at, packet in packets:
            file.write(struct.pack("<IIII", *divmod(at, 1_000_000), len(packet), len(packet)) + packet)


def _talk_of(packet: bytes, known: dict[tuple[bytes, int], Talk]) -> Talk | None:
    if packet[12:14] != b"\x08\x00" or packet[23] not in {6, 17}:
        return None
    ports = 14 + (packet[14] & 15) * 4
    source, target = struct.unpack_from(">HH", packet, ports)
    return known.get((packet[26:30], source)) or known.get((packet[30:34], target))


TCPDUMP = "tcpdump --immediate-mode -U -Z root -s 262144 -B 262144 -i"

RULES = """\
alert http $HOME_NET any -> any any (msg:"RW loader program asks its controller"; flow:to_server; \
http.user_agent; content:"Stage-Loader"; priority:1; sid:9000001; rev:1;)
alert tcp-pkt $EXTERNAL_NET any -> $HOME_NET 3389 (msg:"RW remote desktop asked for from outside"; \
flow:established,to_server; content:"mstshash="; priority:2; sid:9000002; rev:1;)
alert tcp-pkt $HOME_NET 23 -> any any (msg:"RW telnet login prompt"; flow:established,to_client; \
content:"login:"; priority:2; sid:9000003; rev:1;)
alert ftp any any -> $HOME_NET 21 (msg:"RW password in the clear over FTP"; flow:to_server; \
content:"PASS "; depth:5; priority:3; sid:9000004; rev:1;)
alert tls $HOME_NET any -> any any (msg:"RW expired certificate shown by an inside server"; \
flow:established,to_client; tls_cert_expired; priority:3; sid:9000005; rev:1;)
alert dns $HOME_NET any -> any any (msg:"RW very long name asked for"; dns.query; bsize:>45; \
threshold:type limit, track by_src, count 1, seconds 3600; priority:2; sid:9000006; rev:1;)
alert tcp-pkt $HOME_NET any -> $EXTERNAL_NET 8443 (msg:"RW fixed binary greeting to an outside host"; \
flow:established,to_server; content:"|01 01 01 01 01 01 01 01|"; depth:8; \
threshold:type limit, track by_src, count 1, seconds 43200; priority:1; sid:9000007; rev:1;)
"""

CONFIGURATION = """\
%YAML 1.1
---
vars:
  address-groups: {{HOME_NET: "[10.41.0.0/16]", EXTERNAL_NET: "!$HOME_NET"}}
outputs:
  - eve-log:
      enabled: yes
      filename: eve.json
      community-id: true
      community-id-seed: 0
      types:
        - alert
        - dns: {{version: 2, requests: yes, responses: yes, formats: [grouped], types: [a, txt]}}
        - http
        - tls: {{extended: yes, ja4: on}}
        - ftp
        - smtp
        - rdp
        - flow
app-layer:
  protocols:
    tls: {{enabled: yes, detection-ports: {{dp: 443}}, ja3-fingerprints: yes, ja4-fingerprints: yes}}
    dns: {{tcp: {{enabled: yes}}, udp: {{enabled: yes, detection-ports: {{dp: 53}}}}}}
    http: {{enabled: yes}}
    ftp: {{enabled: yes}}
    smtp: {{enabled: yes}}
    rdp: {{enabled: yes}}
    ntp: {{enabled: yes}}
default-rule-path: {work}
rule-files: [ringwall.rules]
"""


def run_suricata(work: Path) -> None:
    """Read the moved capture in one thread, so that the order of the events is the order of the packets."""
    (work / "ringwall.rules").write_text(RULES)
    (work / "suricata.yaml").write_text(CONFIGURATION.format(work=work))
    command = f"suricata -c {work}/suricata.yaml -r {work}/moved.pcap -l {work} -k none --runmode single"
    subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)


def trim(work: Path) -> bytes:
    """The events in time order, without what differs from run to run though nothing happened differently.

    That is: the capture's packet numbers, random flow ids (they are counted instead), and the moment at which the
    offline engine lets go of a flow, which follows the wall clock (the end of the flow stands instead).
    """
    events = [json.loads(line) for line in (work / "eve.json").read_text().splitlines()]
    for event in events:
        if event["event_type"] == "flow":
            event["timestamp"] = event["flow"]["end"]
            del event["flow"]["reason"]
    events.sort(key=lambda event: (event["timestamp"], event["src_ip"], event["src_port"], event["event_type"]))
    numbers: dict[int, int] = {}
    lines = []
    for event in events:
        event["flow_id"] = numbers.setdefault(event["flow_id"], 1_000_001 + len(numbers))
        kept = {name: value for name, value in event.items() if name not in {"pcap_cnt", "pkt_src"}}
        lines.append(json.dumps(kept, separators=(",", ":"), ensure_ascii=False) + "\n")
    return "".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the two roles run, and the interface that sees all packets."""

    servers: tuple[str, ...]
    clients: tuple[str, ...]
    interface: str


def build_stage(talks: Sequence[Talk], stack: ExitStack) -> Stage:
    """Two namespaces joined by one cable; all that is built is taken down by the stack."""
    names = (f"rw-servers-{os.getpid()}", f"rw-clients-{os.getpid()}")
    if subprocess.run(["ip", "netns", "add", names[0]], stderr=subprocess.DEVNULL).returncode != 0:
        return build_on_loopback(talks, stack)
    stack.callback(_ip, "netns", "del", names[0])
    _ip("netns", "add", names[1])
    stack.callback(_ip, "netns", "del", names[1])
    _ip("-n", names[0], "link", "add", "cable0", "type", "veth", "peer", "name", "cable1", "netns", names[1])
    for name, cable, mine in (
        (names[0], "cable0", {talk.server for talk in talks}),
        (names[1], "cable1", {talk.client for talk in talks}),
    ):
        for address in sorted(mine):
            _ip("-n", name, "address", "add", f"{address}/32", "dev", cable)
        _ip("-n", name, "link", "set", cable, "up")
        _ip("-n", name, "route", "add", "default", "dev", cable)
    enter = ("ip", "netns", "exec")
    return Stage((*enter, names[0]), (*enter, names[1]), "cable0")


def build_on_loopback(talks: Sequence[Talk], stack: ExitStack) -> Stage:
    for address in sorted({talk.server for talk in talks} | {talk.client for talk in talks}):
        _ip("address", "add", f"{address}/32", "dev", "lo")
        stack.callback(_ip, "address", "del", f"{address}/32", "dev", "lo")
    return Stage((), (), "lo")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def capture_story(talks: Sequence[Talk], work: Path) -> None:
    """Servers up, capture on, clients through their talks, capture off; every process ends with the stack."""
    with ExitStack() as stack:
        stage = build_stage(talks, stack)
        script = (sys.executable, __file__, "--work", str(work), "--role")
        servers = subprocess.Popen(
            [*stage.servers, *script, "servers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stack.callback(_end, servers)
        assert "ready" in (servers.stdout or sys.stdin).readline(), "the servers did not start"
        hosts = " or ".join(f"host {address}" for address in sorted({talk.client for talk in talks}))
        sniffer = subprocess.Popen(
            [*stage.servers, *TCPDUMP.split(), stage.interface, "-w", str(work / "capture.pcap"), hosts],
            stderr=subprocess.PIPE,
            text=True,
        )
        stack.callback(_end, sniffer)
        assert "listening" in (sniffer.stderr or sys.stdin).readline(), "the capture did not start"
        subprocess.run([*stage.clients, *script, "clients"], check=True, timeout=300)
        _settle(work / "capture.pcap")


def _settle(file: Path) -> None:
    """Wait until the capture has stopped growing: the kernel hands packets over with a delay."""
    before = -1
    while before != (before := file.stat().st_size):
        time.sleep(1.5)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--role", choices=("servers", "clients"), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    talks = story()
    if options.role:
        (serve if options.role == "servers" else call)(talks, options.work)
        return
    sample = make_sample(talks)
    assert len(sample) <= MOST_BYTES, f"{len(sample)} bytes are more than {MOST_BYTES}"
    options.target.write_bytes(sample)
    print(f"{options.target}: {sample.count(bytes([10]))} lines, {len(sample)} bytes")


def make_sample(talks: Sequence[Talk]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="eve-sample-") as folder:
        work = Path(folder)
        certificates = ((f"mail.{INSURED}", 2026), (f"portal.{INSURED}", 2027), ("erp.supplier.example", 2027))
        for number, (name, year) in enumerate(certificates, start=1):
            write_certificate(name, datetime(year, 1, 31, tzinfo=UTC), number, work)
        capture_story(talks, work)
        move_clock(work / "capture.pcap", work / "moved.pcap", talks)
        run_suricata(work)
        return trim(work)


if __name__ == "__main__":
    main()
