"""Differences, backtests and drafts, on a small product that the draft itself gives."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ringwall.basics import Refusal, Words
from ringwall.catalogue import read_folder
from ringwall.product import (
    Change,
    PastLoss,
    Product,
    Side,
    backtest,
    check_product,
    compile_schedule,
    draft_product,
    event_from_mapping,
    make_schedule,
    mutation_report,
    parse_product,
    product_difference,
)
from ringwall.terms import CompiledTerms, LossEvent

DRAFT = draft_product(read_folder("skeleton"), "small-cyber", "2026-09", Words("小产品", "Small"), date(2026, 9, 1))


def texts() -> dict[str, str]:
    assert isinstance(DRAFT, dict), DRAFT
    return dict(DRAFT)


def read(files: dict[str, str]) -> Product:
    found = parse_product(files)
    assert isinstance(found, Product), found
    return found


def changed(path: str, before: str, after: str) -> Product:
    files = texts()
    assert files[path].count(before) == 1
    return read({**files, path: files[path].replace(before, after)})


def terms_of(product: Product) -> CompiledTerms:
    found = compile_schedule(product, make_schedule(product, {}))  # type: ignore[arg-type]
    assert isinstance(found, CompiledTerms)
    return found


def data_loss(name: str, amount: int) -> LossEvent:
    found = event_from_mapping(
        {
            "name": name,
            "facts": {"discovered_at": "2026-10-01T09:00:00+08:00"},
            "items": [{"name": "data", "part": "DIAS", "amount_minor": amount, "facts": {"kind": "data_restoration"}}],
        }
    )
    assert isinstance(found, LossEvent)
    return found


def test_a_draft_is_good_from_the_first_check() -> None:
    report = check_product(texts())
    assert report.good
    assert report.coverage == Fraction(1)
    assert report.product
    assert (report.product.code, report.product.filing.status.value) == ("small-cyber", "draft")


@pytest.mark.parametrize(("code", "version"), [("Small", "2026-09"), ("small-cyber", "9"), ("../small", "2026-09")])
def test_a_draft_with_a_bad_name_is_refused(code: str, version: str) -> None:
    found = draft_product(read_folder("skeleton"), code, version, Words("甲", "a"), date(2026, 9, 1))
    assert isinstance(found, Refusal)
    assert found.code == "product_name"


def test_an_edition_does_not_differ_from_itself() -> None:
    found = product_difference(read(texts()), read(texts()))
    assert found.nothing
    assert found.examples == ()


def test_a_higher_deductible_loses_and_a_higher_limit_gains() -> None:
    old = read(texts())
    worse = changed(
        "parameters/numbers.yaml", "unit: minor, value: 1000000, min: 0", "unit: minor, value: 1500000, min: 0"
    )
    better = changed("parameters/numbers.yaml", "value: 40000000", "value: 45000000")
    assert [(n.name, n.side) for n in product_difference(old, worse).numbers] == [("dias_deductible", Side.LOSES)]
    assert [(n.name, n.side) for n in product_difference(old, better).numbers] == [("event_limit", Side.GAINS)]
    assert {e.side for e in product_difference(old, worse).examples} == {Side.LOSES}
    assert {e.side for e in product_difference(old, better).examples} == {Side.GAINS}


def test_a_reworded_clause_and_one_that_acts_otherwise_are_told_apart() -> None:
    old = read(texts())
    reworded = changed("wording.en.md", "We pay the cost of containing the event.", "We pay what containing costs.")
    spares = 'excepts: "2.2", when: {fact: prior_consent, is: '
    acts = changed("terms.yaml", f"{spares}yes}}", f"{spares}no}}")
    assert [(c.number, c.change) for c in product_difference(old, reworded).clauses] == [("1.1", Change.REWORDED)]
    assert [(c.number, c.change) for c in product_difference(old, acts).clauses] == [("2.3", Change.ACTS_OTHERWISE)]


def test_each_policy_erodes_its_own_limits_on_each_side() -> None:
    """40 million an event and 80 million in all; under the other terms 60 million in all. Losses of 41 million each."""
    old = terms_of(read(texts()))
    new = terms_of(changed("parameters/numbers.yaml", "value: 80000000", "value: 60000000"))
    losses = [PastLoss(policy, data_loss(f"{policy}-{n}", 31_000_000)) for n in range(3) for policy in ("A", "B")]
    found = backtest(old, new, losses)
    assert [(p.policy, p.losses, p.before_minor, p.after_minor) for p in found.policies] == [
        ("A", 3, 80_000_000, 60_000_000),
        ("B", 3, 80_000_000, 60_000_000),
    ]
    assert (found.before_minor, found.after_minor) == (160_000_000, 120_000_000)
    assert (found.gained_minor, found.lost_minor) == (0, 40_000_000)


def test_a_loss_that_cannot_be_settled_is_named_and_left_out() -> None:
    terms = terms_of(read(texts()))
    found = backtest(terms, terms, [PastLoss("A", data_loss("too large", 10**17)), PastLoss("A", data_loss("one", 5))])
    assert [refusal.code for refusal in found.refusals] == ["amount_above_maximum"]
    assert [loss.event for loss in found.losses] == ["one"]


def test_a_survivor_names_the_clause_that_no_example_watches() -> None:
    """The draft has no example of a single part at its limit, so that a wrong limit of that part goes unseen."""
    report = mutation_report(read(texts()))
    assert report.tried == report.noticed + len(report.survivors)
    assert report.score < Fraction(9, 10)
    assert all(survivor.clause and survivor.says.zh for survivor in report.survivors)


def test_a_further_example_raises_the_score() -> None:
    further = {
        "more.yaml": """
- name: {zh: 终止时刻发现, en: Discovered at the end}
  given:
    event:
      facts: {discovered_at: "2027-09-01T00:00:00+08:00"}
      items:
        - {name: data, part: DIAS, amount_minor: 5000000, facts: {kind: data_restoration}}
  expect: {payable: 0, verdicts: {data: excluded}}
"""
    }
    plain, more = parse_product(texts()), parse_product(texts(), further)
    assert isinstance(plain, Product)
    assert isinstance(more, Product)
    assert more.sha256 == plain.sha256
    assert mutation_report(more).noticed > mutation_report(plain).noticed
