"""Scenarios B, C and E of the shared page, as far as a policy's terms settle them: every number of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from enterprise import in_our_words, merged, shared_scenario
from shared_policies import condition_of, facts_of_policy, in_ten_thousand

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
    Relation,
    Requirement,
    RetentionMode,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    Truth,
    Verdict,
    allocate,
    compile_terms,
    holds,
    maximum_payable,
    relate,
    settle,
)

MAXIMUM = 10**11


def scenario(letter: str) -> dict[str, Any]:
    found = shared_scenario(letter)
    if found is None:
        pytest.skip("the shared scenarios are not beside the project")
    return found


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


def cases(letter: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(name, input, expected) of the main case and of every variant."""
    whole = scenario(letter)
    changed = [(name, merged(whole["input"], v["change"]), v["expected"]) for name, v in whole["variants"].items()]
    return [("base", whole["input"], whole["expected"]), *changed]


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


def test_every_policy_of_the_book_settles_to_its_numbers() -> None:
    for name, given, expected in cases("B"):
        rows = {code: outcome_b(given, code) for code in given["interruptions"]}
        for code, right in expected.get("policies", {}).items():
            outcome = rows[code]
            found = {
                "part": outcome.items[0].part,
                "verdict": outcome.items[0].verdict,
                "clause": outcome.items[0].clause,
                "factual_fen": outcome.factual_minor,
                "within_cover_fen": outcome.within_cover.low,
                "payable_fen": outcome.payable.low,
                "aggregate_left_fen": given["book"][code]["aggregate_left_fen"] - outcome.state_after["aggregate_used"],
            }
            assert found == {key: value for key, value in right.items() if key != "gross_fen"}, (name, code)
        inside = [o for code, o in rows.items() if given["interruptions"][code]["cause"] == given["event"]["id"]]
        if "event_payable_fen" in expected:
            assert sum(o.payable.low for o in inside) == expected["event_payable_fen"]
            assert sum(o.payable.low > 0 for o in inside) == expected["policies_with_payment"]
        if name == "base":
            assert sum(o.factual_minor for o in inside) == expected["event_factual_fen"]
            assert sum(o.within_cover.low for o in inside) == expected["event_within_cover_fen"]
            outside = sum(o.payable.low for o in rows.values()) - expected["event_payable_fen"]
            assert outside == expected["outside_event_payable_fen"]


def test_the_most_that_the_book_can_pay_is_read_from_the_graph() -> None:
    whole = scenario("B")
    book, hit = whole["input"]["book"], whole["expected"]["dependent_policies"]
    bought = [code for code in hit if book[code]["CBI"]]
    most = sum(maximum_payable(policy_b(whole["input"], {**book[code], "NPBI": None})) for code in bought)
    assert most == whole["expected"]["accumulation"]["maximum_payable_fen"]


def test_interruptions_from_one_cause_at_one_provider_are_one_event() -> None:
    """B-2.5 sets no window; the treaty's 72 hours would part what begins 73 hours later."""
    given = scenario("B")["input"]
    policy = policy_b(given, given["book"]["P01"])
    spells = given["interruptions"] | {"P17": {**given["interruptions"]["P17"], "start": "2026-11-14T03:00:00+08:00"}}
    incidents = [
        LossEvent(code, {"cause": row["cause"], "began_at": datetime.fromisoformat(row["start"])}, ())
        for code, row in spells.items()
    ]
    found = relate(with_relation(policy, Relation("B-2.5", ("cause",))), incidents)
    assert [len(e.name.split(" + ")) for e in found.events] == [8, 1]
    windowed = relate(with_relation(policy, Relation("T", ("cause",), Term("T", "window"))), incidents)
    assert [len(e.name.split(" + ")) for e in windowed.events] == [7, 1, 1]


def with_relation(terms: CompiledTerms, relation: Relation) -> CompiledTerms:
    definition = replace(terms.definition, relation=relation)
    numbers = {name: read.value for name, read in terms.parameters.items()}
    return compiled(definition, numbers | {"window": 72})


# C: claims made, a series limit used in date order, defence outside it


