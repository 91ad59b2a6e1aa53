"""A policy's content and a settled claim of the case that the main job tells."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import yaml

from ringwall.basics import SHANGHAI, Refusal, Words, year_of_cover
from ringwall.catalogue import read_folder
from ringwall.policy import (
    ClauseLine,
    CoverTerms,
    Line,
    Parties,
    PartTerms,
    Party,
    PolicyContent,
    Premium,
    PremiumTerms,
    ServiceLine,
    sign_panel,
)
from ringwall.product import Product, compile_schedule, event_from_mapping, make_schedule
from ringwall.shell.documents import SettlementLetter
from ringwall.terms import settle

INSURED = Words("江口精密制造有限公司", "Jiangkou Precision Manufacturing Co., Ltd.")
LEAD = Words("首岸财产保险", "Shou'an P&C Insurance")
UNEXPLAINED = "3.3"


def content_of(product: Product, explained: dict[str, bool]) -> PolicyContent:
    insured = Party("jiangkou", INSURED)
    followers = (
        Party("zhongliu", Words("中流财产保险", "Zhongliu P&C")),
        Party("yuanqiao", Words("远桥财产保险", "Yuanqiao P&C")),
    )
    panel = sign_panel(
        "P-0001",
        [Line("shouan", Fraction(2, 5)), Line("zhongliu", Fraction(7, 20)), Line("yuanqiao", Fraction(1, 4))],
    )
    assert not isinstance(panel, Refusal), panel
    limits = [(part, product.parameters.get(f"{part.code.lower()}_limit")) for part in product.parts]
    retention = Words("免赔额 20,000.00 元", "deductible of CNY 20,000.00")
    cover = CoverTerms(
        parts=tuple(PartTerms(part.code, part.name, limit.value, retention) for part, limit in limits if limit),
        event_limit_minor=300_000_000,
        aggregate_limit_minor=500_000_000,
        clauses=tuple(ClauseLine(each.number, each.heading, each.takes_away) for each in product.clauses),
        services=(ServiceLine("periodic-scan", Words("定期漏洞扫描", "Periodic scan"), 12),),
    )
    return PolicyContent(
        product_code=product.code,
        product_version=product.version,
        period=year_of_cover(date(2026, 1, 1)),
        parties=Parties(insured, insured, (Party("shouan", LEAD), *followers)),
        panel=panel,
        cover=cover,
        premium=PremiumTerms(
            15_000_000, Fraction(6, 100), Premium(15_000_000, 900_000), Fraction(1221, 1000), "SHOUAN-B-0001"
        ),
        explained=explained,
    )


def settled(product: Product, used: int = 120_000_000, void: tuple[str, ...] = ()) -> SettlementLetter:
    """The worked example of twelve items."""
    examples = yaml.load(
        read_folder("products", "enterprise-cyber", "2026-01")["examples/ransomware.yaml"], Loader=yaml.BaseLoader
    )
    event = event_from_mapping(examples[0]["given"]["event"])
    chosen = make_schedule(product, {})
    assert not isinstance(event, Refusal), event
    assert not isinstance(chosen, Refusal), chosen
    terms = compile_schedule(product, chosen)
    assert not isinstance(terms, Refusal), terms
    outcome = settle(terms, event, {"aggregate_used": used}, void=frozenset(void))
    assert not isinstance(outcome, Refusal), outcome
    at = datetime(2026, 9, 22, 17, tzinfo=SHANGHAI)
    return SettlementLetter(LEAD, INSURED, "P-0001", "C-0001", product, event, outcome, at, void)
