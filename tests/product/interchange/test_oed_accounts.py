"""A row of an OED cyber account file reads as terms, or says which field stands in the way."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ringwall.basics import Refusal
from ringwall.product.interchange import OedLayer, oed_layer
from ringwall.terms import CompiledTerms, LossEvent, LossItem, Outcome, compile_terms, settle

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "loss"
ROW = {
    "PortNumber": "P",
    "AccNumber": "A",
    "AccCurrency": "CNY",
    "PolNumber": "X",
    "LayerNumber": "1",
    "PolInceptionDate": "2026-01-01",
    "PolDed": "5000",
    "PolDedNPBI": "10000",
    "PolLimitNPBI": "200000",
    "PolLimitLIA": "100000.50",
    "LayerAttachment": "20000",
    "LayerLimit": "250000",
    "LayerParticipation": "0.5",
}


def layer(**more: str) -> OedLayer:
    found = oed_layer(ROW | more)
    assert isinstance(found, OedLayer), found
    return found


def pays(read: OedLayer, losses: dict[str, int], used: dict[str, int] | None = None) -> int:
    terms = compile_terms(read.definition, read.parameters)
    assert isinstance(terms, CompiledTerms), terms
    items = tuple(LossItem(code, code, minor) for code, minor in losses.items())
    outcome = settle(terms, LossEvent("E", {}, items), used or {})
    assert isinstance(outcome, Outcome), outcome
    return outcome.contract.low


def refused(**more: str) -> Refusal:
    found = oed_layer(ROW | more)
    assert isinstance(found, Refusal), found
    return found


def test_coverage_terms_act_first_then_the_policy_deductible_then_the_layer() -> None:
    """NPBI min(300,000 - 10,000, 200,000) + LIA 100,000.50 - 5,000 - 20,000 = 275,000.50, at most 250,000; half."""
    assert pays(layer(), {"NPBI": 30_000_000, "LIA": 15_000_000}) == 12_500_000
    assert pays(layer(LayerLimit=""), {"NPBI": 30_000_000, "LIA": 15_000_000}) == 13_750_025


def test_a_limit_of_nil_is_no_limit_and_a_blank_participation_is_all() -> None:
    read = layer(PolDed="0", PolLimitNPBI="0", LayerAttachment="", LayerLimit="0.0", LayerParticipation="")
    assert pays(read, {"NPBI": 900_000_000}) == 899_000_000


def test_aggregate_terms_of_the_layer_erode_over_the_period() -> None:
    read = layer(LayerAggLimit="100000", LayerParticipation="1")
    assert pays(read, {"NPBI": 30_000_000}) == 10_000_000
    assert pays(read, {"NPBI": 30_000_000}, {"LayerAggLimit_used": 9_000_000}) == 1_000_000


def test_a_participation_of_six_decimals_is_kept_exactly() -> None:
    read = layer(PolDed="", LayerAttachment="", LayerLimit="", LayerParticipation="0.333333")
    assert pays(read, {"REG": 3_000_000}) == 999_999


def test_every_number_says_which_field_of_which_row_it_comes_from() -> None:
    read = layer().parameters["PolLimitLIA"]
    assert (read.value, read.unit, read.source, str(read.since)) == (10_000_050, "minor", "OED P/A/X/1", "2026-01-01")


def test_only_the_coverages_that_the_policy_lists_are_granted() -> None:
    assert [part.part for part in layer(PolCoverage="BI; LIA").definition.parts] == ["NPBI", "LIA"]
    assert pays(layer(PolCoverage="LIA"), {"NPBI": 30_000_000}) == 0


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("AccCurrency", "XXX", "oed_field_not_read"),
        ("AccNumber", "", "oed_field_missing"),
        ("BIWaitingPeriod", "0.5", "oed_field_not_read"),
        ("CondDed6All", "100", "oed_field_not_read"),
        ("DedCurrency", "USD", "oed_field_not_read"),
        ("LayerParticipation", "1.2", "oed_field_unreadable"),
        ("PolCoverage", "NPBI;CARGO", "oed_field_unreadable"),
        ("PolDed", "-1", "oed_field_unreadable"),
        ("PolDed", "0.001", "oed_field_unreadable"),
        ("PolDed6All", "100", "oed_field_not_read"),
        ("PolDedTypeNPBI", "1", "oed_field_not_read"),
        ("PolLimitNPBI", "lots", "oed_field_unreadable"),
        ("PolSIR", "25000", "oed_field_not_read"),
        ("StackedPolNumber", "T1", "oed_field_not_read"),
    ],
)
def test_a_field_that_is_not_carried_out_is_refused_by_its_name(field: str, text: str, code: str) -> None:
    refusal = refused(**{field: text})
    assert refusal.code == code
    assert field in refusal.message.zh
    assert field in refusal.message.en


def test_fields_say_nothing_where_they_are_blank_or_nil_and_names_may_be_in_small_letters() -> None:
    row = {name.lower(): text for name, text in ROW.items()}
    assert oed_layer(row | {"polsir": "0", "biwaitingperiod": " ", "condded6all": "0.0"}) == layer()


def test_the_published_example_account_reads() -> None:
    path = DATA / "oed_cyber_account_example.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    read = oed_layer(row)
    assert isinstance(read, OedLayer), read
    assert [part.part for part in read.definition.parts] == ["NPBI", "CBI", "DIAS", "FIN"]
    assert pays(read, {"NPBI": 900_000_000}) == 0
