"""Refitting the model: a simulated world is found again, little data move little, and a new version is new data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ringwall.basics import Refusal
from ringwall.risk import RiskModel, Territory, parse_model, stream
from ringwall.risk.fitting import (
    CLAIM_COLUMNS,
    COMPONENTS,
    EXPOSURE_COLUMNS,
    BookExperience,
    Exposed,
    Lost,
    NewVersion,
    Observed,
    Refit,
    differences,
    drift_of,
    read_experience,
    refit,
    write_version,
)

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"
NEW = NewVersion("2026-02", date(2026, 11, 25), "own claims of 2021 to 2025")


@pytest.fixture(scope="module")
def sample(model: RiskModel) -> BookExperience:
    return read_experience(
        model, (SAMPLES / "exposure.csv").read_text("utf-8"), (SAMPLES / "claims.csv").read_text("utf-8")
    )


@pytest.fixture(scope="module")
def refits(model: RiskModel, sample: BookExperience) -> tuple[Refit, ...]:
    return refit(model, sample)


def named(refits: tuple[Refit, ...], name: str) -> Refit:
    return next(each for each in refits if each.name == name)


def test_the_sample_reads_whole(sample: BookExperience) -> None:
    assert sample.refusals == ()
    assert len(sample.exposed) == 1_000
    assert len(sample.claims()) > 100


def test_what_was_moved_in_the_sample_is_found(
    model: RiskModel, sample: BookExperience, refits: tuple[Refit, ...]
) -> None:
    """The sample's ransomware is half again as frequent as the model says (and its bad years are in it)."""
    found = named(refits, "frequency.RAN")
    assert found.low > found.before
    assert found.before < found.after < found.estimate
    drift = {row.peril: row for row in drift_of(model, sample).counts}
    assert drift["RAN"].drifts
    assert not drift["FTF"].drifts


@pytest.mark.parametrize("code", ["FTF.FIN", "RAN.INRE", "RAN.NPBI.hours"])
def test_a_world_of_other_numbers_is_found_again(model: RiskModel, code: str) -> None:
    """Many claims of known numbers: each estimate's interval covers the truth, and credibility is high."""
    component, numbers = COMPONENTS[code], model.numbers(Territory.CHINA)
    truth = Observed(component.observed(numbers).mu + 0.5, component.observed(numbers).sigma * 1.2, 0.45)
    if component.hours:
        truth = replace(truth, elasticity=0.0)
    experience = world(component.peril, code, truth, 3_000)
    wanted = component.of_model(numbers, truth)
    for name, value in wanted.items():
        found = named(refit(model, experience), name)
        widening = (found.high / found.low) ** 0.6
        assert found.low / widening < value < found.high * widening, name
        assert found.credibility > 0.5


def world(peril: object, code: str, truth: Observed, n: int) -> BookExperience:
    dice = stream(9, "world", code)
    first, last = date(2021, 1, 1), date(2025, 1, 1)
    exposed, lost = [], []
    for i, normal in enumerate(dice.standard_normal(n)):
        revenue = float(np.exp(17.4 + 1.2 * dice.standard_normal()))
        exposed.append(Exposed(f"P{i}", Territory.CHINA, "average", revenue, first, last, 1.0))
        loss = float(np.exp(truth.mu + truth.sigma * normal) * (revenue / 35_600_000) ** truth.elasticity)
        kept = 12.0 if code.endswith("hours") else 20_000.0
        if loss > kept:
            lost.append(Lost(f"C{i}", f"P{i}", first, peril, code, loss, kept, 100 * kept))  # type: ignore[arg-type]
    return BookExperience(tuple(exposed), tuple(lost), ())


def test_without_claims_a_rate_sinks_and_nothing_else_moves(model: RiskModel, sample: BookExperience) -> None:
    quiet = refit(model, BookExperience(sample.exposed[:20], (), ()))
    assert {each.name.split(".")[0] for each in quiet} == {"frequency"}
    assert len(quiet) == 6, "no claim says nothing of industries, size or years"
    for each in quiet:
        assert each.estimate == 0
        assert 0.5 * each.before < each.after < each.before
        assert each.credibility < 0.5


def test_more_data_are_believed_more(model: RiskModel, sample: BookExperience) -> None:
    few = named(refit(model, BookExperience(sample.exposed[:100], (), ())), "frequency.RAN")
    many = named(refit(model, BookExperience(sample.exposed, (), ())), "frequency.RAN")
    assert few.credibility < many.credibility < 1
    assert few.after > many.after


def test_a_new_version_is_a_model_of_its_own_and_the_old_one_stays(
    model: RiskModel, texts: dict[str, str], refits: tuple[Refit, ...]
) -> None:
    before = dict(texts)
    written = write_version(texts, refits, NEW)
    assert not isinstance(written, Refusal)
    assert texts == before
    after = parse_model(written)
    assert isinstance(after, RiskModel), after
    assert (after.version, model.version) == ("2026-02", "2026-01")
    assert after.sha256 != model.sha256
    changed = {(d.name, d.territory) for d in differences(model, after)}
    assert changed == {(each.name, each.territory) for each in refits}
    for each in refits:
        cell = next(p for p in after.parameters if p.name == each.name and p.territory is each.territory)
        assert cell.value == pytest.approx(each.after, rel=1e-5)
        assert NEW.experience in cell.source
        assert cell.grade == ("A" if each.credibility >= 0.5 else each.grade)
        assert cell.date == NEW.on


