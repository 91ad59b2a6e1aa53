"""Zone transfer: does a name server of the domain hand the whole zone to anybody (AXFR, RFC 5936)?"""

from __future__ import annotations

import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "zone"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = ()
SAYS: tuple[str, ...] = ("transfer_open", "transfer_refused")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    """The first server that hands the zone out settles it; each one must lie in the consent's scope itself."""
    servers = (await gate.resolver.look_up(target.asset, "NS")).values
    for server in servers:
        for place in await gate.pin(server, target.seen_at):
            names = await _names_handed_out(target.asset, place.at_port(gate.name_server_port), gate)
            if names:
                return (observe(NAME, target, "transfer_open", "\n".join(names).encode(), f"{server}: {len(names)}"),)
    return (observe(NAME, target, "transfer_refused", "\n".join(servers).encode()),)


async def _names_handed_out(domain: str, server: Target, gate: Gate) -> tuple[str, ...]:
    query = dns.message.make_query(domain, "AXFR").to_wire()
    try:
        async with gate.open(server, METHOD) as conversation:
            await conversation.send(len(query).to_bytes(2) + query)
            wire = await conversation.read_exactly(int.from_bytes(await conversation.read_exactly(2)))
        answer = dns.message.from_wire(wire, one_rr_per_rrset=True)
    except (ConnectionError, EOFError, dns.exception.DNSException):
        return ()  # to hang up or to answer nonsense is a way to refuse; silence is not, and fails the look
    handed_out = answer.rcode() == dns.rcode.NOERROR and len(answer.answer) > 1
    if not handed_out or answer.answer[0].rdtype != dns.rdatatype.SOA:
        return ()
    return tuple(sorted({rrset.name.to_text() for rrset in answer.answer}))
