"""A policy of the shared scenarios, clause by clause, as a definition of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ringwall.basics import Words
from ringwall.terms import (
    All,
    AnyOf,
    Compare,
    CompiledTerms,
    Condition,
    ConditionalShare,
    Exclusion,
    FactKind,
    FactSpec,
    FactValue,
    Grant,
    InterruptionTerms,
    OneOf,
    Order,
    ParameterRead,
    PartTerms,
    Requirement,
    RetentionMode,
    Settlement,
    Step,
    Term,
    TermsDefinition,
    Verdict,
    WriteBack,
    compile_terms,
    leaves,
)

STEPS = {
    "verdict": Step.VERDICT,
    "part retention": Step.RETENTION,
    "part limit": Step.PART_LIMIT,
    "event limit": Step.EVENT_LIMIT,
    "insured's share": Step.SHARE,
    "aggregate": Step.AGGREGATE,
}
ORDER_CLAUSE = "order"


def compiled_policy(policy: Mapping[str, Any]) -> CompiledTerms:
    found = compile_terms(definition_of(policy), parameters_of_policy(policy))
    assert isinstance(found, CompiledTerms), found
    return found


def value_of(raw: Any) -> FactValue:
    return datetime.fromisoformat(raw) if isinstance(raw, str) and raw[:2] == "20" else raw


def condition_of(raw: Mapping[str, Any]) -> Condition:
    if "all" in raw:
        return All(tuple(condition_of(part) for part in raw["all"]))
    if "any" in raw:
        return AnyOf(tuple(condition_of(part) for part in raw["any"]))
    if "is" in raw or "in" in raw:
        return OneOf(raw["fact"], tuple(raw.get("in", [raw.get("is")])))
    order = next(order for order in Order if order in raw)
    bound = value_of(raw[order])
    assert isinstance(bound, datetime)
    return Compare(raw["fact"], order, bound)


def definition_of(policy: Mapping[str, Any]) -> TermsDefinition:
    clauses = policy["clauses"]
    when = {c["id"]: condition_of(c["when"]) for c in clauses if "when" in c}
    by_kind: dict[str, list[Any]] = {}
    for clause in clauses:
        by_kind.setdefault(clause["kind"], []).append(clause)
    barriers = [
        (Exclusion if c["kind"] == "exclusion" else Requirement)(c["id"], tuple(c["parts"]), when[c["id"]])
        for c in clauses
        if c["kind"] in ("exclusion", "requirement")
    ]
    share = [
        ConditionalShare(c["id"], tuple(c["parts"]), when[c["id"]], "added_share")
        for c in by_kind.get("conditional_retention", [])
    ]
    return TermsDefinition(
        facts=facts_of_policy(when.values()),
        parts=tuple(part_of(code, policy["parts"][code]) for code in policy["part_order"]),
        settlement=settlement_of(policy),
        maximum_minor=10**11,
        grants=tuple(Grant(c["id"], c["part"], when[c["id"]], Verdict(c["verdict"])) for c in by_kind["grant"]),
        barriers=tuple(barriers),
        write_backs=tuple(WriteBack(c["id"], c["excepts"], when[c["id"]]) for c in by_kind.get("write_back", [])),
        conditional=share[0] if share else None,
        takes_away=frozenset(policy["explanations"]),
    )


def facts_of_policy(conditions: Any) -> dict[str, FactSpec]:
    found = {}
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        kind = FactKind.INSTANT if isinstance(leaf, Compare) else FactKind.YES_NO
        if isinstance(leaf, OneOf) and isinstance(leaf.values[0], str):
            kind = FactKind.WORD
        found[leaf.fact] = FactSpec(leaf.fact, kind, Words(leaf.fact, leaf.fact), (), leaf.fact == "kind")
    return found


def part_of(code: str, row: Mapping[str, Any]) -> PartTerms:
    clause = row["deductible_clause"]
    deductible = Term(clause, f"{code}.deductible") if clause else None
    hours = None
    if "bi_mode" in row:
        hours = InterruptionTerms(
            Term(row["wait_clause"], f"{code}.wait"),
            Term(clause or row["wait_clause"], f"{code}.mode"),
            Term("", f"{code}.days"),
            "",
        )
    return PartTerms(code, Words(code, code), deductible, Term(ORDER_CLAUSE, f"{code}.limit"), hours)


def settlement_of(policy: Mapping[str, Any]) -> Settlement:
    share = policy.get("insured_share")
    return Settlement(
        ORDER_CLAUSE,
        tuple(STEPS[step] for step in policy["settlement_order"]),
        Term(ORDER_CLAUSE, "event_limit"),
        Term(ORDER_CLAUSE, "aggregate_limit"),
        share=Term(share["base_clause"], "share") if share else None,
    )


def parameters_of_policy(policy: Mapping[str, Any]) -> dict[str, ParameterRead]:
    numbers = {"event_limit": policy["event_limit_fen"], "aggregate_limit": policy["aggregate_limit_fen"]}
    for code, row in policy["parts"].items():
        numbers |= {f"{code}.deductible": row["deductible_fen"], f"{code}.limit": row["limit_fen"]}
        if "bi_mode" in row:
            mode = RetentionMode[row["bi_mode"].upper()]
            numbers |= {
                f"{code}.wait": row["wait_hours"],
                f"{code}.mode": int(mode),
                f"{code}.days": row["indemnity_days"],
            }
    share = policy.get("insured_share")
    if share:
        numbers |= {"share": in_ten_thousand(share["base"]), "added_share": in_ten_thousand(share["conditional_add"])}
    return {
        name: ParameterRead(name, value, "", "shared scenario", date(2026, 1, 1)) for name, value in numbers.items()
    }


def in_ten_thousand(pair: list[int]) -> int:
    return 10_000 * pair[0] // pair[1]
