"""The program `ringwall`: commands on files, and the commands that open the house."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import dns.resolver

from ringwall.basics import Language
from ringwall.catalogue import read_folder
from ringwall.shell import cli, runs
from ringwall.shell.books import check_portfolio, oasis_python, paid_by_oasis, write_ord
from ringwall.shell.cli import Tools
from ringwall.shell.documents import print_booklet, print_filing
from ringwall.shell.loops import kept_in
from ringwall.shell.probes import DnsResolver, check_control, scan
from ringwall.shell.probes.lab import case_plan, start_lab
from ringwall.shell.sensors import ingest
from ringwall.wiring.commands.feeds import Feeds
from ringwall.wiring.commands.hand_in import HandIn
from ringwall.wiring.commands.refit import Refit
from ringwall.wiring.commands.watch import Watch
from ringwall.wiring.house import known_vulnerabilities, stop_switch
from ringwall.wiring.life import Life
from ringwall.wiring.message_office import MessageOffice
from ringwall.wiring.serve import Serve, serve_house

DNS_PORT = 53


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the house is in the folder RINGWALL_HOME, by default `.ringwall` where one stands."""
    environment = dict(os.environ)
    home = Path(environment.get("RINGWALL_HOME", ".ringwall")).absolute()
    acting = (Watch(home, environment), Feeds(home, environment), HandIn(home, environment), Refit(home, environment))
    house = (Life(home, environment, serve_house), Serve(home, environment), MessageOffice(home, environment))
    commands = (*house, *acting)
    return cli.main(sys.argv[1:] if argv is None else argv, make_tools(home, environment), commands)


def make_tools(home: Path, environment: Mapping[str, str]) -> Tools:
    """What the commands on files are given."""
    language: Language = "en" if environment.get("RINGWALL_LANG") == "en" else "zh"
    plan = case_plan()
    return Tools(
        catalogue=read_folder,
        scan=partial(scan, stop=stop_switch(home)),
        check_control=check_control,
        resolver=lambda servers: DnsResolver(tuple((server, DNS_PORT) for server in servers or own_name_servers())),
        ingest=ingest,
        check_portfolio=check_portfolio,
        write_ord=write_ord,
        oasis_python=oasis_python,
        paid_by_oasis=paid_by_oasis,
        runs=runs,
        load_intelligence=lambda: known_vulnerabilities(home, environment),
        start_lab=lambda stage: start_lab(stage, plan),
        lab_stages=tuple(plan.stages),
        now=lambda: datetime.now(UTC),
        language=language,
        print_booklet=print_booklet,
        print_filing=print_filing,
        loops=kept_in(home / "loops"),
    )


def own_name_servers() -> tuple[str, ...]:
    """The name servers that this machine uses; none where it has no configuration."""
    try:
        return tuple(str(server) for server in dns.resolver.Resolver().nameservers)
    except dns.resolver.NoResolverConfiguration:
        return ()
