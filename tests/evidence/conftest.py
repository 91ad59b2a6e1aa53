"""The rules and controls of the catalogue, and short ways to write down what was seen and said."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from ringwall import catalogue
from ringwall.basics import SHANGHAI
from ringwall.evidence import (
    Answer,
    Attempt,
    Control,
    Observation,
    Outcome,
    Rules,
    ScanResult,
    parse_controls,
    parse_rules,
)

AT = datetime(2025, 12, 15, 10, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def rules() -> Rules:
    read = parse_rules(catalogue.read_folder("controls")["checks.yaml"], "checks.yaml")
    assert isinstance(read, Rules), read
    return read


@pytest.fixture(scope="session")
def controls() -> tuple[Control, ...]:
    read = parse_controls(catalogue.read_folder("controls")["controls.yaml"], "controls.yaml")
    assert isinstance(read, tuple), read
    return read


def seen(probe: str, says: str, locator: str, at: datetime = AT, detail: str = "") -> Observation:
    digest = hashlib.sha256(says.encode()).hexdigest()
    return Observation(probe, locator.partition(":")[0], locator, says, at, digest, detail)


def said(question: str, value: str, at: datetime = AT, evidence: str = "ab" * 32, version: int = 1) -> Answer:
    return Answer(question, version, value, evidence, "broker", "screenshot", at)


def scan_of(*observations: Observation, at: datetime = AT, attempts: tuple[Attempt, ...] = ()) -> ScanResult:
    """A scan in which every look that saw something completed."""
    looked = {(o.probe, o.asset, o.locator) for o in observations}
    done = tuple(Attempt(*place, Outcome.COMPLETED) for place in sorted(looked))
    return ScanResult(at, observations, (), done + attempts)
