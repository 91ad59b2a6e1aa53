"""Common shocks: the closed chance of one insured meets the simulation, and vendors decide who is struck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringwall.exposure import VendorDependency, VendorKind
from ringwall.risk import (
    RiskModel,
    SystemicEvents,
    draw_systemic,
    hit_probability,
    reference_profile,
    scenario_losses,
    struck,
    systemic_scenarios,
)

YEARS = 60_000
SEED = 5


@pytest.fixture(scope="module")
def events(model: RiskModel) -> SystemicEvents:
    return draw_systemic(model, YEARS, SEED)


def test_events_come_in_order_of_year_and_at_their_rates(model: RiskModel, events: SystemicEvents) -> None:
    assert (np.diff(events.year) >= 0).all()
    for index, scenario in enumerate(systemic_scenarios(model)):
        count = int((events.scenario == index).sum())
        assert count == pytest.approx(scenario.rate * YEARS, abs=4 * (scenario.rate * YEARS) ** 0.5)


@pytest.mark.parametrize("vendors", [(), ("alibaba",), ("tencent", "Huawei"), ("a small one",)])
def test_the_closed_chance_of_a_hit_meets_the_simulation(
    model: RiskModel, events: SystemicEvents, vendors: tuple[str, ...]
) -> None:
    declared = tuple(VendorDependency(VendorKind.CLOUD, vendor) for vendor in vendors)
    profile = replace(reference_profile(model), dependencies=declared)
    hits = struck(model, events, profile, "P-1", SEED)
    for index, scenario in enumerate(model.scenarios):
        expected = scenario.rate * hit_probability(model, scenario, profile) * YEARS
        found = int(hits[events.scenario == index].sum())
        assert found == pytest.approx(expected, abs=4.5 * expected**0.5), scenario.code


def test_a_cloud_outage_strikes_only_its_own_customers(model: RiskModel, events: SystemicEvents) -> None:
    profile = replace(reference_profile(model), dependencies=(VendorDependency(VendorKind.CLOUD, "huawei"),))
    hits = struck(model, events, profile, "P-2", SEED)
    with_vendor = events.vendor[hits & (events.vendor >= 0)]
    assert set(with_vendor) == {list(model.vendor_shares).index("huawei")}


def test_each_policy_is_struck_by_its_own_key(model: RiskModel, events: SystemicEvents) -> None:
    profile = reference_profile(model)
    one, again, other = (struck(model, events, profile, policy, SEED) for policy in ("P-1", "P-1", "P-3"))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_an_outage_fills_the_columns_of_its_part(model: RiskModel) -> None:
    by_code = {s.code: s for s in model.scenarios}
    profile = reference_profile(model)
    assert set(scenario_losses(model, profile, by_code["S1"], 64, SEED).subject) == {"CBI.seconds", "CBI.rate"}
    assert set(scenario_losses(model, profile, by_code["S4"], 64, SEED).subject) == {"NPBI.seconds", "NPBI.rate"}
    assert "INRE" in scenario_losses(model, profile, by_code["S5a"], 64, SEED).subject
