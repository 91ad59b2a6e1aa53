"""A quote's risk under a grid of limits and retentions: every cell by the code of the quote, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import ChangedTerms, WhatIf, changed_evidence
from ringwall.price import Option, option, with_each
from ringwall.product import Schedule, compile_schedule, make_schedule
from ringwall.risk import relief_steps
from ringwall.terms import CompiledTerms


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of limit and retention; a schedule that cannot be has no option but its refusal."""

    limit_minor: int
    retention_minor: int
    option: Option | Refusal


def explore(
    office: Office,
    changed: ChangedTerms,
    what_if: WhatIf,
    limits: tuple[str, Sequence[int]],
    retentions: tuple[str, Sequence[int]],
) -> tuple[Cell, ...]:
    """Limit by limit; each is given as the parameter's name and its values, all else is as asked."""
    quote, model = changed.quote, office.catalogue.model
    standings, findings = changed_evidence(model, quote.standings, quote.findings, what_if)
    steps = relief_steps(model, standings, findings)
    pairs = [(limit, kept) for limit in limits[1] for kept in retentions[1]]
    compiled = [_compiled(changed, {limits[0]: limit, retentions[0]: kept}) for limit, kept in pairs]
    possible = [terms for terms in compiled if not isinstance(terms, Refusal)]
    options = (option(basis, steps) for basis in with_each(changed.basis, possible))
    return tuple(
        Cell(limit, kept, terms if isinstance(terms, Refusal) else next(options))
        for (limit, kept), terms in zip(pairs, compiled, strict=True)
    )


def _compiled(changed: ChangedTerms, choices: dict[str, int]) -> CompiledTerms | Refusal:
    product, asked = changed.product, changed.schedule
    chosen = {name: asked.values[name] for name in asked.chosen}
    schedule = make_schedule(product, {**chosen, **choices})
    return compile_schedule(product, schedule) if isinstance(schedule, Schedule) else schedule
