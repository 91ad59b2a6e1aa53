"""Names to addresses and records, asked of resolvers that the caller names; no packet goes to an insured from here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

DNS_PORT = 53
QUESTION_SECONDS = 2.0
TRIES = 2
Server = tuple[str, int]


class LookupFailed(OSError):
    """No resolver gave an answer: the record is unknown, not absent."""


@dataclass(frozen=True, slots=True)
class Records:
    """The answer to one question; no values means that the name or the record does not exist."""

    canonical: str
    values: tuple[str, ...]


class Resolver(Protocol):
    async def look_up(self, name: str, kind: str) -> Records:
        """Records of one kind (A, AAAA, TXT, MX, NS); raises LookupFailed where nobody answers."""
        ...


@dataclass(frozen=True, slots=True)
class DnsResolver:
    """Asks the given servers in turn, by UDP and by TCP where the answer was cut."""

    servers: tuple[Server, ...]
    seconds: float = QUESTION_SECONDS

    async def look_up(self, name: str, kind: str) -> Records:
        failures = []
        for server in self.servers * TRIES:
            try:
                return _records(name, kind, await self._ask(server, dns.message.make_query(name, kind)))
            except (OSError, EOFError, ValueError, dns.exception.DNSException) as failure:
                failures.append(f"{type(failure).__name__} {failure}".strip())
        raise LookupFailed(f"no answer for {name} {kind}: {'; '.join(failures) or 'no resolver given'}")

    async def _ask(self, server: Server, query: dns.message.Message) -> dns.message.Message:
        async with asyncio.timeout(self.seconds):
            wire = await ask_by_datagram(server, query.to_wire())
            answer = dns.message.from_wire(wire)
            if answer.flags & dns.flags.TC:
                answer = dns.message.from_wire(await _ask_by_stream(server, query.to_wire()))
        if not query.is_response(answer):
            raise ValueError("the answer belongs to another question")
        if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise ValueError(dns.rcode.to_text(answer.rcode()))
        return answer


def machine_resolver(settings: Path = Path("/etc/resolv.conf")) -> DnsResolver:
    """The resolvers that this machine is set to ask."""
    lines = settings.read_text("utf-8").splitlines() if settings.is_file() else []
    words = [line.split() for line in lines]
    return DnsResolver(tuple((word[1], DNS_PORT) for word in words if len(word) > 1 and word[0] == "nameserver"))


async def addresses_of(resolver: Resolver, name: str) -> tuple[str, tuple[str, ...]]:
    """The canonical name and every address of a name, in a fixed order."""
    found = [await resolver.look_up(name, kind) for kind in ("A", "AAAA")]
    canonical = next((records.canonical for records in found if records.values), name)
    return canonical, tuple(sorted(value for records in found for value in records.values))


def _records(name: str, kind: str, answer: dns.message.Message) -> Records:
    wanted = dns.rdatatype.from_text(kind)
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return Records(name, ())
    chain = answer.resolve_chaining() if isinstance(answer, dns.message.QueryMessage) else None
    if chain is None:
        raise ValueError("the answer is no answer to a question")
    values = _texts(chain.answer) if chain.answer is not None and chain.answer.rdtype == wanted else ()
    return Records(chain.canonical_name.to_text(omit_final_dot=True).lower(), values)


def _texts(rrset: dns.rrset.RRset) -> tuple[str, ...]:
    match rrset.rdtype:
        case dns.rdatatype.TXT:
            return tuple(sorted(b"".join(rdata.strings).decode("utf-8", "replace") for rdata in rrset))
        case dns.rdatatype.MX:
            ordered = sorted(rrset, key=lambda rdata: (rdata.preference, rdata.exchange.to_text()))
            return tuple(rdata.exchange.to_text(omit_final_dot=True).lower() for rdata in ordered)
        case dns.rdatatype.NS:
            return tuple(sorted(rdata.target.to_text(omit_final_dot=True).lower() for rdata in rrset))
        case _:
            return tuple(sorted(rdata.to_text() for rdata in rrset))


class _Answer(asyncio.DatagramProtocol):
    """Waits for one datagram."""

    def __init__(self) -> None:
        self.received: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        if not self.received.done():
            self.received.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self.received.done():
            self.received.set_exception(exc)


async def ask_by_datagram(server: Server, question: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(_Answer, remote_addr=server)
    try:
        transport.sendto(question)
        return await protocol.received
    finally:
        transport.close()


async def _ask_by_stream(server: Server, question: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(len(question).to_bytes(2) + question)
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
    finally:
        writer.close()
