"""The simulated book: the same bits in any order, one policy alone, and sums that meet from every side."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from tests.portfolio.conftest import SEED, YEARS, SmallBook

from ringwall.basics import Refusal, round_ratio
from ringwall.portfolio import (
    BookResult,
    PaidRows,
    by_cause,
    by_vendor,
    compile_book,
    gross_events,
    gross_view,
    net_view,
    policy_means,
    policy_totals,
    resimulate,
    retained_events,
    simulate_book,
    tail_by_policy,
)
from ringwall.risk import Peril, Relief, RiskProfile, draw_losses, frequency, profile_of
from ringwall.terms import EventColumns, settle_columns
from ringwall.treaty import AnnualStopLoss, EventExcess, Programme, QuotaShare, SubjectLoss, apply_programme


def same_bits(one: BookResult, other: BookResult) -> bool:
    columns = [(getattr(one.rows, name), getattr(other.rows, name)) for name in PaidRows.__slots__]
    equal = all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in columns)
    return equal and one.numbers == other.numbers and one.refusals == other.refusals


def test_the_small_book_has_years_with_and_without_losses_and_a_common_shock(small: SmallBook) -> None:
    totals = small.result.totals
    assert 0 < np.count_nonzero(totals) < YEARS
    assert (small.result.rows.event >= 0).any()
    assert (small.result.rows.payable > 0).all()


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_order_of_policies_and_size_of_blocks_change_no_bit(small: SmallBook, block: int) -> None:
    shuffled = list(small.policies)
    Random(block).shuffle(shuffled)
    other = simulate_book(shuffled, small.terms, small.model, YEARS, SEED, block=block)
    assert same_bits(small.result, other)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_changes_no_bit(small: SmallBook, kind: type[Executor]) -> None:
    with kind(2) as executor:  # type: ignore[call-arg]
        other = simulate_book(small.policies, small.terms, small.model, YEARS, SEED, executor=executor, block=9)
    assert same_bits(small.result, other)


def test_another_seed_gives_another_book(small: SmallBook) -> None:
    other = simulate_book(small.policies, small.terms, small.model, YEARS, SEED + 1)
    assert not same_bits(small.result, other)


def test_a_changed_policy_simulates_alone_and_equals_the_run_of_the_whole_changed_book(small: SmallBook) -> None:
    changed = replace(small.policies[5], relativity=Fraction(3))
    book = [changed if p.number == changed.number else p for p in small.policies]
    whole = simulate_book(book, small.terms, small.model, YEARS, SEED)
    assert same_bits(resimulate(small.result, [changed], small.terms, small.model), whole)
    others = [n for n in small.result.numbers if n != changed.number]
    assert all(policy_totals(whole)[n] == policy_totals(small.result)[n] for n in others)


def test_a_policy_that_joins_or_leaves_moves_no_other(small: SmallBook) -> None:
    *rest, last = small.policies
    without = simulate_book(rest, small.terms, small.model, YEARS, SEED)
    assert same_bits(resimulate(without, [last], small.terms, small.model), small.result)
    assert same_bits(resimulate(small.result, [], small.terms, small.model, removed=[last.number]), without)


def test_a_frequency_three_times_as_high_costs_more(small: SmallBook) -> None:
    dearer = [replace(policy, relativity=policy.relativity * 3) for policy in small.policies]
    assert simulate_book(dearer, small.terms, small.model, YEARS, SEED).totals.sum() > small.result.totals.sum()


def test_no_event_and_no_year_of_a_policy_exceeds_its_limits(small: SmallBook) -> None:
    """Mitigation and cause finding stand on top (Insurance Law 57, 64): at most one more event limit and the amount."""
    rows = small.result.rows
    plain = [policy for policy in small.policies if policy.number in small.terms]
    on_top = {p.number: small.terms[p.number].nodes[small.terms[p.number].statutory].high for p in plain}
    for place, policy in enumerate(small.result.policies):
        most = rows.payable[rows.policy == place].max(initial=0)
        assert most <= policy.event_limit_minor + on_top[policy.number]


def test_the_views_of_the_book_meet_in_one_sum(small: SmallBook) -> None:
    result = small.result
    whole = int(result.totals.sum())
    events = gross_events(result)
    assert whole == sum(policy_totals(result).values()) == int(events.amount.sum())
    assert sum(policy_means(result).values()) == Fraction(whole, YEARS)
    assert abs(sum(by_cause(result).values()) - round_ratio(whole, YEARS)) <= len(result.causes)
    assert set(by_vendor(result)) <= set(small.model.vendor_shares)


def test_largest_event_is_at_most_the_year_and_oep_at_most_aep(small: SmallBook) -> None:
    assert (small.result.largest <= small.result.totals).all()
    found = gross_view(small.result).measures
    for aep, oep in zip(found.aep, found.oep, strict=True):
        assert (oep.loss_minor or 0) <= (aep.loss_minor or 0)


def test_a_common_shock_is_one_event_over_its_policies(small: SmallBook) -> None:
    rows = small.result.rows
    events = gross_events(small.result)
    shared = len(set(rows.event[rows.event >= 0].tolist()))
    assert len(events.amount) == shared + int((rows.event < 0).sum())
    assert events.paying.max() > 1


def test_the_tail_given_back_to_policies_sums_to_tvar(small: SmallBook) -> None:
    parts = tail_by_policy(small.result)
    assert parts.keys() == set(small.result.numbers)
    assert sum(parts.values()) == gross_view(small.result).measures.tvar99_minor


PROGRAMME = Programme(
    (
        (QuotaShare("Q", Fraction(3, 10)),),
        (EventExcess("L", 50_000_000, 100_000_000, Fraction(4, 5), 1_000_000, (Fraction(1),)),),
        (AnnualStopLoss("S", 200_000_000, 300_000_000, Fraction(9, 10)),),
    )
)


def test_net_years_equal_the_exact_treaties_applied_year_by_year(small: SmallBook) -> None:
    events = retained_events(small.result)
    expected = []
    for begin, end in zip(events.starts, events.starts[1:], strict=False):
        pairs = zip(events.amount[begin:end].tolist(), events.paying[begin:end].tolist(), strict=True)
        expected.append(sum(n.net_minor for n in apply_programme(PROGRAMME, [SubjectLoss(*pair) for pair in pairs])))
    view = net_view(small.result, PROGRAMME)
    assert view.totals.tolist() == expected
    assert view.recoveries_minor["L"] > 0
    assert (view.totals <= small.result.totals).all()


def test_without_treaties_and_shares_net_is_gross(small: SmallBook) -> None:
    own = [replace(policy, ceded=Fraction(0)) for policy in small.policies]
    result = simulate_book(own, small.terms, small.model, YEARS, SEED)
    assert np.array_equal(net_view(result, Programme(())).totals, result.totals)


def test_what_others_share_stays_within_half_a_fen_of_a_policy_year(small: SmallBook) -> None:
    shared = [replace(policy, ceded=Fraction(1, 3)) for policy in small.policies]
    rows = simulate_book(shared, small.terms, small.model, YEARS, SEED).rows
    names = ("policy", "year", "payable", "retained")
    ceded: dict[tuple[int, int], Fraction] = {}
    for policy, year, paid, kept in zip(*(getattr(rows, n).tolist() for n in names), strict=True):
        ceded[policy, year] = ceded.get((policy, year), Fraction(0)) + paid - kept - Fraction(paid, 3)
    assert all(abs(rest) <= Fraction(1, 2) for rest in ceded.values())


def test_a_policy_is_exposed_only_while_it_is_in_force(small: SmallBook) -> None:
    later = date(2026, 10, 9)
    rows = simulate_book(small.policies, small.terms, small.model, YEARS, SEED, as_at=later).rows
    for place, policy in enumerate(small.result.policies):
        left = Fraction((policy.last_day - later).days, 365)
        assert rows.time[rows.policy == place].max(initial=0) < left


def test_a_policy_that_cannot_run_is_refused_and_the_others_go_on(small: SmallBook) -> None:
    first, second, *rest = small.policies
    farm = replace(first, organisation=replace(first.organisation, industry="farming"))
    result = simulate_book([farm, replace(second, number="P-NEW"), *rest], small.terms, small.model, YEARS, SEED)
    assert {(r.code, r.where) for r in result.refusals} == {
        ("industry_unknown", first.number),
        ("terms_missing", "P-NEW"),
    }
    assert policy_totals(result)["P-NEW"] == policy_totals(result)[first.number] == 0
    assert all(policy_totals(result)[p.number] == policy_totals(small.result)[p.number] for p in rest)


def test_policies_with_the_same_schedule_share_one_graph(small: SmallBook) -> None:
    assert len({id(terms) for terms in small.terms.values()}) <= 4


def test_a_row_that_the_product_cannot_carry_is_refused(small: SmallBook) -> None:
    products = {(small.product.code, small.product.version): small.product}
    first = small.policies[0]
    rows = [
        replace(first, number="P-1", product="household"),
        replace(first, number="P-2", parts=first.parts[1:]),
        replace(first, number="P-3", waiting_hours=500),
    ]
    compiled = compile_book(rows, products)
    assert compiled.terms == {}
    found = [(refusal.code, refusal.where.split()[0]) for refusal in compiled.refusals]
    assert found == [("product_unknown", "P-1"), ("parts_differ", "P-2"), ("schedule_range", "P-3")]
    assert all(isinstance(refusal, Refusal) for refusal in compiled.refusals)


def test_the_mean_of_the_years_is_frequency_times_the_mean_of_single_events(small: SmallBook) -> None:
    """A slower twin: the same policy priced event by event, each event in a period of its own, from other draws."""
    policy, years = replace(small.policies[1], relativity=Fraction(2)), 20_000
    terms, model = small.terms[policy.number], small.model
    profile = profile_of(model, policy.organisation)
    assert isinstance(profile, RiskProfile)
    rates = frequency(model, profile)
    rows = simulate_book([policy], small.terms, model, years, SEED).rows
    own = rows.only(rows.event < 0)
    expected = variance = 0.0
    for peril in Peril:
        drawn = draw_losses(model, profile, peril, 20_000, seed=7)
        kept = {name: column for name, column in drawn.subject.items() if name in (*terms.columns, *terms.optional)}
        spans = {node.name: (node.low, node.high) for node in terms.nodes}
        inside = {name: np.clip(column, *spans[name]) for name, column in kept.items()}
        outcome = settle_columns(terms, EventColumns(drawn.period, inside), {})
        paid = (outcome.contract + outcome.statutory).astype(float)
        expected += 2 * rates[peril] * float(paid.mean())
        variance += 2 * rates[peril] * float((paid**2).mean())
    standard_error = (variance / years) ** 0.5
    assert abs(own.payable.sum() / years - expected) < 4 * standard_error < expected / 2


def test_better_controls_are_struck_by_fewer_worms(small: SmallBook) -> None:
    """The same random numbers with a lower chance: the policies struck are a subset of those struck before."""
    half = Relief((), {"S5": 0.5})
    relieved = [replace(policy, relief=half) for policy in small.policies]
    other = simulate_book(relieved, small.terms, small.model, 20 * YEARS, SEED).rows
    plain = simulate_book(small.policies, small.terms, small.model, 20 * YEARS, SEED).rows
    worms = [place for place, cause in enumerate(small.result.causes) if cause.startswith("S5")]
    before, after = (int(np.isin(rows.cause, worms).sum()) for rows in (plain, other))
    assert 0 < after < before
