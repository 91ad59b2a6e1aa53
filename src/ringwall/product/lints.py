"""Faults of a product that still reads: clauses that can never speak, limits that can never bind, words nobody uses.

Each lint takes a product and yields refusals; `LINTS` names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringwall.basics import Refusal, refuse
from ringwall.product.records import Product
from ringwall.terms import (
    All,
    AnyOf,
    Condition,
    Exclusion,
    Not,
    OneOf,
    PartTerms,
    Requirement,
    Step,
    Term,
    Truth,
    all_clauses,
    example_case,
    facts_of,
    leaves,
    parameters_of,
)

Lint = Callable[[Product], Iterator[Refusal]]


def clauses_that_never_speak(product: Product) -> Iterator[Refusal]:
    """Every combination of facts that can make a difference is tried; none makes the clause true."""
    for clause in all_clauses(product.definition):
        when: Condition = Not(clause.when) if isinstance(clause, Requirement) else clause.when
        if not _possible(product, when):
            yield refuse(
                "product_dead_clause",
                product.definition.place(clause.clause),
                zh=f"没有任何事实能使条款 {clause.clause} 起作用；请改正其条件，或删去该条款。",
                en=f"No facts can make clause {clause.clause} speak; correct its condition or remove it.",
            )


def exclusions_of_what_nothing_grants(product: Product) -> Iterator[Refusal]:
    definition = product.definition
    for clause in definition.barriers:
        granted = tuple(grant.when for grant in definition.grants if grant.part in clause.parts)
        when: Condition = Not(clause.when) if isinstance(clause, Requirement) else clause.when
        if _possible(product, when) and not _possible(product, All((AnyOf(granted), when))):
            yield refuse(
                "product_idle_clause",
                definition.place(clause.clause),
                zh=f"条款 {clause.clause} 所排除的，没有任何条款承保；请改正其责任项或条件，或删去它。",
                en=f"Clause {clause.clause} takes away what no clause grants; "
                "correct its parts or condition, or remove it.",
            )


def exceptions_that_never_meet_their_exclusion(product: Product) -> Iterator[Refusal]:
    exclusions = {b.clause: b for b in product.definition.barriers if isinstance(b, Exclusion)}
    for back in product.definition.write_backs:
        exclusion = exclusions.get(back.excepts)
        if exclusion and not _possible(product, All((exclusion.when, back.when))):
            yield refuse(
                "product_idle_exception",
                product.definition.place(back.clause),
                zh=f"条款 {back.clause} 的条件与其所例外的 {back.excepts} 不可能同时成立；请改正其中之一。",
                en=f"Clause {back.clause} can never hold together with {back.excepts}, which it excepts; "
                "correct one of them.",
            )


def parts_without_a_grant(product: Product) -> Iterator[Refusal]:
    granted = {grant.part for grant in product.definition.grants}
    for part in product.definition.parts:
        if part.part not in granted:
            yield refuse(
                "product_part_without_grant",
                "product.yaml",
                zh=f"责任项 {part.part} 没有任何承保条款；请增加 grant，或删去该责任项。",
                en=f"No clause grants anything under part {part.part}; add a grant or remove the part.",
            )


def parts_outside_the_settlement(product: Product) -> Iterator[Refusal]:
    settled = {part.part for part in product.definition.parts}
    for part in product.parts:
        if part.code not in settled:
            yield refuse(
                "product_part_not_settled",
                product.definition.place(product.definition.settlement.clause),
                zh=f"理算顺序没有提到责任项 {part.code}，其损失永远得不到赔付；请把它列入 parts。",
                en=f"The order of settlement does not name part {part.code}, so that it would never be paid; "
                "list it under parts.",
            )


def limits_that_never_bind(product: Product) -> Iterator[Refusal]:
    """Under the product's own values: a narrower limit that acts later always binds first."""
    settlement, values = product.definition.settlement, {n: p.value for n, p in product.parameters.items()}
    limits = [(p.part, p.limit) for p in product.definition.parts if p.limit and not p.statutory]
    event, aggregate = settlement.event_limit, settlement.aggregate
    for part, limit in limits:
        later = [term for term in (event, aggregate) if term and values[term.parameter] < values[limit.parameter]]
        if later:
            yield _idle_limit(product, limit, f"{part}", later[0])
    if event and aggregate and values[aggregate.parameter] < values[event.parameter]:
        yield _idle_limit(product, event, "event", aggregate)
    unlimited = any(not p.limit for p in product.definition.parts if not p.statutory)
    if event and not unlimited and sum(values[limit.parameter] for _, limit in limits) <= values[event.parameter]:
        yield refuse(
            "product_idle_limit",
            product.parameters[event.parameter].place,
            zh=f"各分项限额合计不超过 {event.parameter}（{values[event.parameter]}），"
            "每次事故限额永远不起作用；请改其中之一。",
            en=f"The limits of the parts sum to no more than {event.parameter} ({values[event.parameter]}), "
            "so that the event limit never binds; change one of them.",
        )


