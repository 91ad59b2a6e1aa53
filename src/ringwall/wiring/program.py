"""The program `ringwall`: commands on files, and the commands that open the house."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ringwall.basics import Language
from ringwall.catalogue import read_folder
from ringwall.shell import cli
from ringwall.wiring.commands.family import house_commands

if TYPE_CHECKING:  # a tool is imported when a command reaches for it, and most commands need none
    from ringwall.basics import Refusal
    from ringwall.evidence import Intelligence
    from ringwall.portfolio import Compile
    from ringwall.shell.cli.tools import (
        CheckControl,
        CheckPortfolio,
        Ingest,
        Lab,
        PaidByOasis,
        PrintBooklet,
        PrintFiling,
        Runs,
        Scan,
        WriteOrd,
    )
    from ringwall.shell.probes import DnsResolver

DNS_PORT = 53


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the house is in the folder RINGWALL_HOME, by default `.ringwall` where one stands."""
    environment = dict(os.environ)
    home = Path(environment.get("RINGWALL_HOME", ".ringwall")).absolute()
    commands = house_commands(home, environment)
    return cli.main(sys.argv[1:] if argv is None else argv, Toolbox(home, environment), commands)


class Toolbox:
    """What the commands on files are given; implements `ringwall.shell.cli.Tools`."""

    catalogue = staticmethod(read_folder)

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment
        self.language: Language = "en" if environment.get("RINGWALL_LANG") == "en" else "zh"

    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def scan(self) -> Scan:
        from ringwall.shell.probes import scan
        from ringwall.wiring.installation import stop_switch

        return partial(scan, stop=stop_switch(self._home))

    @cached_property
    def check_control(self) -> CheckControl:
        from ringwall.shell.probes import check_control

        return check_control

    def resolver(self, servers: tuple[str, ...]) -> DnsResolver:
        from ringwall.shell.probes import DnsResolver

        return DnsResolver(tuple((server, DNS_PORT) for server in servers or own_name_servers()))

    @cached_property
    def ingest(self) -> Ingest:
        from ringwall.shell.sensors import ingest

        return ingest

    @cached_property
    def check_portfolio(self) -> CheckPortfolio:
        from ringwall.shell.books import check_portfolio

        return check_portfolio

    @cached_property
    def write_ord(self) -> WriteOrd:
        from ringwall.shell.books import write_ord

        return write_ord

    @cached_property
    def paid_by_oasis(self) -> PaidByOasis:
        from ringwall.shell.books import paid_by_oasis

        return paid_by_oasis

    def oasis_python(self, named: Path | None) -> Path | Refusal:
        from ringwall.shell.books import oasis_python

        return oasis_python(named)

    @cached_property
    def runs(self) -> Runs:
        from ringwall.shell import runs

        return runs

    def load_intelligence(self) -> tuple[Intelligence, tuple[Refusal, ...]]:
        from ringwall.wiring.installation import known_vulnerabilities

        return known_vulnerabilities(self._home, self._environment)

    def start_lab(self, stage: str) -> Lab:
        from ringwall.shell.probes.lab import case_plan, start_lab

        return start_lab(stage, case_plan())

    @cached_property
    def lab_stages(self) -> tuple[str, ...]:
        from ringwall.shell.probes.lab import case_plan

        return tuple(case_plan().stages)

    @cached_property
    def print_booklet(self) -> PrintBooklet:
        from ringwall.shell.documents import print_booklet

        return print_booklet

    @cached_property
    def print_filing(self) -> PrintFiling:
        from ringwall.shell.documents import print_filing

        return print_filing

    @cached_property
    def loops(self) -> Compile:
        from ringwall.shell.loops import kept_in

        return kept_in(self._home / "loops")


def own_name_servers() -> tuple[str, ...]:
    """The name servers that this machine uses; none where it has no configuration."""
    import dns.resolver  # only for a look: nothing else asks a name server

    try:
        return tuple(str(server) for server in dns.resolver.Resolver().nameservers)
    except dns.resolver.NoResolverConfiguration:
        return ()
