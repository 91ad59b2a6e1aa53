"""Scenario F: authority and vote, running totals with ties, a dispute, a recovery, ten postings of one fen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal, split_posting
from ringwall.settlement import (
    DecidedBy,
    Dispute,
    PanelAgreement,
    PanelEvent,
    PanelPosting,
    PanelSequence,
    PostingKind,
    SequenceKind,
    differences,
    insured_position,
    lead_fees,
    open_sequence,
    panel_fault,
    post_to_panel,
    recomputed_parts,
    release_held,
    resume_sequence,
    reverse_posting,
    standing,
)

SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios" / "scenarios.json"
NOON = datetime.fromisoformat("2026-06-05T12:00:00+08:00")
RULED = datetime.fromisoformat("2026-12-08T10:00:00+08:00")


class Run(Protocol):
    """The conftest's run of a sequence."""

    sequence: PanelSequence
    log: list[PanelPosting]


def parts(posting: PanelPosting) -> tuple[int, ...]:
    return tuple(part for _, part in posting.parts)


TABLE_F = [
    (DecidedBy.LEAD, 33_333_333, (13_333_333, 10_000_000, 6_666_667, 3_333_333), 0),
    (DecidedBy.LEAD, 34_567_900, (493_827, 370_370, 246_913, 123_457), 0),
    (DecidedBy.VOTE, 114_567_905, (32_000_002, 24_000_002, 16_000_000, 8_000_001), 16_000_000),
    (DecidedBy.LEAD, 121_234_572, (2_666_667, 1_999_999, 1_333_335, 666_666), 1_333_335),
    (DecidedBy.LEAD, 108_888_894, (-4_938_271, -3_703_703, -2_469_136, -1_234_568), -2_469_136),
]


def test_the_premium_is_split_and_each_follower_billed_its_lead_fee(
    premium_run: Run, agreement: PanelAgreement
) -> None:
    (posting,) = premium_run.log
    assert parts(posting) == (49_382_716, 37_037_036, 24_691_358, 12_345_679)
    assert posting.decided_by is DecidedBy.NOBODY
    fees = lead_fees(agreement, posting)
    assert fees == (("M1", 740_741), ("M2", 493_827), ("M3", 246_914))
    assert sum(fee for _, fee in fees) == 1_481_482


def test_five_postings_give_the_table_to_the_fen(claim_run: Run) -> None:
    got = [(p.decided_by, p.running_total_minor, parts(p), p.held_of("M2")) for p in claim_run.log]
    assert got == TABLE_F
    assert [p.number for p in claim_run.log] == [1, 2, 3, 4, 5]
    assert claim_run.log[2].votes_for == Fraction(4, 5)
    assert claim_run.sequence.booked_minor == (43_555_558, 32_666_668, 21_777_779, 10_888_889)


def test_held_parts_move_to_nobody_else_and_a_ruling_releases_them(
    claim_run: Run, agreement: PanelAgreement, dispute: Dispute
) -> None:
    log = claim_run.log
    before = standing(agreement, log)
    assert before.settled_minor == {"L": 43_555_558, "M1": 32_666_668, "M2": 6_913_580, "M3": 10_888_889}
    assert before.held_minor == {"L": 0, "M1": 0, "M2": 14_864_199, "M3": 0}
    insured = insured_position(log)
    assert (insured.owed_minor, insured.received_minor, insured.open_minor) == (120_000_005, 102_666_670, 17_333_335)
    assert release_held(log, dispute) is None
    release = release_held(log, replace(dispute, ruled_at=RULED))
    assert release is not None
    assert (release.due_to_insured_minor, release.credit_minor, release.net_minor) == (
        17_333_335,
        2_469_136,
        14_864_199,
    )
    after = standing(agreement, log, (release,))
    assert after.settled_minor == {"L": 43_555_558, "M1": 32_666_668, "M2": 21_777_779, "M3": 10_888_889}
    assert set(after.held_minor.values()) == {0}
    assert insured_position(log, (release,)).open_minor == 0


def one_fen(agreement: PanelAgreement) -> list[PanelPosting]:
    sequence, log = open_sequence(agreement, SequenceKind.CLAIM), []
    for _ in range(10):
        done = post_to_panel(agreement, sequence, PanelEvent(PostingKind.INDEMNITY, 1, NOON, "C"))
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
    assert sequence.booked_minor == (4, 3, 2, 1)
    assert sequence.suspended_minor == 0
    return log


