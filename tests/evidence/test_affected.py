"""Products at places, and which of them an entry of the catalogue of known exploited vulnerabilities is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.evidence import (
    Attempt,
    KnownExploited,
    MatchBasis,
    Observation,
    Outcome,
    ProductRule,
    ScanResult,
    identities_of,
    parse_products,
    seen_products,
    standing_observations,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules() -> tuple[ProductRule, ...]:
    found = parse_products(read_folder("feeds")["products.yaml"], "products.yaml")
    assert not isinstance(found, Refusal), found
    return found


def saw(detail: str, *, probe: str = "web", locator: str = "192.0.2.1:443", hours: int = 0) -> Observation:
    return Observation(probe, "www.example.test", locator, "portal", NOW + timedelta(hours=hours), "0" * 64, detail)


def entry(vendor: str, product: str) -> KnownExploited:
    return KnownExploited("CVE-2026-0001", vendor, product, date(2026, 3, 1), False, None)


@pytest.mark.parametrize(
    ("detail", "identity", "version"),
    [
        ("Fortinet SSL VPN", "fortinet/fortios", ""),
        ("Cisco ASA", "cisco/asa", ""),
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", "openbsd/openssh", "9.2p1"),
        ("Server: nginx/1.22.1", "nginx/nginx", "1.22.1"),
        ("Server: nginx", "nginx/nginx", ""),
        ("220 ProFTPD 1.3.5 Server ready", "proftpd/proftpd", "1.3.5"),
    ],
)
def test_a_product_is_known_by_what_it_says_and_is_a_banner(
    rules: tuple[ProductRule, ...], detail: str, identity: str, version: str
) -> None:
    (found,) = seen_products([saw(detail)], rules)
    assert (found.identity, found.version, found.basis) == (identity, version, MatchBasis.BANNER)


@pytest.mark.parametrize("detail", ["", "protocol_old", "not_after=2026-01-31", "the redistribution of lapachero"])
def test_other_words_show_no_product(rules: tuple[ProductRule, ...], detail: str) -> None:
    assert seen_products([saw(detail)], rules) == ()


@pytest.mark.parametrize(
    ("vendor", "product", "identities"),
    [
        ("Fortinet", "FortiOS and FortiProxy", ("fortinet/fortios",)),
        ("Fortinet", "Multiple Products", ()),
        ("Cisco", "Adaptive Security Appliance (ASA) and Firepower Threat Defense (FTD)", ("cisco/asa",)),
        ("Cisco", "IOS XE Software", ()),
        ("Citrix", "NetScaler ADC and NetScaler Gateway", ("citrix/netscaler",)),
        ("Ivanti", "Connect Secure, Policy Secure, and ZTA Gateways", ("ivanti/connect-secure",)),
        ("SonicWall", "SonicWall Email Security", ()),
        ("Another", "FortiOS", ()),
    ],
)
def test_an_entry_is_about_a_product_only_by_vendor_and_name(
    rules: tuple[ProductRule, ...], vendor: str, product: str, identities: tuple[str, ...]
) -> None:
    assert identities_of(entry(vendor, product), rules) == identities


def a_scan(*observations: Observation, looked: tuple[str, ...] = ("192.0.2.1:443",)) -> ScanResult:
    attempts = tuple(Attempt("web", "www.example.test", locator, Outcome.COMPLETED) for locator in looked)
    return ScanResult(NOW, observations, (), attempts)


def test_a_place_says_what_it_said_at_the_last_look_and_other_places_stand() -> None:
    old, gone = saw("Server: nginx", locator="192.0.2.1:443"), saw("Cisco ASA", locator="192.0.2.2:443")
    new = saw("Fortinet SSL VPN", hours=1)
    assert standing_observations([a_scan(old, gone), a_scan(new)]) == (gone, new)
    assert standing_observations([a_scan(old), a_scan()]) == ()


def test_a_faulty_table_is_refused_by_name() -> None:
    for text in ("products: {a: {vendor: A, words: [A], shown: '('}}", "products: {a: {}}", "x", "["):
        refusal = parse_products(text, "products.yaml")
        assert isinstance(refusal, Refusal)
        assert refusal.where == "products.yaml"
