"""Scenarios A, D and G as our engine answers them: terms, rescission, clocks, grades and the reinsurer's part."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.scenarios.policies import compiled, settled
from tests.scenarios.statute import Json, assessment, clocks, grades, rescission
from tests.terms.enterprise import choices_of, enterprise, event_of
from tests.terms.enterprise import compiled as compiled_enterprise
from tests.terms.shared_policies import compiled_policy

from ringwall.basics import Words, elapsed_seconds, local_day
from ringwall.claim import after_rescission
from ringwall.terms import (
    ALWAYS,
    CompiledTerms,
    Exclusion,
    FactKind,
    FactSpec,
    Grant,
    LossEvent,
    LossItem,
    OneOf,
    Outcome,
    PartTerms,
    Settlement,
    Share,
    Step,
    Term,
    TermsDefinition,
    Verdict,
    settle,
)
from ringwall.treaty import EventDefinition, back_to_back

UNKNOWN = "unknown"


def answers_a(given: Json) -> dict[str, Any]:
    """Scenario A is written in the shipped enterprise product."""
    terms = compiled_enterprise(enterprise(), **choices_of(given["policy"]))
    truth = given["disclosure"]["truth"]
    missing = Fraction(truth["hosts"] - truth["hosts_with_edr"], truth["hosts"])
    return {
        **claim_answers(given, terms, event_of(given), "A-"),
        "edr_share_missing": [missing.numerator, missing.denominator],
    }


def answers_d(given: Json) -> dict[str, Any]:
    terms = compiled_policy(given["policy"])
    event = event_of(in_plain_rates(given), **given["event_facts"], **finding_facts(given))
    state = given["increase_of_risk"]
    return {
        **claim_answers(given, terms, event, ""),
        "after_retention_fen": after_retention(given, event),
        "insured_share": insured_share(terms, event, given),
        "increase_of_risk_applies": not (
            state["state_existed_at_conclusion"] or state["known_to_insurer_at_conclusion"]
        ),
    }


def answers_g(given: Json) -> dict[str, Any]:
    """Before any ruling nobody knows whether a state acted; what was payable then is the interim payment."""
    terms = compiled_policy(given["policy"])
    facts = given["event_facts"]
    before = facts | {"q1_state_cyber_operation": UNKNOWN, "q2_state_becomes_impacted": UNKNOWN}
    interim = settled(terms, event_g(given, before), {}).payable.low
    event = event_g(given, facts)
    answers = claim_answers(given, terms, event, "")
    owed = settled(terms, event, {}).contract
    if owed.exact:
        answers |= {"interim_payment_fen": interim, "balance_fen": owed.low - interim}
    treaty = given["treaty"]
    ours, theirs = (EventDefinition(war_clause=treaty[name]) for name in ("policy_war_clause", "war_clause"))
    found = back_to_back(ours, theirs)
    spells = {name: row["interruption"] for name, row in given["items"].items() if "interruption" in row}
    elapsed = {n: elapsed_seconds(*(datetime.fromisoformat(s[k]) for k in ("start", "end"))) for n, s in spells.items()}
    return {
        **answers,
        "treaty": treaty_answers(given, owed.low, owed.high, interim),
        "back_to_back": {"matches": not found, "differences": list(found)},
        "elapsed_hours": {name: seconds // 3_600 for name, seconds in elapsed.items()},
    }


def claim_answers(given: Json, terms: CompiledTerms, event: LossEvent, prefix: str) -> dict[str, Any]:
    policy, judged = given["policy"], assessment(given)
    told = policy["explanations"].items()
    void = frozenset(clause.removeprefix(prefix) for clause, explained in told if not explained)
    used = policy["aggregate_used_before_fen"]
    outcome = settle(terms, event, {"aggregate_used": used}, void=void)
    assert isinstance(outcome, Outcome), outcome
    answers: dict[str, Any] = {"clocks": clocks(given), "grades": grades(given)}
    if judged is not None:
        outcome = after_rescission(outcome, judged)
        answers["rescission"] = rescission(judged)
    left = policy["aggregate_limit_fen"] - outcome.state_after["aggregate_used"]
    return answers | settlement_answers(outcome, prefix) | open_answers(outcome, left) | {"aggregate_left_fen": left}


def settlement_answers(outcome: Outcome, prefix: str) -> dict[str, Any]:
    items = {}
    for item in outcome.items:
        within = item.within_cover
        row: dict[str, Any] = {
            "verdict": item.verdict.value,
            "clause": prefix + item.clause if item.clause else None,
            "factual_fen": item.factual_minor,
        }
        unsure = {"within_cover_low_fen": within.low, "within_cover_high_fen": within.high}
        items[item.name] = row | (unsure if item.verdict is Verdict.UNKNOWN else {"within_cover_fen": within.low})
    parts = {
        part.part: {
            "factual_fen": part.factual_minor,
            "within_cover_fen": part.within_cover.low,
            "payable_fen": part.payable.low,
        }
        for part in outcome.parts
    }
    return {
        "items": items,
        "parts": parts,
        "contract_payable_fen": outcome.contract.low,
        "statutory_payable_fen": outcome.statutory.low,
        "total": {
            "factual_fen": outcome.factual_minor,
            "within_cover_fen": outcome.within_cover.low,
            "payable_fen": outcome.payable.low,
            "within_cover_low_fen": outcome.within_cover.low,
            "within_cover_high_fen": outcome.within_cover.high,
        },
    }


def open_answers(outcome: Outcome, left: int) -> dict[str, Any]:
    """What stands in the answer only while something is open."""
    if outcome.payable.exact and not outcome.open_points:
        return {}
    return {
        "payable_low_fen": outcome.payable.low,
        "payable_high_fen": outcome.payable.high,
        "open_difference_fen": outcome.payable.high - outcome.payable.low,
        "interim_payment_fen": outcome.payable.low,
        "aggregate_left_after_interim_fen": left,
        "parts_payable": {p.part: {"low_fen": p.payable.low, "high_fen": p.payable.high} for p in outcome.parts},
    }


# D: the finding of the monitoring, the retentions alone, the share of the insured


def finding_facts(given: Json) -> dict[str, Any]:
    """What monitoring would hand over of the finding of scenario D."""
    finding, start = given["finding"], given["event"]["started_at"]
    letter = finding["written_notice_delivered_at"]
    told = letter != "never"
    return {
        "finding_critical": finding["severity"] == "critical",
        "finding_notified_in_writing": told,
        "fix_term_over_before_event": told and day(start) > day(letter) + timedelta(finding["fix_term_days"]),
        "finding_closed_before_event": any(r["result"] == "closed" and r["at"] < start for r in finding["rescans"]),
    }


def day(text: str) -> date:
    return local_day(datetime.fromisoformat(text))


def in_plain_rates(given: Json) -> dict[str, Any]:
    """The scenario with its gross loss an hour as revenue lost an hour."""
    items = {}
    for name, item in given["items"].items():
        row = dict(item)
        if "interruption" in item:
            spell = {k: item["interruption"][k] for k in ("start", "end")}
            rate = item["interruption"]["gross_loss_fen_per_hour"]
            row["interruption"] = {**spell, "lost_revenue_fen_per_hour": rate}
        items[name] = row
    return {**given, "items": items}


def after_retention(given: Json, event: LossEvent) -> dict[str, int]:
    """The same policy with neither a share nor a limit that could bind."""
    policy, wide = given["policy"], {"limit_fen": 10**11}
    parts = {code: row | wide for code, row in policy["parts"].items()}
    share = policy["insured_share"] | {"base": [0, 1], "conditional_add": [0, 1]}
    limits = {"event_limit_fen": 10**11, "aggregate_limit_fen": 10**11}
    terms = compiled_policy({**policy, **limits, "parts": parts, "insured_share": share})
    return {part.part: part.payable.low for part in settled(terms, event, {}).parts}


def insured_share(terms: CompiledTerms, event: LossEvent, given: Json) -> Any:
    """Read from the settlement: what is paid of one large cost of INRE before any limit but its deductible."""
    row, explained = given["policy"]["parts"]["INRE"], given["policy"]["explanations"]
    item = LossItem("probe", "INRE", row["deductible_fen"] + 10_000, {"kind": "containment"})
    void = frozenset(clause for clause, told in explained.items() if not told)
    found = settle(terms, LossEvent("probe", event.facts, (item,)), {}, void=void)
    assert isinstance(found, Outcome), found
    if not found.contract.exact:
        return UNKNOWN
    share = 1 - Fraction(found.contract.low, 10_000)
    return [share.numerator, share.denominator]


# G: the place of each system, and a quota share with a narrower war clause


def event_g(given: Json, facts: dict[str, Any]) -> LossEvent:
    whole = in_plain_rates(given)
    for item in whole["items"].values():
        place = item["facts"]["asset_state"]
        if place != UNKNOWN:
            item["facts"] = {**item["facts"], "asset_in_impacted_state": place == given["event"]["target_state"]}
    return event_of(whole, **facts)


def quota_share(ceded: Fraction, *, excludes_operations: bool) -> CompiledTerms:
    """The treaty as terms: the cedent keeps its share; where its clause says so, no operation of a state is covered."""
    name = "q1_state_cyber_operation"
    definition = TermsDefinition(
        facts={name: FactSpec(name, FactKind.YES_NO, Words("国家实施", "by a state"))},
        parts=(PartTerms("LOSS", Words("赔款", "loss")),),
        settlement=Settlement("T-1", (Step.VERDICT, "kept")),
        maximum_minor=10**11,
        grants=(Grant("T-1", "LOSS", ALWAYS),),
        barriers=(Exclusion("T-2", ("LOSS",), OneOf(name, (True,))),) if excludes_operations else (),
        rules=(Share("kept", "T-1", ("LOSS",), Term("T-1", "kept")),),
    )
    return compiled(definition, {"kept": int(10_000 * (1 - ceded))})


def treaty_answers(given: Json, low: int, high: int, interim: int) -> dict[str, Any]:
    above, below = given["treaty"]["ceded"]
    narrow, wide = (quota_share(Fraction(above, below), excludes_operations=war) for war in (True, False))
    first = given["event_facts"]["q1_state_cyber_operation"]
    facts = {} if first == UNKNOWN else {"q1_state_cyber_operation": first}

    def ceded(terms: CompiledTerms, minor: int) -> Outcome:
        return settled(terms, LossEvent("ceded", facts, (LossItem("loss", "LOSS", minor),)), {})

    recovery = (ceded(narrow, low).contract.low, ceded(narrow, high).contract.high)
    matching = (ceded(wide, low).contract.low, ceded(wide, high).contract.low)
    answer: dict[str, Any] = {"recovery_low_fen": recovery[0], "recovery_high_fen": recovery[1]}
    answer |= {"if_back_to_back_low_fen": matching[0], "if_back_to_back_high_fen": matching[1]}
    if recovery[0] == recovery[1]:
        answer["recovery_fen"] = recovery[0]
    if low == high:
        posted = ceded(wide, interim).contract.low
        answer |= {"if_back_to_back_fen": matching[0], "if_back_to_back_postings_fen": [posted, matching[0] - posted]}
    if low == high and recovery[0] == recovery[1]:
        answer["gap_fen"] = matching[0] - recovery[0]
    return answer