def policy_c(policy: dict[str, Any]) -> CompiledTerms:
    when = {c["id"]: condition_of(c["when"]) for c in policy["clauses"] if "when" in c}
    facts = facts_of_policy(when.values()) | {
        "insurer_assessment_minor": FactSpec("insurer_assessment_minor", FactKind.AMOUNT, Words("核定", "assessed")),
        "settlement_consented": FactSpec("settlement_consented", FactKind.YES_NO, Words("同意", "agreed")),
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


def test_the_leak_settles_to_its_numbers_in_every_variant() -> None:
    for name, given, expected in cases("C"):
        policy = given["policy"]
        used = policy["aggregate_used_before_fen"]
        outcome = settled(policy_c(policy), event_c(given), {"aggregate_used": used})
        items = {item.name: item for item in outcome.items}
        for item, row in expected.get("items", {}).items():
            right = (row["verdict"], row["clause"] or "", row["factual_fen"], row["within_cover_fen"])
            found = items[item]
            assert (found.verdict, found.clause, found.factual_minor, found.within_cover.low) == right, (name, item)
        parts = {part.part: part for part in outcome.parts}
        for code, row in expected.get("parts", {}).items():
            part = parts[code]
            right = (row["factual_fen"], row["within_cover_fen"], row["payable_fen"])
            assert (part.factual_minor, part.within_cover.low, part.payable.low) == right, (name, code)
        if "total" in expected:
            total = expected["total"]
            right = (total["factual_fen"], total["within_cover_fen"], total["payable_fen"])
            assert (outcome.factual_minor, outcome.within_cover.low, outcome.payable.low) == right, name
            left = policy["aggregate_limit_fen"] - outcome.state_after["aggregate_used"]
            assert left == expected["aggregate_left_fen"], name


def test_the_series_limit_is_used_in_the_order_in_which_liabilities_became_fixed() -> None:
    whole = scenario("C")
    given, series = whole["input"], whole["expected"]["series"]
    terms = policy_c(given["policy"])
    found = allocate(terms, event_c(given), {"aggregate_used": 20_000_000})
    assert isinstance(found, dict)
    assert {name: found[name] for name in series["order"]} == series["payable_fen"]
    left = given["policy"]["parts"]["LIA"]["limit_per_series_fen"]
    for name in series["order"]:
        left -= found[name]
        assert left == series["limit_left_fen"][name]
    assert sum(found.values()) == whole["expected"]["total"]["payable_fen"]
    outcome = settled(terms, event_c(given), {"aggregate_used": 20_000_000})
    within = {item.name: item.within_cover.low for item in outcome.items}
    assert within["C-L1"] - found["C-L1"] == series["deductible_taken_fen"]


def test_every_claims_made_probe_falls_on_its_side() -> None:
    given = scenario("C")["input"]
    when = next(condition_of(c["when"]) for c in given["policy"]["clauses"] if c["id"] == "C-2.2")
    sides = {Truth.TRUE: "in", Truth.FALSE: "out", Truth.UNKNOWN: "unknown"}
    for name, probe in given["claims_made_probes"].items():
        facts = {key: value for key, value in probe.items() if key != "expected"}
        known = event("probe", {"kind": "liability_award", **facts}, [{"part": "LIA", "amount_minor": 1}]).facts
        assert sides[holds(when, known)] == probe["expected"], name


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


def test_the_member_is_paid_what_the_master_aggregate_leaves() -> None:
    whole = scenario("E")
    given, right = whole["input"], whole["expected"]["claim"]
    used = sum(given["claims_before"].values())
    outcome = settled(policy_e(given["policy"]), claim_e(given["loss"]["amount_fen"]), {"master_used": used})
    item, limit = outcome.items[0], given["policy"]["master_aggregate_limit_fen"]
    assert (item.verdict, item.clause) == (right["verdict"], right["clause"])
    assert (item.factual_minor, item.within_cover.low) == (right["factual_fen"], right["within_cover_fen"])
    assert limit - used == right["master_aggregate_left_before_fen"]
    assert outcome.payable.low == right["payable_fen"]
    assert limit - outcome.state_after["master_used"] == right["master_aggregate_left_after_fen"]


def test_every_deductible_probe_gives_its_numbers() -> None:
    whole = scenario("E")
    terms, probes = policy_e(whole["input"]["policy"]), whole["expected"]["deductible_probes"]
    main = whole["expected"]["claim"]
    losses = whole["input"]["deductible_probes"] | {"main": whole["input"]["loss"]["amount_fen"]}
    after = {"deductible_fen": main["deductible_fen"], "after_fen": main["after_deductible_fen"]}
    for name, right in (probes | {"main": after}).items():
        paid = settled(terms, claim_e(losses[name]), {}).payable.low
        assert (paid, losses[name] - paid) == (right["after_fen"], right["deductible_fen"]), name


def test_shares_of_the_book_are_whole_ten_thousandths() -> None:
    for policy in scenario("B")["input"]["book"].values():
        for code in ("CBI", "NPBI"):
            if policy.get(code):
                above, below = policy[code]["insurer_share"]
                assert 10_000 * above % below == 0
