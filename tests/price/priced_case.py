"""The insured of the main job, and ready standings and findings, for the tests of price."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from ringwall.basics import SHANGHAI, Words
from ringwall.evidence import ControlStanding, Finding, FindingStatus, MatchBasis, Severity, Standing
from ringwall.exposure import Organisation, VendorDependency, VendorKind

SEEN = datetime(2025, 12, 15, tzinfo=SHANGHAI)

JIANGKOU = Organisation(
    name=Words("江口精密制造有限公司", "Jiangkou Precision Manufacturing Co., Ltd."),
    credit_code="91310000JIANGKOU0X",
    industry="manufacturing",
    region="310000",
    employees=300,
    hosts=400,
    revenue_minor=24_000_000_000,
    gross_profit_rate=Fraction(3, 10),
    records_held=50_000,
    dependencies=(VendorDependency(VendorKind.CLOUD, "alibaba"),),
)


def standing(control: str, state: Standing) -> ControlStanding:
    return ControlStanding(control, state, Words("已核实", "verified"), "questionnaire", SEEN)


def finding(factor: str, locator: str = "erp:6379", status: FindingStatus = FindingStatus.OPEN) -> Finding:
    return Finding(
        uid=f"{factor}@{locator}",
        check=factor,
        asset="erp.jiangkou.test",
        locator=locator,
        severity=Severity.HIGH,
        basis=MatchBasis.OBSERVED_BEHAVIOUR,
        title=Words("发现项", "finding"),
        advice=Words("请关闭", "close it"),
        perils=("RAN",),
        factor=factor,
        first_seen=SEEN,
        last_seen=SEEN,
        status=status,
        evidence_sha256="",
    )
