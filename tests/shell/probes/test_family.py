"""The family of probes: one shape, one vocabulary, and rules that speak it."""

from __future__ import annotations

import asyncio
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell.probes.conftest import AT, consent_for, look_over, plan_of, proved
from tests.shell.probes.lab.real import read

import ringwall.shell.probes as package
from ringwall import catalogue
from ringwall.evidence import Control, Rules, parse_controls
from ringwall.exposure import LookMethod
from ringwall.shell.probes import PROBES, SERVICE_PROBES, Gate, Probe, Records, Target, ports
from ringwall.shell.probes.gate import Conversation
from ringwall.shell.probes.lab import start_lab

SHAPE = ("NAME", "METHOD", "PORTS", "SAYS", "look")


def test_every_module_of_a_probe_is_in_the_family() -> None:
    found = set()
    for info in pkgutil.walk_packages(package.__path__, "ringwall.shell.probes."):
        module = import_module(info.name)
        if hasattr(module, "look"):
            found.add(module.NAME)
    assert found == {probe.NAME for probe in PROBES}
    assert len(found) == len(PROBES)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.NAME)
def test_a_probe_has_the_shape_of_the_family(probe: Probe) -> None:
    assert all(hasattr(probe, name) for name in SHAPE)
    assert isinstance(probe.METHOD, LookMethod)
    assert probe.SAYS
    assert len(set(probe.SAYS)) == len(probe.SAYS)
    assert getattr(probe, "__doc__", "")


def test_the_sweep_covers_the_ports_of_every_probe() -> None:
    assert {port for probe in SERVICE_PROBES for port in probe.PORTS} <= set(ports.PORTS)


def test_every_rule_speaks_the_words_of_its_probe(rules: Rules) -> None:
    words = {probe.NAME: set(probe.SAYS) for probe in PROBES}
    for check in rules.checks:
        assert set(check.says) <= words[check.probe], check.id
        assert set(check.ports) <= set(ports.PORTS), check.id


def test_every_control_is_broken_by_checks_and_seen_by_probes_that_exist(rules: Rules) -> None:
    controls = parse_controls(catalogue.read_folder("controls")["controls.yaml"], "controls.yaml")
    assert isinstance(controls, tuple)
    for control in controls:
        assert isinstance(control, Control)
        if control.look:
            assert set(control.look.broken_by) <= {check.id for check in rules.checks}
            assert control.look.probe in {probe.NAME for probe in PROBES}


def test_what_a_probe_says_is_a_word_of_its_own(rules: Rules) -> None:
    words = {probe.NAME: set(probe.SAYS) for probe in PROBES}
    said: dict[str, set[str]] = {}
    for name, stage in (("zoo", "open"), ("jiangkou", "drift"), ("well_kept", "kept")):
        with start_lab(stage, plan_of(name)) as lab:
            for seen in look_over(lab).observations:
                said.setdefault(seen.probe, set()).add(seen.says)
    for probe, used in said.items():
        assert used <= words[probe]
    expected = read("expected.yaml")
    real = {check for _, check, _, _ in (*expected["seeded"], *expected["besides"])}
    weak = {(check.probe, word) for check in rules.checks if check.id not in real for word in check.says}
    missed = {(probe, word) for probe, word in weak if word not in said.get(probe, ())}
    assert missed == {
        ("ssh", "open"),
        ("sslscan", "compression_on"),
        ("sslscan", "heartbleed"),
        ("sslscan", "renegotiation_insecure"),
        ("tls", "appliance_certificate"),
        ("tls", "certificate_not_yet_valid"),
    }, "every other weakness is shown by a lab, the real one included"


class Writer:
    """Takes what is written and keeps nothing."""

    def write(self, _data: bytes) -> None: ...

    async def drain(self) -> None: ...

    def get_extra_info(self, _name: str) -> None: ...


class Scripted(Gate):
    """A gate behind which every connection answers the same bytes and closes."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(consent_for("a.test"), proved("a.test"), Deaf(), lambda: AT, allow_loopback=True)
        self.answer = answer

    @asynccontextmanager
    async def open(self, *_: object, **__: object) -> AsyncIterator[Conversation]:  # type: ignore[override]
        reader = asyncio.StreamReader()
        reader.feed_data(self.answer)
        reader.feed_eof()
        yield Conversation(reader, Writer(), 65_536)  # type: ignore[arg-type]


class Deaf:
    async def look_up(self, name: str, _kind: str) -> Records:
        return Records(name, ())


SPOKEN = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n",
    b'HTTP/1.1 200 OK\r\n\r\n{"cluster_name": 1, "version": ',
    b"\x03\x00\x00\x13\x0e\xd0",
    b"R\0\0\0",
    b"220 ",
    b"+PONG\r\n",
    b"$5\r\n",
    b"VERSION ",
    b"\xff\xfd",
)
ANYTHING = st.one_of(
    st.binary(max_size=80),
    st.tuples(st.sampled_from(SPOKEN), st.binary(max_size=60)).map(lambda parts: b"".join(parts)),
)


@pytest.mark.parametrize("probe", [p for p in SERVICE_PROBES if p.NAME != "tls"], ids=lambda probe: probe.NAME)
@settings(deadline=None)
@given(answer=ANYTHING)
def test_a_probe_makes_something_of_any_answer(probe: Probe, answer: bytes) -> None:
    target = Target("a.test", "127.0.0.1", probe.PORTS[0], AT)
    seen = asyncio.run(probe.look(target, Scripted(answer)))
    assert seen
    assert {(s.probe, s.locator, s.seen_at) for s in seen} == {(probe.NAME, target.locator, AT)}
    assert {s.says for s in seen} <= set(probe.SAYS)
