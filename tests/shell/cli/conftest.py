"""The commands with the real shells behind them, as wiring puts them together, and with a clock that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.shell.cli.ran import NOW, Ran, Run

from ringwall.catalogue import read_folder
from ringwall.shell import runs
from ringwall.shell.books import check_portfolio, oasis_python, paid_by_oasis, write_ord
from ringwall.shell.cli import Tools, main
from ringwall.shell.feeds.built_in import built_in
from ringwall.shell.loops import kept_in
from ringwall.shell.probes import DnsResolver, check_control, scan
from ringwall.shell.probes.lab.lab import start_lab
from ringwall.shell.probes.lab.plan import case_plan
from ringwall.shell.sensors import ingest

NOWHERE = (("127.0.0.1", 9),)
"""A name server that is not there: no test asks one outside this machine."""


@pytest.fixture(scope="session")
def tools(loops: Path) -> Tools:
    given: Any = SimpleNamespace(
        catalogue=read_folder,
        scan=scan,
        check_control=check_control,
        resolver=lambda servers: DnsResolver(tuple((each, 53) for each in servers) or NOWHERE, seconds=0.05),
        ingest=ingest,
        check_portfolio=check_portfolio,
        write_ord=write_ord,
        oasis_python=oasis_python,
        paid_by_oasis=paid_by_oasis,
        runs=runs,
        load_intelligence=lambda: (built_in(), ()),
        start_lab=start_lab,
        lab_stages=tuple(case_plan().stages),
        now=lambda: NOW,
        language="zh",
        print_booklet=None,
        print_filing=None,
        loops=kept_in(loops),
    )
    return given


@pytest.fixture
def run(tools: Tools, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command line on paper that is wide enough; every word may be a path."""
    monkeypatch.setenv("COLUMNS", "160")

    def command(*words: object, extra_commands: Sequence[Any] = ()) -> Ran:
        code = main([str(word) for word in words], tools, extra_commands)
        caught = capsys.readouterr()
        return Ran(code, caught.out, caught.err)

    return command
