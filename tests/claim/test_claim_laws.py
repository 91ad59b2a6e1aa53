"""Laws of any claim: in any order of acts no line is lost, no more than the payable leaves, a refusal has no effect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Refusal
from ringwall.claim import (
    ENTRY_NAMES,
    STATE_NAMES,
    Claim,
    ClaimState,
    CostKind,
    EntryKind,
    Ground,
    PartAmount,
    agree,
    ask_supplement,
    authorise_expense,
    authorise_payment,
    close,
    decide,
    notify,
    outstanding_minor,
    receive_documents,
    record_paid,
    refuse_items,
    refused_items,
    register,
    reopen,
    reserve_from_outcome,
    reserves,
    supplement_delivered,
)
from ringwall.terms import Outcome

START = datetime.fromisoformat("2026-08-15T08:00:00+08:00")
Act = Callable[[Claim, Outcome, datetime, int], Claim | Refusal]
FEE = PartAmount("NPBI", CostKind.ALAE, 7)
ACTS: dict[str, Act] = {
    "register": lambda c, _o, t, _n: register(c, "CLM-1", at=t, by="x"),
    "documents": lambda c, _o, t, _n: receive_documents(c, ("claim",), at=t, by="x"),
    "supplement": lambda c, _o, t, _n: ask_supplement(c, ("lease",), at=t, by="x"),
    "told": lambda c, _o, t, _n: supplement_delivered(c, at=t, by="inbox"),
    "lease": lambda c, _o, t, _n: receive_documents(c, ("lease",), at=t, by="x"),
    "decide": lambda c, o, t, _n: decide(c, o, at=t, by="x"),
    "agree": lambda c, _o, t, _n: agree(c, at=t, by="x"),
    "letter": lambda c, o, t, _n: refuse_items(c, refused_items(o), at=t, by="x"),
    "pay": lambda c, _o, t, n: authorise_payment(c, n, reference=f"P{n % 5}", payee="insured", at=t, by="x"),
    "interim": lambda c, _o, t, n: authorise_payment(
        c, n, reference=f"P{n % 5}", payee="insured", at=t, by="x", ground=Ground.DETERMINABLE_PART
    ),
    "fee": lambda c, _o, t, n: authorise_expense(c, FEE, reference=f"E{n % 2}", payee="adjuster", at=t, by="x"),
    "paid": lambda c, _o, t, n: record_paid(c, f"P{n % 5}", at=t, by="x"),
    "fee paid": lambda c, _o, t, n: record_paid(c, f"E{n % 2}", at=t, by="x"),
    "reserve": lambda c, o, t, _n: reserve_from_outcome(c, o, at=t, by="x", reason="decision"),
    "close": lambda c, _o, t, _n: close(c, at=t, by="x"),
    "reopen": lambda c, _o, t, _n: reopen(c, "more came", at=t, by="x"),
}
AMOUNTS = st.sampled_from([0, 1, 29_999_999, 100_000_000, 158_700_000, 158_700_001])
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), AMOUNTS), max_size=40)
READY = ("register", "documents", "decide", "agree")


@given(steps=STEPS, ready=st.booleans(), open_point=st.booleans())
def test_acts_in_any_order_keep_the_laws(
    outcome_a: Outcome, outcome_a19: Outcome, steps: list[tuple[str, int]], ready: bool, open_point: bool
) -> None:
    outcome = outcome_a19 if open_point else outcome_a
    claim = notify("N-1", "P-1", "I-1", at=START, by="insured")
    prefix = [(name, 0) for name in READY] if ready else []
    for hour, (name, amount) in enumerate([*prefix, *steps], start=1):
        after = ACTS[name](claim, outcome, START + timedelta(hours=hour), amount)
        if isinstance(after, Refusal):
            assert after.message.zh
            assert after.message.en
            continue
        assert after.history[: len(claim.history)] == claim.history
        claim = after
    assert 0 <= claim.paid_minor <= claim.authorised_minor <= outcome.payable.low
    assert all(reserve.paid_minor >= 0 for reserve in reserves(claim))
    assert sum(r.paid_minor for r in reserves(claim) if (r.part, r.kind) != ("NPBI", CostKind.ALAE)) == claim.paid_minor
    if claim.state is ClaimState.CLOSED and claim.outcome is not None:
        assert claim.paid_minor == claim.outcome.payable.high
    if claim.state is ClaimState.PAID:
        assert claim.paid_minor == outcome.payable.low
    assert outstanding_minor(claim) == sum(r.incurred_minor - r.paid_minor for r in reserves(claim))


def test_every_state_and_act_has_a_name_in_both_languages() -> None:
    assert set(STATE_NAMES) == set(ClaimState)
    assert set(ENTRY_NAMES) == set(EntryKind)
    assert all(words.zh and words.en for words in [*STATE_NAMES.values(), *ENTRY_NAMES.values()])
