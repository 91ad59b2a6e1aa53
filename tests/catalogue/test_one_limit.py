"""One limit changed in a copy of a product, in its text alone: quote, claim, simulation and booklet all say it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.catalogue.shelf import texts
from tests.price.priced_case import JIANGKOU

from ringwall.catalogue import read_folder
from ringwall.price import FiledRates, Offer, PricedRisk, PricingBasis, parse_rates, prepare, price_risk
from ringwall.product import (
    Booklet,
    PastLoss,
    Product,
    backtest,
    compile_schedule,
    make_booklet,
    make_schedule,
    parse_product,
    product_difference,
    run_example,
)
from ringwall.risk import FILES, RiskModel, parse_model, relief_steps
from ringwall.shell.cli.products.simulated import simulate_both
from ringwall.terms import CompiledTerms, Outcome

OLD, NEW = 200_000_000, 60_000_000
ONE = "  unit: minor\n  value: 200000000\n  min: 1000000\n  max: 5000000000"


@dataclass(frozen=True)
class Copy:
    """A product with what follows from it."""

    product: Product
    terms: CompiledTerms


@cache
def copy(npbi_limit: int) -> Copy:
    files = dict(texts("enterprise-cyber/2026-01"))
    path = "parameters/interruption.yaml"
    assert files[path].count(ONE) == 1
    files[path] = files[path].replace(ONE, ONE.replace("200000000", str(npbi_limit)))
    product = parse_product(files)
    assert isinstance(product, Product), product
    terms = compile_schedule(product, make_schedule(product, {}))  # type: ignore[arg-type]
    assert isinstance(terms, CompiledTerms)
    return Copy(product, terms)


@cache
def model() -> RiskModel:
    found = parse_model({name: text for name, text in read_folder("models", "2026-01").items() if name in FILES})
    assert isinstance(found, RiskModel)
    return found


def quoted(one: Copy) -> PricedRisk:
    rates = parse_rates(read_folder("rates")["enterprise-cyber-2026-01.yaml"])
    assert isinstance(rates, FiledRates)
    offer = Offer(one.product.code, one.product.version, one.terms, one.terms)
    basis = prepare(model(), rates, offer, JIANGKOU)
    assert isinstance(basis, PricingBasis)
    price = price_risk(basis, relief_steps(basis.model, (), ()))
    assert isinstance(price, PricedRisk)
    return price


def ransomware(one: Copy) -> Outcome:
    example = next(e for e in one.product.examples if e.name.en.startswith("Ransomware at a factory"))
    found = run_example(one.product, example)
    assert isinstance(found, Outcome)
    return found


def test_the_quote_says_it() -> None:
    assert quoted(copy(NEW)).technical_net_minor < quoted(copy(OLD)).technical_net_minor


def test_the_claim_says_it() -> None:
    """The interruption of 94,800,000 fen is now paid up to 60,000,000; nothing else moves."""
    before, after = ransomware(copy(OLD)), ransomware(copy(NEW))
    paid = {part.part: (part.payable.low, new.payable.low) for part, new in zip(before.parts, after.parts, strict=True)}
    assert paid["NPBI"] == (94_800_000, 60_000_000)
    assert before.contract.low - after.contract.low == 34_800_000
    assert {part for part, (old, new) in paid.items() if old != new} == {"NPBI"}


def test_the_simulation_says_it_to_the_fen() -> None:
    rows = simulate_both(model(), copy(OLD).terms, copy(NEW).terms, 4_000, 7)
    lost = sum(row.lost_minor for row in rows)
    assert lost > 0
    assert sum(row.gained_minor for row in rows) == 0
    assert sum(row.before_minor - row.after_minor for row in rows) == lost
    assert all(row.difference_minor == row.gained_minor - row.lost_minor for row in rows)


def test_the_booklet_says_it_in_both_languages() -> None:
    for language in ("zh", "en"):
        old, new = (make_booklet(copy(limit).product, language) for limit in (OLD, NEW))  # type: ignore[arg-type]
        assert isinstance(old, Booklet)
        assert isinstance(new, Booklet)
        moved = [(a[1], b[1]) for a, b in zip(old.numbers, new.numbers, strict=True) if a != b]
        assert moved == [(OLD, NEW)]
        examples = [(a, b) for a, b in zip(old.examples, new.examples, strict=True) if a.payable != b.payable]
        assert examples
        assert all(a.payable.low > b.payable.low for a, b in examples)


def test_the_difference_names_it_as_a_loss_to_the_policyholder() -> None:
    found = product_difference(copy(OLD).product, copy(NEW).product)
    assert [(n.name, n.before, n.after, n.side.value) for n in found.numbers] == [("npbi_limit", OLD, NEW, "loses")]
    assert found.clauses == ()
    assert found.examples
    assert {example.side.value for example in found.examples} == {"loses"}


def test_the_backtest_sums_to_the_fen() -> None:
    events = [example.event for example in copy(OLD).product.examples if not example.expect.refused]
    losses = [PastLoss(f"P{number % 7}", event) for number, event in enumerate(events)]
    found = backtest(copy(OLD).terms, copy(NEW).terms, losses)
    assert found.refusals == ()
    assert found.before_minor - found.after_minor == found.lost_minor - found.gained_minor
    assert found.before_minor == sum(loss.before.low for loss in found.losses)
    assert found.lost_minor > 0
