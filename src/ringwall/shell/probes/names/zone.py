"""Name servers: does one hand the whole zone to anybody (AXFR, RFC 5936), or resolve for anybody (RFC 5358)?

Whether it resolves is asked with the root's own name servers: a resolver has them at hand and asks nobody else.
"""

from __future__ import annotations

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate, OutOfScope
from ringwall.shell.probes.target import Target, observe

NAME = "zone"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = ()
SAYS: tuple[str, ...] = ("transfer_open", "transfer_refused", "recursion_open", "recursion_refused")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    """The first server that does it settles a question; each one must lie in the consent's scope itself."""
    servers = (await gate.resolver.look_up(target.asset, "NS")).values
    named = "\n".join(servers).encode()
    open_by: dict[str, Observation] = {}
    for server in servers:
        try:
            places = await gate.pin(server, target.seen_at)
            for place in places:
                open_by = await _ask_both(target, place.at_port(gate.name_server_port), gate) | open_by
        except OutOfScope:
            if not open_by:
                raise
    return (
        open_by.get("transfer_open") or observe(NAME, target, "transfer_refused", named),
        open_by.get("recursion_open") or observe(NAME, target, "recursion_refused", named),
    )


async def _ask_both(target: Target, server: Target, gate: Gate) -> dict[str, Observation]:
    found = {}
    if names := await _names_handed_out(target.asset, server, gate):
        told = f"{server.asset}: {len(names)}"
        found["transfer_open"] = observe(NAME, target, "transfer_open", "\n".join(names).encode(), told)
    if await _resolves_for_anybody(server, gate):
        found["recursion_open"] = observe(NAME, target, "recursion_open", server.asset.encode(), server.asset)
    return found


async def _names_handed_out(domain: str, server: Target, gate: Gate) -> tuple[str, ...]:
    answer = await _ask(dns.message.make_query(domain, "AXFR"), server, gate)
    if answer is None or answer.rcode() != dns.rcode.NOERROR or len(answer.answer) < 2:
        return ()
    if answer.answer[0].rdtype != dns.rdatatype.SOA:
        return ()
    return tuple(sorted({rrset.name.to_text() for rrset in answer.answer}))


async def _resolves_for_anybody(server: Target, gate: Gate) -> bool:
    """It says that it resolves, and it answers for a zone that is not its own."""
    answer = await _ask(dns.message.make_query(".", "NS"), server, gate)
    if answer is None or answer.rcode() != dns.rcode.NOERROR or not answer.flags & dns.flags.RA:
        return False
    return any(rrset.rdtype == dns.rdatatype.NS for rrset in answer.answer)


async def _ask(query: dns.message.Message, server: Target, gate: Gate) -> dns.message.Message | None:
    """The first message of the answer. To hang up or to answer nonsense is a way to refuse; silence fails the look."""
    wire = query.to_wire()
    try:
        async with gate.open(server, METHOD) as conversation:
            await conversation.send(len(wire).to_bytes(2) + wire)
            answer = await conversation.read_exactly(int.from_bytes(await conversation.read_exactly(2)))
        return dns.message.from_wire(answer, one_rr_per_rrset=True)
    except (ConnectionError, EOFError, dns.exception.DNSException):
        return None
