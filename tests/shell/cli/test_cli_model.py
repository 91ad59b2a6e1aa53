"""`model`: the sample refits into a version of its own, versions are compared, and the card says all that it should."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.risk import CHECKS, Effort, parse_figures, targets
from ringwall.shell.cli.models import check

CLAIMS, EXPOSURE = SAMPLES / "claims.csv", SAMPLES / "exposure.csv"


@pytest.fixture
def second(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "2026-02"
    assert run("model", "fit", CLAIMS, EXPOSURE, "--version", "2026-02", "--into", folder, "--json").code == 0
    return folder


def test_the_sample_drifts_and_writes_nothing_unless_it_is_asked_to(run: Run, tmp_path: Path) -> None:
    found = run("model", "fit", CLAIMS, EXPOSURE, "--json").document
    assert found["folder"] is None
    assert (found["policies"], found["claims"]) == (1000, 150)
    ransomware = next(row for row in found["drift"]["claims"] if row["peril"] == "RAN")
    assert ransomware["drifts"]
    assert ransomware["actual"] > ransomware["expected"]
    assert not list(tmp_path.iterdir())


def test_a_refit_is_a_version_that_the_other_commands_take(run: Run, second: Path) -> None:
    names = {path.name for path in second.iterdir()}
    assert names == {"model.yaml", "frequency.yaml", "severity.yaml", "systemic.yaml", "signals.yaml", "card.yaml"}
    found = run("model", "compare", "2026-01", second, "--years", "300", "--json").document
    assert (found["before"]["version"], found["after"]["version"]) == ("2026-01", "2026-02")
    moved = {each["name"] for each in found["numbers"]}
    assert "frequency.RAN" in moved
    assert {each["territory"] for each in found["numbers"]} == {"china"}
    book = found["portfolio"]
    assert book["after"]["gross"]["aal_minor"] > book["before"]["gross"]["aal_minor"]
    assert book["after"]["technical_minor"] > book["before"]["technical_minor"] > book["before"]["gross"]["aal_minor"]
    assert book["before"]["net"]["tvar99_minor"] < book["before"]["gross"]["tvar99_minor"]
    assert book["before"]["policies"] == 400


def test_a_version_equals_itself(run: Run) -> None:
    found = run("model", "compare", "2026-01", "2026-01", "--years", "200", "--json").document
    assert found["numbers"] == []
    assert found["portfolio"]["before"] == found["portfolio"]["after"]


def test_pages_come_in_both_languages(run: Run, second: Path) -> None:
    assert "漂移报告" in run("model", "fit", CLAIMS, EXPOSURE).out
    assert "Credibility" in run("model", "fit", CLAIMS, EXPOSURE, "--lang", "en").out
    assert "参照组合" in run("model", "compare", "2026-01", second, "--years", "200").out


@pytest.mark.parametrize(("language", "words"), [("zh", ("不得用于", "弱点")), ("en", ("must not", "Weak points"))])
def test_the_card_has_purpose_numbers_checks_and_weak_points(
    run: Run, tmp_path: Path, language: str, words: tuple[str, str]
) -> None:
    path = tmp_path / "card.md"
    assert run("model", "card", "--into", path, "--lang", language).code == 0
    text = path.read_text("utf-8")
    assert all(word in text for word in words)
    assert all(target.code in text for _, target in targets())
    assert "frequency.RAN" in text
    assert "systemic.S8.rate" in text
    found = run("model", "card", "--json").document
    assert len(found["checks"]) == sum(len(check.targets) for check in CHECKS)
    assert all(number["source"] and number["population"] for number in found["numbers"])
    assert sum(found["grades"].values()) == len(found["numbers"]) > 200
    assert {each["agreement"] for each in found["checks"]} == {"met", "miss", "outside"}


def test_a_new_version_has_a_card_whose_checks_are_not_computed_yet(run: Run, second: Path) -> None:
    found = run("model", "card", second, "--json").document
    assert found["computed"] is None
    assert all(each["figure"] is None for each in found["checks"])
    assert "not computed" in run("model", "card", second, "--lang", "en").out


def test_the_checks_are_computed_and_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "QUICK", Effort(draws=2_048, years=400, policies=200))
    path = tmp_path / "figures.yaml"
    ran = run("model", "check", "--quick", "--record", path, "--json")
    assert [each["target"] for each in ran.document["checks"]] == [target.code for _, target in targets()]
    assert parse_figures(path.read_text("utf-8")).effort.draws == 2_048  # type: ignore[union-attr]
    assert run("model", "check", "--quick", "--record", path, "--json").codes == ["file_unwritable"]


WRONG = [
    (("fit", CLAIMS, EXPOSURE, "--version", "2026-02"), "version_and_folder"),
    (("fit", EXPOSURE, CLAIMS), "experience_row"),
    pytest.param(
        ("fit", CLAIMS, EXPOSURE, "--second-opinion"),
        "lifelines_missing",
        marks=pytest.mark.skipif(find_spec("lifelines") is not None, reason="lifelines is installed"),
    ),
    (("card", "1999-01"), "model_unknown"),
    (("compare", "2026-01", "2026-01", "--years", "3"), "option_wrong"),
]


@pytest.mark.parametrize(("words", "code"), WRONG)
def test_what_cannot_be_done_is_refused_by_name(run: Run, words: tuple[object, ...], code: str) -> None:
    ran = run("model", *words, "--json")
    assert ran.code == 1
    assert code in ran.codes


def test_a_version_does_not_overwrite_its_origin(run: Run, tmp_path: Path) -> None:
    ran = run("model", "fit", CLAIMS, EXPOSURE, "--version", "2026-01", "--into", tmp_path / "x", "--json")
    assert ran.codes == ["version_taken"]
