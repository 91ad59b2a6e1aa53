"""What holds for an installation whether or not its house is open: the stop switch, and where facts come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ringwall.basics import Refusal
from ringwall.evidence import Intelligence
from ringwall.shell.feeds import load_intelligence

FEEDS_TIMEOUT_SECONDS = 3.0


def stop_switch(home: Path) -> Callable[[], bool]:
    """While the file `stop-scans` stands in the home folder no look of this installation opens a socket."""
    return (home / "stop-scans").exists


def known_vulnerabilities(home: Path, environment: Mapping[str, str]) -> tuple[Intelligence, tuple[Refusal, ...]]:
    """From RINGWALL_FEEDS, else from the official addresses, else the built-in table, which then says so."""
    where = Path(environment["RINGWALL_FEEDS"]) if environment.get("RINGWALL_FEEDS") else None
    return load_intelligence(where, home / "feeds", timeout=FEEDS_TIMEOUT_SECONDS)
