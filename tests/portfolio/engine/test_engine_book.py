"""The same bits however the work is cut; one policy alone; years again; a disaster; the laws of counts and losses."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats
from tests.portfolio.conftest import SmallBook
from tests.portfolio.engine.conftest import SEED, Ready, ready_book

from ringwall.basics import Refusal
from ringwall.exposure import VendorDependency, VendorKind
from ringwall.portfolio import BookAgain, BookPolicy, forced_losses, impact, measure, sums_by, years_again
from ringwall.portfolio.blocks import digest
from ringwall.portfolio.checks.populations import all_parts
from ringwall.portfolio.engine import (
    TILE_YEARS,
    Calendar,
    Runner,
    Structure,
    Totals,
    disaster_calendar,
    draw_calendar,
    in_memory,
    largest_events,
    replay,
    run,
    structures_of,
    tile_of,
    total_book,
    with_policy,
    without_own_events,
    without_policy,
)
from ringwall.portfolio.engine.calendar import Shocks
from ringwall.portfolio.engine.columns import stable_key, ties_table
from ringwall.portfolio.engine.recipes import recipe_table
from ringwall.portfolio.simulate import ready
from ringwall.risk import Footprint, Step, Territory, draw_systemic, limited_mean, reached, reference_profile
from ringwall.treaty import Programme


def same(first: Totals, second: Totals) -> bool:
    return all(np.array_equal(getattr(first, f.name), getattr(second, f.name)) for f in fields(Totals))


def total(book: Ready, *structures: Structure, **how: object) -> Totals:
    return total_book(book.calendar, structures or book.structures, book.size, **how)  # type: ignore[arg-type]


def single(structure: Structure, place: int) -> Structure:
    return structure.part(place, place + 1)


@pytest.mark.parametrize("block", [1, 3, 10_000])
def test_no_result_depends_on_the_size_of_a_block(book: Ready, block: int) -> None:
    assert same(total(book), total(book, block=block))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_no_result_depends_on_the_number_of_workers(book: Ready, workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        assert same(total(book), total(book, executor=pool, block=5))


@pytest.mark.full
def test_no_result_depends_on_threads_or_processes(book: Ready) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert same(total(book), total(book, executor=pool, block=9))


def test_no_result_depends_on_the_order_of_policies(book: Ready, dice: np.random.Generator) -> None:
    alone = [single(s, place) for s in book.structures for place in range(s.size)]
    assert same(total(book), total(book, *(alone[n] for n in dice.permutation(len(alone)))))


@pytest.mark.parametrize("room", [1, 64, 5000])
def test_no_result_depends_on_the_room_of_a_worker(book: Ready, room: int) -> None:
    structure, tile = book.structures[0], tile_of(book.calendar, 0)
    sums = [0, 0]
    for n, size in enumerate((room, 16_384)):
        runner = Runner(structure, tile, in_memory, size)
        sums[n] = sum(int((done.contract * (done.year + 1)).sum()) for done in runner.settled(0, structure.size))
    assert sums[0] == sums[1] > 0


def test_the_next_block_of_the_same_policies_finds_the_room_of_the_last(book: Ready) -> None:
    (whole, *others), tile, runners = book.structures, tile_of(book.calendar, 0), run.Runners()
    with runners.of(whole.part(0, 1), tile, in_memory) as first, runners.of(whole, tile, in_memory) as beside:
        assert first is not beside
    with runners.of(whole.part(1, whole.size), tile, in_memory) as again:
        assert again in (first, beside)
        assert again.structure.size == whole.size - 1
    for other in others:
        with runners.of(other, tile, in_memory) as made:
            assert made not in (first, beside)
    with ThreadPoolExecutor(2) as pool:
        assert same(total(book), total(book, executor=pool, block=3))


@pytest.mark.parametrize("busy", [1, 40])
def test_a_book_pays_the_same_with_several_events_settled_at_a_time(
    book: Ready, busy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crowded years, windows and opening states included."""
    structures = [replace(s, columns=s.columns._replace(rate=busy * s.columns.rate)) for s in book.structures]
    assert all(structure.lanes for structure in structures)
    one_by_one = total(book, *structures)
    monkeypatch.setattr(run, "MANY", 0)
    assert same(total(book, *structures), one_by_one)


