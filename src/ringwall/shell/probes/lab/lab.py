"""A company's hosts on this machine: real services on loopback, started and stopped by whoever scans them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from ringwall.exposure import Asset, AssetKind, Challenge, ProofMethod
from ringwall.shell.probes import ports
from ringwall.shell.probes.lab.certificates import server_context
from ringwall.shell.probes.lab.name_server import NameServer, Zone
from ringwall.shell.probes.lab.plan import LabPlan, ServicePlan, case_plan
from ringwall.shell.probes.lab.services import SERVICES, Handler
from ringwall.shell.probes.resolver import DnsResolver

FIRST_OPEN_PORT = 1024
NETWORKS = 256
START_SECONDS = 20.0
T = TypeVar("T")


class LabFailed(RuntimeError):
    """The lab cannot run on this machine; the message says which port is in the way."""


class Lab:
    """A running lab; leave the `with` block and every service is gone."""

    def __init__(self, plan: LabPlan) -> None:
        self.plan = plan
        self.stage = ""
        self.foreign_ports: tuple[int, ...] = ()
        self._network = ""
        self._zone: Zone | None = None
        self._name_server: NameServer | None = None
        self._tokens: dict[str, str] = {}
        self._servers: dict[ServicePlan, asyncio.Server] = {}
        self._talks: set[asyncio.StreamWriter] = set()
        self.visited: set[tuple[str, int]] = set()
        self.visits = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="lab", daemon=True)

    @property
    def resolver(self) -> DnsResolver:
        return DnsResolver(((self.address_of(self.plan.name_server), self.plan.dns_port),))

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The domain and its hosts, the name servers apart."""
        hosts = sorted(host for host in self.plan.hosts if host not in self.plan.name_servers())
        domain = Asset(self.plan.zone, AssetKind.DOMAIN)
        return (domain, *(Asset(self.plan.name_of(host), AssetKind.HOST) for host in hosts))

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports to sweep here: none that needs root, none that another program of this machine holds everywhere."""
        return tuple(port for port in ports.PORTS if port >= FIRST_OPEN_PORT and port not in self.foreign_ports)

    @property
    def http_port(self) -> int:
        return self.plan.http_port

    @property
    def dns_port(self) -> int:
        return self.plan.dns_port

    def address_of(self, host: str) -> str:
        return f"{self._network}.{self.plan.hosts[host]}"

    def switch(self, stage: str) -> None:
        """Stop and start services until exactly those of the stage listen."""
        self._run(self._switch(stage))

    def publish_challenge(self, challenge: Challenge) -> None:
        """What the insured's own people do: put the token into the zone or onto the web server."""
        self._run(self._publish(challenge))

    def withdraw_challenge(self, challenge: Challenge) -> None:
        self._run(self._unpublish(challenge))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def start(self, stage: str) -> None:
        self._thread.start()
        try:
            self._run(self._settle_down())
            self._run(self._switch(stage))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._run(self._stop_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(START_SECONDS)

    async def _settle_down(self) -> None:
        """Take the first network 127.41.N that is free, beginning at one that depends on the process."""
        first, why = os.getpid() % NETWORKS, ""
        for step in range(NETWORKS):
            self._network = f"127.41.{(first + step) % NETWORKS}"
            zone = Zone(self.plan, self._network)
            server = NameServer(zone)
            try:
                await server.start(self.address_of(self.plan.name_server), self.plan.dns_port)
            except OSError as failure:
                why = str(failure)
                continue
            self._zone, self._name_server = zone, server
            await self._find_foreign_ports()
            return
        raise LabFailed(f"No address 127.41.* of this machine lets us listen on port {self.plan.dns_port}: {why}.")

    async def _find_foreign_ports(self) -> None:
        """Ports that answer on an address where nothing of ours listens yet."""
        address = self.address_of(self.plan.name_server)
        found = [port for port in sorted({*ports.PORTS, *self.plan.ports()}) if await _answers(address, port)]
        self.foreign_ports = tuple(found)
        if in_the_way := set(found) & set(self.plan.ports()):
            raise LabFailed(
                f"Another program listens on port {min(in_the_way)} of every address of this machine, and the lab "
                "needs it; stop the program, or let it listen on one address only."
            )

    async def _switch(self, stage: str) -> None:
        wanted = set(self.plan.stages[stage])
        for service in self._servers.keys() - wanted:
            server = self._servers.pop(service)
            server.close()
            await server.wait_closed()
        for service in wanted - self._servers.keys():
            self._servers[service] = await self._listen(service)
        self.stage = stage

    async def _listen(self, service: ServicePlan) -> asyncio.Server:
        options = dict(service.options)
        handler = self._guard(service, SERVICES[service.service](options, self._tokens))
        name = self.plan.name_of(service.host)
        tls = (
            server_context(name, options.get("certificate", "current"), options.get("protocol", "current"))
            if service.service == "https"
            else None
        )
        return await asyncio.start_server(handler, self.address_of(service.host), service.port, ssl=tls)

    def _guard(self, service: ServicePlan, handler: Handler) -> Handler:
        """What a visitor does wrong ends its own conversation only."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._talks.add(writer)
            self.visited.add((service.host, service.port))
            self.visits += 1
            try:
                await handler(reader, writer)
                await writer.drain()
            except (OSError, EOFError, ValueError, asyncio.CancelledError):
                pass  # a lab that closes cancels its talks, and that is nobody's error
            finally:
                self._talks.discard(writer)
                writer.close()

        return serve

    async def _publish(self, challenge: Challenge) -> None:
        assert self._zone is not None, "the lab is running"
        if challenge.method is ProofMethod.DNS_TXT:
            self._zone.add(self._label(challenge), "TXT", f'"{challenge.token}"')
        else:
            self._tokens[challenge.place] = challenge.token

    async def _unpublish(self, challenge: Challenge) -> None:
        assert self._zone is not None, "the lab is running"
        if challenge.method is ProofMethod.DNS_TXT:
            self._zone.remove(self._label(challenge), "TXT")
        else:
            self._tokens.pop(challenge.place, None)

    def _label(self, challenge: Challenge) -> str:
        return challenge.place.removesuffix(f".{self.plan.zone}")

    async def _stop_all(self) -> None:
        for server in self._servers.values():
            server.close()
        if self._name_server:
            self._name_server.stop()
        for writer in tuple(self._talks):
            writer.transport.abort()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def start_lab(stage: str, plan: LabPlan | None = None) -> Lab:
    """A lab in the given stage, ready to be looked at; use it in a `with` block."""
    lab = Lab(plan or case_plan())
    lab.start(stage)
    return lab


async def _answers(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.transport.abort()
    return True
