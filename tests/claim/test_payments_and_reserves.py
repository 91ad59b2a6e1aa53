"""Money leaves once, after agreement, up to what is payable; the reserve is what is still to leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ringwall
from ringwall.basics import Refusal
from ringwall.claim import (
    Claim,
    ClaimState,
    CostKind,
    Ground,
    PartAmount,
    agree,
    authorise_expense,
    authorise_payment,
    decide,
    determinable_part,
    outstanding_minor,
    payments,
    read_clock_rules,
    read_holidays,
    record_paid,
    reserve_from_outcome,
    reserves,
    set_reserve,
    split_payees,
)
from ringwall.terms import Outcome

At = Callable[[str], datetime]
Done = Callable[[Claim | Refusal], Claim]
SCHEMES = Path(ringwall.__file__).parent / "catalogue" / "schemes"
INDEMNITY, ALAE = CostKind.INDEMNITY, CostKind.ALAE


def pay(claim: Claim, amount: int, reference: str, at: datetime, payee: str = "insured") -> Claim | Refusal:
    return authorise_payment(claim, amount, reference=reference, payee=payee, at=at, by="payer")


def test_payment_before_agreement_is_refused(case_a: dict[str, Claim], at: At) -> None:
    refused = pay(case_a["decided"], 1, "PAY-1", at("09-22T18:00"))
    assert isinstance(refused, Refusal)
    assert refused.code == "claim_in_wrong_state"
    assert "agreed" in refused.message.en
    assert "已达成协议" in refused.message.zh


def test_never_more_is_released_than_is_payable(case_a: dict[str, Claim], at: At, done: Done) -> None:
    when = at("09-30T10:00")
    too_much = pay(case_a["letter"], 158_700_001, "PAY-1", when)
    assert isinstance(too_much, Refusal)
    assert too_much.code == "payment_exceeds_payable"
    first = done(pay(case_a["letter"], 100_000_000, "PAY-1", when))
    again = pay(first, 58_700_001, "PAY-2", when)
    assert isinstance(again, Refusal)
    assert "587,000.00" in again.message.en
    assert done(pay(first, 58_700_000, "PAY-2", when)).authorised_minor == 158_700_000
    nil = pay(first, 0, "PAY-3", when)
    assert isinstance(nil, Refusal)
    assert nil.code == "payment_not_positive"


def test_a_repeated_reference_is_the_same_payment_and_other_content_is_refused(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    first = done(pay(case_a["letter"], 100, "PAY-1", at("09-30T10:00")))
    assert pay(first, 100, "PAY-1", at("10-01T10:00")) == first
    for amount, payee in [(99, "insured"), (100, "third party")]:
        other = pay(first, amount, "PAY-1", at("10-01T10:00"), payee)
        assert isinstance(other, Refusal)
        assert other.code == "payment_reference_used"


def test_money_leaves_once(case_a: dict[str, Claim], at: At, done: Done) -> None:
    claim = done(pay(case_a["letter"], 158_700_000, "PAY-1", at("10-08T15:00")))
    assert claim.state is ClaimState.AGREED
    early = record_paid(claim, "PAY-1", at=at("10-08T14:00"), by="bank")
    assert isinstance(early, Refusal)
    assert early.code == "paid_before_authorised"
    paid = done(record_paid(claim, "PAY-1", at=at("10-08T16:00"), by="bank"))
    assert (paid.state, paid.paid_minor) == (ClaimState.PAID, 158_700_000)
    assert record_paid(paid, "PAY-1", at=at("10-08T16:00"), by="bank") == paid
    twice = record_paid(paid, "PAY-1", at=at("10-09T16:00"), by="bank")
    assert isinstance(twice, Refusal)
    assert twice.code == "payment_already_made"
    unknown = record_paid(paid, "PAY-9", at=at("10-09T16:00"), by="bank")
    assert isinstance(unknown, Refusal)
    assert unknown.code == "payment_not_authorised"


def test_a_payment_fills_the_parts_in_their_order(case_a: dict[str, Claim], at: At, done: Done) -> None:
    claim = done(pay(case_a["letter"], 30_000_000, "PAY-1", at("09-30T10:00")))
    claim = done(pay(claim, 128_700_000, "PAY-2", at("10-01T10:00")))
    first, second = payments(claim)
    assert [(p.part, p.kind, p.amount_minor) for p in first.parts] == [
        ("INRE", INDEMNITY, 16_600_000),
        ("DIAS", INDEMNITY, 13_400_000),
    ]
    assert [(p.part, p.kind, p.amount_minor) for p in second.parts] == [
        ("DIAS", INDEMNITY, 14_600_000),
        ("NPBI", INDEMNITY, 94_800_000),
        ("EXT", INDEMNITY, 6_000_000),
        ("MIT", INDEMNITY, 7_500_000),
        ("INV", ALAE, 5_800_000),
    ]


def test_the_determinable_part_is_paid_within_sixty_days_without_an_agreement(
    case_a: dict[str, Claim], outcome_a19: Outcome, at: At, done: Done
) -> None:
    rules = read_clock_rules((SCHEMES / "statute-clocks.yaml").read_text("utf-8"), "rules")
    table = read_holidays((SCHEMES / "calendar-cn.yaml").read_text("utf-8"), "holidays")
    assert not isinstance(rules, Refusal)
    assert not isinstance(table, Refusal)
    claim = done(decide(case_a["complete"], outcome_a19, at=at("09-22T17:00"), by="handler"))
    part = determinable_part(claim, rules["R-19"], table.calendar())
    assert part is not None
    assert (part.amount_minor, part.open_minor) == (151_200_000, 7_500_000)
    assert str(part.clock.last_day) == "2026-10-26"
    assert determinable_part(case_a["complete"], rules["R-19"], table.calendar()) is None

    def interim(amount: int) -> Claim | Refusal:
        ground = Ground.DETERMINABLE_PART
        when = at("10-20T10:00")
        return authorise_payment(claim, amount, reference="I-1", payee="insured", at=when, by="payer", ground=ground)

    assert isinstance(interim(151_200_001), Refusal)
    released = done(interim(151_200_000))
    assert released.state is ClaimState.ASSESSED
    paid = done(record_paid(released, "I-1", at=at("10-21T10:00"), by="bank"))
    assert paid.state is ClaimState.ASSESSED
    assert done(agree(paid, at=at("10-22T10:00"), by="insured")).state is ClaimState.PAID


def test_reserves_follow_the_decision_and_fall_by_what_is_paid(
    case_a: dict[str, Claim], outcome_a: Outcome, at: At, done: Done
) -> None:
    early = done(
        set_reserve(
            case_a["registered"],
            PartAmount("NPBI", INDEMNITY, 50_000_000),
            at=at("08-16T10:00"),
            by="h",
            reason="first",
        )
    )
    assert outstanding_minor(early) == 50_000_000
    claim = done(reserve_from_outcome(case_a["letter"], outcome_a, at=at("09-29T10:00"), by="h", reason="decision"))
    assert outstanding_minor(claim) == 158_700_000
    assert (outstanding_minor(claim, INDEMNITY), outstanding_minor(claim, ALAE)) == (152_900_000, 5_800_000)
    claim = done(pay(claim, 30_000_000, "PAY-1", at("09-30T10:00")))
    assert outstanding_minor(claim) == 158_700_000
    claim = done(record_paid(claim, "PAY-1", at=at("09-30T16:00"), by="bank"))
    assert outstanding_minor(claim) == 128_700_000
    inre, dias = reserves(claim)[:2]
    assert (inre.part, inre.incurred_minor, inre.paid_minor, inre.outstanding_minor) == (
        "INRE",
        16_600_000,
        16_600_000,
        0,
    )
    assert (dias.part, dias.outstanding_minor) == ("DIAS", 14_600_000)
    low = set_reserve(claim, PartAmount("DIAS", INDEMNITY, 13_399_999), at=at("10-01T10:00"), by="h", reason="less")
    assert isinstance(low, Refusal)
    assert low.code == "reserve_below_paid"
    mute = set_reserve(claim, PartAmount("DIAS", INDEMNITY, 28_000_000), at=at("10-01T10:00"), by="h", reason="")
    assert isinstance(mute, Refusal)
    assert mute.code == "reserve_without_reason"


def test_an_expense_of_handling_never_counts_against_what_is_payable(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    fee = PartAmount("NPBI", ALAE, 1_234_567)
    claim = done(
        authorise_expense(case_a["asked"], fee, reference="E-1", payee="adjuster", at=at("09-08T10:00"), by="p")
    )
    assert (claim.authorised_minor, claim.state) == (0, ClaimState.SUPPLEMENT_ASKED)
    paid = done(record_paid(claim, "E-1", at=at("09-09T10:00"), by="bank"))
    assert paid.paid_minor == 0
    (reserve,) = reserves(paid)
    assert (reserve.kind, reserve.paid_minor, reserve.outstanding_minor) == (ALAE, 1_234_567, 0)
    negative = authorise_expense(
        claim, PartAmount("NPBI", ALAE, -1), reference="E-2", payee="adjuster", at=at("09-09T10:00"), by="p"
    )
    assert isinstance(negative, Refusal)


@pytest.mark.parametrize(
    ("payable", "recognised", "paid_by_insured", "to_third_party", "to_insured"),
    [
        (105_000_000, 115_000_000, 0, 105_000_000, 0),
        (12_000_000, 12_000_000, 15_000_000, 0, 12_000_000),
        (83_000_000, 98_000_000, 20_000_000, 78_000_000, 5_000_000),
    ],
)
def test_liability_money_goes_to_the_third_party_as_far_as_the_insured_has_not_paid_it(
    payable: int, recognised: int, paid_by_insured: int, to_third_party: int, to_insured: int
) -> None:
    payees = split_payees(payable, recognised, paid_by_insured)
    assert (payees.to_third_party_minor, payees.to_insured_minor) == (to_third_party, to_insured)


SUMS = st.integers(0, 10**12)


@given(SUMS, SUMS, SUMS)
def test_payees_never_get_more_than_is_payable_nor_the_insured_more_than_it_paid(a: int, b: int, paid: int) -> None:
    payable, recognised = min(a, b), max(a, b)
    payees = split_payees(payable, recognised, paid)
    assert 0 <= payees.to_third_party_minor + payees.to_insured_minor <= payable
    assert 0 <= payees.to_insured_minor <= paid
    assert payees.to_third_party_minor <= max(recognised - paid, 0)