def _idle_limit(product: Product, limit: Term, name: str, later: Term) -> Refusal:
    mine, other = product.parameters[limit.parameter], product.parameters[later.parameter]
    return refuse(
        "product_idle_limit",
        mine.place,
        zh=f"限额 {mine.name}（{name}，{mine.value}）高于其后的 {other.name}（{other.value}），"
        "永远不起作用；请改其中之一。",
        en=f"The limit {mine.name} ({name}, {mine.value}) lies above {other.name} ({other.value}), "
        "which acts after it, so that it never binds; change one of them.",
    )


def words_nobody_uses(product: Product) -> Iterator[Refusal]:
    """Facts, values of facts and parameters that no clause reads."""
    definition = product.definition
    clauses = all_clauses(definition)
    facts = {name for clause in clauses for name in facts_of(clause.when)} | {b.up_to for b in definition.bounds}
    said = {
        (leaf.fact, value)
        for clause in clauses
        for leaf in leaves(clause.when)
        if isinstance(leaf, OneOf)
        for value in leaf.values
    }
    for name, spec in definition.facts.items():
        unused = [value for value in spec.values if (name, value) not in said] if spec.fixed else []
        if name not in facts or unused:
            word = name if name not in facts else f"{name}: {', '.join(unused)}"
            yield _unused(f"terms.yaml {word}", word)
    read = {name for clause in clauses for name in parameters_of(clause.when)}
    read |= {term.parameter for term, _ in _terms(product)}
    read |= {definition.conditional.parameter} if definition.conditional else set()
    for parameter in product.parameters.values():
        if parameter.name not in read:
            yield _unused(parameter.place, parameter.name)


def _unused(place: str, word: str) -> Refusal:
    return refuse(
        "product_unused_word",
        place,
        zh=f"没有条款使用「{word}」；请删去，或在条款中使用它。",
        en=f"No clause uses “{word}”; remove it or use it in a clause.",
    )


def units_that_do_not_fit(product: Product) -> Iterator[Refusal]:
    for term, unit in _terms(product):
        parameter = product.parameters[term.parameter]
        if parameter.unit != unit:
            yield refuse(
                "product_unit",
                parameter.place,
                zh=f"条款 {term.clause} 需要以 {unit} 为单位的参数，"
                f"而 {parameter.name} 的单位是 {parameter.unit}；请改正。",
                en=f"Clause {term.clause} needs a parameter in the unit {unit}, "
                f"but {parameter.name} is in {parameter.unit}; correct one of them.",
            )


def _terms(product: Product) -> Iterator[tuple[Term, str]]:
    """Every money term with the unit that it needs."""
    settlement = product.definition.settlement
    wanted = [
        (settlement.event_limit, "minor"),
        (settlement.aggregate, "minor"),
        (settlement.share, "per_ten_thousand"),
    ]
    for part in product.definition.parts:
        wanted += _part_terms(part)
    return ((term, unit) for term, unit in wanted if term)


def _part_terms(part: PartTerms) -> list[tuple[Term | None, str]]:
    own: list[tuple[Term | None, str]] = [(part.deductible, "minor"), (part.limit, "minor")]
    if part.interruption:
        hours = part.interruption
        own += [(hours.waiting, "hour"), (hours.indemnity, "day"), (hours.mode, "code")]
    return own


def orders_that_do_not_fit(product: Product) -> Iterator[Refusal]:
    """Verdict first, retention next, each step once: the hours of an interruption are kept before any limit."""
    settlement = product.definition.settlement
    order = settlement.order
    once = len(set(order)) == len(order)
    if not once or order[:2] != (Step.VERDICT, Step.RETENTION):
        yield refuse(
            "product_order",
            product.definition.place(settlement.clause),
            zh=f"条款 {settlement.clause} 的理算顺序须以 verdict、retention 开始，且每步只出现一次；请调整。",
            en=f"The order of settlement in clause {settlement.clause} must begin with verdict, retention "
            "and name each step once; correct it.",
        )
    stated = {
        Step.EVENT_LIMIT: settlement.event_limit,
        Step.AGGREGATE: settlement.aggregate,
        Step.SHARE: settlement.share,
    }
    for step, term in stated.items():
        if (step in order) != (term is not None):
            yield refuse(
                "product_order",
                product.definition.place(settlement.clause),
                zh=f"理算步骤 {step} 与其数额须同时存在；请在条款 {settlement.clause} 中补上缺的一个。",
                en=f"The step {step} and its amount go together; add the one that clause {settlement.clause} lacks.",
            )


def _possible(product: Product, when: Condition) -> bool:
    """True also where there are too many cases to try: a lint speaks only of what it has proved."""
    return example_case(when, product.definition.facts, product.parameters)[0] is not Truth.FALSE


LINTS: tuple[Lint, ...] = (
    clauses_that_never_speak,
    exclusions_of_what_nothing_grants,
    exceptions_that_never_meet_their_exclusion,
    parts_without_a_grant,
    parts_outside_the_settlement,
    limits_that_never_bind,
    words_nobody_uses,
    units_that_do_not_fit,
    orders_that_do_not_fit,
)
