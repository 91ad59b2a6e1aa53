"""The policies of scenarios B, C and E as definitions of ours, their events, and the cases of the shared page."""

from __future__ import annotations

from typing import Any

from tests.terms.enterprise import in_our_words
from tests.terms.shared_policies import condition_of, facts_of_policy, in_ten_thousand

from ringwall.basics import Words
from ringwall.product import event_from_mapping
from ringwall.terms import (
    All,
    Bound,
    CompiledTerms,
    Deductible,
    Exclusion,
    FactKind,
    FactSpec,
    Fixed,
    Grant,
    HigherOf,
    InterruptionTerms,
    Limit,
    LossEvent,
    LowerOf,
    OfLoss,
    OneOf,
    Outcome,
    ParameterRead,
    PartTerms,
    Per,
    Requirement,
    RetentionMode,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    Verdict,
    compile_terms,
    settle,
)

MAXIMUM = 10**11


def compiled(definition: TermsDefinition, numbers: dict[str, int]) -> CompiledTerms:
    read = {name: ParameterRead(name, value, "minor", "shared scenario") for name, value in numbers.items()}
    found = compile_terms(definition, read)
    assert isinstance(found, CompiledTerms), found
    return found


def settled(terms: CompiledTerms, event: LossEvent, state: dict[str, int]) -> Outcome:
    found = settle(terms, event, state)
    assert isinstance(found, Outcome), found
    return found


def event(name: str, facts: dict[str, Any], items: list[dict[str, Any]]) -> LossEvent:
    found = event_from_mapping({"name": name, "facts": facts, "items": items})
    assert isinstance(found, LossEvent), found
    return found


# B: dependent interruption under every retention mode, a share, credits, an aggregate


def policy_b(given: dict[str, Any], policy: dict[str, Any]) -> CompiledTerms:
    """P11 has bought no part CBI: its exclusion speaks, so the grant here asks for the cause alone."""
    clauses = {clause["id"]: clause for clause in given["wording"]["clauses"]}
    provider = OneOf("cause_is_provider_failure", (True,))
    bought = {code: policy[code] for code in ("CBI", "NPBI") if policy.get(code)}
    numbers = {"event_limit": policy["event_limit_fen"], "aggregate": policy["aggregate_left_fen"], "days": 365}
    parts, share = [], 0
    for code in ("CBI", "NPBI"):
        row = bought.get(code, {"bi_mode": "waiting_only", "wait_hours": 0, "deductible_fen": 0, "sublimit_fen": 0})
        numbers |= {
            f"{code}.wait": row["wait_hours"],
            f"{code}.mode": int(RetentionMode[row["bi_mode"].upper()]),
            f"{code}.deductible": row["deductible_fen"],
            f"{code}.sublimit": row["sublimit_fen"],
        }
        ours = row.get("insurer_share", [1, 1])
        share = max(share, 10_000 - in_ten_thousand(ours))
        wait, mode = (Term("B-2.1", f"{code}.{name}") for name in ("wait", "mode"))
        hours = InterruptionTerms(wait, mode, Term("", "days"), "", "B-2.3", net_of_credits=True)
        deductible, limit = (Term(c, f"{code}.{n}") for c, n in (("B-2.1", "deductible"), ("B-2.4", "sublimit")))
        parts.append(PartTerms(code, Words(code, code), deductible, limit, hours))
    definition = TermsDefinition(
        facts={
            name: FactSpec(name, FactKind.YES_NO, Words(name, name))
            for name in ("cause_is_provider_failure", "part_bought")
        },
        parts=tuple(parts),
        settlement=Settlement(
            "B-2.4",
            (Step.VERDICT, Step.RETENTION, Step.PART_LIMIT, Step.SHARE, Step.EVENT_LIMIT, Step.AGGREGATE),
            Term("B-2.4", "event_limit"),
            Term("B-2.4", "aggregate"),
            share=Term("B-2.4", "share"),
        ),
        maximum_minor=MAXIMUM,
        grants=(
            Grant("B-1.1", "CBI", provider, Verdict.LIMITED),
            Grant("B-1.3", "NPBI", condition_of(clauses["B-1.3"]["when"])),
        ),
        barriers=(Exclusion("B-1.2", ("CBI",), condition_of(clauses["B-1.2"]["when"])),),
    )
    return compiled(definition, numbers | {"share": share})


def outcome_b(given: dict[str, Any], code: str) -> Outcome:
    row, policy = given["interruptions"][code], given["book"][code]
    spell = {
        "start": row["start"],
        "end": row["end"],
        "lost_revenue_minor_per_hour": row["full_output_loss_fen_per_hour"],
        "share_lost": row["output_lost_share"],
        "credits_minor": row["provider_credits_fen"],
    }
    facts = {
        "cause_is_provider_failure": row["cause"] == given["event"]["id"],
        "part_bought": policy.get(row["part"]) is not None,
    }
    item = {"name": code, "part": row["part"], "interruption": spell}
    return settled(policy_b(given, policy), event(code, facts, [item]), {})


# C: claims made, a series limit used in date order, defence outside it


