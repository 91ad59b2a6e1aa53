"""sslscan: what only a program that speaks very old TLS sees: Heartbleed, insecure renegotiation and compression.

Asked for only where the caller wants programs of others to look; its XML is read with every part optional.
"""

from __future__ import annotations

import shutil
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ringwall.evidence import Observation
from ringwall.exposure import LookMethod
from ringwall.shell.probes.gate import Gate
from ringwall.shell.probes.programs.door import ProgramFailed, run_behind
from ringwall.shell.probes.target import Target, observe
from ringwall.shell.probes.web import tls

NAME = "sslscan"
METHOD = LookMethod.ACTIVE
PORTS: tuple[int, ...] = tls.PORTS
SAYS: tuple[str, ...] = ("heartbleed", "renegotiation_insecure", "compression_on", "nothing_weak", "not_tls")
OPTIONS = ("--xml=-", "--no-colour", "--no-ciphersuites", "--no-groups", "--no-fallback", "--no-check-certificate")


async def look(target: Target, gate: Gate) -> tuple[Observation, ...]:
    program = shutil.which("sslscan")
    if program is None:
        raise ProgramFailed("sslscan is not installed")
    ran = await run_behind(gate, target, (program, *OPTIONS, f"--sni-name={target.asset}", "{door}"))
    return tuple(observe(NAME, target, says, ran.output) for says in read_report(ran.output))


def read_report(report: bytes) -> tuple[str, ...]:
    """The words that sslscan's XML earns; raises ValueError where it is none."""
    try:
        document: Element = defusedxml.ElementTree.fromstring(report)
    except (ParseError, DefusedXmlException) as failure:
        raise ValueError(f"sslscan's report is no XML: {failure}") from failure
    protocols = [protocol.get("enabled") == "1" for protocol in document.iter("protocol")]
    if not any(protocols):
        return ("not_tls",)
    said = {
        "heartbleed": any(test.get("vulnerable") == "1" for test in document.iter("heartbleed")),
        "renegotiation_insecure": any(
            test.get("supported") == "1" and test.get("secure") == "0" for test in document.iter("renegotiation")
        ),
        "compression_on": any(test.get("supported") == "1" for test in document.iter("compression")),
    }
    return tuple(says for says, weak in said.items() if weak) or ("nothing_weak",)
