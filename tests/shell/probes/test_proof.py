"""Proof of control: found, not found, gone again, and never by way of somebody else."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT, consent_for, look_over

from ringwall.basics import Refusal
from ringwall.exposure import Challenge, Consent, ControlProof, ProofMethod, issue_challenge
from ringwall.shell.probes import DnsResolver, Gate, Records, check_control, machine_resolver
from ringwall.shell.probes.lab import Lab, start_lab
from ringwall.shell.probes.proof import prove_by_http
from ringwall.shell.probes.resolver import LookupFailed

ZONE = "jiangkou.test"
WWW = "www.jiangkou.test"


def challenge(asset: str, method: ProofMethod, nonce: str = "n1") -> Challenge:
    return issue_challenge(b"key", "jiangkou", asset, method, nonce, AT)


def check(lab: Lab, asked: Challenge, consent: Consent | None = None, days: int = 0) -> ControlProof | Refusal:
    at = AT + timedelta(days=days)
    given = consent or consent_for(ZONE)
    (found,) = check_control([asked], given, lab.resolver, at, http_port=lab.http_port, allow_loopback=True)
    return found


@pytest.mark.parametrize("asked", [challenge(ZONE, ProofMethod.DNS_TXT), challenge(WWW, ProofMethod.HTTP_TOKEN)])
def test_a_published_token_proves_and_a_removed_one_does_not(asked: Challenge) -> None:
    with start_lab("binding") as lab:
        before = check(lab, asked)
        lab.publish_challenge(asked)
        published = check(lab, asked)
        lab.withdraw_challenge(asked)
        after = check(lab, asked)
    assert isinstance(before, ControlProof)
    assert isinstance(published, ControlProof)
    assert isinstance(after, ControlProof)
    assert (before.proved, published.proved, after.proved) == (False, True, False)
    assert before.detail
    assert published.seen_at == AT


def test_the_token_of_another_challenge_proves_nothing() -> None:
    with start_lab("binding") as lab:
        lab.publish_challenge(challenge(ZONE, ProofMethod.DNS_TXT, "n2"))
        found = check(lab, challenge(ZONE, ProofMethod.DNS_TXT))
    assert isinstance(found, ControlProof)
    assert not found.proved
    assert "another text" in found.detail


def test_a_token_older_than_seven_days_is_refused() -> None:
    with start_lab("binding") as lab:
        lab.publish_challenge(challenge(ZONE, ProofMethod.DNS_TXT))
        found = check(lab, challenge(ZONE, ProofMethod.DNS_TXT), days=8)
    assert isinstance(found, Refusal)
    assert found.code == "challenge_expired"


def test_an_http_proof_keeps_the_address_it_was_served_from() -> None:
    asked = challenge(WWW, ProofMethod.HTTP_TOKEN)
    with start_lab("binding") as lab:
        lab.publish_challenge(asked)
        found = check(lab, asked)
        address = lab.address_of("www")
    assert isinstance(found, ControlProof)
    assert found.addresses == (address,)


def test_the_look_for_a_token_needs_the_consent_but_no_proof() -> None:
    asked = challenge("www.elsewhere.test", ProofMethod.HTTP_TOKEN)
    with start_lab("binding") as lab:
        found = check(lab, challenge(WWW, ProofMethod.HTTP_TOKEN), consent_for(ZONE, excluded_names=(WWW,)))
        other = check(lab, asked)
    assert isinstance(found, Refusal)
    assert found.code == "excluded"
    assert isinstance(other, ControlProof)
    assert not other.proved


def test_a_host_where_nobody_listens_proves_nothing() -> None:
    with start_lab("binding") as lab:
        found = check(lab, challenge("plant-gw.jiangkou.test", ProofMethod.HTTP_TOKEN))
    assert isinstance(found, ControlProof)
    assert not found.proved


def test_a_proof_opens_the_scan_and_its_loss_closes_it() -> None:
    asked = challenge(ZONE, ProofMethod.DNS_TXT)
    with start_lab("binding") as lab:
        lab.publish_challenge(asked)
        held = check(lab, asked)
        open_scan = look_over(lab, proofs=(held,))
        lab.withdraw_challenge(asked)
        lost = check(lab, asked)
        closed_scan = look_over(lab, proofs=(held, lost))
    assert not open_scan.skipped
    assert {refusal.code for refusal in closed_scan.skipped} == {"proof_failed"}


def test_every_address_of_a_host_has_to_serve_the_token() -> None:
    asked = challenge(WWW, ProofMethod.HTTP_TOKEN)

    async def run(lab: Lab) -> ControlProof:
        lab.publish_challenge(asked)
        gate = Gate(consent_for(ZONE), (), Two(lab), lambda: AT, allow_loopback=True)
        return await prove_by_http(asked, gate, AT, lab.http_port)

    with start_lab("binding") as lab:
        found = asyncio.run(run(lab))
    assert not found.proved


class Two:
    """Says that www also lives where nobody serves the token."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    async def look_up(self, name: str, kind: str):  # type: ignore[no-untyped-def]
        both = (self._lab.address_of("www"), self._lab.address_of("plant-gw"))
        return Records(name, both if kind == "A" else ())


def test_a_resolver_that_does_not_answer_is_unknown_and_not_absent() -> None:
    deaf = DnsResolver((("127.0.0.1", 9),), seconds=0.2)
    with pytest.raises(LookupFailed):
        asyncio.run(deaf.look_up(ZONE, "TXT"))
    (found,) = check_control([challenge(ZONE, ProofMethod.DNS_TXT)], consent_for(ZONE), deaf, AT)
    assert isinstance(found, ControlProof)
    assert not found.proved
    assert "no answer" in found.detail


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".test", ".", "坏" * 80 + ".test"])
def test_a_name_that_is_none_is_a_failed_look_up(name: str) -> None:
    with start_lab("binding") as lab, pytest.raises(LookupFailed):
        asyncio.run(lab.resolver.look_up(name, "A"))


@given(st.binary(max_size=60))
def test_nonsense_from_a_resolver_is_a_failed_look_up(nonsense: bytes) -> None:
    async def run() -> None:
        class Talker(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, addr: object) -> None:
                self.transport.sendto(data[:2] + nonsense, addr)  # type: ignore[attr-defined]

        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Talker, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        with pytest.raises(LookupFailed):
            await DnsResolver((("127.0.0.1", port),)).look_up(ZONE, "A")
        transport.close()

    asyncio.run(run())


def test_the_machines_own_resolvers_are_read_from_its_settings(tmp_path: Path) -> None:
    settings = tmp_path / "resolv.conf"
    settings.write_text("# comment\nsearch a.test\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n", "utf-8")
    assert machine_resolver(settings).servers == (("192.0.2.1", 53), ("2001:db8::1", 53))
    with pytest.raises(LookupFailed, match="no resolver"):
        asyncio.run(machine_resolver(tmp_path / "none").look_up(ZONE, "A"))


def test_names_that_do_not_exist_have_no_records() -> None:
    with start_lab("binding") as lab:
        gone = asyncio.run(lab.resolver.look_up("gone.jiangkou.test", "A"))
        empty = asyncio.run(lab.resolver.look_up("www.jiangkou.test", "MX"))
        with pytest.raises(LookupFailed, match="REFUSED"):
            asyncio.run(lab.resolver.look_up("elsewhere.test", "A"))
    assert gone.values == empty.values == ()
