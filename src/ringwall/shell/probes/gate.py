"""The only place that opens a socket to an insured's host: scope, pinned address, rate and stop switch are held."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.exposure import (
    MAX_NEW_PER_SECOND,
    Consent,
    ControlProof,
    LookMethod,
    may_look,
    plain_name,
    reached_address,
)
from ringwall.shell.probes.resolver import LookupFailed, Resolver, addresses_of
from ringwall.shell.probes.target import Target

ALL_HOSTS = "*"


class OutOfScope(Exception):
    """A probe asked for a packet that may not leave; nothing was sent."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message.en)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard one scan may press; a consent can lower the rate, nothing can raise it."""

    new_per_second: int = MAX_NEW_PER_SECOND
    new_per_second_in_all: int = 200
    parallel: int = 10
    connect_seconds: float = 3.0
    look_seconds: float = 8.0
    read_bytes: int = 65_536


class RateLimit:
    """At most so many starts in any second for each key: stricter than a token bucket, which allows a double burst."""

    def __init__(
        self,
        per_second: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._starts: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=per_second))

    async def wait(self, key: str) -> None:
        starts = self._starts[key]
        while len(starts) == starts.maxlen and (left := starts[0] + 1.0 - self._clock()) > 0:
            await self._sleep(left)
        starts.append(self._clock())


