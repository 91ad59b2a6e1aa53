"""The insured proves control of its assets and signs its consent in the portal; taken back, nothing is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from tests.shell.web.conftest import NOW, Portal

from ringwall.basics import Refusal
from ringwall.desk.exposure.prove_control import ControlCheck
from ringwall.exposure import Challenge, Consent, ControlProof, verify_chain
from ringwall.shell.probes import check_control
from ringwall.shell.probes.lab import Lab, case_plan, start_lab

CASE = "JIANGKOU-SUB-000001"
ASSETS = f"/assets/{CASE}"
SIGNED = {
    "signed_by": "Lin",
    "authority": "legal representative",
    "agreed": "yes",
    "rate": "20",
    "valid_from": "2026-11-01",
    "valid_to": "2027-10-31",
    "methods": ["passive", "active"],
    "assets": ["www.jiangkou.test", "jiangkou.test", "erp.jiangkou.test"],
    "excluded_networks": "10.41.200.0/24, 10.41.201.0/24",
    "excluded_ports": "4840",
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with closing(start_lab("fixed", case_plan())) as running:
        yield running


@pytest.fixture
def portal(writing: Portal, lab: Lab) -> Portal:
    """The portal of the told year, which looks for tokens in the lab."""
    numbers = count(1)

    def look(challenge: Challenge, consent: Consent | None, at: datetime) -> ControlProof | Refusal:
        port = lab.http_port
        return check_control((challenge,), consent, lab.resolver, at, http_port=port, allow_loopback=True)[0]

    return Portal(writing.house, NOW, ControlCheck(b"k" * 32, lambda: f"{next(numbers):032x}", look))


def act(portal: Portal, what: str, status: int = 303, person: str = "jiangkou", **fields: Any) -> str:
    answer = portal.of(person).post(f"{ASSETS}/{what}", data={"key": uuid4().hex, **fields})
    assert answer.status_code == status, answer.text
    return answer.text


def asset(portal: Portal, name: str, person: str = "jiangkou") -> str:
    page = portal.of(person).get(ASSETS).text
    return page.split(f"<code>{name}</code>")[1].split("</article>")[0]


def challenge_of(portal: Portal, name: str, method: str) -> Challenge:
    number = f"{CASE}:{name}:{method}"
    row = portal.house.front.ask(portal.speaker("jiangkou"), lambda office: office.challenges.newest(number))
    assert row is not None
    return row.record


@pytest.mark.parametrize(("name", "method"), [("jiangkou.test", "dns-01"), ("www.jiangkou.test", "http-01")])
def test_control_is_proved_by_a_token_that_was_published_and_looked_for(
    portal: Portal, lab: Lab, name: str, method: str
) -> None:
    assert "proof expired" in asset(portal, name), "the story's proofs of December are too old in November"
    named = {"asset": name, "method": method}
    assert "get a new one and publish it first" in act(portal, "proof", 422, **named)
    act(portal, "challenge", **named)
    challenge = challenge_of(portal, name, method)
    assert challenge.token in asset(portal, name)
    assert challenge.place in asset(portal, name)
    act(portal, "proof", **named)
    assert "not found" in asset(portal, name), "nothing was published yet"
    lab.publish_challenge(challenge)
    later = Portal(portal.house, NOW + timedelta(hours=1), portal.control)
    act(later, "proof", **named)
    line = asset(later, name)
    assert "</span> proved</span>" in line
    assert "counts until" in line
    if method == "dns-01":
        assert "proved through its domain" in asset(later, "mail.jiangkou.test")


def test_a_domain_has_no_website_and_what_is_not_declared_gets_no_token(portal: Portal) -> None:
    assert "use a DNS TXT record" in act(portal, "challenge", 422, asset="jiangkou.test", method="http-01")
    assert "declare it first" in act(portal, "challenge", 422, asset="shop.jiangkou.test", method="dns-01")
    act(portal, "declare", name="shop.jiangkou.test", kind="host", purpose="shop")
    act(portal, "challenge", asset="shop.jiangkou.test", method="dns-01")
    assert "not within the consent" in asset(portal, "shop.jiangkou.test")
    assert "is no host name" in act(portal, "declare", 422, name="https://x.test", kind="host")


def test_a_consent_is_signed_with_its_text_scope_and_period_and_taken_back(portal: Portal) -> None:
    client = portal.of("jiangkou")
    order = client.post(
        f"/services/{CASE}",
        data={"key": "o", "service": "periodic-scan", "provider": "fengtai", "charge": "included"},
    ).headers["location"]
    act(portal, "consent", **SIGNED)
    page = client.get(ASSETS).text
    assert "in force" in page
    assert "10.41.200.0/24, 10.41.201.0/24" in page
    assert "4840" in page
    assert "not within the consent" in asset(portal, "mail.jiangkou.test"), "it was not ticked"
    wording = portal.house.catalogue.consent_wording
    rows = portal.house.front.ask(portal.speaker("shouan"), lambda office: office.consents.history(f"{CASE}:consent"))
    assert (rows[-1].record.consent.text_version, rows[-1].record.consent.text_sha256) == (
        wording.version,
        wording.sha256,
    )
    assert verify_chain([row.record for row in rows]) is None

    assert order.rpartition("/")[2] in page.split("Take the consent back")[1]
    act(portal, "withdrawal")
    page = client.get(ASSETS).text
    assert re.search(r"taken back</span>", page)
    assert "cancelled" in client.get(order).text
    assert "taken back already" in act(portal, "withdrawal", 422)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agreed": ""}, "is not signed"),
        ({"signed_by": " "}, "is not signed"),
        ({"valid_to": ""}, "cannot be read"),
        ({"excluded_ports": "many"}, "cannot be read"),
        ({"methods": ["hidden"]}, "cannot be read"),
        ({"assets": []}, "names no asset"),
        ({"rate": "51"}, "bounds are 1 to 50"),
        ({"excluded_networks": "here"}, "not in CIDR form"),
        ({"valid_to": "2026-10-01"}, "correct the period"),
    ],
)
def test_a_consent_that_does_not_hold_is_not_recorded(portal: Portal, changed: dict[str, Any], said: str) -> None:
    before = portal.of("jiangkou").get(ASSETS).text.count("<tr>")
    assert said in act(portal, "consent", 422, **{**SIGNED, **changed})
    assert portal.of("jiangkou").get(ASSETS).text.count("<tr>") == before


def test_others_read_what_is_shared_with_them_and_write_nothing(portal: Portal) -> None:
    for person in ("shouan", "fengtai", "tongzhou"):
        page = portal.of(person).get(ASSETS)
        assert page.status_code == 200
        assert "<form" not in page.text.split('id="assets"')[1]
        for what in ("declare", "challenge", "proof", "consent", "withdrawal"):
            fields = {**SIGNED, "asset": "jiangkou.test", "method": "dns-01", "name": "a.test", "kind": "host"}
            assert act(portal, what, 404, person, **fields)
    for person in ("zhongliu", "supervision"):
        assert portal.of(person).get(ASSETS).status_code == 404
