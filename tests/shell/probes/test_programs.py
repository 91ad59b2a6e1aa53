"""Programs of others behind the gate: an exclusion wins over whatever they try, and the scan's limits are theirs."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT, consent_for
from tests.shell.probes.test_gate import Hours, Names, gate_to

from ringwall.exposure import LookMethod
from ringwall.shell.probes import Gate, OutOfScope, RateLimit
from ringwall.shell.probes.programs import sslscan
from ringwall.shell.probes.programs.door import ProgramFailed, can_be_alone, run_behind

ZONE = "jiangkou.test"
HOSTS = {f"erp.{ZONE}": "127.0.0.1", f"www.{ZONE}": "127.0.0.2", f"a.www.{ZONE}": "127.0.0.2"}
GREEDY = """
import socket, sys
door, *others = sys.argv[1:]
said = []
for place in (*[door] * 3, *others):
    host, port = place.rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), 2) as talk:
            talk.sendall(b"x")
            said.append(talk.recv(1).decode())
    except OSError:
        said.append("-")
print("".join(said), end="")
"""
EXCLUSIONS = st.fixed_dictionaries(
    {
        "excluded_names": st.lists(st.sampled_from((*HOSTS, f"*.www.{ZONE}", f"mail.{ZONE}")), max_size=2).map(tuple),
        "excluded_networks": st.lists(
            st.sampled_from(("127.0.0.1/32", "127.0.0.2/31", "::ffff:127.0.0.1/128", "192.0.2.0/24", "nonsense")),
            max_size=1,
        ).map(tuple),
    }
)


class Listener:
    """Counts who comes and answers each with one letter."""

    def __init__(self) -> None:
        self.visits = 0
        self.ports: dict[str, int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        await reader.read(1)
        writer.write(b"o")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    servers = [await asyncio.start_server(listener.serve, address, 0) for address in sorted(set(HOSTS.values()))]
    for server in servers:
        address, port = server.sockets[0].getsockname()
        listener.ports[address] = port
    try:
        yield listener
    finally:
        for server in servers:
            server.close()


def is_excluded(host: str, scope: dict[str, tuple[str, ...]]) -> bool:
    """The exclusions in the plainest words, beside the code that is tested."""
    for name in scope["excluded_names"]:
        bare = name.removeprefix("*.")
        if host == bare or host.endswith(f".{bare}") or HOSTS.get(bare) == HOSTS[host]:
            return True
    first, second = "127.0.0.1", "127.0.0.2"
    hit = {"127.0.0.1/32": {first}, "::ffff:127.0.0.1/128": {first}, "127.0.0.2/31": {second}, "192.0.2.0/24": set()}
    return any(HOSTS[host] in hit.get(network, {first, second}) for network in scope["excluded_networks"])


def gate_with(scope: dict[str, tuple[str, ...]]) -> Gate:
    consent = consent_for(ZONE)
    consent = replace(consent, scope=replace(consent.scope, **scope))  # type: ignore[arg-type]
    return gate_to(Names({host: (address,) for host, address in HOSTS.items()}), consent)


async def visits(host: str, scope: dict[str, tuple[str, ...]], *, alone: bool | None) -> tuple[int, str]:
    """How many connections a listener gets when a greedy program is let at it, and what the program saw."""
    async with listening() as listener:
        gate = gate_with(scope)
        await gate.bar_excluded()
        (target,) = await gate.pin(host, AT)
        target = target.at_port(listener.ports[target.address])
        direct = tuple(f"{address}:{port}" for address, port in listener.ports.items()) if alone else ()
        try:
            ran = await run_behind(gate, target, (sys.executable, "-c", GREEDY, "{door}", *direct), alone=alone)
        except OutOfScope as stopped:
            return listener.visits, stopped.refusal.code
        return listener.visits, ran.output.decode()


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(sorted(HOSTS)), EXCLUSIONS)
def test_an_exclusion_wins_over_every_program_in_a_network_of_its_own(
    host: str, scope: dict[str, tuple[str, ...]]
) -> None:
    """The program knows the real addresses and tries them too: there is no way out of its network but the door."""
    if not asyncio.run(can_be_alone()):
        pytest.skip("this machine gives no program a network of its own (unshare --net)")
    seen, said = asyncio.run(visits(host, scope, alone=True))
    assert (seen, said) == ((0, "excluded") if is_excluded(host, scope) else (3, "ooo--"))


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_where_no_network_of_its_own_is_to_be_had_the_door_is_the_same(host: str) -> None:
    nothing = {"excluded_names": (), "excluded_networks": ()}
    assert asyncio.run(visits(host, nothing, alone=False)) == (3, "ooo")
    assert asyncio.run(visits(host, {**nothing, "excluded_names": (host,)}, alone=False)) == (0, "excluded")


@settings(deadline=None)
@given(st.sampled_from(sorted(HOSTS)), EXCLUSIONS)
def test_an_exclusion_wins_over_every_probe(host: str, scope: dict[str, tuple[str, ...]]) -> None:
    async def run() -> bool:
        gate = gate_with(scope)
        await gate.bar_excluded()
        (target,) = await gate.pin(host, AT)
        return gate.refusal(target.at_port(1), LookMethod.ACTIVE) is None

    assert asyncio.run(run()) is not is_excluded(host, scope)


def test_a_program_counts_in_the_bucket_of_the_scan() -> None:
    """Three connections of a program and one of ours, at two a second: the fourth waits for the next second."""
    hours = Hours()

    async def run() -> None:
        async with listening() as listener:
            gate = gate_with({})
            gate._rate = RateLimit(2, hours.clock, hours.sleep)
            (target,) = await gate.pin(f"erp.{ZONE}", AT)
            target = target.at_port(listener.ports[target.address])
            async with gate.open(target) as conversation:
                await conversation.ask(b"x")
            ran = await run_behind(gate, target, (sys.executable, "-c", GREEDY, "{door}"))
            assert (listener.visits, ran.opened) == (4, 3)

    asyncio.run(run())
    assert hours.now == pytest.approx(1.0)


def test_the_stop_switch_closes_the_door_on_a_running_program() -> None:
    async def run() -> None:
        async with listening() as listener:
            asked = iter([False, False, False, True])
            gate = gate_to(Names({f"erp.{ZONE}": ("127.0.0.1",)}), stop=lambda: next(asked, True))
            (target,) = await gate.pin(f"erp.{ZONE}", AT)
            target = target.at_port(listener.ports[target.address])
            ran = await run_behind(gate, target, (sys.executable, "-c", GREEDY, "{door}"))
            assert (listener.visits, ran.opened, ran.refused) == (1, 1, 2)

    asyncio.run(run())


@pytest.mark.parametrize("command", [("false",), (sys.executable, "-c", "import time; time.sleep(60)")])
def test_a_program_that_fails_or_hangs_is_a_failed_look(command: tuple[str, ...]) -> None:
    async def run() -> None:
        gate = gate_with({})
        (target,) = await gate.pin(f"erp.{ZONE}", AT)
        with pytest.raises(ProgramFailed):
            await run_behind(gate, target.at_port(9), command, seconds=0.5)

    asyncio.run(run())


REPORT = b"""<document><ssltest>
<protocol type="tls" version="1.0" enabled="%b"/><renegotiation supported="1" secure="%b"/>
<compression supported="%b"/><heartbleed sslversion="TLSv1.0" vulnerable="%b"/></ssltest></document>"""


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((b"1", b"1", b"0", b"0"), ("nothing_weak",)),
        ((b"1", b"0", b"1", b"1"), ("heartbleed", "renegotiation_insecure", "compression_on")),
        ((b"0", b"0", b"1", b"1"), ("not_tls",)),
    ],
)
def test_sslscans_report_is_read(parts: tuple[bytes, ...], says: tuple[str, ...]) -> None:
    assert sslscan.read_report(REPORT % parts) == says


@pytest.mark.parametrize("report", [b"", b"<a>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_report_is_a_failed_look(report: bytes) -> None:
    with pytest.raises(ValueError, match="no XML"):
        sslscan.read_report(report)


def test_sslscan_looks_through_the_gate_where_it_is_installed() -> None:
    if shutil.which("sslscan") is None:
        pytest.skip("sslscan is not installed")

    async def run() -> None:
        async with listening() as listener:
            gate = gate_with({})
            (target,) = await gate.pin(f"erp.{ZONE}", AT)
            seen = await sslscan.look(target.at_port(listener.ports[target.address]), gate)
            assert [observation.says for observation in seen] == ["not_tls"]
            assert listener.visits

    asyncio.run(run())