FORMULA = [
    (0, 1, 0, 0),
    (1, -1, 1, 0),
    (0, 1, 0, 0),
    (1, 0, 0, 0),
    (0, 1, -1, 1),
    (0, 0, 1, 0),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (1, -1, 1, 0),
    (0, 1, 0, 0),
]
HELD = (0, 0, 0, 0)
BOOKED = [
    (0, 1, 0, 0),
    HELD,
    (1, 0, 1, 0),
    (1, 0, 0, 0),
    HELD,
    (0, 1, 0, 1),
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    HELD,
    (1, 0, 1, 0),
]


def test_ten_postings_of_one_fen_follow_the_formula_with_its_transient_minus_one(agreement: PanelAgreement) -> None:
    log = one_fen(replace(agreement, suspend_opposite_sign=False))
    assert [parts(posting) for posting in log] == FORMULA
    assert not any(posting.suspended for posting in log)


def test_where_the_panel_agreed_so_an_opposite_sign_waits_in_suspense(agreement: PanelAgreement) -> None:
    log = one_fen(agreement)
    assert [parts(posting) for posting in log] == BOOKED
    assert [posting.number for posting in log if posting.suspended] == [2, 5, 9]
    assert [posting.released_minor for posting in log] == [0, -1, 1, 0, -1, 1, 0, 0, -1, 1]


@pytest.mark.parametrize(
    ("amount", "votes", "decided_by"),
    [
        (50_000_000, None, DecidedBy.LEAD),
        (50_000_001, {"L": True, "M1": True}, DecidedBy.VOTE),
        (50_000_001, {"L": True, "M3": True}, None),
        (50_000_001, {"L": True, "M1": False}, None),
        (50_000_001, None, None),
        (50_000_001, {"L": True, "M1": True, "X": True}, None),
    ],
)
def test_above_its_authority_the_lead_needs_more_than_half_of_the_shares(
    amount: int, votes: dict[str, bool] | None, decided_by: DecidedBy | None, agreement: PanelAgreement
) -> None:
    event = PanelEvent(PostingKind.INDEMNITY, amount, NOON, "C")
    done = post_to_panel(agreement, open_sequence(agreement, SequenceKind.CLAIM), event, votes=votes)
    if decided_by is None:
        assert isinstance(done, Refusal)
        assert done.code in ("vote_not_carried", "voter_not_on_panel")
    else:
        assert not isinstance(done, Refusal)
        assert done[1].decided_by is decided_by


def test_authority_looks_at_the_absolute_amount(agreement: PanelAgreement) -> None:
    event = PanelEvent(PostingKind.RECOVERY, -50_000_001, NOON, "C")
    done = post_to_panel(agreement, open_sequence(agreement, SequenceKind.CLAIM), event)
    assert isinstance(done, Refusal)
    assert done.code == "vote_not_carried"


def test_a_dispute_holds_only_its_own_claim_and_only_from_its_letter_to_the_ruling(
    agreement: PanelAgreement, dispute: Dispute
) -> None:
    ruled = replace(dispute, ruled_at=RULED)
    for claim, at, held in [
        ("CLM-F", dispute.written_at, True),
        ("CLM-F", dispute.written_at - timedelta(seconds=1), False),
        ("CLM-F", RULED - timedelta(seconds=1), True),
        ("CLM-F", RULED, False),
        ("CLM-G", dispute.written_at, False),
    ]:
        event = PanelEvent(PostingKind.INDEMNITY, 1_000, at, claim)
        done = post_to_panel(agreement, open_sequence(agreement, SequenceKind.CLAIM), event, disputes=(ruled,))
        assert not isinstance(done, Refusal)
        assert done[1].held == ((("M2", 200),) if held else ())


Change = Callable[[PanelAgreement], PanelAgreement]


