"""The two books of `bench book`: a product of one part, and the enterprise product at 2.3 items an event.

100,000 policies are drawn, or as many as asked: frequency about 0.05 a year, lognormal hours, waiting hours, an hourly
loss with a sublimit, retention, event limit, coinsurance, annual aggregate; 10 clouds, 40 products (2 a policy) and
malware with 0.9 common shocks a year.
"""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np

from ringwall.basics import Words
from ringwall.portfolio.engine import Calendar, Structure
from ringwall.portfolio.engine.calendar import Shocks
from ringwall.portfolio.engine.columns import PolicyColumns, ties_table
from ringwall.portfolio.engine.kernels.items import AMOUNT, BY_CHANCE, OUTAGE
from ringwall.portfolio.engine.recipes import recipe_table
from ringwall.risk import Recipe, Step
from ringwall.terms import (
    Always,
    CompiledTerms,
    Deductible,
    Fixed,
    Grant,
    InterruptionTerms,
    Limit,
    ParameterRead,
    PartTerms,
    Per,
    Settlement,
    Share,
    Term,
    TermsDefinition,
    compile_terms,
)
from ringwall.terms import Step as Order
from ringwall.terms.kernel import KernelPlan, lanes_hold, numbers_of, plan_kernel

YEARS, SMALL = 10_000, 600
"""Simulated years, and the policies of the enterprise product that run in every way there is."""
CLOUDS, PRODUCTS = 10, 40
LISTS = CLOUDS + PRODUCTS + 1
SHOCKS_A_YEAR = 0.9
TIE_SETS = 4000


def calendar(years: int, seed: int = 11) -> Calendar:
    """Flat threat levels; four in ten shocks are of a cloud, four of a product, two of malware."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(SHOCKS_A_YEAR * years)
    when = np.sort(rng.random(count) * years)
    scenario = rng.choice(3, count, p=[0.4, 0.4, 0.2])
    low, high = np.array([0.1, 0.1, 0.002])[scenario], np.array([0.5, 0.7, 0.05])[scenario]
    first, width = np.array([0, CLOUDS, LISTS - 1])[scenario], np.array([CLOUDS, PRODUCTS, 1])[scenario]
    listed = first + (rng.random(count) * width).astype(np.int64)
    shocks = Shocks(when, scenario, listed, low + (high - low) * rng.random(count), ("",) * count, LISTS)
    return Calendar(seed, None, np.ones(years), shocks, ("own", "cloud", "product", "malware"), 1)


def columns(policies: int, seed: int = 12) -> PolicyColumns:
    rng = np.random.default_rng(seed)
    sets = [
        tuple((int(n), 1.0) for n in (rng.integers(CLOUDS), *(CLOUDS + rng.choice(PRODUCTS, 2, False)), LISTS - 1))
        for _ in range(min(TIE_SETS, policies))
    ]
    return PolicyColumns(
        rng.integers(0, 2**63, policies).astype(np.uint64),
        0.05 * np.exp(rng.normal(-0.125, 0.5, policies)),
        np.zeros((policies, 0), np.uint32),
        rng.normal(0, 1, policies),
        np.exp(rng.normal(np.log(2e6), 1, policies)),
        np.zeros(policies),
        np.zeros(policies),
        np.ones(policies),
        rng.integers(0, len(sets), policies),
        np.zeros(policies, np.int64),
        np.full(policies, -1),
        ties_table(sets),
        np.ones((1, 3)),
    )


def single_part(policies: int, schedules: int = 432) -> Structure:
    names = ("wait", "sublimit", "retention", "event_limit", "share", "aggregate")
    grid = itertools.product(
        (6, 8, 12, 24), (30_000_000, 100_000_000, 300_000_000), (500_000, 2_000_000, 5_000_000),
        (200_000_000, 500_000_000), (8_000, 9_000, 10_000), (300_000_000, 800_000_000),
    )  # fmt: skip
    terms = [_single_part(**dict(zip(names, row, strict=True))) for row in itertools.islice(grid, schedules)]
    outage = Step("NPBI.seconds", float(np.log(14 * 3600)), 1.2, form=OUTAGE)
    return _structure(policies, terms, ((outage,),) * 4)


def enterprise_part(policies: int) -> Structure:
    from enterprise import compiled, enterprise  # not for a book of one part: it reads the whole product

    product = enterprise()
    terms = [
        compiled(product, event_limit=limit, aggregate_limit=2 * limit, npbi_wait_hours=wait)
        for limit in range(200_000_000, 300_000_000, 10_000_000)
        for wait in (8, 12, 24)
    ]
    fen = float(np.log(2e7))
    recipe = (
        Step("INRE", fen, 1.2, 0.3, 0.7),
        Step("DIAS", fen, 1.3, 0.3, 0.7, AMOUNT, BY_CHANCE, 0.3),
        Step("NPBI.seconds", float(np.log(60 * 3600)), 1.0, 0.0, 0.7, OUTAGE, BY_CHANCE, 0.5),
        Step("EXT", fen - 2, 0.7, 0.3, 0.0, AMOUNT, BY_CHANCE, 0.3),
        Step("LIA", fen, 1.5, 0.3, 0.7, AMOUNT, BY_CHANCE, 0.2),
    )
    return _structure(policies, terms, (recipe,) * 4)


def shuffled(book: Structure) -> list[Structure]:
    """The policies of a structure one by one in another order."""
    order = np.random.default_rng(5).permutation(book.size)
    return [book.part(int(n), int(n) + 1) for n in order]


def _structure(policies: int, terms: list[CompiledTerms], recipes: tuple[Recipe, ...]) -> Structure:
    plan = plan_kernel(terms[0])
    assert isinstance(plan, KernelPlan), plan
    schedule = np.random.default_rng(13).integers(0, len(terms), policies)
    most = terms[0].definition.maximum_minor
    opening = np.zeros((1, len(plan.states)), np.int64)
    table = recipe_table(recipes, (0.0, 0.0, 0.0), plan.kinds)
    rank = np.arange(policies)
    return Structure(
        plan, most, columns(policies), rank, schedule, numbers_of(plan, terms), opening, table, lanes_hold(terms)
    )


def _single_part(**numbers: int) -> CompiledTerms:
    part = ("NPBI",)
    rules = (
        Limit("of_part", "1", part, Per.PART, Fixed(Term("1", "sublimit"))),
        Deductible("kept", "2", part, Per.EVENT, Fixed(Term("2", "retention")), False),
        Limit("of_event", "3", part, Per.EVENT, Fixed(Term("3", "event_limit"))),
        Share("borne", "4", part, Term("4", "share")),
        Limit("of_year", "5", part, Per.PERIOD, Fixed(Term("5", "aggregate"))),
    )
    hours = InterruptionTerms(Term("6", "wait"), Term("6", "mode"), Term("6", "days"), "6")
    definition = TermsDefinition(
        facts={},
        parts=(PartTerms("NPBI", Words("营业中断", "interruption"), interruption=hours),),
        settlement=Settlement("7", (Order.VERDICT, *(rule.name for rule in rules))),
        maximum_minor=10**11,
        grants=(Grant("8", "NPBI", Always()),),
        rules=rules,
    )
    read = {
        name: ParameterRead(name, value, "minor", "bench", date(2026, 1, 1))
        for name, value in {**numbers, "mode": 1, "days": 90}.items()
    }
    found = compile_terms(definition, read)
    assert isinstance(found, CompiledTerms), found
    return found
