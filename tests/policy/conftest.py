"""The policy of the main job, as the tests of this room need it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest

from ringwall.basics import SHANGHAI, Words, year_of_cover
from ringwall.policy import (
    ClauseLine,
    Closing,
    CoverTerms,
    Line,
    Offer,
    Parties,
    PartTerms,
    Party,
    Policy,
    PolicyContent,
    Premium,
    PremiumTerms,
    ProductFiling,
    Receipt,
    ServiceLine,
    SpecialAgreement,
    bind,
    sign_panel,
)
from ringwall.underwriting import Explanation

PAID_AT = datetime(2025, 12, 29, 10, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def offer() -> Offer:
    lead = Party("shouan", Words("首岸财产保险", "Shou'an P&C"))
    parties = Parties(
        applicant=Party("jiangkou", Words("江口精密制造有限公司", "Jiangkou Precision Manufacturing Co., Ltd.")),
        insured=Party("jiangkou", Words("江口精密制造有限公司", "Jiangkou Precision Manufacturing Co., Ltd.")),
        insurers=(
            lead,
            Party("zhongliu", Words("中流财产保险", "Zhongliu P&C")),
            Party("yuanqiao", Words("远桥财产保险", "Yuanqiao P&C")),
        ),
        broker=Party("tongzhou", Words("同舟保险经纪", "Tongzhou Brokers")),
        provider=Party("fengtai", Words("烽台网络安全", "Fengtai Cyber Security")),
    )
    part = PartTerms(
        "INRE",
        Words("事件响应费用", "Incident response"),
        50_000_000,
        Words("每次事故免赔额 20,000 元", "deductible CNY 20,000 each event"),
    )
    cover = CoverTerms(
        parts=(part,),
        event_limit_minor=300_000_000,
        aggregate_limit_minor=500_000_000,
        clauses=(
            ClauseLine("1.1", Words("应急费用", "Cost of response")),
            ClauseLine("1.3", Words("免赔额", "Deductible"), takes_away=True),
            ClauseLine("3.2", Words("等待期", "Waiting period"), takes_away=True),
        ),
        agreements=(SpecialAgreement("T-1", Words("按季扫描。", "A scan every quarter.")),),
        services=(ServiceLine("periodic-scan", Words("定期扫描", "Periodic scan"), 4),),
    )
    return Offer(
        quote="Q-1",
        valid_until=datetime(2026, 1, 19, 23, 59, 59, tzinfo=SHANGHAI),
        filing=ProductFiling("enterprise-cyber", "2026-01", "F-2025-118", date(2025, 11, 20), date(2025, 12, 1)),
        period=year_of_cover(date(2026, 1, 1)),
        parties=parties,
        cover=cover,
        premium=PremiumTerms(15_000_000, Fraction(6, 100), Premium(15_000_000, 900_000), Fraction(120, 100)),
    )


@pytest.fixture(scope="session")
def closing() -> Closing:
    panel = sign_panel(
        "Q-1",
        [
            Line("shouan", Fraction(40, 100)),
            Line("zhongliu", Fraction(35, 100)),
            Line("yuanqiao", Fraction(25, 100)),
        ],
    )
    assert not hasattr(panel, "code")
    shown = datetime(2025, 12, 22, 9, tzinfo=SHANGHAI)
    explained = tuple(
        Explanation(
            clause, "2026-01", shown, "web page", "ab" * 32, "Ms Lin", datetime(2025, 12, 22, 11, tzinfo=SHANGHAI)
        )
        for clause in ("1.3", "3.2")
    )
    receipts = (Receipt(15_900_000, PAID_AT, "shouan"),)
    return Closing(receipts, explained, panel, "B-1")  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def policy(offer: Offer, closing: Closing) -> Policy:
    bound = bind("P-1", offer, closing, at=PAID_AT)
    assert isinstance(bound, Policy), bound
    return bound


@pytest.fixture(scope="session")
def with_premium(policy: Policy) -> Callable[..., PolicyContent]:
    """The content of the policy with other premium terms."""

    def changed(**terms: object) -> PolicyContent:
        content = policy.newest.content
        return replace(content, premium=replace(content.premium, **terms))  # type: ignore[arg-type]

    return changed
