"""One scan: every asset, every probe, every look noted as completed, failed or not scheduled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ringwall.basics import Refusal
from ringwall.evidence import PORT_CLOSED, Attempt, Observation, Outcome, ScanResult
from ringwall.exposure import Asset, AssetKind, Challenge, Consent, ControlProof, LookMethod
from ringwall.shell.probes import ports
from ringwall.shell.probes.family import DOMAIN_PROBES, PORT_SWEEP, PROGRAM_PROBES, SERVICE_PROBES, Probe
from ringwall.shell.probes.gate import Gate, Limits, OutOfScope
from ringwall.shell.probes.proof import HTTP_PORT, prove
from ringwall.shell.probes.resolver import Resolver
from ringwall.shell.probes.target import Target

HOST_SILENT = "host_silent"
SHUT_OUT = "shut_out"
PORT_UNKNOWN = "port_unknown"
NO_ADDRESS = "no_address"


def _place_and_words(seen: Observation) -> tuple[str, ...]:
    return (seen.asset, seen.locator, seen.probe, seen.says, seen.evidence_sha256, seen.detail)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a scan looks: the ports that it sweeps, and by probe those where a service lies beside its usual ones."""

    swept_ports: tuple[int, ...] = ports.PORTS
    further_ports: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    programs: bool = False

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The probes of services; programs of others only where they are asked for."""
        return (*SERVICE_PROBES, *PROGRAM_PROBES) if self.programs else SERVICE_PROBES

    def of(self, probe: Probe) -> tuple[int, ...]:
        known = dict.fromkeys((*probe.PORTS, *self.further_ports.get(probe.NAME, ())))
        return tuple(port for port in known if port in self.swept_ports)


@dataclass(slots=True)
class _Notes:
    """What a scan writes down while it runs."""

    observations: list[Observation] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    refusals: dict[tuple[str, str], Refusal] = field(default_factory=dict)

    def note(self, probe: Probe, target: Target, outcome: Outcome, reason: str = "") -> None:
        self.attempts.append(Attempt(probe.NAME, target.asset, target.locator, outcome, reason))

    def skip(self, probe: Probe, target: Target, refusal: Refusal) -> None:
        self.refusals.setdefault((refusal.where, refusal.code), refusal)
        self.note(probe, target, Outcome.NOT_SCHEDULED, refusal.code)

    def result(self, at: datetime) -> ScanResult:
        return ScanResult(
            at,
            tuple(sorted(set(self.observations), key=_place_and_words)),
            tuple(refusal for _, refusal in sorted(self.refusals.items())),
            tuple(sorted(self.attempts, key=lambda a: (a.asset, a.locator, a.probe, a.outcome, a.reason))),
        )


def scan(
    assets: Iterable[Asset],
    consent: Consent | None,
    proofs: tuple[ControlProof, ...],
    resolver: Resolver,
    at: datetime,
    *,
    limits: Limits | None = None,
    allow_loopback: bool = False,
    stop: Callable[[], bool] = lambda: False,
    swept_ports: tuple[int, ...] = ports.PORTS,
    further_ports: Mapping[str, tuple[int, ...]] | None = None,
    programs: bool = False,
    name_server_port: int = 53,
) -> ScanResult:
    """Look at the assets once, at the instant `at`; the result is the same in whatever order the answers come.

    `further_ports` names by probe where a service lies beside its usual ports; `programs` lets programs of others that
    are installed look as well, through the same gate.
    """
    places = Places(swept_ports, further_ports or {}, programs)

    async def run() -> ScanResult:
        gate = Gate(
            consent,
            proofs,
            resolver,
            _running_from(at),
            limits=limits,
            allow_loopback=allow_loopback,
            stop=stop,
            name_server_port=name_server_port,
        )
        return await scan_through(gate, tuple(assets), at, places)

    return asyncio.run(run())


def check_control(
    challenges: Iterable[Challenge],
    consent: Consent | None,
    resolver: Resolver,
    at: datetime,
    *,
    http_port: int = HTTP_PORT,
    allow_loopback: bool = False,
) -> tuple[ControlProof | Refusal, ...]:
    """Look for the token of each challenge, in order."""

    async def run() -> tuple[ControlProof | Refusal, ...]:
        gate = Gate(consent, (), resolver, _running_from(at), allow_loopback=allow_loopback)
        return tuple([await prove(challenge, gate, at, http_port=http_port) for challenge in challenges])

    return asyncio.run(run())


def _running_from(at: datetime) -> Callable[[], datetime]:
    """The scan's own time: it begins at `at` and runs on, so that a window can close during a scan."""
    started = time.monotonic()
    return lambda: at + timedelta(seconds=time.monotonic() - started)


