"""The lab's name server: answers for one zone by UDP and TCP, with records that can be set while it runs."""

from __future__ import annotations

import asyncio

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from ringwall.shell.probes.lab.plan import LabPlan

TTL = 1


class Zone:
    """The records of one zone, by name and kind."""

    def __init__(self, plan: LabPlan, network: str) -> None:
        self._plan = plan
        self.origin = dns.name.from_text(plan.zone)
        self._sets: dict[tuple[dns.name.Name, dns.rdatatype.RdataType], dns.rrset.RRset] = {}
        server = plan.name_of(plan.name_server)
        self.add("@", "SOA", f"{server}. hostmaster.{plan.zone}. 1 3600 600 86400 1")
        for name in plan.name_servers():
            self.add("@", "NS", f"{plan.name_of(name)}.")
        for host, number in plan.hosts.items():
            self.add(host, "A", f"{network}.{number}")
        for record in plan.records:
            self.add(record.name, record.kind, record.value)

    def add(self, host: str, kind: str, value: str) -> None:
        name = dns.name.from_text(self._plan.name_of(host))
        added = dns.rrset.from_text(name, TTL, "IN", kind, value)
        known = self._sets.setdefault((name, added.rdtype), added)
        for rdata in added:
            known.add(rdata)

    def remove(self, host: str, kind: str) -> None:
        name = dns.name.from_text(self._plan.name_of(host))
        self._sets.pop((name, dns.rdatatype.from_text(kind)), None)

    def answer(self, query: dns.message.Message, by_stream: bool) -> dns.message.Message:
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.AA
        question = query.question[0]
        if not question.name.is_subdomain(self.origin):
            reply.set_rcode(dns.rcode.REFUSED)
        elif question.rdtype == dns.rdatatype.AXFR:
            self._hand_out(reply, by_stream)
        elif found := self._sets.get((question.name, question.rdtype)):
            reply.answer.append(found)
        elif alias := self._sets.get((question.name, dns.rdatatype.CNAME)):
            reply.answer.append(alias)
        elif not any(name.is_subdomain(question.name) for name, _ in self._sets):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    def _hand_out(self, reply: dns.message.Message, by_stream: bool) -> None:
        if not (self._plan.hands_out_zone and by_stream):
            reply.set_rcode(dns.rcode.REFUSED)
            return
        start = self._sets[self.origin, dns.rdatatype.SOA]
        others = [rrset for rrset in self._sets.values() if rrset is not start]
        reply.answer += [start, *others, start]


class NameServer(asyncio.DatagramProtocol):
    """Serves a zone on one address."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._transport: asyncio.DatagramTransport | None = None
        self._server: asyncio.Server | None = None

    async def start(self, address: str, port: int) -> None:
        """Raises OSError where the address is taken."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(address, port))
        try:
            self._server = await asyncio.start_server(self._serve, address, port)
        except OSError:
            self._transport.close()
            raise

    def stop(self) -> None:
        if self._transport:
            self._transport.close()
        if self._server:
            self._server.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport and (reply := self._reply(data, by_stream=False)):
            self._transport.sendto(reply, addr)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            query = await reader.readexactly(int.from_bytes(await reader.readexactly(2)))
            if reply := self._reply(query, by_stream=True):
                writer.write(len(reply).to_bytes(2) + reply)
                await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    def _reply(self, wire: bytes, by_stream: bool) -> bytes:
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return b""
        return self._zone.answer(query, by_stream).to_wire(max_size=65_535) if query.question else b""
