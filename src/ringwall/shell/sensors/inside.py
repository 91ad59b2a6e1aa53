"""The insured's own address ranges: which textual addresses fall in them, and the names that stand for them outside."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

LOCAL: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)
"""Ranges that no one routes across the internet (RFC 1918, 3927, 4193, 4291)."""


def pseudonym(key: bytes, address: str) -> str:
    """A stable name for an inside address that only the holder of the key can trace back."""
    try:
        text = ip_address(address).packed
    except ValueError:
        text = address.encode()
    return "h-" + hmac.new(key, text, sha256).hexdigest()[:16]


def outward_name(key: bytes, networks: Sequence[Network], address: str) -> str:
    """A public address as it is, anything else by its pseudonym: also local ranges that the insured did not list."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return pseudonym(key, address)
    hidden = any(parsed in network for network in (*networks, *LOCAL))
    return pseudonym(key, address) if hidden else address


def text_prefixes(network: Network) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Beginnings of the address texts of a network, and whole addresses; Suricata writes IPv6 in full.

    A network that ends inside an octet (or a hexadecimal digit) becomes the few aligned ones that it consists of.
    """
    step = 8 if network.version == 4 else 4
    aligned = -(-network.prefixlen // step) * step
    parts = network.subnets(new_prefix=aligned) if aligned > network.prefixlen else (network,)
    if aligned == network.max_prefixlen:
        return (), tuple(part.network_address.exploded for part in parts)
    return tuple(_shared_text(part) for part in parts), ()


def _shared_text(network: Network) -> str:
    text = network.network_address.exploded
    if network.version == 4:
        octets = network.prefixlen // 8
        return ".".join(text.split(".")[:octets]) + "." if octets else ""
    digits = network.prefixlen // 4
    return text[: digits + digits // 4]


def inside_predicate(column: str, networks: Sequence[Network]) -> str:
    """An SQL condition that is true for the texts of inside addresses; the quoted parts are digits, dots and colons."""
    conditions = ["false"]
    for network in networks:
        begins, addresses = text_prefixes(network)
        conditions += [f"starts_with({column}, '{begin}')" for begin in begins]
        conditions += [f"{column} = '{address}'" for address in addresses]
    return f"coalesce({' OR '.join(conditions)}, false)"