@pytest.mark.parametrize("used", [0, 1])
def test_only_policies_that_can_feel_their_ceiling_are_settled_in_order(
    book: Ready, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows as without a ceiling named, where all crowded years are; some spend more than a low ceiling."""
    monkeypatch.setattr(run, "MANY", 0)
    tile, again = tile_of(book.calendar, 0), [0, 0]
    for whole in book.structures:
        opening_of = np.full(whole.size, 0 if used else -1)
        columns = whole.columns._replace(rate=20 * whole.columns.rate, opening_of=opening_of)
        assert whole.plan.ceiling is not None
        numbers = whole.numbers.copy()
        numbers[:, whole.plan.ceiling] //= 30
        structure = replace(whole, columns=columns, numbers=numbers, openings=np.array([[used * 10**6], [0]]))
        unnamed = replace(structure, plan=replace(structure.plan, ceiling=None))
        paid: list[list[np.ndarray]] = [[], []]
        for n, one in enumerate((structure, unnamed)):
            runner = Runner(one, tile, in_memory)
            settle = runner.pay_again

            def counted(groups: int, n: int = n, settle: Callable[[int], None] = settle) -> None:
                again[n] += groups
                settle(groups)

            monkeypatch.setattr(runner, "pay_again", counted)
            paid[n] = [done.contract.copy() for done in runner.settled(0, one.size)]
        assert np.array_equal(np.concatenate(paid[0]), np.concatenate(paid[1]))
    assert 0 < again[0] < again[1]


def test_the_sums_are_those_of_the_rows(book: Ready, small: SmallBook) -> None:
    whole = total(book)
    assert whole.by_year.sum() == whole.by_policy.sum() == whole.by_cause.sum()
    assert (whole.by_shock >= 0).all()
    assert (largest_events(book.calendar, whole) <= whole.by_year).all()
    found = measure(whole.by_year, largest_events(book.calendar, whole))
    assert all((oep.loss_minor or 0) <= (aep.loss_minor or 0) for aep, oep in zip(found.aep, found.oep, strict=True))
    assert len(small.result.numbers) == book.size


def test_a_policy_put_in_alone_equals_a_run_of_the_larger_book(book: Ready) -> None:
    whole = total(book)
    structure = book.structures[0]
    rest = [*book.structures[1:], structure.part(1, structure.size)]
    mine, others = total(book, single(structure, 0)), total(book, *rest)
    assert same(with_policy(others, mine), whole)
    before = measure(others.by_year, largest_events(book.calendar, others))
    moved = impact(before, whole.by_year, largest_events(book.calendar, whole))
    assert abs(moved.mean_minor - int(mine.by_year.sum()) / book.calendar.years) <= 1
    assert moved.tail_minor >= 0


def test_a_policy_taken_out_alone_equals_a_run_of_the_smaller_book(book: Ready) -> None:
    whole, structure = total(book), book.structures[0]
    for place in range(structure.size):
        mine = total(book, single(structure, place))
        rest = [*book.structures[1:], structure.part(0, place), structure.part(place + 1, structure.size)]
        left, right = without_policy(whole, mine), total(book, *rest)
        known = left.second >= 0
        assert np.array_equal(left.second[known], right.second[known])
        assert same(replace(left, second=right.second), right)
        back = with_policy(left, mine)
        assert np.array_equal(back.largest, whole.largest)


def test_years_again_give_back_their_loss_by_policy_part_and_vendor(book: Ready, small: SmallBook) -> None:
    whole = total(book)
    years = np.argsort(-whole.by_year, kind="stable")[:5]
    again = replay(book.calendar, ready_book(small, parts=True).structures, years.tolist())
    for year in years.tolist():
        assert again.amount[again.year == year].sum() == whole.by_year[year]
    loss = int(whole.by_year[years].sum())
    assert sum(sums_by(again.policy, again.amount, small.result.numbers).values()) == loss
    assert sum(sums_by(again.part, again.amount, again.parts).values()) == loss
    vendors = (*book.calendar.shocks.vendor, "own")
    assert sum(sums_by(again.shock % len(vendors), again.amount, tuple(map(str, range(len(vendors))))).values()) == loss


def test_years_and_disasters_run_again_the_same_on_any_executor(small: SmallBook) -> None:
    book = BookAgain(tuple(small.policies), small.terms, small.model, 400, 3, None, {}, ())
    programme = Programme(())
    with ThreadPoolExecutor(2) as threads:
        for one, other in (
            (years_again(book, (7, 11))[1], years_again(book, (7, 11), executor=threads)[1]),
            (forced_losses(book, programme, ()), forced_losses(book, programme, (), executor=threads)),
        ):
            assert digest(one) == digest(other)


def test_a_disaster_strikes_the_customers_of_its_vendor_only(book: Ready, small: SmallBook) -> None:
    scenario = next(s for s in small.model.scenarios if s.footprint is not Footprint.VENDOR)
    calendar = disaster_calendar(small.model, scenario.code, 200, 5)
    assert isinstance(calendar, Calendar)
    found = total_book(calendar, without_own_events(book.structures), book.size)
    assert found.by_year.sum() == found.by_shock.sum() > 0
    assert found.largest.sum() == 0
    spread = found.paying / book.size
    assert spread.max() <= 1
    most = scenario.exposed.high * scenario.hit.high
    assert spread.mean() <= most + 4 * np.sqrt(most / (200 * book.size))


def test_a_disaster_that_the_model_does_not_know_is_refused_with_those_it_knows(small: SmallBook) -> None:
    for code, vendor in (("S99", None), ("S1", "nobody")):
        found = disaster_calendar(small.model, code, 10, 5, vendor=vendor)
        assert isinstance(found, Refusal)
        assert found.code == "disaster_unknown"


VENDORS = {"S4": VendorKind.ENDPOINT_AGENT, "S6": VendorKind.BUSINESS_APPLICATION, "S7": VendorKind.MANAGED_SERVICE}


def firms(small: SmallBook, count: int, code: str, *ties: str) -> list[BookPolicy]:
    """Policies alike but for their number, whose insureds hang on these vendors or on this industry."""
    first = small.policies[0]
    found = first.organisation
    if code in VENDORS:
        named = tuple(VendorDependency(VENDORS[code], tie, declared=n == 0) for n, tie in enumerate(ties))
        found = replace(found, dependencies=named)
    elif ties:
        found = replace(found, industry=ties[0])
    return [replace(first, number=f"{code}-{'-'.join(ties)}-{n:03}", organisation=found) for n in range(count)]


def struck_by(small: SmallBook, code: str, policies: list[BookPolicy], years: int) -> tuple[Calendar, np.ndarray]:
    """The calendar, and which policy (a row each) each of the scenario's shocks strikes, in date order."""
    terms = dict.fromkeys((policy.number for policy in policies), all_parts(10**9, 10**6))
    calendar = draw_calendar(small.model, reference_profile(small.model), years, SEED, None)
    jobs, _ = ready(policies, terms, small.model, {}, Territory.CHINA)
    structures, _ = structures_of(calendar, small.model, Territory.CHINA, jobs)
    (structure,) = without_own_events(structures)
    runner = Runner(structure, tile_of(calendar, 0), in_memory)
    hits = np.zeros((len(policies), len(calendar.shocks.date)), np.bool_)
    for done in runner.settled(0, structure.size):
        hits[np.repeat(structure.rank[done.policy], np.diff(done.row_start)), done.shock] = True
    number = [scenario.code for scenario in small.model.scenarios].index(code)
    return calendar, hits[:, calendar.shocks.scenario == number]


@pytest.mark.parametrize(
    ("code", "ties"), [("S4", ("a",)), ("S4", ("a", "b")), ("S6", ("a",)), ("S7", ("b", "c")), ("S8", ("healthcare",))]
)
def test_who_hangs_on_the_same_is_reached_together_as_the_risk_model_says(
    small: SmallBook, code: str, ties: tuple[str, ...]
) -> None:
    years, count = 4_000, 60
    calendar, hits = struck_by(small, code, firms(small, count, code, *ties), years)
    number = [scenario.code for scenario in small.model.scenarios].index(code)
    drawn = draw_systemic(small.model, years, SEED)
    right = np.logical_or.reduce([reached(small.model, drawn, number, tie, SEED) for tie in ties])
    mine = drawn.scenario == number
    assert calendar.shocks.reach is not None
    by_date = np.argsort(calendar.shocks.reach.order[calendar.shocks.scenario == number])
    hits = hits[:, by_date]
    assert 0 < right.sum() < len(right)
    assert not hits[:, ~right].any(), "who is not reached is not hit, and all are reached together"
    chance = drawn.hit[mine][right]
    expected = count * chance
    assert abs(hits[:, right].sum() - expected.sum()) < 4 * np.sqrt((expected * (1 - chance)).sum())


def test_strikes_do_not_depend_on_what_the_others_of_the_book_hang_on(small: SmallBook) -> None:
    alone = firms(small, 3, "S4", "a")
    many = [*alone, *firms(small, 3, "S4", "b"), *firms(small, 3, "S6", "c", "d"), *firms(small, 3, "S8", "healthcare")]
    _, one = struck_by(small, "S4", alone, 2_000)
    _, with_others = struck_by(small, "S4", many, 2_000)
    assert np.array_equal(one, with_others[: len(alone)])


# The laws, on a book that is made by hand: every policy alike, one step that always happens.


def alike(book: Ready, *, policies: int, rate: float, years: int, step: Step, shocks: Shocks | None = None) -> Ready:
    """Many policies of the first one's terms, with limits so wide that nothing is cut."""
    old = book.structures[0]
    columns = old.columns
    first = {name: np.repeat(column[:1], policies, axis=0) for name, column in columns._asdict().items()
             if name not in ("ties", "relief")}  # fmt: skip
    first["key"] = np.array([stable_key(3, str(n)) for n in range(policies)], np.uint64)
    first["rate"], first["size"] = np.full(policies, rate), np.zeros(policies)
    first["bounds"] = np.full_like(first["bounds"], 2**32 - 1)
    first["tie_set"] = np.zeros(policies, np.int64)
    ties = ties_table([tuple((int(listed), 1.0) for listed in untied(book))])
    calendar = Calendar(3, None, np.ones(years), shocks or book.calendar.shocks, book.calendar.causes, 6)
    if shocks is None:
        calendar = replace(calendar, shocks=replace(calendar.shocks, date=np.zeros(0), scenario=np.zeros(0, np.int64),
                           listed=np.zeros(0, np.int64), chance=np.zeros(0), vendor=()))  # fmt: skip
    recipes = [(step,)] * len(calendar.causes)
    structure = replace(
        old,
        columns=columns._replace(**first, ties=ties),
        rank=np.arange(policies),
        schedule=np.repeat(old.schedule[:1], policies),
        recipes=recipe_table(recipes, (0.0, 0.0, 0.0), old.plan.kinds),
    )
    return Ready(calendar, book.jobs, (structure,))


def untied(book: Ready) -> np.ndarray:
    """The lists of the first policy that are not shared by those who hang on one vendor or industry."""
    columns = book.structures[0].columns
    listed = columns.ties.listed[slice(*columns.ties.start[columns.tie_set[0] :][:2])]
    return listed[listed < book.calendar.shocks.lists]


def events_of(book: Ready) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Year, date, shock and amount of the only item of every event, over all policies."""
    structure, tile = book.structures[0], tile_of(book.calendar, 0)
    runner = Runner(structure, tile, in_memory)
    found = []
    for done in runner.settled(0, structure.size):
        amount = runner.out[9][: len(done.year)]
        found.append([column.copy() for column in (done.year, done.date, done.shock, amount)])
    year, date, shock, amount = (np.concatenate(column) for column in zip(*found, strict=True))
    return year, date, shock, amount


STEP = Step("INRE", 16.0, 1.2)


def test_counts_have_the_law_of_poisson_and_dates_are_uniform(book: Ready) -> None:
    rate, years, policies = 0.8, 2_000, 20
    year, date, _, _ = events_of(alike(book, policies=policies, rate=rate, years=years, step=STEP))
    counts = np.bincount(np.bincount(year, minlength=years))
    law = stats.poisson(rate * policies)
    edges = [0, 10, 12, 14, 16, 18, 20, 22, 10_000]
    seen = np.array([counts[a:b].sum() for a, b in pairwise(edges)])
    wanted = years * np.diff([law.cdf(edge - 1) for edge in edges])
    assert stats.chisquare(seen, wanted).pvalue > 0.001
    assert stats.kstest(date - year, "uniform").pvalue > 0.001


def test_years_of_a_higher_threat_level_have_the_more_events(book: Ready, dice: np.random.Generator) -> None:
    rate, years, policies = 2.0, 200, 20
    flat = alike(book, policies=policies, rate=rate, years=years, step=STEP)
    levels = np.exp(dice.normal(0, 0.8, years))
    year, date, _, _ = events_of(replace(flat, calendar=replace(flat.calendar, levels=levels)))
    expected = rate * policies * levels
    seen = np.bincount(year, minlength=years)
    assert stats.chi2(years).sf(float(((seen - expected) ** 2 / expected).sum())) > 0.001
    assert stats.kstest(date - year, "uniform").pvalue > 0.001


@pytest.mark.parametrize("chance", [0.9, 0.4, 0.07, 0.0004])
def test_a_shock_strikes_each_policy_with_its_chance(book: Ready, chance: float) -> None:
    years, policies = 1_000, 60
    date = np.arange(years) + 0.5
    lists = book.calendar.shocks.lists
    columns, scenarios = book.structures[0].columns, len(book.calendar.causes) - 6
    relief = columns.relief[columns.relief_of[0]]
    listed = [n for n in untied(book) if relief[n // (lists // scenarios)] == 1][-1]
    scenario = listed // (lists // scenarios)
    shocks = Shocks(
        date, np.full(years, scenario), np.full(years, listed), np.full(years, chance), ("",) * years, lists
    )
    _, when, shock, _ = events_of(alike(book, policies=policies, rate=0.0, years=years, step=STEP, shocks=shocks))
    assert (shock >= 0).all()
    assert (when == shock + 0.5).all()
    hits = np.bincount(shock, minlength=years)
    expected = policies * years * chance
    assert abs(len(shock) - expected) < 4 * np.sqrt(expected * (1 - chance))
    if chance > 0.05:
        spread = hits.var() / (policies * chance * (1 - chance))
        assert abs(spread - 1) < 5 * np.sqrt(2 / years)


def test_losses_have_the_limited_mean_of_their_closed_form(book: Ready) -> None:
    _, _, _, amount = events_of(alike(book, policies=50, rate=1.0, years=2_000, step=STEP))
    for limit in (3_000_000, 10_000_000, 50_000_000):
        cut = np.minimum(amount, limit).astype(np.float64)
        error = cut.std() / np.sqrt(len(cut))
        assert abs(cut.mean() - limited_mean(np.exp(16.0), 1.2, limit)) < 4 * error
    assert stats.kstest(np.log(amount), "norm", (16.0, 1.2)).pvalue > 0.001


def test_layers_of_the_simulated_years_add_up(book: Ready) -> None:
    totals = total(book).by_year
    edges = (0, 1_000_000, 20_000_000, 2**62)
    layers = [np.clip(totals - low, 0, high - low) for low, high in pairwise(edges)]
    assert np.array_equal(sum(layers), totals)


@pytest.mark.full
def test_years_beyond_one_tile_are_drawn_tile_by_tile(book: Ready) -> None:
    wide = alike(book, policies=3, rate=0.5, years=TILE_YEARS + 500, step=STEP)
    found = total_book(wide.calendar, wide.structures, 3)
    assert found.by_year[TILE_YEARS:].sum() > 0
    assert not np.array_equal(found.by_year[:500], found.by_year[TILE_YEARS:])