def policy_c(policy: dict[str, Any]) -> CompiledTerms:
    when = {c["id"]: condition_of(c["when"]) for c in policy["clauses"] if "when" in c}
    facts = facts_of_policy(when.values()) | {
        "insurer_assessment_minor": FactSpec("insurer_assessment_minor", FactKind.AMOUNT, Words("核定", "assessed")),
        "settlement_consented": FactSpec("settlement_consented", FactKind.YES_NO, Words("同意", "agreed")),
        "liability_fixed_at": FactSpec("liability_fixed_at", FactKind.INSTANT, Words("确定", "fixed")),
    }
    lia, inre, reg = (policy["parts"][code] for code in ("LIA", "INRE", "REG"))
    numbers = {
        "inre_deductible": inre["deductible_fen"],
        "inre_limit": inre["limit_fen"],
        "series_deductible": lia["deductible_per_series_fen"],
        "series_limit": lia["limit_per_series_fen"],
        "defence_limit": lia["defence_limit_fen"],
        "reg_limit": reg["limit_fen"],
        "aggregate": policy["aggregate_limit_fen"],
    }
    defence, settlement = OneOf("kind", ("defence",)), OneOf("kind", ("liability_settlement",))
    alone = OneOf("settlement_consented", (False,))
    barriers = [
        (Exclusion if c["kind"] == "exclusion" else Requirement)(c["id"], tuple(c["parts"]), when[c["id"]])
        for c in policy["clauses"]
        if c["kind"] in ("exclusion", "requirement")
    ]
    definition = TermsDefinition(
        facts=facts,
        parts=(
            PartTerms("INRE", Words("INRE", "INRE"), Term("C-1.2", "inre_deductible"), Term("C-1.2", "inre_limit")),
            PartTerms("LIA", Words("LIA", "LIA"), Term("C-2.4", "series_deductible"), Term("C-2.4", "series_limit")),
            PartTerms(
                "DEFENCE", Words("抗辩", "defence"), None, Term("C-2.5", "defence_limit"), None, False, "LIA", defence
            ),
            PartTerms("REG", Words("REG", "REG"), None, Term("C-3.1", "reg_limit")),
        ),
        settlement=Settlement(
            "order",
            (Step.VERDICT, Step.RETENTION, Step.PART_LIMIT, Step.AGGREGATE),
            aggregate=Term("order", "aggregate"),
            outside_aggregate=frozenset({"DEFENCE"}),
            items_in_order_of="liability_fixed_at",
        ),
        maximum_minor=MAXIMUM,
        grants=tuple(
            Grant(c["id"], c["part"], when[c["id"]], Verdict(c["verdict"]))
            for c in policy["clauses"]
            if c["kind"] == "grant"
        ),
        barriers=tuple(barriers),
        bounds=(Bound("C-2.6", "LIA", All((settlement, alone)), "insurer_assessment_minor"),),
        takes_away=frozenset(policy["explanations"]),
    )
    return compiled(definition, numbers)


def event_c(given: dict[str, Any]) -> LossEvent:
    items = []
    for name, row in given["items"].items():
        amount = row.get("amount_fen", row.get("quantity", 0) * row.get("unit_price_fen", 0))
        items.append({"name": name, "part": row["part"], "amount_minor": amount, "facts": in_our_words(row["facts"])})
    return event("leak", given["event_facts"], items)


# E: a deductible with floor and ceiling, a master aggregate shared by all members


def policy_e(policy: dict[str, Any]) -> CompiledTerms:
    row = policy["deductible"]
    numbers = {
        "share": in_ten_thousand(row["percent_of_loss"]),
        "floor": row["min_fen"],
        "ceiling": row["max_fen"],
        "member_limit": policy["member_event_limit_fen"],
        "master": policy["master_aggregate_limit_fen"],
    }
    share, floor, ceiling = (Term(row["clause"], name) for name in ("share", "floor", "ceiling"))
    measure = HigherOf((LowerOf((OfLoss(share), Fixed(ceiling))), Fixed(floor)))
    definition = TermsDefinition(
        facts={"kind": FactSpec("kind", FactKind.WORD, Words("kind", "kind"))},
        parts=(PartTerms("INRE", Words("INRE", "INRE")),),
        settlement=Settlement("E-2.3", (Step.VERDICT, "deductible", "member", "master")),
        maximum_minor=MAXIMUM,
        grants=(Grant("E-2.1", "INRE", OneOf("kind", ("containment",))),),
        rules=(
            Deductible("deductible", row["clause"], ("INRE",), Per.PART, measure),
            Limit("member", "E-2.3", ("INRE",), Per.EVENT, Fixed(Term("E-2.3", "member_limit"))),
            Limit("master", "E-2.3", ("INRE",), Per.PERIOD, Fixed(Term("E-2.3", "master")), state="master_used"),
        ),
        takes_away=frozenset({row["clause"]}),
    )
    return compiled(definition, numbers)


def claim_e(amount: int) -> LossEvent:
    return event("E-I1", {}, [{"part": "INRE", "amount_minor": amount, "facts": {"kind": "containment"}}])
