"""Consent is prior or it is none; and an interruption's quantum leads from each figure to its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from ringwall.basics import Refusal
from ringwall.claim import (
    Claim,
    ConsentStep,
    EvidencedFigure,
    FigureKind,
    OutageRecord,
    Quantum,
    consent_for,
    quantify_interruption,
    record_consent,
)

At = Callable[[str], datetime]
Done = Callable[[Claim | Refusal], Claim]
REQUESTED, GRANTED, REFUSED, DEEMED = ConsentStep


def asked(claim: Claim, at: At, done: Done, hours: int | None = 24) -> Claim:
    when = at("08-15T09:00")
    return done(record_consent(claim, "negotiator", REQUESTED, at=when, by="insured", answer_within_hours=hours))


def test_consent_counts_from_the_answer_and_only_for_what_comes_after(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    open_request = asked(case_a["registered"], at, done)
    waiting = consent_for(open_request, "negotiator")
    assert waiting is not None
    assert (waiting.given, waiting.answer, waiting.deemed_from) == (False, None, at("08-16T09:00"))
    granted = done(record_consent(open_request, "negotiator", GRANTED, at=at("08-15T11:00"), by="handler"))
    consent = consent_for(granted, "negotiator")
    assert consent is not None
    assert consent.given_before(at("08-15T11:01"))
    assert not consent.given_before(at("08-15T11:00"))
    assert consent_for(granted, "public relations") is None


def test_silence_is_consent_only_where_the_contract_says_so_and_its_time_ran_out(
    case_a: dict[str, Claim], at: At, done: Done
) -> None:
    with_term = asked(case_a["registered"], at, done)
    early = record_consent(with_term, "negotiator", DEEMED, at=at("08-16T08:59"), by="clock")
    assert isinstance(early, Refusal)
    assert early.code == "consent_not_yet_deemed"
    deemed = consent_for(
        done(record_consent(with_term, "negotiator", DEEMED, at=at("08-16T09:00"), by="clock")), "negotiator"
    )
    assert deemed is not None
    assert deemed.given
    without = asked(case_a["registered"], at, done, hours=None)
    never = record_consent(without, "negotiator", DEEMED, at=at("09-30T09:00"), by="clock")
    assert isinstance(never, Refusal)
    assert "silence" in never.message.en


@pytest.mark.parametrize(
    ("step", "when", "code"),
    [
        (GRANTED, "08-15T08:59", "consent_answer_too_early"),
        (REQUESTED, "08-15T10:00", "consent_already_asked"),
    ],
)
def test_an_answer_needs_its_request(
    step: ConsentStep, when: str, code: str, case_a: dict[str, Claim], at: At, done: Done
) -> None:
    claim = asked(case_a["registered"], at, done)
    refused = record_consent(claim, "negotiator", step, at=at(when), by="x")
    assert isinstance(refused, Refusal)
    assert refused.code == code
    unasked = record_consent(claim, "new controllers", GRANTED, at=at("08-20T10:00"), by="x")
    assert isinstance(unasked, Refusal)
    assert unasked.code == "consent_not_asked"
    no = done(record_consent(claim, "negotiator", REFUSED, at=at("08-15T12:00"), by="handler"))
    twice = record_consent(no, "negotiator", GRANTED, at=at("08-15T13:00"), by="handler")
    assert isinstance(twice, Refusal)
    assert twice.code == "consent_already_answered"
    answer = consent_for(no, "negotiator")
    assert answer is not None
    assert not answer.given


FIGURES = (
    EvidencedFigure(FigureKind.LOST_REVENUE, 5_200_000, "order-log-2026-08.csv", "revenue not made an hour"),
    EvidencedFigure(FigureKind.SAVED_COST, 3_000_000, "ledger-2026-08.xlsx", "material not used an hour"),
    EvidencedFigure(FigureKind.SAVED_COST, 200_000, "ledger-2026-08.xlsx", "power not used an hour"),
)


def outage(end: str = "2026-08-17T10:00:00+08:00") -> OutageRecord:
    start = datetime.fromisoformat("2026-08-14T22:00:00+08:00")
    facts = {"kind": "interruption"}
    return OutageRecord("A-I6", "NPBI", start, datetime.fromisoformat(end), FIGURES, facts=facts)


def quantum(record: OutageRecord) -> Quantum:
    result = quantify_interruption(record)
    assert isinstance(result, Quantum), result
    return result


def test_the_quantum_of_case_a_is_hours_times_lost_revenue_less_saved_cost() -> None:
    result = quantum(outage())
    assert (result.outage_hours, result.gross_loss_minor_per_hour, result.gross_loss_minor) == (
        60,
        2_000_000,
        120_000_000,
    )
    interruption = result.item.interruption
    assert interruption is not None
    assert (interruption.lost_revenue_minor_per_hour, interruption.saved_cost_minor_per_hour) == (5_200_000, 3_200_000)
    assert (result.item.name, result.item.part, result.item.amount_minor) == ("A-I6", "NPBI", None)
    assert result.evidence_index == {
        "order-log-2026-08.csv": ("revenue not made an hour",),
        "ledger-2026-08.xlsx": ("material not used an hour", "power not used an hour"),
    }


def test_hours_are_exact_and_rounded_once() -> None:
    assert quantum(outage("2026-08-14T22:00:01+08:00")).gross_loss_minor == 556
    partial = quantum(replace(outage(), share_lost=Fraction(2, 5)))
    assert partial.gross_loss_minor == 48_000_000
    utc = quantum(replace(outage(), end=datetime.fromisoformat("2026-08-17T02:00:00+00:00")))
    assert utc.outage_hours == 60


def test_credits_stand_beside_the_gross_loss_and_are_not_yet_deducted() -> None:
    credit = EvidencedFigure(FigureKind.CREDIT, 1_825_035, "credit-note-7.pdf", "service credit")
    result = quantum(replace(outage(), figures=(*FIGURES, credit)))
    assert (result.credits_minor, result.gross_loss_minor) == (1_825_035, 120_000_000)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (outage("2026-08-14T22:00:00+08:00"), "outage_ends_before_it_begins"),
        (replace(outage(), share_lost=Fraction(0)), "share_lost_out_of_range"),
        (replace(outage(), share_lost=Fraction(11, 10)), "share_lost_out_of_range"),
        (replace(outage(), figures=(replace(FIGURES[0], evidence=""),)), "figure_without_evidence"),
        (replace(outage(), figures=(replace(FIGURES[0], amount_minor=-1),)), "figure_negative"),
        (replace(outage(), figures=FIGURES[1:]), "no_loss_an_hour"),
        (replace(outage(), figures=()), "no_loss_an_hour"),
    ],
)
def test_figures_that_prove_no_loss_are_refused(record: OutageRecord, code: str) -> None:
    refused = quantify_interruption(record)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == (code, "A-I6")