@pytest.mark.parametrize(
    ("code", "change", "kind", "amount"),
    [
        ("shares_changed", lambda a: replace(a, shares=a.shares[::-1]), PostingKind.INDEMNITY, 1),
        ("shares_changed", lambda a: replace(a, panel="SCN-G"), PostingKind.INDEMNITY, 1),
        ("wrong_sequence", lambda a: a, PostingKind.PREMIUM, 1),
        ("amount_has_wrong_sign", lambda a: a, PostingKind.INDEMNITY, 0),
        ("amount_has_wrong_sign", lambda a: a, PostingKind.INDEMNITY, -1),
        ("amount_has_wrong_sign", lambda a: a, PostingKind.RECOVERY, 1),
    ],
)
def test_what_does_not_belong_to_a_sequence_is_refused(
    code: str, change: Change, kind: PostingKind, amount: int, agreement: PanelAgreement
) -> None:
    sequence = open_sequence(agreement, SequenceKind.CLAIM)
    done = post_to_panel(change(agreement), sequence, PanelEvent(kind, amount, NOON, "C"))
    assert isinstance(done, Refusal)
    assert done.code == code


def test_a_panel_whose_shares_leave_a_gap_cannot_split(agreement: PanelAgreement) -> None:
    assert panel_fault(agreement) is None
    open_share = panel_fault(replace(agreement, shares=agreement.shares[:3]))
    assert open_share is not None
    assert "9/10" in open_share.message.zh
    stranger = panel_fault(replace(agreement, lead="X"))
    assert stranger is not None
    assert stranger.code == "panel_members_clash"


def test_a_reversal_negates_what_was_booked_and_happens_once(claim_run: Run) -> None:
    done = reverse_posting(claim_run.sequence, claim_run.log, 3, NOON, "R-3")
    assert not isinstance(done, Refusal)
    sequence, reversal = done
    assert parts(reversal) == (-32_000_002, -24_000_002, -16_000_000, -8_000_001)
    assert (reversal.held, reversal.amount_minor, reversal.reverses) == ((("M2", -16_000_000),), -80_000_005, 3)
    assert (sequence.count, sequence.running_total_minor) == (6, 108_888_894 - 80_000_005)
    for number in (3, 6, 9):
        again = reverse_posting(sequence, [*claim_run.log, reversal], number, NOON, "R-4")
        assert isinstance(again, Refusal)
        assert again.code == "posting_cannot_be_reversed"


def test_a_posting_that_touched_the_suspense_is_not_undone_alone(agreement: PanelAgreement) -> None:
    log = one_fen(agreement)
    sequence = replace(open_sequence(agreement, SequenceKind.CLAIM), count=10, running_total_minor=10)
    for number in (2, 3):
        done = reverse_posting(sequence, log, number, NOON, "R")
        assert isinstance(done, Refusal)
        assert done.code == "posting_touched_suspense"


WEIGHTS = st.lists(st.integers(1, 997), min_size=1, max_size=7)
AMOUNTS = st.integers(-(10**11), 10**11).filter(bool)


def panel_of(weights: list[int], *, suspend: bool) -> PanelAgreement:
    whole = sum(weights)
    shares = tuple((f"M{n}", Fraction(weight, whole)) for n, weight in enumerate(weights))
    return PanelAgreement("P", shares, "M0", 10**12, suspend_opposite_sign=suspend)


def premium_log(agreement: PanelAgreement, amounts: list[int]) -> tuple[PanelSequence, list[PanelPosting]]:
    sequence, log = open_sequence(agreement, SequenceKind.PREMIUM), []
    for amount in amounts:
        done = post_to_panel(agreement, sequence, PanelEvent(PostingKind.PREMIUM, amount, NOON))
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
    return sequence, log


@given(WEIGHTS, st.lists(AMOUNTS, min_size=1, max_size=20))
def test_parts_sum_and_every_carrier_stays_within_one_fen_for_ever(weights: list[int], amounts: list[int]) -> None:
    agreement = panel_of(weights, suspend=False)
    _, log = premium_log(agreement, amounts)
    running, booked = 0, [0] * len(weights)
    for posting in log:
        running += posting.amount_minor
        booked = [before + part for before, part in zip(booked, parts(posting), strict=True)]
        assert sum(parts(posting)) == posting.amount_minor
        assert parts(posting) == split_posting(
            running - posting.amount_minor, posting.amount_minor, agreement.fractions
        )
        assert all(abs(b - running * share) <= 1 for b, share in zip(booked, agreement.fractions, strict=True))


@given(WEIGHTS, st.lists(AMOUNTS, min_size=1, max_size=20))
def test_with_suspense_no_part_goes_against_its_posting_and_nothing_is_lost(
    weights: list[int], amounts: list[int]
) -> None:
    sequence, log = premium_log(panel_of(weights, suspend=True), amounts)
    assert not any(part * posting.booked_minor < 0 for posting in log for part in parts(posting))
    assert sum(sequence.booked_minor) + sequence.suspended_minor == sum(amounts)