class Conversation:
    """One open connection: what is read is bounded, and the gate bounds the time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, read_bytes: int) -> None:
        self._reader = reader
        self._writer = writer
        self._read_bytes = read_bytes

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def read(self) -> bytes:
        """What comes next; empty where the other side has closed."""
        return await self._reader.read(self._read_bytes)

    async def read_until(self, enough: Callable[[bytes], bool]) -> bytes:
        """What comes until it is enough, the other side closes or the bound is reached."""
        seen = b""
        while not enough(seen) and len(seen) < self._read_bytes:
            piece = await self._reader.read(self._read_bytes - len(seen))
            if not piece:
                break
            seen += piece
        return seen

    async def read_exactly(self, count: int) -> bytes:
        return await self._reader.readexactly(count)

    async def ask(self, question: bytes) -> bytes:
        await self.send(question)
        return await self.read()

    def tls(self) -> ssl.SSLObject | None:
        found = self._writer.get_extra_info("ssl_object")
        return found if isinstance(found, ssl.SSLObject) else None


class Gate:
    """Opens connections for one scan under one consent; everything that may not be opened raises OutOfScope."""

    def __init__(
        self,
        consent: Consent | None,
        proofs: tuple[ControlProof, ...],
        resolver: Resolver,
        now: Callable[[], datetime],
        *,
        limits: Limits | None = None,
        allow_loopback: bool = False,
        stop: Callable[[], bool] = lambda: False,
        name_server_port: int = 53,
    ) -> None:
        self.resolver = resolver
        self.limits = limits or Limits()
        self.name_server_port = name_server_port
        self._consent = consent
        self._proofs = proofs
        self._now = now
        self._allow_loopback = allow_loopback
        self._stop = stop
        allowed = consent.scope.max_new_per_second if consent else 1
        self.new_per_second = max(min(self.limits.new_per_second, MAX_NEW_PER_SECOND, allowed), 1)
        self._rate = RateLimit(self.new_per_second)
        self._rate_in_all = RateLimit(self.limits.new_per_second_in_all)
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(self.limits.parallel))
        self._pinned: dict[str, tuple[str, ...]] = {}
        self._barred: dict[str, str] = {}
        self._unresolved = ""

    async def bar_excluded(self) -> None:
        """An excluded name excludes its addresses as well, under whatever other name they are reached."""
        for name in self._consent.scope.excluded_names if self._consent else ():
            try:
                _, addresses = await addresses_of(self.resolver, name.removeprefix("*."))
            except LookupFailed:
                self._unresolved = name  # where it lies is not known, so any address may be its own
            else:
                self._barred.update({str(reached_address(address)): name for address in addresses})

    async def pin(self, asset: str, seen_at: datetime) -> tuple[Target, ...]:
        """Resolve a name now and hold the addresses for the whole scan; a name of someone else's is out of scope."""
        canonical, addresses = await addresses_of(self.resolver, asset)
        if plain_name(canonical) != plain_name(asset):
            self._demand_same_owner(asset, canonical)
        self._pinned[plain_name(asset)] = addresses
        return tuple(Target(asset, address, 0, seen_at) for address in addresses)

    def _demand_same_owner(self, asset: str, canonical: str) -> None:
        if self._consent is not None and not self._consent.scope.covers(canonical):
            raise OutOfScope(
                refuse(
                    "third_party_host",
                    asset,
                    zh=f"{asset} 是 {canonical} 的别名，后者不在授权范围内（可能属于第三方）；请补充授权或移除该资产。",
                    en=f"{asset} is an alias of {canonical}, which the consent does not cover (it may be another's); "
                    "extend the consent or take the asset off the list.",
                )
            )

    def refusal(self, target: Target, method: LookMethod) -> Refusal | None:
        """Why this target may not be looked at now, or nothing."""
        if self._stop():
            return refuse(
                "scan_stopped",
                target.asset,
                zh=f"扫描已被停止，{target.locator} 未检查；停止开关解除后可重新扫描。",
                en=f"The scan was stopped before {target.locator}; scan again when the stop switch is off.",
            )
        address, port = target.address or None, target.port or None
        return may_look(
            self._consent,
            self._proofs,
            target.asset,
            address,
            port,
            self._now(),
            method,
            allow_loopback=self._allow_loopback,
        ) or (self._not_pinned(target) if address else None)

    def _not_pinned(self, target: Target) -> Refusal | None:
        if self._unresolved:
            return refuse(
                "exclusion_unresolved",
                target.asset,
                zh=f"被排除的 {self._unresolved} 无法解析，无从得知哪些地址属于它，{target.asset} 暂不检查；"
                "请在授权书中改以网段排除，或待域名恢复后重试。",
                en=f"The excluded {self._unresolved} cannot be resolved, so its addresses are not known and "
                f"{target.asset} is not looked at; exclude its network instead, or try again when the name resolves.",
            )
        if barred := self._barred.get(str(reached_address(target.address))):
            return refuse(
                "excluded",
                target.asset,
                zh=f"{target.asset} 与被排除的 {barred} 共用地址 {target.address}，不作检查；请分开地址或改签授权。",
                en=f"{target.asset} shares the address {target.address} with the excluded {barred}, so it is not "
                "looked at; give them separate addresses or sign a new consent.",
            )
        if target.address in self._pinned.get(plain_name(target.asset), ()):
            return None
        return refuse(
            "address_not_pinned",
            target.asset,
            zh=f"{target.address} 不是本次扫描开始时 {target.asset} 解析到的地址，不发送数据包；请重新扫描。",
            en=f"{target.address} is not what {target.asset} resolved to when this scan began, so no packet is sent; "
            "scan again.",
        )

    @asynccontextmanager
    async def open(
        self, target: Target, method: LookMethod = LookMethod.ACTIVE, tls: ssl.SSLContext | None = None
    ) -> AsyncIterator[Conversation]:
        """One connection, within scope, rate and time. Raises OSError where nobody answers in time."""
        self._demand(target, method)
        async with self._slots[target.address]:
            await self._rate_in_all.wait(ALL_HOSTS)
            await self._rate.wait(str(reached_address(target.address)))
            self._demand(target, method)  # hours, consent or stop switch may have changed while waiting
            async with asyncio.timeout(self.limits.look_seconds):
                async with asyncio.timeout(self.limits.connect_seconds):
                    reader, writer = await asyncio.open_connection(
                        target.address, target.port, ssl=tls, server_hostname=target.asset if tls else None
                    )
                try:
                    yield Conversation(reader, writer, self.limits.read_bytes)
                finally:
                    writer.transport.abort()

    def _demand(self, target: Target, method: LookMethod) -> None:
        assert target.address, "a socket needs an address"
        assert target.port, "a socket needs a port"
        if refusal := self.refusal(target, method):
            raise OutOfScope(refusal)
