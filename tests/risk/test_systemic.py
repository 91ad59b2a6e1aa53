"""Common shocks: the closed chance of one insured meets the simulation, and vendors decide who is struck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ringwall.exposure import VendorDependency, VendorKind
from ringwall.risk import (
    RiskModel,
    RiskProfile,
    SystemicEvents,
    Territory,
    draw_systemic,
    hit_probability,
    parse_model,
    reference_profile,
    scenario_losses,
    struck,
    systemic_scenarios,
    territory_of,
    ties,
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


def tied(kind: VendorKind, *vendors: str) -> tuple[VendorDependency, ...]:
    return tuple(VendorDependency(kind, vendor) for vendor in vendors)


def hits_of(model: RiskModel, events: SystemicEvents, code: str, profile: RiskProfile, policy: str) -> np.ndarray:
    index = [s.code for s in model.scenarios].index(code)
    return struck(model, events, profile, policy, SEED)[events.scenario == index]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("S4", VendorKind.ENDPOINT_AGENT),
        ("S6", VendorKind.BUSINESS_APPLICATION),
        ("S7", VendorKind.MANAGED_SERVICE),
    ],
)
def test_customers_of_one_vendor_are_reached_together_and_others_by_themselves(
    model: RiskModel, events: SystemicEvents, code: str, kind: VendorKind
) -> None:
    """Two customers of one vendor share the reach of each event; with two vendors the strikes are independent."""
    plain = reference_profile(model)
    one, same, other = (replace(plain, dependencies=tied(kind, vendor)) for vendor in ("a", "a", "b"))
    hit = [hits_of(model, events, code, profile, f"P-{n}") for n, profile in enumerate((one, same, other))]
    scenario = next(s for s in model.scenarios if s.code == code)
    count, p = len(hit[0]), scenario.exposed.mean * scenario.hit.mean
    together, apart = int((hit[0] & hit[1]).sum()), int((hit[0] & hit[2]).sum())
    assert together > 2 * p**2 * count, "p² would be chance"
    assert apart < together / 2


def test_an_observed_vendor_ties_like_a_declared_one_and_the_chance_of_one_vendor_is_that_of_none(
    model: RiskModel,
) -> None:
    plain, scenario = reference_profile(model), next(s for s in model.scenarios if s.code == "S4")
    seen = replace(plain, dependencies=(VendorDependency(VendorKind.ENDPOINT_AGENT, "Agent-A", declared=False),))
    assert ties(scenario, seen) == ("agent-a",)
    assert hit_probability(model, scenario, seen) == pytest.approx(hit_probability(model, scenario, plain))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_several_vendors_are_reached_as_the_closed_form_says(
    model: RiskModel, events: SystemicEvents, count: int
) -> None:
    names = [f"vendor {n}" for n in range(count)]
    profile = replace(reference_profile(model), dependencies=tied(VendorKind.ENDPOINT_AGENT, *names))
    scenario = next(s for s in model.scenarios if s.code == "S4")
    hits = hits_of(model, events, "S4", profile, "P-9")
    expected = hit_probability(model, scenario, profile) * len(hits)
    assert int(hits.sum()) == pytest.approx(expected, abs=4.5 * expected**0.5)


def test_a_sector_hub_reaches_an_industry_as_a_whole(model: RiskModel, events: SystemicEvents) -> None:
    care, shop = (replace(reference_profile(model), industry=name) for name in ("healthcare", "retail"))
    struck_firms = [hits_of(model, events, "S8", care, f"P-{n}") for n in range(20)]
    some = np.sum(struck_firms, axis=0)
    reached = some[some > 0] / 20
    assert 0.2 < reached.mean() < 0.6, "of those reached, the share that is hit"
    assert not (hits_of(model, events, "S8", shop, "P-1") & (some > 10)).all()
    assert ties(next(s for s in model.scenarios if s.code == "S8"), reference_profile(model)) == ()


def test_the_west_has_vendors_of_its_own(model: RiskModel) -> None:
    west = model.shocked_in(Territory.WEST)
    assert set(west.vendor_shares) == {"aws", "microsoft", "google", "others"}
    profile = replace(reference_profile(model, Territory.WEST), dependencies=tied(VendorKind.CLOUD, "aws"))
    shocks = draw_systemic(west, 20_000, SEED)
    hits = struck(west, shocks, profile, "P-1", SEED)
    assert set(shocks.vendor[hits & (shocks.vendor >= 0)]) == {list(west.vendor_shares).index("aws")}
    scenario = west.scenarios[0]
    assert hit_probability(model, scenario, profile) == pytest.approx(0.32 * 0.35 * 0.65)


@pytest.mark.parametrize(
    ("region", "territory"),
    [
        ("CN", Territory.CHINA),
        ("CN-SH", Territory.CHINA),
        ("cn-zj", Territory.CHINA),
        ("310000", Territory.CHINA),
        ("US-NY", Territory.WEST),
        ("GB", Territory.WEST),
        ("CH-ZH", Territory.WEST),
    ],
)
def test_the_region_decides_which_numbers_hold(region: str, territory: Territory) -> None:
    assert territory_of(region) is territory


def test_shares_that_do_not_sum_to_one_are_refused(texts: dict[str, str]) -> None:
    broken = {**texts, "systemic.yaml": texts["systemic.yaml"].replace("aws: {value: 0.32", "aws: {value: 0.42")}
    found = parse_model(broken)
    assert isinstance(found, tuple)
    assert [refusal.where for refusal in found] == ["systemic.yaml:vendor_shares.west"]
