"""The filed rates: read whole, within their caps, and at one with the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringwall.basics import Refusal
from ringwall.price import FiledRates, parse_rates, unfiled_factors
from ringwall.risk import RiskModel


def test_every_filed_number_has_unit_date_and_source(rates: FiledRates) -> None:
    for number in (*rates.numbers.values(), *rates.factors.values(), rates.total):
        assert number.unit, number.name
        assert number.source, number.name
        assert number.date.year >= 2016


def test_each_factor_of_the_model_is_filed_and_nothing_else(model: RiskModel, rates: FiledRates) -> None:
    assert set(rates.factors) == set(model.signals)
    assert unfiled_factors(model, rates) == ()


def test_a_factor_that_is_not_filed_stops_the_price(model: RiskModel, rates: FiledRates) -> None:
    narrowed = dict(rates.factors)
    del narrowed["edr"]
    narrowed["rdp_exposed"] = replace(narrowed["rdp_exposed"], high=narrowed["rdp_exposed"].low)
    found = unfiled_factors(model, replace(rates, factors=narrowed))
    assert [(r.code, r.where.split()[-1]) for r in found] == [
        ("factor_not_filed", "edr"),
        ("factor_not_filed", "rdp_exposed"),
    ]
    assert "1.378" in found[1].message.en


def test_rates_belong_to_one_model(model: RiskModel, rates: FiledRates) -> None:
    (found,) = unfiled_factors(model, replace(rates, model="2025-01"))
    assert found.code == "rates_of_another_model"


BROKEN = [
    ("commission_share: {value: 15/100", "commission_share: {value: 19/100", "commission_above_cap"),
    ("expense_share: {value: 18/100", "expense_share: {value: 30/100", "expenses_above_cap"),
    ("profit_share: {value: 5/100", "profit_share: {value: 70/100", "loadings_leave_nothing"),
    ("vat: {value: 6/100", "vat: {value: 6/0", "rates_unreadable"),
    ("vat: {value: 6/100", "vat: {value: -6/100", "rates_unreadable"),
    ("vat: {value: 6/100, unit: share of net premium", 'vat: {value: 6/100, unit: ""', "rates_unreadable"),
    ("high: 1800/1000", "high: 900/1000", "rates_unreadable"),
    ("minimum_net_premium:", "least_premium:", "rates_unreadable"),
    ("product: enterprise-cyber", "product: [", "rates_unreadable"),
]


@pytest.mark.parametrize(("old", "new", "code"), BROKEN)
def test_a_fault_in_the_file_is_refused(rates_text: str, old: str, new: str, code: str) -> None:
    assert old in rates_text
    found = parse_rates(rates_text.replace(old, new, 1), "rates/x.yaml")
    assert isinstance(found, tuple)
    assert all(isinstance(refusal, Refusal) and refusal.where == "rates/x.yaml" for refusal in found)
    assert code in [refusal.code for refusal in found]


@pytest.mark.parametrize(
    ("filed", "changed"),
    [
        ("points: {value: 8192", "points: {value: 8000"),
        ("  D: {value: 80/100, unit", "  E: {value: 80/100, unit"),
        ("experience_range: {low: 900/1000", "experience_range: {low: 1100/1000"),
    ],
)
def test_a_grid_a_grade_or_a_range_that_cannot_be_is_refused(rates_text: str, filed: str, changed: str) -> None:
    assert filed in rates_text
    refused = parse_rates(rates_text.replace(filed, changed))
    assert isinstance(refused, tuple)
    assert refused[0].code == "rates_unreadable"
