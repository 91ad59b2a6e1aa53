"""A journal takes a movement once, says why it refuses another, and never half a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.ledger import Account, Status, Transfer, TransferState, enter, enter_all
from ringwall.ledger.entering import AGAINST_ITS_TWIN, IN_ITSELF

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
POSTED, PENDING, VOIDED = TransferState.POSTED, TransferState.PENDING, TransferState.VOIDED


def transfer(
    name: str, receives: str, gives: str, yuan: str, *, state: TransferState = POSTED, settles: str = ""
) -> Transfer:
    fen = int(yuan.replace(".", ""))
    day = date(2026, 1, 5)
    return Transfer(name, Account(receives, "cash"), Account(gives, "cash"), fen, "CNY", day, NOON, state, "", settles)


JOURNAL = """
T1  insured  pool   100.00  posted   -   created
T1  insured  pool   100.00  posted   -   exists
T1  insured  pool    99.00  posted   -   exists_with_different_amount
T1  broker   pool    99.00  posted   -   exists_with_different_debit
T1  insured  broker  99.00  posted   -   exists_with_different_credit
T1  insured  pool   100.00  pending  -   exists_with_different_state
T2  pool     pool     1.00  posted   -   accounts_must_differ
T2  pool     insured  0.00  posted   -   amount_must_be_positive
T2  pool     insured -1.00  posted   -   amount_must_be_positive
T2  pool     insured  1.00  voided   -   void_must_name_a_pending
T2  pool     insured  1.00  pending  T1  pending_must_not_settle
T2  pool     insured  1.00  posted   T9  pending_not_found
T2  pool     insured  1.00  posted   T1  pending_was_never_pending
P1  insured  pool    50.00  pending  -   created
P2  insured  pool    70.00  pending  -   created
T3  pool     insured 50.00  posted   P1  pending_has_different_accounts
T3  insured  pool    49.99  posted   P1  pending_has_different_amount
T3  insured  pool    50.00  posted   P1  created
T3  insured  pool    50.00  posted   P1  exists
T4  insured  pool    50.00  posted   P1  pending_already_posted
T4  insured  pool    50.00  voided   P1  pending_already_posted
T5  insured  pool    70.00  voided   P2  created
T6  insured  pool    70.00  posted   P2  pending_already_voided
"""


def test_the_table_of_a_bookkeeper_gives_each_status_in_turn() -> None:
    rows: list[Transfer] = []
    for line in JOURNAL.strip().splitlines():
        name, receives, gives, yuan, state, settles, expected = line.split()
        entry = transfer(
            name, receives, gives, yuan, state=TransferState(state), settles="" if settles == "-" else settles
        )
        status = enter(rows, entry)
        assert status == expected, line
        if status is Status.CREATED:
            rows.append(entry)
    assert [row.id for row in rows] == ["T1", "P1", "P2", "T3", "T5"]


def test_the_checks_stand_in_the_order_of_the_statuses() -> None:
    order = list(Status)
    checked = [status for status, _ in (*IN_ITSELF, *AGAINST_ITS_TWIN)]
    assert checked == [status for status in order if status in checked]


FAULTS = [
    (Status.ID_MUST_NOT_BE_EMPTY, {"id": ""}),
    (Status.ACCOUNTS_MUST_DIFFER, {"credit": Account("insured", "cash")}),
    (Status.AMOUNT_MUST_BE_POSITIVE, {"amount_minor": 0}),
    (Status.CURRENCIES_MUST_MATCH, {"currency": "USD"}),
    (Status.PENDING_MUST_NOT_SETTLE, {"state": PENDING, "settles": "P1"}),
]


@pytest.mark.parametrize("first", range(len(FAULTS)))
@pytest.mark.parametrize("second", range(len(FAULTS)))
def test_of_two_faults_the_earlier_one_is_named(first: int, second: int) -> None:
    good = transfer("T1", "insured", "pool", "100.00")
    faulty = replace(good, **{**FAULTS[first][1], **FAULTS[second][1]})  # type: ignore[arg-type]
    assert enter([], faulty) is FAULTS[min(first, second)][0]


def test_a_repeat_that_comes_later_is_the_same_movement() -> None:
    first = transfer("T1", "insured", "pool", "100.00")
    assert enter([first], replace(first, known_at=NOON + timedelta(days=3))) is Status.EXISTS
    assert enter([first], replace(first, reference="other")) is Status.EXISTS_WITH_DIFFERENT_REFERENCE
    assert enter([first], replace(first, effective_on=date(2026, 1, 6))) is Status.EXISTS_WITH_DIFFERENT_DAY


def test_one_faulty_member_keeps_the_whole_batch_out() -> None:
    good = [transfer("T1", "insured", "pool", "1.00"), transfer("T2", "insured", "pool", "2.00")]
    bad = transfer("T3", "pool", "pool", "1.00")
    assert enter_all([], [good[0], bad, good[1]]) == (
        (),
        (Status.BATCH_MATE_FAILED, Status.ACCOUNTS_MUST_DIFFER, Status.BATCH_MATE_FAILED),
    )
    assert enter_all([good[0]], good) == ((good[1],), (Status.EXISTS, Status.CREATED))


def test_two_members_of_one_batch_cannot_settle_the_same_pending() -> None:
    pending = transfer("P1", "insured", "pool", "5.00", state=PENDING)
    post = transfer("T1", "insured", "pool", "5.00", settles="P1")
    void = transfer("T2", "insured", "pool", "5.00", state=VOIDED, settles="P1")
    assert enter_all([pending], [post, void])[1] == (Status.BATCH_MATE_FAILED, Status.PENDING_ALREADY_POSTED)


AMOUNTS = st.integers(min_value=1, max_value=10**12)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), AMOUNTS), max_size=30))
def test_entering_one_by_one_or_again_never_adds_a_second_row_of_an_id(lines: list[tuple[str, int]]) -> None:
    rows: list[Transfer] = []
    for name, amount in [*lines, *lines]:
        entry = replace(transfer(name, "x", "y", "1.00"), amount_minor=amount)
        if enter(rows, entry) is Status.CREATED:
            rows.append(entry)
    assert len({row.id for row in rows}) == len(rows)
    assert {row.id: row.amount_minor for row in rows} == dict(reversed(lines))