@given(WEIGHTS, st.lists(AMOUNTS, min_size=2, max_size=12), st.data())
def test_after_a_reversal_the_next_posting_brings_everyone_back_to_the_running_split(
    weights: list[int], amounts: list[int], data: st.DataObject
) -> None:
    agreement = panel_of(weights, suspend=False)
    sequence, log = premium_log(agreement, amounts)
    number = data.draw(st.integers(1, len(log)))
    done = reverse_posting(sequence, log, number, NOON, "R")
    assert not isinstance(done, Refusal)
    sequence, reversal = done
    assert parts(reversal) == tuple(-part for part in parts(log[number - 1]))
    after = post_to_panel(agreement, sequence, PanelEvent(PostingKind.PREMIUM, 77, NOON))
    assert not isinstance(after, Refusal)
    sequence, last = after
    total = sequence.running_total_minor
    assert total == sum(amounts) - amounts[number - 1] + 77
    assert all(abs(b - total * s) <= 1 for b, s in zip(sequence.booked_minor, agreement.fractions, strict=True))
    whole_log = [*log, reversal, last]
    assert resume_sequence(agreement, SequenceKind.PREMIUM, whole_log[::-1]) == sequence
    assert differences(agreement, whole_log) == ()


@given(WEIGHTS, WEIGHTS, st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=20), st.randoms(use_true_random=False))
def test_a_shuffled_order_of_other_sequences_changes_nothing(
    ours: list[int], theirs: list[int], steps: list[tuple[bool, int]], random: Any
) -> None:
    agreements = {True: panel_of(ours, suspend=False), False: panel_of(theirs, suspend=False)}
    alone = premium_log(agreements[True], [amount for mine, amount in steps if mine])[1]
    mine = [step for step in steps if step[0]]
    others = [step for step in steps if not step[0]]
    random.shuffle(others)
    sequences = {who: open_sequence(agreement, SequenceKind.PREMIUM) for who, agreement in agreements.items()}
    mixed: list[PanelPosting] = []
    while mine or others:
        who, amount = (mine if mine and (not others or random.random() < 0.5) else others).pop(0)
        done = post_to_panel(agreements[who], sequences[who], PanelEvent(PostingKind.PREMIUM, amount, NOON))
        assert not isinstance(done, Refusal)
        sequences[who], posting = done
        if who:
            mixed.append(posting)
    assert mixed == alone


@given(WEIGHTS, st.lists(AMOUNTS, min_size=1, max_size=15), st.booleans())
def test_a_follower_recomputes_every_part_from_the_log(weights: list[int], amounts: list[int], suspend: bool) -> None:
    agreement = panel_of(weights, suspend=suspend)
    _, log = premium_log(agreement, amounts)
    assert recomputed_parts(agreement, log) == {posting.number: parts(posting) for posting in log}
    assert differences(agreement, log[::-1]) == ()


def test_the_shared_scenario_gives_the_same_numbers(
    claim_run: Run, premium_run: Run, agreement: PanelAgreement
) -> None:
    if not SCENARIOS.exists():
        pytest.skip(f"shared scenarios are not at {SCENARIOS}")
    scenario = json.loads(SCENARIOS.read_text("utf-8"))["scenarios"]["F"]
    expected = scenario["expected"]
    assert {name: list(agreement.share_of(name).as_integer_ratio()) for name in agreement.names} == {
        name: list(Fraction(*pair).as_integer_ratio()) for name, pair in scenario["input"]["panel"]["shares"].items()
    }
    for posting, (name, wanted) in zip(claim_run.log, expected["claim"].items(), strict=True):
        assert dict(posting.parts) == wanted["posting_fen"], name
        assert posting.running_total_minor == wanted["running_total_fen"]
        assert posting.decided_by.value == wanted["decided_by"]
        assert posting.held_of("M2") == wanted["held_fen"]
    assert dict(premium_run.log[0].parts) == expected["premium"]["S1"]["posting_fen"]
    assert [list(row) for row in FORMULA] == expected["tiny_postings"]["formula"]
    assert ["held" if row == HELD else list(row) for row in BOOKED] == expected["tiny_postings"]["booked"]
