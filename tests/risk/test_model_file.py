"""The model folder: complete, sourced, and refused where it is not."""

from __future__ import annotations

import pytest
import yaml

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.risk import Footprint, Grade, Peril, RiskModel, SignalKind, Territory, parse_model


def test_every_number_has_unit_date_population_grade_and_source(model: RiskModel) -> None:
    assert len(model.parameters) > 90
    for number in (*model.parameters, *(signal.effect for signal in model.signals.values())):
        assert number.unit, number.name
        assert number.population, number.name
        assert number.source, number.name
        assert number.grade in Grade


def test_china_and_west_have_the_same_names(model: RiskModel) -> None:
    assert set(model.numbers(Territory.CHINA).values) == set(model.numbers(Territory.WEST).values)


def test_the_notes_say_what_is_not_in_the_price(model: RiskModel) -> None:
    notes = " ".join(note.en for note in model.notes)
    assert "response cost only" in notes
    assert "negotiator" in notes
    assert all(note.zh for note in model.notes)


def test_the_scenarios_are_s1_to_s8(model: RiskModel) -> None:
    assert [s.code for s in model.scenarios] == ["S1", "S2", "S3", "S4", "S5a", "S5b", "S5c", "S5d", "S6", "S7", "S8"]
    assert sum(model.vendor_shares.values()) == pytest.approx(1)
    assert {s.code for s in model.scenarios if s.footprint is Footprint.VENDOR} == {"S1", "S2", "S3"}


def test_the_hash_follows_the_numbers_and_not_the_layout(texts: dict[str, str], model: RiskModel) -> None:
    assert model.sha256 == parse(with_text(texts, "model.yaml", "\n", "\n\n", 3)).sha256
    assert model.sha256 != parse(with_text(texts, "frequency.yaml", "value: 0.0030", "value: 0.0031")).sha256


BROKEN = [
    ("frequency.yaml", "value: 0.0030", "value: minus", "frequency.yaml:frequency.RAN.china"),
    ("frequency.yaml", "grade: B", "grade: Z", "frequency.yaml:frequency.RAN.west"),
    ("frequency.yaml", "date: 2024-12-31", "date: 2024-13-31", "frequency.yaml:frequency.RAN.west"),
    ("frequency.yaml", "unit: claims a policy-year", 'unit: ""', "frequency.yaml:frequency.RAN.west"),
    ("systemic.yaml", "      hours.sigma: ", "      hours.spread: ", "systemic.yaml:S1"),
    ("severity.yaml", "severity.RAN.DIAS.sigma:", "severity.RAN.DIAS.spread:", "severity.RAN.DIAS.sigma"),
    ("model.yaml", "  reference.records_held:", "  reference.records:", "reference.records_held"),
    ("frequency.yaml", "frequency.VEND:", "frequency.VENDOR:", "frequency.VEND"),
    ("signals.yaml", "relief.weight.C:", "relief.weight.E:", "relief.weight.C"),
    ("model.yaml", "  retail: {zh", "  retailer: {zh", "frequency.industry.retailer"),
    ("signals.yaml", "breaks: stores_authenticated", "breaks: nothing", "signals.yaml:unauthenticated_store"),
    ("signals.yaml", "perils: [RAN, DB, BEC, FTF]", "perils: [RAIN]", "signals.yaml:mfa_remote"),
    ("model.yaml", "version: 2026-01", "version: [", "line"),
]


@pytest.mark.parametrize(("name", "old", "new", "where"), BROKEN)
def test_a_fault_is_refused_at_its_place(texts: dict[str, str], name: str, old: str, new: str, where: str) -> None:
    found = parse_model(with_text(texts, name, old, new))
    assert isinstance(found, tuple)
    assert any(where in refusal.where for refusal in found)
    assert all(isinstance(refusal, Refusal) and refusal.message.zh and refusal.message.en for refusal in found)


def test_a_model_without_a_cap_on_records_is_refused(texts: dict[str, str]) -> None:
    """K10: record counts have an infinite mean."""
    found = parse_model(with_text(texts, "severity.yaml", "severity.DB.records.cap_at_held:", "severity.DB.records.x:"))
    assert isinstance(found, tuple)
    assert [(r.where, "bounded" in r.message.en) for r in found] == [("severity.DB.records.cap_at_held", True)]


def test_a_missing_file_is_named(texts: dict[str, str]) -> None:
    found = parse_model({name: text for name, text in texts.items() if name != "signals.yaml"})
    assert isinstance(found, tuple)
    assert [refusal.where for refusal in found] == ["signals.yaml"]


def test_perils_are_six_and_signals_name_no_other(model: RiskModel) -> None:
    assert len(Peril) == 6
    assert set(SignalKind) == {signal.kind for signal in model.signals.values()}


def with_text(texts: dict[str, str], name: str, old: str, new: str, count: int = 1) -> dict[str, str]:
    assert old in texts[name]
    return {**texts, name: texts[name].replace(old, new, count)}


def parse(texts: dict[str, str]) -> RiskModel:
    parsed = parse_model(texts)
    assert isinstance(parsed, RiskModel), parsed
    return parsed


def test_every_control_and_rating_factor_of_the_catalogue_is_a_signal(model: RiskModel) -> None:
    texts = {name: yaml.load(text, Loader=yaml.BaseLoader) for name, text in read_folder("controls").items()}
    assert set(texts["controls.yaml"]["controls"]) == {
        code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL
    }
    factors = {check["factor"] for check in texts["checks.yaml"]["checks"].values()} - {""}
    assert factors <= {code for code, signal in model.signals.items() if signal.kind is SignalKind.FINDING}


def test_a_finding_breaks_a_control_of_its_own_group(model: RiskModel) -> None:
    """Else closing the finding and holding the control again would count twice."""
    for signal in model.signals.values():
        if signal.breaks:
            assert model.signals[signal.breaks].kind is SignalKind.CONTROL
            assert model.signals[signal.breaks].group == signal.group
