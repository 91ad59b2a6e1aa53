"""Faults of cover logic in a product that still reads: clauses that never speak, kinds of loss that nobody answers."""

from __future__ import annotations

from collections.abc import Iterator

from ringwall.basics import Refusal, refuse
from ringwall.product.records import Product
from ringwall.terms import (
    All,
    AnyOf,
    Condition,
    Exclusion,
    FactKind,
    Not,
    OneOf,
    Requirement,
    all_clauses,
    first_out,
    granted,
    keeps_out,
)
from ringwall.terms import possible as can_hold


def possible(product: Product, *conditions: Condition) -> bool:
    """Under the product's own numbers."""
    return can_hold(product.definition, product.parameters, *conditions)


def clauses_that_never_speak(product: Product) -> Iterator[Refusal]:
    """Every combination of facts that can make a difference is tried; none makes the clause true."""
    for clause in all_clauses(product.definition):
        when: Condition = Not(clause.when) if isinstance(clause, Requirement) else clause.when
        if not possible(product, when):
            yield refuse(
                "product_dead_clause",
                product.definition.place(clause.clause),
                zh=f"没有任何事实能使条款 {clause.clause} 起作用；请改正其条件，或删去该条款。",
                en=f"No facts can make clause {clause.clause} speak; correct its condition or remove it.",
            )


def requirements_that_never_hold(product: Product) -> Iterator[Refusal]:
    for clause in product.definition.barriers:
        if not isinstance(clause, Requirement):
            continue
        for part in clause.parts:
            grants = granted(product.definition, part)
            if possible(product, grants) and not possible(product, grants, clause.when):
                yield refuse(
                    "product_hopeless_requirement",
                    product.definition.place(clause.clause),
                    zh=f"条款 {clause.clause} 的要求永远不能满足，责任项 {part} 因此从不赔付；请改正条件或责任项。",
                    en=f"The requirement of clause {clause.clause} can never hold, so that part {part} never pays; "
                    "correct its condition or its parts.",
                )


def clauses_about_what_nothing_grants(product: Product) -> Iterator[Refusal]:
    """What takes away or bounds must meet something that is granted."""
    definition = product.definition
    about: list[tuple[str, tuple[str, ...], Condition]] = [
        (c.clause, c.parts, Not(c.when) if isinstance(c, Requirement) else c.when) for c in definition.barriers
    ]
    about += [(bound.clause, (bound.part,), bound.when) for bound in definition.bounds]
    if definition.conditional:
        about.append((definition.conditional.clause, definition.conditional.parts, definition.conditional.when))
    for number, parts, when in about:
        grants = AnyOf(tuple(grant.when for grant in definition.grants if grant.part in parts))
        if possible(product, when) and not possible(product, grants, when):
            yield refuse(
                "product_idle_clause",
                definition.place(number),
                zh=f"条款 {number} 所限制的，没有任何条款承保；请改正其责任项或条件，或删去它。",
                en=f"Clause {number} takes away what no clause grants; correct its parts or condition, or remove it.",
            )


def exceptions_that_never_meet_their_exclusion(product: Product) -> Iterator[Refusal]:
    exclusions = {b.clause: b for b in product.definition.barriers if isinstance(b, Exclusion)}
    for back in product.definition.write_backs:
        exclusion = exclusions.get(back.excepts)
        if exclusion and not possible(product, exclusion.when, back.when):
            yield refuse(
                "product_idle_exception",
                product.definition.place(back.clause),
                zh=f"条款 {back.clause} 的条件与其所例外的 {back.excepts} 不可能同时成立；请改正其中之一。",
                en=f"Clause {back.clause} can never hold together with {back.excepts}, which it excepts; "
                "correct one of them.",
            )


def exceptions_that_swallow_their_exclusion(product: Product) -> Iterator[Refusal]:
    for clause in product.definition.barriers:
        backs = [b.clause for b in product.definition.write_backs if b.excepts == clause.clause]
        if backs and possible(product, clause.when) and not possible(product, keeps_out(product.definition, clause)):
            yield refuse(
                "product_swallowed_exclusion",
                product.definition.place(backs[-1]),
                zh=f"例外条款 {'、'.join(backs)} 使责任免除 {clause.clause} 永不起作用；请收窄例外，或删去两者。",
                en=f"The write-back {', '.join(backs)} lifts the exclusion {clause.clause} in every case; "
                "narrow the write-back or remove both.",
            )


def barriers_behind_another(product: Product) -> Iterator[Refusal]:
    """An exclusion or requirement that only ever meets what an earlier one keeps out already is never the reason.

    What defeats a whole claim also keeps out items that do not meet it: only its like can stand before it.
    """
    definition = product.definition
    for place, clause in enumerate(definition.barriers):
        mine = keeps_out(definition, clause)
        if not any(possible(product, granted(definition, part), mine) for part in clause.parts):
            continue
        if not any(possible(product, first_out(definition, part, place)) for part in clause.parts):
            yield _shadowed(product, clause.clause)


def grants_behind_another(product: Product) -> Iterator[Refusal]:
    grants = product.definition.grants
    for place, grant in enumerate(grants):
        before = tuple(Not(other.when) for other in grants[:place] if other.part == grant.part)
        if before and possible(product, grant.when) and not possible(product, grant.when, *before):
            yield _shadowed(product, grant.clause)


def _shadowed(product: Product, number: str) -> Refusal:
    return refuse(
        "product_shadowed_clause",
        product.definition.place(number),
        zh=f"条款 {number} 所及的一切，前面的条款都已先作决定；请收窄前面的条款，或删去它。",
        en=f"All that clause {number} reaches is settled by an earlier clause; narrow the earlier one or remove it.",
    )


def parts_without_a_grant(product: Product) -> Iterator[Refusal]:
    granting = {grant.part for grant in product.definition.grants}
    for part in product.definition.parts:
        if (part.within or part.part) not in granting:
            yield refuse(
                "product_part_without_grant",
                "product.yaml",
                zh=f"责任项 {part.part} 没有任何承保条款；请增加 grant，或删去该责任项。",
                en=f"No clause grants anything under part {part.part}; add a grant or remove the part.",
            )


def kinds_that_no_grant_answers(product: Product) -> Iterator[Refusal]:
    """A gap: the product has a word for a loss, yet no clause says yes to it in any part."""
    grants = AnyOf(tuple(grant.when for grant in product.definition.grants))
    for name, spec in product.definition.facts.items():
        if not spec.fixed or spec.kind is not FactKind.WORD:
            continue
        for value in spec.values:
            if not possible(product, All((OneOf(name, (value,)), grants))):
                yield refuse(
                    "product_gap",
                    "terms.yaml",
                    zh=f"「{name}: {value}」没有任何承保条款回应；请增加 grant，或从事实表中删去该词。",
                    en=f"No clause grants “{name}: {value}” under any part; "
                    "add a grant or remove the word from the facts.",
                )
