"""A claim from notice to closing: its state is read from its history, and an act out of turn changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import ringwall
from ringwall.basics import Calendar, Refusal
from ringwall.claim import (
    Claim,
    ClaimState,
    CostKind,
    PartAmount,
    Pause,
    agree,
    ask_supplement,
    authorise_expense,
    authorise_payment,
    clocks_of,
    close,
    decide,
    explain,
    pauses_of,
    read_clock_rules,
    read_holidays,
    receive_documents,
    record_paid,
    refuse_items,
    refused_items,
    register,
    reopen,
    supplement_delivered,
)
from ringwall.terms import Between, Outcome

At = Callable[[str], datetime]
Done = Callable[[Claim | Refusal], Claim]
SCHEMES = Path(ringwall.__file__).parent / "catalogue" / "schemes"


def paid_and_closed(case: dict[str, Claim], at: At, done: Done) -> Claim:
    when = at("10-08T15:00")
    claim = authorise_payment(case["letter"], 158_700_000, reference="PAY-1", payee="insured", at=when, by="payer")
    claim = record_paid(done(claim), "PAY-1", at=at("10-08T16:00"), by="bank")
    return done(close(done(claim), at=at("10-09T09:00"), by="handler"))


def test_each_act_of_the_case_gives_the_state_that_follows_from_it(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    assert {name: claim.state.value for name, claim in case_a.items()} == {
        "notified": "notified",
        "registered": "registered",
        "documents": "registered",
        "asked": "supplement_asked",
        "told": "supplement_asked",
        "complete": "registered",
        "decided": "assessed",
        "agreed": "agreed",
        "letter": "agreed",
    }
    closed = paid_and_closed(case_a, at, done)
    assert closed.state is ClaimState.CLOSED
    assert closed.known_at(at("10-08T16:00")).state is ClaimState.PAID
    reopened = done(reopen(closed, "late invoice", at=at("11-02T09:00"), by="handler"))
    assert reopened.state is ClaimState.REOPENED
    assert (reopened.number, reopened.paid_minor) == ("CLM-1", 158_700_000)
    assert done(close(reopened, at=at("11-03T09:00"), by="handler")).state is ClaimState.CLOSED


def test_the_history_only_grows_and_tells_what_was_known_when(case_a: dict[str, Claim], at: At) -> None:
    whole = case_a["letter"]
    for earlier in case_a.values():
        assert whole.history[: len(earlier.history)] == earlier.history
    assert whole.known_at(at("09-10T00:00")).state is ClaimState.SUPPLEMENT_ASKED
    assert whole.known_at(at("09-10T00:00")).outstanding_documents == ("order logs", "payroll")


def test_documents_are_asked_for_once_and_completely(case_a: dict[str, Claim], at: At) -> None:
    again = ask_supplement(case_a["complete"], ("lease",), at=at("09-16T09:00"), by="handler")
    assert isinstance(again, Refusal)
    assert again.code == "supplement_already_asked"
    assert "2026-09-07" in again.message.zh
    nothing = ask_supplement(case_a["documents"], (), at=at("09-07T11:00"), by="handler")
    assert isinstance(nothing, Refusal)
    assert nothing.code == "documents_not_named"
    early = ask_supplement(case_a["registered"], ("lease",), at=at("08-20T11:00"), by="handler")
    assert isinstance(early, Refusal)
    assert early.code == "nothing_to_supplement"


def test_the_pause_lasts_until_the_last_document_has_come(case_a: dict[str, Claim], at: At, done: Done) -> None:
    half = done(receive_documents(case_a["asked"], ("payroll",), at=at("09-10T10:00"), by="handler"))
    assert half.state is ClaimState.SUPPLEMENT_ASKED
    assert half.outstanding_documents == ("order logs",)
    whole = done(receive_documents(half, ("order logs",), at=at("09-14T16:40"), by="handler"))
    assert whole.state is ClaimState.REGISTERED
    assert whole.outstanding_documents == ()


WRONG_TURNS = [
    ("registered", "documents_not_received", lambda c, o, t: decide(c, o, at=t, by="x")),
    ("registered", "claim_in_wrong_state", lambda c, _o, t: register(c, "CLM-2", at=t, by="x")),
    ("notified", "case_number_missing", lambda c, _o, t: register(c, "", at=t, by="x")),
    ("notified", "claim_in_wrong_state", lambda c, _o, t: receive_documents(c, ("claim",), at=t, by="x")),
    ("complete", "claim_in_wrong_state", lambda c, _o, t: agree(c, at=t, by="x")),
    ("complete", "claim_in_wrong_state", lambda c, _o, t: refuse_items(c, ("A-I2",), at=t, by="x")),
    ("decided", "item_not_refused", lambda c, _o, t: refuse_items(c, ("A-I1", "A-I2"), at=t, by="x")),
    ("decided", "letter_names_nothing", lambda c, _o, t: refuse_items(c, (), at=t, by="x")),
    ("decided", "claim_still_open", lambda c, _o, t: close(c, at=t, by="x")),
    ("decided", "act_before_its_cause", lambda c, _o, t: agree(c, at=t - timedelta(days=30), by="x")),
    ("decided", "entry_out_of_order", lambda c, _o, t: agree(c, at=t, by="x", known_at=t - timedelta(hours=1))),
    ("letter", "claim_in_wrong_state", lambda c, _o, t: reopen(c, "why not", at=t, by="x")),
    ("letter", "reopening_without_reason", lambda c, _o, t: reopen(c, "", at=t, by="x")),
]


@pytest.mark.parametrize(("stage", "code", "act"), WRONG_TURNS)
def test_an_act_out_of_turn_is_refused_with_its_reason(
    stage: str,
    code: str,
    act: Callable[[Claim, Outcome, datetime], Claim | Refusal],
    case_a: dict[str, Claim],
    outcome_a: Outcome,
    at: At,
) -> None:
    refused = act(case_a[stage], outcome_a, at("10-01T10:00"))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == (code, case_a[stage].name)
    assert refused.message.zh
    assert refused.message.en


def test_a_claim_is_not_closed_while_refused_items_have_no_letter(case_a: dict[str, Claim], at: At, done: Done) -> None:
    claim = done(
        authorise_payment(
            case_a["agreed"], 158_700_000, reference="PAY-1", payee="insured", at=at("09-24T10:00"), by="payer"
        )
    )
    paid = done(record_paid(claim, "PAY-1", at=at("09-24T16:00"), by="bank"))
    refused = close(paid, at=at("09-25T09:00"), by="handler")
    assert isinstance(refused, Refusal)
    assert refused.code == "refusal_letter_missing"
    assert "A-I12, A-I2, A-I5, A-I9" in refused.message.en


def test_a_claim_that_pays_nothing_is_refused_by_letter(
    case_a: dict[str, Claim], outcome_a: Outcome, at: At, done: Done
) -> None:
    nothing = Outcome(
        items=tuple(item for item in outcome_a.items if item.name == "A-I2"),
        parts=(),
        contract=Between(0, 0),
        statutory=Between(0, 0),
        state_before={},
        state_after={},
        open_points=(),
        trace=outcome_a.trace,
    )
    decided = done(decide(case_a["complete"], nothing, at=at("09-22T17:00"), by="handler"))
    agreement = agree(decided, at=at("09-23T10:00"), by="insured")
    assert isinstance(agreement, Refusal)
    assert agreement.code == "nothing_to_agree"
    told = done(refuse_items(decided, ("A-I2",), at=at("09-24T10:00"), by="handler"))
    assert told.state is ClaimState.REFUSED
    assert done(close(told, at=at("09-30T10:00"), by="handler")).state is ClaimState.CLOSED


def test_the_case_runs_its_four_clocks_and_keeps_each(case_a: dict[str, Claim], at: At, done: Done) -> None:
    rules = read_clock_rules((SCHEMES / "statute-clocks.yaml").read_text("utf-8"), "rules")
    table = read_holidays((SCHEMES / "calendar-cn.yaml").read_text("utf-8"), "holidays")
    assert not isinstance(rules, Refusal)
    assert not isinstance(table, Refusal)
    asked = {c.clock.rule.rule: c for c in clocks_of(case_a["asked"], rules, table.calendar())}
    assert asked["R-16"].clock.stopped_since is None, "a notice on its way stops nothing"
    running = {c.clock.rule.rule: c for c in clocks_of(case_a["told"], rules, table.calendar())}
    assert set(running) == {"R-16", "R-19"}
    assert running["R-16"].clock.stopped_since == at("09-07T11:30")
    assert not running["R-16"].overdue(at("12-31T00:00"))
    assert running["R-19"].overdue(at("10-27T00:00"))
    ended = {c.clock.rule.rule: c for c in clocks_of(paid_and_closed(case_a, at, done), rules, table.calendar())}
    assert {rule: str(c.clock.last_day) for rule, c in ended.items()} == {
        "R-16": "2026-10-08",
        "R-19": "2026-10-26",
        "R-18": "2026-09-28",
        "R-17": "2026-10-08",
    }
    assert all(c.in_time for c in ended.values())
    assert ended["R-16"].clock.pause_days == 7


def test_a_notice_that_comes_after_all_it_asks_for_stops_nothing_and_its_first_delivery_counts(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    come = done(receive_documents(case_a["asked"], ("payroll", "order logs"), at=at("09-10T10:00"), by="handler"))
    late = done(supplement_delivered(come, at=at("09-11T09:00"), by="smtp", note="250 ok"))
    assert pauses_of(late) == ()
    assert pauses_of(case_a["asked"]) == ()
    once = case_a["told"]
    assert supplement_delivered(once, at=at("09-08T09:00"), by="smtp") is once
    assert pauses_of(once) == (Pause(at("09-07T11:30"), None),)
    learned_late = done(supplement_delivered(come, at=at("09-07T12:00"), by="smtp", known_at=at("09-11T09:00")))
    assert pauses_of(learned_late) == (Pause(at("09-07T12:00"), at("09-10T10:00")),)
    unasked = supplement_delivered(case_a["documents"], at=at("09-07T11:00"), by="smtp")
    assert isinstance(unasked, Refusal)
    assert unasked.code == "supplement_not_asked"


def test_the_letter_clock_waits_for_the_last_item_and_an_expense_is_no_payment_of_the_claim(
    case_a: dict[str, Claim], outcome_a: Outcome, at: At, done: Done
) -> None:
    rules = read_clock_rules((SCHEMES / "statute-clocks.yaml").read_text("utf-8"), "rules")
    assert not isinstance(rules, Refusal)

    def ends(claim: Claim) -> dict[str, datetime | None]:
        return {c.clock.rule.rule: c.done_at for c in clocks_of(claim, rules, Calendar())}

    claim = done(refuse_items(case_a["agreed"], ("A-I2", "A-I5"), at=at("09-24T09:00"), by="handler"))
    fee = PartAmount("NPBI", CostKind.ALAE, 100)
    claim = done(authorise_expense(claim, fee, reference="E-1", payee="adjuster", at=at("09-24T10:00"), by="payer"))
    claim = done(record_paid(claim, "E-1", at=at("09-24T11:00"), by="bank"))
    assert ends(claim) == {"R-16": at("09-22T17:00"), "R-18": None, "R-19": None, "R-17": None}
    claim = done(refuse_items(claim, ("A-I9", "A-I12"), at=at("09-25T09:00"), by="handler"))
    assert ends(claim)["R-18"] == at("09-25T09:00")
    again = done(decide(claim, outcome_a, at=at("09-30T10:00"), by="handler"))
    assert "R-18" not in ends(again)


def test_the_decision_explains_its_three_numbers(outcome_a: Outcome, outcome_a19: Outcome) -> None:
    told = explain(outcome_a)
    assert (told.factual_minor, told.within_cover.low, told.payable.low) == (243_400_000, 195_700_000, 158_700_000)
    assert sum(line.factual_minor for line in told.items) == told.factual_minor
    assert sum(line.within_cover.low for line in told.items) == told.within_cover.low
    assert sum(line.payable.low for line in told.parts) == told.payable.low
    interruption = next(line for line in told.parts if line.part == "NPBI")
    assert "300,000.00" in interruption.why.zh
    assert "300,000.00" in interruption.why.en
    assert refused_items(outcome_a) == ("A-I2", "A-I5", "A-I9", "A-I12")
    (point,) = explain(outcome_a19).open_points
    assert "75,000.00" in point.en
