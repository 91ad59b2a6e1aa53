"""nmap's XML (-oX): which services it saw, and what a few of its scripts found open to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from ringwall.evidence import Reported, SaidState, Severity
from ringwall.shell.probes.uploaded import Form, named, short

NAME = "nmap"
FORM = Form.XML
# A script's name, the words of its output that state a weakness, and how grave that is (own judgement, source: none).
WEAK_SCRIPTS = {
    "ftp-anon": ("Anonymous FTP login allowed", Severity.MEDIUM, "FTP lets anonymous visitors in"),
    "http-git": ("Git repository found", Severity.HIGH, "The website serves its .git repository"),
    "redis-info": ("Version:", Severity.CRITICAL, "Redis answers without a password"),
    "memcached-info": ("Process ID", Severity.HIGH, "Memcached answers without authentication"),
}


def is_mine(document: Any) -> bool:
    return bool(document.tag == "nmaprun")


def items(document: Any) -> Iterator[tuple[str, Any]]:
    for number, host in enumerate(document.iter("host"), start=1):
        for port in host.iter("port"):
            yield f"host {number}, port {port.get('portid')}", (host, port)


def report(item: Any) -> tuple[Reported, ...]:
    host, port = item
    state = port.find("state").get("state")
    if state != "open":
        return ()
    place = f"{_name_of(host)}:{int(port.get('portid'))}"
    service = port.find("service")
    words = [service.get(part, "") for part in ("name", "product", "version")] if service is not None else []
    seen = Reported("service", place, Severity.INFO, "Open port", "", short(" ".join(words)), SaidState.SEEN)
    return (seen, *_weaknesses(port, place))


def _name_of(host: Element) -> str:
    hostname, address = host.find("hostnames/hostname"), host.find("address")
    if hostname is not None:
        return named(hostname.get("name"))
    return named(address.get("addr") if address is not None else "")


def _weaknesses(port: Element, place: str) -> tuple[Reported, ...]:
    found = []
    for script in port.iter("script"):
        rule = script.get("id", "")
        if rule in WEAK_SCRIPTS and WEAK_SCRIPTS[rule][0] in script.get("output", ""):
            _, severity, title = WEAK_SCRIPTS[rule]
            found.append(Reported(rule, place, severity, title, "", short(script.get("output"))))
    return tuple(found)
