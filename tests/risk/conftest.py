"""The default model and ready standings and findings for the tests of risk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

import pytest

from ringwall.basics import SHANGHAI, Words
from ringwall.catalogue import read_folder
from ringwall.evidence import ControlStanding, Finding, FindingStatus, MatchBasis, Severity, Standing
from ringwall.risk import FILES, RiskModel, RiskProfile, Territory, parse_model

SEEN = datetime(2025, 12, 15, tzinfo=SHANGHAI)
FEN_PER_USD = 712


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    return {name: text for name, text in read_folder("models", "2026-01").items() if name in FILES}


@pytest.fixture(scope="session")
def model(texts: dict[str, str]) -> RiskModel:
    parsed = parse_model(texts)
    assert isinstance(parsed, RiskModel), parsed
    return parsed


@pytest.fixture(scope="session")
def western() -> Callable[..., RiskProfile]:
    """A Western profile by revenue in USD."""

    def make(revenue_usd: float, records_held: int = 20_000) -> RiskProfile:
        revenue_minor = round(revenue_usd * FEN_PER_USD)
        return RiskProfile(Territory.WEST, "average", revenue_minor, Fraction(35, 100), records_held)

    return make


@pytest.fixture(scope="session")
def standing() -> Callable[[str, Standing], ControlStanding]:
    def make(control: str, state: Standing) -> ControlStanding:
        return ControlStanding(control, state, Words("已核实", "verified"), "questionnaire", SEEN)

    return make


@pytest.fixture(scope="session")
def finding() -> Callable[..., Finding]:
    def make(factor: str, locator: str = "tcp/6379", **changes: object) -> Finding:
        given = {
            "uid": f"{factor}@{locator}",
            "check": factor,
            "asset": "erp.jiangkou.test",
            "locator": locator,
            "severity": Severity.HIGH,
            "basis": MatchBasis.OBSERVED_BEHAVIOUR,
            "title": Words("发现项", "finding"),
            "advice": Words("请关闭", "close it"),
            "perils": ("RAN",),
            "factor": factor,
            "first_seen": SEEN,
            "last_seen": SEEN,
            "status": FindingStatus.OPEN,
            "evidence_sha256": "",
        }
        return Finding(**{**given, **changes})  # type: ignore[arg-type]

    return make
