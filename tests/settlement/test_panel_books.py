"""A panel's postings in everybody's books: trial balances close, and no carrier pays for another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal, Term, split_running
from ringwall.ledger import CompoundEntry, Transfer, TrialBalance, transfers_of, trial_balance
from ringwall.settlement import (
    Dispute,
    Head,
    PanelAgreement,
    PanelEvent,
    PanelLog,
    PanelPosting,
    PostingKind,
    Remittance,
    SequenceKind,
    ServiceBill,
    Voucher,
    account,
    differences,
    lead_fee_entries,
    lead_fees,
    open_sequence,
    panel_entries,
    post_to_panel,
    release_entries,
    release_held,
    remittance_entries,
    reverse_posting,
    service_billed,
    statement,
)

DAY, KNOWN = date(2026, 12, 31), datetime.fromisoformat("2026-12-31T12:00:00+08:00")
RULED = datetime.fromisoformat("2026-12-08T10:00:00+08:00")


def voucher(name: str) -> Voucher:
    return Voucher(name, DAY, KNOWN, name)


def moved(entries: Iterable[CompoundEntry]) -> list[Transfer]:
    rows: list[Transfer] = []
    for entry in entries:
        transfers = transfers_of(entry)
        assert not isinstance(transfers, Refusal), transfers
        rows += transfers
    return rows


def books(agreement: PanelAgreement, log: Iterable[PanelPosting]) -> list[Transfer]:
    return [
        row
        for posting in log
        for row in moved(panel_entries(agreement, posting, voucher(f"{posting.event.kind}-{posting.number}")))
    ]


def closed(rows: Iterable[Transfer]) -> TrialBalance:
    return trial_balance(rows, DAY, KNOWN)


def net(trial: TrialBalance, name: str, head: Head, other: str = "") -> int:
    return trial.of(account(name, head, other=other)).net_debit_minor


def test_the_claims_of_scenario_f_stand_in_each_carriers_book(claim_run: Any, agreement: PanelAgreement) -> None:
    trial = closed(books(agreement, claim_run.log))
    assert trial.totals().net_debit_minor == 0
    costs = (Head.CLAIMS_PAID, Head.CLAIMS_EXPENSE, Head.RECOVERIES)
    own = {name: sum(net(trial, name, head) for head in costs) for name in agreement.names}
    assert own == {"L": 43_555_558, "M1": 32_666_668, "M2": 21_777_779, "M3": 10_888_889}
    assert net(trial, "M1", Head.DUE_TO_LEAD) == -32_666_668
    assert net(trial, "L", Head.DUE_FROM_FOLLOWER, "M1") == 32_666_668
    assert net(trial, "M2", Head.HELD_DISPUTED) == -14_864_199
    assert net(trial, "M2", Head.DUE_TO_LEAD) == -6_913_580
    assert net(trial, "L", Head.DUE_FROM_FOLLOWER, "M2") == 6_913_580
    assert net(trial, "L", Head.HELD_DISPUTED, "M2") == -2_469_136
    paid_to_insured_and_adjuster, recovered = 102_666_670 + 1_234_567, 12_345_678
    assert net(trial, "L", Head.CASH) == recovered - paid_to_insured_and_adjuster


def test_the_ruling_settles_the_held_parts_in_both_books(
    claim_run: Any, agreement: PanelAgreement, dispute: Dispute
) -> None:
    release = release_held(claim_run.log, replace(dispute, ruled_at=RULED))
    assert release is not None
    rows = books(agreement, claim_run.log) + moved(release_entries(agreement, release, voucher("ruling")))
    trial = closed(rows)
    assert net(trial, "M2", Head.HELD_DISPUTED) == 0
    assert net(trial, "L", Head.HELD_DISPUTED, "M2") == 0
    assert net(trial, "M2", Head.DUE_TO_LEAD) == -21_777_779
    assert net(trial, "L", Head.CASH) == 12_345_678 - 120_000_005 - 1_234_567
    assert trial.totals().net_debit_minor == 0


def test_a_lead_that_disputes_holds_its_own_part_and_pays_the_others(agreement: PanelAgreement) -> None:
    at = datetime.fromisoformat("2026-08-24T10:00:00+08:00")
    own = Dispute("L", "C", at, RULED)
    sequence, log = open_sequence(agreement, SequenceKind.CLAIM), []
    for kind, amount in ((PostingKind.INDEMNITY, 1_000), (PostingKind.RECOVERY, -100)):
        done = post_to_panel(agreement, sequence, PanelEvent(kind, amount, at, "C"), disputes=(own,))
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
    rows = books(agreement, log)
    assert net(closed(rows), "L", Head.CASH) == 100 - 600
    release = release_held(log, own)
    assert release is not None
    trial = closed(rows + moved(release_entries(agreement, release, voucher("ruling"))))
    assert net(trial, "L", Head.CASH) == 100 - 1_000
    assert (net(trial, "L", Head.HELD_DISPUTED), net(trial, "L", Head.HELD_DISPUTED, "L")) == (0, 0)


def test_premium_is_passed_on_gross_and_the_fee_is_a_bill_of_its_own(
    premium_run: Any, agreement: PanelAgreement
) -> None:
    (posting,) = premium_run.log
    fees = lead_fees(agreement, posting)
    rows = books(agreement, premium_run.log) + moved(lead_fee_entries(agreement, fees, voucher("fee")))
    trial = closed(rows)
    assert net(trial, "L", Head.DUE_TO_FOLLOWER, "M1") == -37_037_036
    assert net(trial, "M1", Head.DUE_FROM_LEAD) == 37_037_036
    assert net(trial, "M1", Head.PREMIUM) == -37_037_036
    assert net(trial, "L", Head.PREMIUM) == 123_456_789 - 49_382_716
    assert net(trial, "L", Head.LEAD_FEE_INCOME) == -1_481_482
    assert net(trial, "M1", Head.LEAD_FEE_PAYABLE) == -740_741
    assert trial.totals().net_debit_minor == 0


def test_reserves_stand_with_each_carrier_for_its_own_part(agreement: PanelAgreement) -> None:
    sequence, log = open_sequence(agreement, SequenceKind.RESERVE), []
    at = datetime.fromisoformat("2026-09-22T17:00:00+08:00")
    for change in (158_700_001, -30_000_000):
        done = post_to_panel(agreement, sequence, PanelEvent(PostingKind.RESERVE, change, at, "C"))
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
    trial = closed(books(agreement, log))
    assert sum(net(trial, name, Head.OUTSTANDING_RESERVE) for name in agreement.names) == -128_700_001
    assert net(trial, "M1", Head.OUTSTANDING_RESERVE) == -sequence.booked_minor[1]


SHARES = tuple((name, Fraction(tenths, 10)) for name, tenths in (("L", 4), ("M1", 3), ("M2", 2), ("M3", 1)))
PANEL = PanelAgreement("P", SHARES, "L", 10**12)
AMOUNTS = st.integers(1, 40_000_000)


@pytest.mark.parametrize(
    "kind",
    [PostingKind.INDEMNITY, PostingKind.PREMIUM, PostingKind.VAT, PostingKind.RESERVE, PostingKind.SERVICE],
)
@given(amounts=st.lists(AMOUNTS | st.just(1), min_size=1, max_size=12), suspend=st.booleans(), held=st.booleans())
def test_every_entry_balances_for_each_participant_and_a_reversal_undoes_it(
    kind: PostingKind, amounts: list[int], suspend: bool, held: bool
) -> None:
    panel = replace(PANEL, suspend_opposite_sign=suspend)
    at = datetime.fromisoformat("2026-08-24T10:00:00+08:00")
    disputes = (Dispute("M2", "C", at),) if held else ()
    sequence, log = open_sequence(panel, kind.sequence), []
    for amount in amounts:
        done = post_to_panel(panel, sequence, PanelEvent(kind, amount, at, "C"), disputes=disputes)
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
    rows = books(panel, log)
    for name in panel.names:
        mine = [row for row in rows if row.debit.participant == name]
        assert closed(mine).totals().net_debit_minor == 0
        assert all(row.credit.participant == name for row in mine)
    suspense = net(closed(rows), "L", Head.SUSPENSE)
    if kind is not PostingKind.RESERVE:
        assert abs(suspense) == abs(sequence.suspended_minor)
    if not suspend:
        for posting in list(log):
            undone = reverse_posting(sequence, log, posting.number, at, "R")
            assert not isinstance(undone, Refusal)
            sequence, reversal = undone
            log.append(reversal)
        assert all(balance.net_debit_minor == 0 for _, balance in closed(books(panel, log)).lines)


@given(amounts=st.lists(AMOUNTS, min_size=1, max_size=8), back=st.booleans())
def test_shared_services_are_each_carriers_cost_by_its_share_and_owed_to_the_lead(
    amounts: list[int], back: bool
) -> None:
    """The lead has booked each bill whole; a bill that is taken back goes the same way with its sign changed."""
    at = datetime.fromisoformat("2026-08-24T10:00:00+08:00")
    sequence, log, bills = open_sequence(PANEL, SequenceKind.SERVICE), [], []
    for number, amount in enumerate([*amounts, *([-amounts[-1]] if back else [])]):
        done = post_to_panel(PANEL, sequence, PanelEvent(PostingKind.SERVICE, amount, at, "O-1", f"B-{number}"))
        assert not isinstance(done, Refusal)
        sequence, posting = done
        log.append(posting)
        bill = service_billed("L", ServiceBill("O-1", "fengtai", "FT", amount), voucher(f"B-{number}"))
        assert not isinstance(bill, Refusal)
        bills.append(bill)
    trial, whole = closed(books(PANEL, log) + moved(bills)), sum(posting.amount_minor for posting in log)
    costs = {name: net(trial, name, Head.SERVICE_EXPENSE) for name in PANEL.names}
    assert tuple(costs.values()) == split_running(whole, PANEL.fractions)
    assert net(trial, "L", Head.PAYABLE_TO_PROVIDER, "fengtai") == -whole
    for name in PANEL.followers:
        assert net(trial, name, Head.SERVICE_DUE_TO_LEAD) == -costs[name]
        assert net(trial, "L", Head.SERVICE_DUE_FROM_FOLLOWER, name) == costs[name]
    answered = moved(
        entry
        for name in PANEL.followers
        for entry in remittance_entries(PANEL, name, SequenceKind.SERVICE, costs[name], voucher(f"T-{name}"))
        if costs[name]
    )
    settled = closed([*books(PANEL, log), *moved(bills), *answered])
    assert all(net(settled, name, Head.SERVICE_DUE_TO_LEAD) == 0 for name in PANEL.followers)
    assert net(settled, "L", Head.CASH) == whole - costs["L"]


def month(start: str, end: str) -> Term:
    return Term(*(datetime.fromisoformat(f"{day}T00:00:00+08:00") for day in (start, end)))


def test_a_followers_statements_chain_and_end_in_its_loss_fund_call(
    claim_run: Any, premium_run: Any, agreement: PanelAgreement, dispute: Dispute
) -> None:
    paid = Remittance("M2", SequenceKind.CLAIM, datetime.fromisoformat("2026-07-10T10:00:00+08:00"), 6_913_580, "T-1")
    release = release_held(claim_run.log, replace(dispute, ruled_at=RULED))
    assert release is not None
    log = PanelLog((*premium_run.log, *claim_run.log), (release,), (paid,))
    halves = [month("2026-01-01", "2026-07-01"), month("2026-07-01", "2026-12-01"), month("2026-12-01", "2027-01-01")]
    first, second, third = (statement(agreement, "M2", period, log) for period in halves)
    assert first.loss_fund_call_minor == 6_913_580
    assert first.account(SequenceKind.PREMIUM).closing_minor == 24_691_358
    claims = second.account(SequenceKind.CLAIM)
    assert (claims.opening_minor, claims.remitted_minor, claims.closing_minor) == (6_913_580, 6_913_580, 0)
    assert [(line.part_minor, line.held_minor) for line in claims.lines] == [
        (16_000_000, 16_000_000),
        (1_333_335, 1_333_335),
        (-2_469_136, -2_469_136),
    ]
    assert second.loss_fund_call_minor == 0
    last = third.account(SequenceKind.CLAIM)
    assert (last.opening_minor, last.released_minor, last.closing_minor) == (0, 14_864_199, 14_864_199)
    assert third.loss_fund_call_minor == 14_864_199
    assert statement(agreement, "L", halves[0], log).loss_fund_call_minor == 0


def test_remittances_clear_what_was_due_between_lead_and_follower(
    claim_run: Any, premium_run: Any, agreement: PanelAgreement
) -> None:
    rows = books(agreement, [*premium_run.log, *claim_run.log])
    rows += moved(remittance_entries(agreement, "M1", SequenceKind.CLAIM, 32_666_668, voucher("T-1")))
    rows += moved(remittance_entries(agreement, "M1", SequenceKind.PREMIUM, 37_037_036, voucher("T-2")))
    trial = closed(rows)
    assert net(trial, "M1", Head.DUE_TO_LEAD) == net(trial, "M1", Head.DUE_FROM_LEAD) == 0
    assert net(trial, "L", Head.DUE_FROM_FOLLOWER, "M1") == net(trial, "L", Head.DUE_TO_FOLLOWER, "M1") == 0
    assert net(trial, "M1", Head.CASH) == 37_037_036 - 32_666_668


def test_a_follower_finds_a_wrong_part_a_wrong_total_and_a_missing_number(
    claim_run: Any, agreement: PanelAgreement
) -> None:
    log = list(claim_run.log)
    shifted = (("L", 32_000_002), ("M1", 24_000_002), ("M2", 16_000_001), ("M3", 8_000_000))
    wrong_part = [*log[:2], replace(log[2], parts=shifted), *log[3:]]
    assert [(d.number, d.what, d.stated, d.recomputed) for d in differences(agreement, wrong_part)] == [
        (3, "M2", 16_000_001, 16_000_000),
        (3, "M3", 8_000_000, 8_000_001),
    ]
    wrong_total = [replace(log[0], running_total_minor=1), *log[1:]]
    assert [d.what for d in differences(agreement, wrong_total)] == ["running_total"]
    assert "number" in [d.what for d in differences(agreement, [log[0], *log[2:]])]
