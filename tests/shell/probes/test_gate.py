"""The gate: nothing leaves out of scope, too fast, or past it."""

from __future__ import annotations

import ast
import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT, consent_for, proved

import ringwall.shell.probes as probes
from ringwall.exposure import Consent
from ringwall.shell.probes import Gate, Limits, OutOfScope, RateLimit, Records, Target
from ringwall.shell.probes.remote import rdp

PROBES = Path(probes.__file__).parent
OPENERS = {
    "open_connection", "create_connection", "create_datagram_endpoint", "start_server", "create_server", "socket",
    "create_subprocess_exec", "create_subprocess_shell", "run", "Popen", "urlopen", "sock_connect", "start_tls",
}  # fmt: skip
PAST_THE_GATE = ("socket", "subprocess", "http.client", "urllib.request", "dns.query", "dns.asyncquery", "dns.resolver")
MAY_OPEN = {
    "gate.py": {"open_connection"},
    "resolver.py": {"open_connection", "create_datagram_endpoint"},  # to our own resolvers only
    "scan.py": {"run"},  # asyncio.run
    "programs/door.py": {"create_subprocess_exec"},  # each connection of the program is the gate's
    "programs/room.py": {
        "socket",
        "start_server",
        "create_subprocess_exec",
        "run",
    },  # on the program's side of the door
}
MAY_IMPORT = {"programs/room.py": {"socket"}}  # to set its own loopback interface up


class Names:
    """A resolver of a fixed table."""

    def __init__(self, table: dict[str, tuple[str, ...]], aliases: dict[str, str] | None = None) -> None:
        self.table = table
        self.aliases = aliases or {}

    async def look_up(self, name: str, kind: str) -> Records:
        canonical = self.aliases.get(name, name)
        return Records(canonical, self.table.get(canonical, ()) if kind == "A" else ())


def gate_to(names: Names, consent: Consent | None = None, **options: object) -> Gate:
    given: dict[str, object] = {"allow_loopback": True, "limits": Limits(), **options}
    zone = "jiangkou.test"
    return Gate(consent or consent_for(zone), proved(zone), names, lambda: AT, **given)  # type: ignore[arg-type]


async def visits_of(gate: Gate, target: Target) -> int:
    """How many connections a listener on the target's address gets when a probe looks there; the gate may raise."""
    visits = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits
        visits += 1
        await reader.read(100)
        writer.close()

    server = await asyncio.start_server(serve, target.address, 0)
    port = server.sockets[0].getsockname()[1]
    try:
        await gate.pin(target.asset, AT)
        await rdp.look(target.at_port(port), gate)
    finally:
        server.close()
        await asyncio.sleep(0)
    return visits


def test_the_probe_of_a_consented_host_reaches_it() -> None:
    target = Target("erp.jiangkou.test", "127.0.0.1", 0, AT)
    gate = gate_to(Names({target.asset: (target.address,)}))
    assert asyncio.run(visits_of(gate, target)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"excluded_names": ("erp.jiangkou.test",)}, "excluded"),
        ({"excluded_networks": ("127.0.0.0/8",)}, "excluded"),
        ({"assets": ("www.jiangkou.test",)}, "not_in_scope"),
    ],
)
def test_out_of_scope_is_a_hard_error_at_the_socket(change: dict[str, object], code: str) -> None:
    consent = consent_for("jiangkou.test")
    consent = replace(consent, scope=replace(consent.scope, **change))
    target = Target("erp.jiangkou.test", "127.0.0.1", 0, AT)
    gate = gate_to(Names({target.asset: (target.address,)}), consent)
    with pytest.raises(OutOfScope) as stopped:
        asyncio.run(visits_of(gate, target))
    assert stopped.value.refusal.code == code


def test_an_address_that_was_not_resolved_in_this_scan_is_out_of_scope() -> None:
    target = Target("erp.jiangkou.test", "127.0.0.1", 0, AT)
    with pytest.raises(OutOfScope) as stopped:
        asyncio.run(visits_of(gate_to(Names({target.asset: ("127.0.0.9",)})), target))
    assert stopped.value.refusal.code == "address_not_pinned"


