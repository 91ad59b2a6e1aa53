"""Scenarios B, C and E as our engine answers them: a book under one provider, a series of claims, a park."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from tests.scenarios.books import sides, voucher
from tests.scenarios.first_party import settlement_answers
from tests.scenarios.policies import claim_e, event_c, outcome_b, policy_b, policy_c, policy_e, settled
from tests.scenarios.statute import Json, clocks, grades, instant, shown

from ringwall.basics import Refusal, Term
from ringwall.claim import EvidencedFigure, FigureKind, OutageRecord, Quantum, quantify_interruption, split_payees
from ringwall.policy import Certificate, MasterPolicy, Receipt, issue_certificate, member_premium, short_minor
from ringwall.price import SubsidyScheme
from ringwall.settlement import PremiumReceived, premium_at_issue, subsidy_received
from ringwall.terms import Outcome, allocate, maximum_payable
from ringwall.treaty import EventDefinition, EventExcess, PolicyPayment, TreatyState, back_to_back, cede, find_event

# B: every policy by its own terms, then the treaty over the event


def answers_b(given: Json) -> dict[str, Any]:
    event, book = given["event"], given["book"]
    hit = [
        code for code, row in book.items() if (row["provider"], row["region"]) == (event["provider"], event["region"])
    ]
    settled_now = {code: outcome_b(dict(given), code) for code in given["interruptions"]}
    inside = {code: o for code, o in settled_now.items() if given["interruptions"][code]["cause"] == event["id"]}
    share = Fraction(len(hit), len(book))
    paid = sum(o.payable.low for o in inside.values())
    bought = {code: book[code] for code in hit if book[code]["CBI"]}
    most = sum(maximum_payable(policy_b(dict(given), {**row, "NPBI": None})) for row in bought.values())
    return {
        "dependent_policies": hit,
        "share_of_book": [share.numerator, share.denominator],
        "policies": {code: policy_row(given, code, outcome) for code, outcome in settled_now.items()},
        "event_factual_fen": sum(o.factual_minor for o in inside.values()),
        "event_within_cover_fen": sum(o.within_cover.low for o in inside.values()),
        "event_payable_fen": paid,
        "policies_with_payment": sum(o.payable.low > 0 for o in inside.values()),
        "outside_event_payable_fen": sum(o.payable.low for o in settled_now.values()) - paid,
        "accumulation": {
            "sum_of_sublimits_fen": sum(row["CBI"]["sublimit_fen"] for row in bought.values()),
            "maximum_payable_fen": most,
        },
        **treaty_answers(given, settled_now, paid),
    }


def policy_row(given: Json, code: str, outcome: Outcome) -> dict[str, Any]:
    (item,) = outcome.items
    return {
        "part": item.part,
        "verdict": item.verdict.value,
        "clause": item.clause,
        "gross_fen": gross_loss(given["interruptions"][code]),
        "factual_fen": outcome.factual_minor,
        "within_cover_fen": outcome.within_cover.low,
        "payable_fen": outcome.payable.low,
        "aggregate_left_fen": given["book"][code]["aggregate_left_fen"] - outcome.state_after["aggregate_used"],
    }


def gross_loss(row: Json) -> int:
    """The interruption as the claim room reckons it from its figures."""
    lost = EvidencedFigure(FigureKind.LOST_REVENUE, row["full_output_loss_fen_per_hour"], "ledger", "revenue")
    share = Fraction(*row["output_lost_share"])
    spell = OutageRecord("B", row["part"], instant(row["start"]), instant(row["end"]), (lost,), share)
    found = quantify_interruption(spell)
    assert isinstance(found, Quantum), found
    return found.gross_loss_minor


def treaty_answers(given: Json, settled_now: dict[str, Outcome], paid: int) -> dict[str, Any]:
    event, treaty = given["event"]["id"], given["treaty"]["event"]
    definition = EventDefinition(treaty["same_cause"], treaty["hours_window"], treaty["min_policies_with_payment"])
    payments = [
        PolicyPayment(code, row["cause"], instant(row["start"]), settled_now[code].payable.low)
        for code, row in given["interruptions"].items()
    ]
    found = find_event(definition, event, payments)
    cessions = {
        code: cede(layer_of(code, row), TreatyState(), found.subject_minor)
        for code, row in given["treaty"]["layers"].items()
    }
    recovery = sum(c.recovery_minor for c in cessions.values())
    policy = given["wording"]["aggregation"]
    differences = back_to_back(EventDefinition(policy["same_cause"], policy["hours_window"]), definition)
    layers = {
        code: {
            "loss_to_layer_fen": c.layer_minor,
            "recovery_fen": c.recovery_minor,
            "reinstatement_premium_fen": c.reinstatement_premium_minor,
            "layer_capacity_left_fen": c.capacity_left_minor,
        }
        for code, c in cessions.items()
    }
    answers = {
        "event_qualifies": found.qualifies,
        "subject_loss_fen": found.subject_minor,
        "recovery_fen": recovery,
        "reinstatement_premium_fen": sum(c.reinstatement_premium_minor for c in cessions.values()),
        "net_of_recovery_fen": paid - recovery,
    }
    return {
        "treaty": {**answers, **layers},
        "back_to_back": {"matches": not differences, "differences": list(differences)},
    }


def layer_of(code: str, row: Json) -> EventExcess:
    charges = (Fraction(*row["reinstatement_premium_rate"]),) * row["reinstatements"]
    placed = Fraction(*row["placed"])
    return EventExcess(code, row["attachment_fen"], row["limit_fen"], placed, row["premium_fen"], charges)


# C: claims made, one series, who gets the money


def answers_c(given: Json) -> dict[str, Any]:
    policy = given["policy"]
    terms, event, state = (
        policy_c(policy),
        event_c(dict(given)),
        {"aggregate_used": policy["aggregate_used_before_fen"]},
    )
    outcome = settled(terms, event, state)
    shares = allocate(terms, event, state)
    assert isinstance(shares, dict), shares
    return {
        **settlement_answers(outcome, ""),
        "series": series(given, outcome, shares),
        "aggregate_left_fen": policy["aggregate_limit_fen"] - outcome.state_after["aggregate_used"],
        "clocks": clocks(given),
        "grades": grades(given),
    }


def series(given: Json, outcome: Outcome, shares: dict[str, int]) -> dict[str, Any]:
    """The liabilities in the order in which they became fixed, each with what is left of the limit after it."""
    within = {item.name: item.within_cover.low for item in outcome.items if item.within_cover.low}
    facts = {name: row["facts"] for name, row in given["items"].items() if "liability_fixed_at" in row["facts"]}
    order = sorted((name for name in facts if name in within), key=lambda n: instant(facts[n]["liability_fixed_at"]))
    left, rest, payees = given["policy"]["parts"]["LIA"]["limit_per_series_fen"], {}, {}
    for name in order:
        left -= shares[name]
        rest[name] = left
        paid = split_payees(shares[name], within[name], facts[name]["paid_by_insured_to_third_party_fen"])
        payees[name] = {"to_third_party_fen": paid.to_third_party_minor, "to_insured_fen": paid.to_insured_minor}
    first = order[:1]
    return {
        "order": order,
        "deductible_taken_fen": sum(within[name] - shares[name] for name in first),
        "payable_fen": {name: shares[name] for name in order},
        "limit_left_fen": rest,
        "payees": payees,
    }


# E: a member's certificate, its money, and the aggregate of the park


def answers_e(given: Json) -> dict[str, Any]:
    policy, asked = given["policy"], date.fromisoformat(given["member"]["cover_asked_from"])
    master, scheme = master_of(policy), scheme_of(given["subsidy_scheme"])
    receipts = [Receipt(r["amount_fen"], instant(r["at"]), r["received_by"]) for r in given["receipts"]]
    due = member_premium(master, scheme, asked).own_part_minor

    def issued(at: str) -> Certificate | Refusal:
        return issue_certificate(master, given["member"]["id"], asked, scheme, receipts, at=instant(at))

    attempts = {}
    for name, at in given["issue_attempts"].items():
        found = issued(at)
        code = found.code if isinstance(found, Refusal) else None
        short = short_minor(due, receipts, {master.insurer}, instant(at))
        attempts[name] = {"allowed": code is None, "short_fen": short, "code": code}
    certificate = issued(max((r["at"] for r in given["receipts"]), key=instant))
    answers: dict[str, Any] = {"issue_attempts": attempts, "cover_from": None, "issuable_from": None}
    premium = member_premium(master, scheme, asked)
    if isinstance(certificate, Certificate):
        premium, period = certificate.premium, certificate.period
        answers |= {
            "cover_from": shown(period.start),
            "issuable_from": shown(certificate.issuable_from),
            "returned_fen": certificate.returned_minor,
            "event_probes": {n: ("out", "in")[period.contains(instant(at))] for n, at in given["event_probes"].items()},
        }
    amounts = premium.premium
    received = PremiumReceived(amounts.net_minor, amounts.vat_minor, premium.own_part_minor, premium.subsidy_minor)
    return answers | {
        "days_insured": premium.days.left,
        "days_in_period": premium.days.whole,
        "net_fen": amounts.net_minor,
        "vat_fen": amounts.vat_minor,
        "gross_fen": amounts.gross_minor,
        "subsidy_fen": premium.subsidy_minor,
        "member_part_fen": premium.own_part_minor,
        "postings": {
            "at_issue": sides(premium_at_issue("insurer", received, voucher(given["receipts"][-1]["at"]))),
            "at_subsidy_receipt": sides(
                subsidy_received("insurer", premium.subsidy_minor, voucher(given["subsidy_received_at"]))
            ),
        },
        **park_claim(given),
    }


def master_of(policy: Json) -> MasterPolicy:
    period = Term(*(instant(policy["period"][end]) for end in ("start", "end")))
    annual, vat = policy["member_annual_net_premium_fen"], Fraction(*policy["vat_rate"])
    return MasterPolicy(policy["id"], "insurer", period, annual, vat)


def scheme_of(row: Json) -> SubsidyScheme:
    return SubsidyScheme(row["id"], Fraction(*row["share"]), row["cap_per_member_fen"], row["budget_left_fen"])


def park_claim(given: Json) -> dict[str, Any]:
    """The deductible alone is read from a claim that meets neither limit: nothing used of the aggregate yet."""
    terms, used = policy_e(given["policy"]), sum(given["claims_before"].values())
    loss, aggregate = given["loss"]["amount_fen"], given["policy"]["master_aggregate_limit_fen"]
    outcome = settled(terms, claim_e(loss), {"master_used": used})

    def deductible(amount: int) -> dict[str, int]:
        after = settled(terms, claim_e(amount), {}).payable.low
        return {"deductible_fen": amount - after, "after_fen": after}

    (item,), taken = outcome.items, deductible(loss)
    return {
        "claim": {
            "verdict": item.verdict.value,
            "clause": item.clause,
            "factual_fen": item.factual_minor,
            "within_cover_fen": item.within_cover.low,
            "deductible_fen": taken["deductible_fen"],
            "after_deductible_fen": taken["after_fen"],
            "master_aggregate_left_before_fen": aggregate - used,
            "payable_fen": outcome.payable.low,
            "master_aggregate_left_after_fen": aggregate - outcome.state_after["master_used"],
        },
        "deductible_probes": {name: deductible(amount) for name, amount in given["deductible_probes"].items()},
    }
