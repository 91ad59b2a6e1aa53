"""Policies sorted by the structure of their terms, each structure with the tables that its loop reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ringwall.basics import Refusal
from ringwall.portfolio.book import BookPolicy
from ringwall.portfolio.engine.calendar import Calendar
from ringwall.portfolio.engine.columns import felt, policy_columns
from ringwall.portfolio.engine.recipes import recipe_table
from ringwall.portfolio.engine.run import Structure
from ringwall.risk import RiskModel, RiskProfile, Territory, recipes_of, record_law
from ringwall.terms import CompiledTerms, KernelPlan, lanes_hold, numbers_of, plan_kernel


@dataclass(frozen=True, slots=True)
class Job:
    """One policy ready to run: its place in the book, its exposure, its terms, and how its years open."""

    rank: int
    policy: BookPolicy
    profile: RiskProfile
    terms: CompiledTerms
    opening: Mapping[str, int]


def structures_of(
    calendar: Calendar, model: RiskModel, territory: Territory, jobs: Sequence[Job], *, parts: bool = False
) -> tuple[list[Structure], list[Refusal]]:
    """One structure for all policies of the same graph and declared maximum; a graph without a loop is a refusal.

    `parts`: the loops also give what each part pays.
    """
    groups: dict[tuple[str, int], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.terms.program, job.terms.definition.maximum_minor), []).append(job)
    found: list[Structure] = []
    refusals: list[Refusal] = []
    for group in groups.values():
        plan = plan_kernel(group[0].terms, parts=parts)
        if isinstance(plan, Refusal):
            refusals.extend(replace(plan, where=job.policy.number) for job in group)
        else:
            found.append(_structure(calendar, model, territory, plan, group))
    return found, refusals


def _structure(
    calendar: Calendar, model: RiskModel, territory: Territory, plan: KernelPlan, group: Sequence[Job]
) -> Structure:
    terms = {id(job.terms): job.terms for job in group}
    place = {key: n for n, key in enumerate(terms)}
    opened = [job for job in group if job.opening]
    row = {job.rank: n for n, job in enumerate(opened)}
    states = [[job.opening.get(name, 0) for name in plan.states] for job in opened]
    columns = policy_columns(
        calendar, model, [(job.policy, job.profile) for job in group], [row.get(job.rank, -1) for job in group]
    )
    first = group[0].terms
    reached = felt(model.scenarios, first.columns)
    numbers = model.numbers(territory)
    return Structure(
        plan,
        first.definition.maximum_minor,
        columns._replace(relief=columns.relief * reached),
        np.array([job.rank for job in group], np.int64),
        np.array([place[id(job.terms)] for job in group], np.int64),
        numbers_of(plan, list(terms.values())),
        np.array([*states, [0] * len(plan.states)], np.int64).reshape(len(states) + 1, len(plan.states)),
        recipe_table(recipes_of(model, numbers), record_law(numbers), plan.kinds),
        lanes_hold(terms.values()),
    )