def test_loopback_is_out_of_scope_unless_a_lab_allows_it() -> None:
    target = Target("erp.jiangkou.test", "127.0.0.1", 0, AT)
    gate = gate_to(Names({target.asset: (target.address,)}), allow_loopback=False)
    with pytest.raises(OutOfScope) as stopped:
        asyncio.run(visits_of(gate, target))
    assert stopped.value.refusal.code == "address_not_public"


def test_a_look_that_waited_past_its_window_is_out_of_scope() -> None:
    consent = consent_for("jiangkou.test")
    moments = iter([consent.valid.end - timedelta(seconds=1), consent.valid.end])
    names = Names({"erp.jiangkou.test": ("127.0.0.1",)})
    proofs = proved("jiangkou.test", consent.valid.end - timedelta(days=1))
    gate = Gate(consent, proofs, names, lambda: next(moments), allow_loopback=True)
    with pytest.raises(OutOfScope) as stopped:
        asyncio.run(visits_of(gate, Target("erp.jiangkou.test", "127.0.0.1", 0, AT)))
    assert stopped.value.refusal.code == "consent_not_in_force"


def test_an_alias_of_someone_elses_host_is_out_of_scope() -> None:
    names = Names({"shop.cdn.example": ("203.0.114.9",)}, {"shop.jiangkou.test": "shop.cdn.example"})
    with pytest.raises(OutOfScope) as stopped:
        asyncio.run(gate_to(names).pin("shop.jiangkou.test", AT))
    assert stopped.value.refusal.code == "third_party_host"


def test_an_alias_inside_the_scope_is_followed() -> None:
    names = Names({"web.jiangkou.test": ("127.0.0.1",)}, {"www.jiangkou.test": "web.jiangkou.test"})
    targets = asyncio.run(gate_to(names).pin("www.jiangkou.test", AT))
    assert [(t.asset, t.address) for t in targets] == [("www.jiangkou.test", "127.0.0.1")]


def test_only_the_gate_opens_sockets_to_an_insured() -> None:
    found = []
    for path in sorted(PROBES.rglob("*.py")):
        name = path.relative_to(PROBES).as_posix()
        if name.startswith("lab/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
            if called in OPENERS - MAY_OPEN.get(name, set()):
                found.append(f"{name}:{node.lineno} {called}")
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            barred = set(PAST_THE_GATE) - MAY_IMPORT.get(name, set())
            found += [f"{name}: imports {module}" for module in imported if module in barred]
    assert not found


class Hours:
    """A clock that stands until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@given(st.integers(1, 50), st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 2)), max_size=120))
def test_no_second_sees_more_new_connections_than_the_limit(limit: int, visits: list[tuple[str, float]]) -> None:
    hours = Hours()
    rate = RateLimit(limit, hours.clock, hours.sleep)
    starts: dict[str, list[float]] = {"a": [], "b": []}

    async def run() -> None:
        for host, pause in visits:
            hours.now += pause
            await rate.wait(host)
            starts[host].append(hours.now)

    asyncio.run(run())
    for times in starts.values():
        assert all(later - first >= 1 - 1e-9 for first, later in zip(times, times[limit:], strict=False))


def test_a_consent_lowers_the_rate_and_nothing_raises_it() -> None:
    slow = consent_for("jiangkou.test", max_new_per_second=7)
    hasty = Limits(new_per_second=10_000)
    assert gate_to(Names({}), slow, limits=hasty).new_per_second == 7
    assert gate_to(Names({}), limits=hasty).new_per_second == 50


def test_at_most_ten_conversations_are_open_with_one_host() -> None:
    async def run() -> int:
        open_now = most = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            writer.write(b"x")
            await reader.read()
            open_now -= 1
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        target = Target("erp.jiangkou.test", "127.0.0.1", server.sockets[0].getsockname()[1], AT)
        gate = gate_to(Names({target.asset: ("127.0.0.1",)}), limits=Limits(parallel=3))
        await gate.pin(target.asset, AT)

        async def talk() -> None:
            async with gate.open(target) as conversation:
                await conversation.read()

        await asyncio.gather(*(talk() for _ in range(20)))
        server.close()
        return most

    assert 1 <= asyncio.run(run()) <= 4  # the listener may notice the end of a talk a moment late
