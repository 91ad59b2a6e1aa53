"""What an event costs: closed forms, published means and medians, and the same draws everywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad

from ringwall.risk import (
    Peril,
    RiskModel,
    RiskProfile,
    Territory,
    chance_above,
    draw_losses,
    draw_outage,
    layer_mean,
    limited_mean,
    mean_loss,
    recipes_of,
    reference_profile,
)
from ringwall.risk.profile import relative_size
from ringwall.risk.severity import draws

MakeProfile = Callable[..., RiskProfile]
FEN_PER_USD = 712
N = 16_384
SEED = 11


@pytest.mark.parametrize("limit", [0.5, 1.0, 2.0, 10.0, 500.0])
def test_the_limited_mean_of_a_lognormal_is_the_integral_of_its_tail(limit: float) -> None:
    integral, error = quad(lambda x: chance_above(1.0, 1.3, x), 0, limit, epsrel=1e-11)
    assert limited_mean(1.0, 1.3, limit) == pytest.approx(integral, abs=10 * error + 1e-12)


def test_layers_add_up() -> None:
    whole = layer_mean(42_000, 1.3, 5e6, 1e4)
    parts = layer_mean(42_000, 1.3, 1e6, 1e4) + layer_mean(42_000, 1.3, 4e6, 1.01e6)
    assert whole == pytest.approx(parts, rel=1e-12)
    assert limited_mean(42_000, 1.3, 1e15) == pytest.approx(mean_loss(42_000, 1.3), rel=1e-9)


@pytest.mark.parametrize("limit_usd", [10_000, 50_000, 250_000, 5_000_000])
def test_simulated_limited_means_meet_the_closed_form(model: RiskModel, western: MakeProfile, limit_usd: float) -> None:
    """Transfer fraud at the reference revenue is a plain lognormal: median 65,000, sigma 1.35."""
    lost = draw(model, western(5e6), Peril.FTF)["FIN"]
    simulated = np.minimum(lost, round(limit_usd * FEN_PER_USD)).mean() / FEN_PER_USD
    assert simulated == pytest.approx(limited_mean(65_000, 1.35, limit_usd), rel=0.005)


def test_records_never_exceed_those_held(model: RiskModel, western: MakeProfile) -> None:
    assert draw(model, western(1e9, records_held=500), Peril.DB)["records"].max() == 500
    none = draw(model, western(1e9, records_held=0), Peril.DB)
    assert not none["INRE"].any()


def test_columns_are_whole_and_never_negative(model: RiskModel) -> None:
    for peril in Peril:
        events = draw_losses(model, reference_profile(model), peril, 512, SEED)
        assert np.array_equal(events.period, np.arange(512))
        for name, column in events.subject.items():
            assert column.dtype == np.int64, name
            assert column.min() >= 0, name


def test_parts_of_one_event_move_together(model: RiskModel) -> None:
    losses = draw(model, reference_profile(model), Peril.RAN)
    logs = [np.log(losses[part] + 1) for part in ("INRE", "DIAS")]
    assert 0.15 < np.corrcoef(logs)[0, 1] < 0.6


def test_liability_and_payment_come_with_their_chance(model: RiskModel, western: MakeProfile) -> None:
    losses = draw(model, western(50e6), Peril.RAN)
    assert (losses["LIA"] > 0).mean() == pytest.approx(0.08, abs=2e-4)
    assert (losses["RANSOM.paid"] > 0).mean() == pytest.approx(0.25, abs=2e-4)
    assert (losses["RANSOM.paid"] <= losses["RANSOM.demand"]).all()


def test_what_decides_whether_a_step_happens_is_no_draw_of_its_recipe(model: RiskModel) -> None:
    for recipe in recipes_of(model, model.numbers(Territory.CHINA)):
        gates = [step.opens for step in recipe if step.opens]
        drawn = [step.draw for step in recipe if step.draw]
        assert not set(gates) & set(drawn)
        assert len(set(gates)) == len(gates)
        assert len(set(drawn)) == len(drawn)


def test_no_two_quantities_of_an_event_share_a_stream(model: RiskModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the records of a breach are asked for twice: the cost follows them, and they are told beside it."""
    opened: Counter[tuple[str, ...]] = Counter()
    for name in ("normals", "stratified"):
        monkeypatch.setattr(draws, name, counting(getattr(draws, name), opened))
    profile = reference_profile(model)
    for peril in Peril:
        draw_losses(model, profile, peril, 64, SEED)
    for scenario in model.scenarios:
        if scenario.outage is not None:
            draw_outage(model, profile, scenario.code, scenario.outage, 64, SEED)
    assert len(opened) > 40
    assert {stream for stream, times in opened.items() if times > 1} == {("peril.DB", "records")}


def counting(draw: Callable[..., np.ndarray], opened: Counter[tuple[str, ...]]) -> Callable[..., np.ndarray]:
    def drawing(n: int, seed: int, *words: str) -> np.ndarray:
        opened[words] += 1
        return draw(n, seed, *words)

    return drawing


@pytest.mark.parametrize("territory", list(Territory))
def test_a_part_that_comes_by_chance_has_the_mean_of_its_closed_form(model: RiskModel, territory: Territory) -> None:
    """The negotiator's fee and liability: chance times the mean of a lognormal, within the error of the draws."""
    profile = reference_profile(model, territory)
    ln_size = np.log(relative_size(model.numbers(territory), profile))
    for peril, recipe in zip(Peril, recipes_of(model, model.numbers(territory)), strict=False):
        losses = draw(model, profile, peril)
        for step in (step for step in recipe if step.opens and step.kind in losses and step.lost is None):
            spread = np.hypot(step.spread, step.factor)
            mean = step.chance * mean_loss(float(np.exp(step.mean + step.elasticity * ln_size)), float(spread))
            error = losses[step.kind].std() / np.sqrt(N)
            assert losses[step.kind].mean() == pytest.approx(mean, abs=3 * error), (peril, step.kind)


def test_scale_is_free_of_the_currency_unit(model: RiskModel, western: MakeProfile) -> None:
    """Twice the price level doubles amounts up to the rounding of each."""
    west, china = (model.numbers(t)["severity.cost_level"] for t in (Territory.WEST, Territory.CHINA))
    profile = western(5e6)
    chinese = RiskProfile(Territory.CHINA, "average", profile.revenue_minor, profile.gross_profit_rate, 20_000)
    a, b = draw(model, profile, Peril.RAN)["DIAS"], draw(model, chinese, Peril.RAN)["DIAS"]
    assert np.abs(a * (china / west) - b).max() <= 1


def test_the_same_seed_gives_the_same_draws(model: RiskModel) -> None:
    """The figure stands here so that another machine or library version that draws otherwise is seen."""
    digest = hashlib.sha256()
    for peril in Peril:
        for name, column in sorted(draw(model, reference_profile(model), peril).items()):
            digest.update(name.encode() + (column // 100_000).astype("<i8").tobytes())
    assert digest.hexdigest()[:16] == "0e5f3085b38e56e3"


def test_the_model_and_the_seed_are_all_that_matters(model: RiskModel) -> None:
    one, other = (draw_losses(model, reference_profile(model), Peril.RAN, 256, seed) for seed in (1, 2))
    assert not np.array_equal(one.subject["INRE"], other.subject["INRE"])


def draw(model: RiskModel, profile: RiskProfile, peril: Peril) -> dict[str, np.ndarray]:
    return dict(draw_losses(model, profile, peril, N, SEED).subject)
