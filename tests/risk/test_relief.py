"""Controls and findings: shrunk by grade, grouped by correlation, bounded, and only where something was seen."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.evidence import ControlStanding, Finding, FindingStatus, MatchBasis, Standing
from ringwall.risk import RiskModel, SignalKind, Territory, combine, possible_relativities, relief_steps, relieve

MakeStanding = Callable[[str, Standing], ControlStanding]
MakeFinding = Callable[..., Finding]

SHRUNK = [  # exp(w · ln effect), w = 0.5, 0.35, 0.15 for A, B, C
    ("rdp_exposed", "B", 2.5, 1.378),
    ("end_of_life_software", "B", 3, 1.469),
    ("unauthenticated_store", "B", 3.3, 1.519),
    ("critical_vulnerability", "B", 1.33, 1.105),
    ("git_exposed", "C", 3.3, 1.196),
]


@pytest.mark.parametrize(("code", "grade", "effect", "expected"), SHRUNK)
def test_a_published_ratio_is_believed_by_its_grade(
    model: RiskModel, finding: MakeFinding, code: str, grade: str, effect: float, expected: float
) -> None:
    (step,) = relief_steps(model, (), (finding(code),))
    assert (step.signal.effect.grade, step.signal.effect.value) == (grade, effect)
    assert step.relativity == pytest.approx(expected, abs=5e-4)


def test_held_and_broken_stand_around_the_average_book(model: RiskModel, standing: MakeStanding) -> None:
    both = (standing("patch_critical", state) for state in (Standing.HELD, Standing.BROKEN))
    held, broken = (relief_steps(model, (each,), ())[0] for each in both)
    assert held.relativity < 1 < broken.relativity
    assert broken.relativity / held.relativity == pytest.approx(2**0.5)


def test_unknown_counts_as_nothing(model: RiskModel, standing: MakeStanding) -> None:
    assert relief_steps(model, (standing("edr", Standing.UNKNOWN), standing("not_a_signal", Standing.HELD)), ()) == ()


def test_only_observed_behaviour_moves_a_price(model: RiskModel, finding: MakeFinding) -> None:
    others = [finding("rdp_exposed", basis=basis) for basis in MatchBasis if basis is not MatchBasis.OBSERVED_BEHAVIOUR]
    resolved = finding("rdp_exposed", status=FindingStatus.RESOLVED)
    assert relief_steps(model, (), (*others, resolved, finding("", check="no factor"))) == ()
    untested = finding("rdp_exposed", status=FindingStatus.FIXED)
    assert len(relief_steps(model, (), (untested,))) == 1, "fixed but not tested again counts as open"


def test_signals_of_one_group_do_not_multiply(model: RiskModel, finding: MakeFinding) -> None:
    weak = [finding("rdp_exposed"), finding("telnet_open")]
    each, both = [relieve(model, (), [one]).by_peril["RAN"] for one in weak], relieve(model, (), weak)
    assert both.by_peril["RAN"] == max(each)
    assert len(both.steps) == 2


def test_two_places_of_one_finding_count_once(model: RiskModel, finding: MakeFinding) -> None:
    steps = relief_steps(model, (), (finding("rdp_exposed", "a:3389"), finding("rdp_exposed", "b:3389")))
    assert [step.subjects for step in steps] == [("rdp_exposed@a:3389", "rdp_exposed@b:3389")]


def test_a_finding_beats_the_held_control_of_its_group(
    model: RiskModel, standing: MakeStanding, finding: MakeFinding
) -> None:
    closed = standing("remote_access_closed", Standing.HELD)
    assert relieve(model, (closed,), (finding("rdp_exposed"),)).by_peril["RAN"] == pytest.approx(1.378, abs=5e-4)
    assert relieve(model, (closed,), ()).by_peril["RAN"] < 1


def test_many_good_answers_do_not_buy_off_an_open_hole(
    model: RiskModel, standing: MakeStanding, finding: MakeFinding
) -> None:
    controls = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    best = [standing(code, Standing.HELD) for code in controls]
    clean, holed = relieve(model, best, ()), relieve(model, best, [finding("unauthenticated_store")])
    assert clean.by_peril["RAN"] == pytest.approx(0.6)
    assert holed.by_peril["RAN"] == pytest.approx(0.6 * 1.5187, abs=1e-4)


def test_a_mail_weakness_leaves_ransomware_alone(model: RiskModel, finding: MakeFinding) -> None:
    relief = relieve(model, (), (finding("no_dmarc"),))
    assert set(relief.by_peril) == {"BEC", "FTF"}


def test_k18_best_to_worst_control_standing(model: RiskModel, standing: MakeStanding, finding: MakeFinding) -> None:
    """K18: best to worst about 5 to 6, tolerance 3 to 7."""
    controls = [code for code, signal in model.signals.items() if signal.kind is SignalKind.CONTROL]
    weaknesses = [finding(code) for code, signal in model.signals.items() if signal.kind is SignalKind.FINDING]
    best = relieve(model, [standing(code, Standing.HELD) for code in controls], ())
    worst = relieve(model, [standing(code, Standing.BROKEN) for code in controls], weaknesses)
    ratio = worst.by_peril["RAN"] / best.by_peril["RAN"]
    print(f"K18 ransomware frequency, worst to best standing: {ratio:.2f} (published 5 to 6, tolerance 3 to 7)")
    assert 3 <= ratio <= 7


states = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(list(Standing))), max_size=12)


@given(states, st.lists(st.integers(0, 40), max_size=6))
def test_the_whole_stays_within_its_bounds_and_never_falls_by_a_weakness(
    model: RiskModel, standing: MakeStanding, finding: MakeFinding, held: list[tuple[int, Standing]], found: list[int]
) -> None:
    codes = list(model.signals)
    standings = [standing(codes[i % len(codes)], state) for i, state in dict(held).items()]
    weak = [finding(codes[i % len(codes)]) for i in dict.fromkeys(found)]
    weak = [f for f in weak if model.signals[f.factor].kind is SignalKind.FINDING]
    steps = relief_steps(model, standings, weak)
    whole, without = combine(model, steps), relieve(model, standings, ())
    for peril, factor in whole.by_peril.items():
        assert 0.6 - 1e-12 <= factor <= 2.5 + 1e-12
        assert factor >= without.by_peril.get(peril, 1.0) - 1e-12


def test_a_control_has_two_relativities_and_a_finding_one(model: RiskModel) -> None:
    for signal in model.signals.values():
        relativities = possible_relativities(model, signal)
        assert len(relativities) == (2 if signal.kind is SignalKind.CONTROL else 1)
        assert max(relativities) == pytest.approx(1 / min(relativities)) or len(relativities) == 1
        assert all(math.isfinite(r) for r in relativities)


def test_the_best_control_of_a_group_counts_alone(model: RiskModel, standing: MakeStanding) -> None:
    groups: dict[tuple[str, str], list[str]] = {}
    for code, signal in model.signals.items():
        if signal.kind is SignalKind.CONTROL:
            for peril in signal.perils:
                groups.setdefault((signal.group, peril), []).append(code)
    several = {key: codes for key, codes in groups.items() if len(codes) > 1}
    assert several, "some controls are correlated"
    for (_, peril), codes in several.items():
        alone = [relieve(model, [standing(code, Standing.HELD)], ()).by_peril[peril] for code in codes]
        together = relieve(model, [standing(code, Standing.HELD) for code in codes], ())
        assert together.by_peril[peril] == pytest.approx(min(alone)), codes


@given(st.permutations(range(6)))
def test_the_order_in_which_signals_are_seen_changes_nothing(
    model: RiskModel, standing: MakeStanding, finding: MakeFinding, order: list[int]
) -> None:
    standings = [standing(code, Standing.HELD) for code in ("edr", "hardening", "mfa_remote")]
    standings += [standing("logging", Standing.BROKEN), standing("patch_critical", Standing.BROKEN)]
    steps = [*relief_steps(model, standings, [finding("rdp_exposed")])]
    assert combine(model, [steps[place] for place in order]).by_peril == combine(model, steps).by_peril


def test_a_better_grade_is_believed_more(model: RiskModel) -> None:
    weights = [model.numbers(Territory.CHINA)[f"relief.weight.{grade}"] for grade in ("A", "B", "C")]
    assert 1 > weights[0] > weights[1] > weights[2] > 0
    assert {signal.effect.grade for signal in model.signals.values()} <= {"A", "B", "C"}, "no guess moves a price"