def test_the_new_version_expects_about_what_was_seen(
    texts: dict[str, str], sample: BookExperience, refits: tuple[Refit, ...], model: RiskModel
) -> None:
    """Rates, industries and size move together: the sum of claims fits, and every peril is nearer than before."""
    after = parse_model(write_version(texts, refits, NEW))  # type: ignore[arg-type]
    assert isinstance(after, RiskModel)
    old, new = (drift_of(version, sample).counts for version in (model, after))
    actual, expected = sum(row.actual for row in new), sum(row.expected for row in new)
    assert expected == pytest.approx(actual, rel=0.06)
    for before, now in zip(old, new, strict=True):
        assert abs(now.actual - now.expected) <= abs(before.actual - before.expected)


def test_numbers_that_held_everywhere_move_only_where_there_was_experience(
    model: RiskModel, texts: dict[str, str], refits: tuple[Refit, ...]
) -> None:
    written = write_version(texts, refits, NEW)
    assert not isinstance(written, Refusal)
    after = parse_model(written)
    assert isinstance(after, RiskModel)
    west = after.numbers(Territory.WEST).values
    assert west == model.numbers(Territory.WEST).values
    assert after.numbers(Territory.CHINA)["severity.RAN.INRE.sigma"] != west["severity.RAN.INRE.sigma"]


def test_a_version_is_never_written_over_itself(texts: dict[str, str], refits: tuple[Refit, ...]) -> None:
    found = write_version(texts, refits, replace(NEW, version="2026-01"))
    assert isinstance(found, Refusal)
    assert found.code == "version_taken"


def test_two_readings_of_one_version_differ_in_nothing(model: RiskModel) -> None:
    assert differences(model, model) == ()


def test_an_observed_loss_and_the_models_numbers_say_the_same(model: RiskModel) -> None:
    for territory in Territory:
        numbers = model.numbers(territory)
        for component in COMPONENTS.values():
            for name, value in component.of_model(numbers, component.observed(numbers)).items():
                assert value == pytest.approx(numbers[name]), name


EXPOSED = "P1,CN-ZJ,retail,50000000,2024-01-01,2025-01-01,1"
BAD = [
    ("P1,CN-ZJ,alchemy,1,2024-01-01,2025-01-01,1", "", "exposure.csv:2"),
    ("P1,CN-ZJ,retail,0,2024-01-01,2025-01-01,1", "", "exposure.csv:2"),
    ("P1,CN-ZJ,retail,1,2025-01-01,2024-01-01,1", "", "exposure.csv:2"),
    (EXPOSED, "C1,P9,2024-05-01,FTF,,,,", "claims.csv:2"),
    (EXPOSED, "C1,P1,2026-05-01,FTF,,,,", "claims.csv:2"),
    (EXPOSED, "C1,P1,2024-05-01,FTF,RAN.INRE,10,0,", "claims.csv:2"),
    (EXPOSED, "C1,P1,2024-05-01,FTF,FTF.FIN,10,20,", "claims.csv:2"),
    (EXPOSED, "C1,P1,2024-05-01,FTF,FTF.FIN,nan,0,", "claims.csv:2"),
    (EXPOSED, "C1,P1,2024-05-01,FIRE,,,,", "claims.csv:2"),
]


@pytest.mark.parametrize(("exposure", "claim", "where"), BAD)
def test_a_bad_row_is_named_and_the_others_are_read(model: RiskModel, exposure: str, claim: str, where: str) -> None:
    good = "C2,P1,2024-06-01,FTF,FTF.FIN,30,10,100"
    found = read_experience(
        model,
        "\n".join([",".join(EXPOSURE_COLUMNS), exposure]),
        "\n".join([",".join(CLAIM_COLUMNS), *([claim] if claim else []), *([good] if claim else [])]),
    )
    assert [(refusal.code, refusal.where) for refusal in found.refusals] == [("experience_row", where)]
    assert len(found.lost) == (1 if claim else 0)


def test_a_file_without_its_columns_is_refused_whole(model: RiskModel) -> None:
    found = read_experience(model, "Policy,Region\nP1,CN\n", "Claim\n")
    assert {refusal.where for refusal in found.refusals} == {"exposure.csv", "claims.csv"}


def test_a_loss_at_its_limit_counts_as_cut() -> None:
    row = Lost("C", "P", date(2024, 1, 1), COMPONENTS["FTF.FIN"].peril, "FTF.FIN", 30.0, 10.0, 20.0)
    assert row.cut
    assert not replace(row, loss=29.0).cut
    assert not replace(row, limit=None).cut
