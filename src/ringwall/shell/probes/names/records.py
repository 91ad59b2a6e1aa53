"""Records of a zone: who may issue certificates for it (CAA, RFC 8659), and how many servers serve it (RFC 2182)?"""

from __future__ import annotations

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod, plain_name
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.target import Target, observe

NAME = "records"
METHOD = LookMethod.PASSIVE
PORTS: tuple[int, ...] = ()
SAYS: tuple[str, ...] = ("caa_present", "caa_missing", "servers_several", "servers_single", "servers_unknown")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    caa = await _caa_records(target.asset, gate)
    servers = (await gate.resolver.look_up(target.asset, "NS")).values
    return (
        observe(NAME, target, "caa_present" if caa else "caa_missing", "\n".join(caa).encode(), "; ".join(caa)[:200]),
        observe(NAME, target, _servers(servers), "\n".join(servers).encode(), ", ".join(servers)[:200]),
    )


async def _caa_records(domain: str, gate: Gate) -> tuple[str, ...]:
    """The records of the domain, or of the nearest name above it that has some; never of a bare top-level name."""
    labels = plain_name(domain).split(".")
    for start in range(max(len(labels) - 1, 1)):
        if found := (await gate.resolver.look_up(".".join(labels[start:]), "CAA")).values:
            return found
    return ()


def _servers(servers: tuple[str, ...]) -> str:
    """A name that is no zone of its own has none, and then nothing follows."""
    if not servers:
        return "servers_unknown"
    return "servers_single" if len(servers) == 1 else "servers_several"
