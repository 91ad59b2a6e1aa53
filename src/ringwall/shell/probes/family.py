"""The family of probes: one module each, the same names inside, and this tuple of all of them."""

from __future__ import annotations

from typing import Protocol

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes import ports
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.names import mail, records, zone
from ringwall.shell.probes.programs import sslscan
from ringwall.shell.probes.remote import ftp, rdp, smb, smtp, ssh, telnet, vnc
from ringwall.shell.probes.stores import elasticsearch, memcached, mongodb, postgres, redis
from ringwall.shell.probes.target import Target
from ringwall.shell.probes.web import exposure, tls


class Probe(Protocol):
    """`SAYS` is everything the probe can say; `PORTS` is empty where it looks at a domain, not at a port."""

    NAME: str
    METHOD: LookMethod
    PORTS: tuple[int, ...]
    SAYS: tuple[str, ...]

    async def look(self, target: Target, gate: Gate) -> tuple[Observation, ...]: ...


SERVICE_PROBES: tuple[Probe, ...] = (
    rdp, vnc, ssh, telnet, smb, ftp, smtp, redis, memcached, mongodb, elasticsearch, postgres, tls, exposure,
)  # fmt: skip
PROGRAM_PROBES: tuple[Probe, ...] = (sslscan,)
DOMAIN_PROBES: tuple[Probe, ...] = (mail, records, zone)
PORT_SWEEP: Probe = ports
PROBES: tuple[Probe, ...] = (PORT_SWEEP, *SERVICE_PROBES, *PROGRAM_PROBES, *DOMAIN_PROBES)
