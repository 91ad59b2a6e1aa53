"""Premium at issue, the subsidy when it comes, and a refund with its red letter (scenarios E and H)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.ledger import CompoundEntry, transfers_of, trial_balance
from ringwall.settlement import (
    CHART,
    POSTING_NAMES,
    SEQUENCE_NAMES,
    Head,
    PostingKind,
    PremiumReceived,
    PremiumRefund,
    SequenceKind,
    Voucher,
    premium_at_issue,
    premium_refund,
    refund_paid,
    subsidy_received,
)

KNOWN = datetime.fromisoformat("2026-05-14T17:45:00+08:00")
VOUCHER = Voucher("V-1", date(2026, 5, 14), KNOWN, "P-1")


def sides(entry: CompoundEntry | Refusal) -> tuple[dict[str, int], dict[str, int]]:
    """Debits and credits of one entry by head, as a bookkeeper reads them."""
    assert isinstance(entry, CompoundEntry), entry
    moved = transfers_of(entry)
    assert not isinstance(moved, Refusal), moved
    lines = trial_balance(moved, entry.effective_on, entry.known_at).lines
    debits = {account.code: balance.debit_minor for account, balance in lines if balance.debit_minor}
    credits = {account.code: balance.credit_minor for account, balance in lines if balance.credit_minor}
    return debits, credits


@pytest.mark.parametrize(
    ("insured", "subsidy", "net", "vat"), [(563_513, 241_506, 759_452, 45_567), (558_635, 239_415, 752_877, 45_173)]
)
def test_a_subsidised_premium_is_cash_and_a_claim_on_the_authority(
    insured: int, subsidy: int, net: int, vat: int
) -> None:
    debits, credits = sides(premium_at_issue("S", PremiumReceived(net, vat, insured, subsidy), VOUCHER))
    assert debits == {"cash": insured, "subsidy_receivable": subsidy}
    assert credits == {"premium": net, "output_vat": vat}
    assert sides(subsidy_received("S", subsidy, VOUCHER)) == ({"cash": subsidy}, {"subsidy_receivable": subsidy})


@pytest.mark.parametrize("insured", [563_512, 563_514])
def test_a_premium_that_is_one_fen_off_is_refused(insured: int) -> None:
    refused = premium_at_issue("S", PremiumReceived(759_452, 45_567, insured, 241_506), VOUCHER)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == ("premium_does_not_add_up", "V-1")
    assert "805019" in refused.message.zh


REFUND_H = PremiumRefund(1_395_548, 83_733, "R-1", "B-1")


@pytest.mark.parametrize(
    ("refund", "credits"),
    [
        (REFUND_H, {"payable_to_insured": 1_479_281}),
        (
            replace(REFUND_H, subsidy_share=Fraction(3, 10)),
            {"payable_to_insured": 1_035_497, "payable_to_subsidy_authority": 443_784},
        ),
        (replace(REFUND_H, net_minor=669_863, vat_minor=40_192), {"payable_to_insured": 710_055}),
        (replace(REFUND_H, net_minor=1_378_425, vat_minor=82_706), {"payable_to_insured": 1_461_131}),
    ],
)
def test_a_refund_takes_back_net_and_vat_and_owes_them_to_who_paid(
    refund: PremiumRefund, credits: dict[str, int]
) -> None:
    expected = {"premium": refund.net_minor, "output_vat": refund.vat_minor}
    assert sides(premium_refund("S", refund, VOUCHER)) == (expected, credits)
    assert sides(refund_paid("S", refund, VOUCHER)) == (credits, {"cash": refund.gross_minor})


@pytest.mark.parametrize(
    ("refund", "code"),
    [
        (replace(REFUND_H, red_letter=""), "red_letter_missing"),
        (replace(REFUND_H, blue_invoice=""), "red_letter_missing"),
        (replace(REFUND_H, net_minor=0), "refund_out_of_range"),
        (replace(REFUND_H, vat_minor=-1), "refund_out_of_range"),
        (replace(REFUND_H, subsidy_share=Fraction(1)), "refund_out_of_range"),
    ],
)
def test_a_refund_without_its_red_letter_or_below_nil_is_refused(refund: PremiumRefund, code: str) -> None:
    refused = premium_refund("S", refund, VOUCHER)
    assert isinstance(refused, Refusal)
    assert refused.code == code


@given(st.integers(1, 10**12), st.integers(0, 10**11), st.fractions(0, Fraction(99, 100), max_denominator=1000))
def test_the_creditors_of_a_refund_share_it_without_loss(net: int, vat: int, share: Fraction) -> None:
    insured, authority = PremiumRefund(net, vat, "R", "B", share).creditors_minor
    assert insured + authority == net + vat
    assert abs(authority - (net + vat) * share) <= Fraction(1, 2)


def test_every_head_of_the_chart_has_a_nature_and_a_name_in_both_languages() -> None:
    assert set(CHART) == set(Head)
    assert all(words.zh and words.en for _, words in CHART.values())
    assert set(POSTING_NAMES) == set(PostingKind)
    assert set(SEQUENCE_NAMES) == set(SequenceKind)