async def scan_through(gate: Gate, assets: tuple[Asset, ...], at: datetime, places: Places | None = None) -> ScanResult:
    notes = _Notes()
    await gate.bar_excluded()
    await asyncio.gather(*(_look_at(asset, gate, at, places or Places(), notes) for asset in assets))
    return notes.result(at)


async def _look_at(asset: Asset, gate: Gate, at: datetime, places: Places, notes: _Notes) -> None:
    place = Target(asset.name, "", 0, at)
    if asset.kind is AssetKind.DOMAIN:
        for probe in DOMAIN_PROBES:
            await _attempt(probe, place, gate, notes)
        return
    if refusal := gate.refusal(place, LookMethod.ACTIVE):
        notes.skip(PORT_SWEEP, place, refusal)
        return
    try:
        targets = await gate.pin(asset.name, at)
    except OutOfScope as stopped:
        notes.skip(PORT_SWEEP, place, stopped.refusal)
        return
    except OSError as failure:
        notes.note(PORT_SWEEP, place, Outcome.FAILED, str(failure))
        return
    if not targets:
        notes.note(PORT_SWEEP, place, Outcome.FAILED, NO_ADDRESS)
    await asyncio.gather(*(_look_at_host(target, gate, places, notes) for target in targets))


async def _look_at_host(target: Target, gate: Gate, places: Places, notes: _Notes) -> None:
    """The sweep first; then each service probe on those of its ports that are open."""
    state = await _sweep(target, gate, places.swept_ports, notes)
    looks = []
    for probe in places.probes:
        for place in (target.at_port(port) for port in places.of(probe)):
            if state.get(place.locator) == "open":
                looks.append(_attempt(probe, place, gate, notes))
            else:
                reason = PORT_CLOSED if place.locator in state else PORT_UNKNOWN
                notes.note(probe, place, Outcome.NOT_SCHEDULED, reason)
    await asyncio.gather(*looks)


async def _sweep(target: Target, gate: Gate, swept_ports: tuple[int, ...], notes: _Notes) -> dict[str, str]:
    """The state of every port of which something is known, by its locator."""
    swept = _Notes()
    await asyncio.gather(*(_attempt(PORT_SWEEP, target.at_port(port), gate, swept) for port in swept_ports))
    state = {seen.locator: seen.says for seen in swept.observations}
    why = await _why_dropped(state, target, gate)
    lost = {locator for locator, says in state.items() if says == "filtered"} if why else set()
    notes.observations += [seen for seen in swept.observations if seen.locator not in lost]
    for attempt in swept.attempts:
        failed = replace(attempt, outcome=Outcome.FAILED, reason=why)
        notes.attempts.append(failed if attempt.locator in lost else attempt)
    notes.refusals.update(swept.refusals)
    return {locator: says for locator, says in state.items() if locator not in lost}


async def _why_dropped(state: dict[str, str], target: Target, gate: Gate) -> str:
    """Why nothing follows from the ports that dropped our packets; empty where they are as good as closed.

    They are while the host still answers elsewhere: else it is down, or it has shut us out during the sweep.
    """
    answered = sorted(locator for locator, says in state.items() if says != "filtered")
    if len(answered) == len(state):
        return ""
    if not answered:
        return HOST_SILENT
    try:
        again = await PORT_SWEEP.look(target.at_port(int(answered[0].rpartition(":")[2])), gate)
    except OutOfScope:
        return SHUT_OUT
    return SHUT_OUT if again[0].says == "filtered" else ""


async def _attempt(probe: Probe, target: Target, gate: Gate, notes: _Notes) -> None:
    """One look; what the outside does wrong ends as a failed look, never as a failed scan."""
    if refusal := gate.refusal(target, probe.METHOD):
        notes.skip(probe, target, refusal)
        return
    try:
        seen = await probe.look(target, gate)
    except OutOfScope as stopped:
        notes.skip(probe, target, stopped.refusal)
    except (OSError, EOFError, ValueError, LookupError) as failure:
        notes.note(probe, target, Outcome.FAILED, f"{type(failure).__name__} {failure}".strip())
    else:
        notes.observations += seen
        notes.note(probe, target, Outcome.COMPLETED)
