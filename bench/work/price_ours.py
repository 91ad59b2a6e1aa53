"""Our side of `bench price`: the plain case, the whole price of a factory, and a grid of options."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import numpy as np  # noqa: E402
from scipy.special import ndtr  # noqa: E402
from tests.price.priced_case import JIANGKOU, finding, standing  # noqa: E402

from ringwall.catalogue import read_folder  # noqa: E402
from ringwall.evidence import Standing  # noqa: E402
from ringwall.price import (  # noqa: E402
    Offer,
    PricingBasis,
    fixes,
    option,
    parse_rates,
    prepare,
    price_risk,
    with_each,
    with_terms,
    year_of,
)
from ringwall.price.compound import (  # noqa: E402
    AnnualLoss,
    Floats,
    Grid,
    Layer,
    Period,
    Poisson,
    Source,
    compound,
    layer_masses,
)
from ringwall.product import compile_schedule, make_schedule, parse_product  # noqa: E402
from ringwall.risk import FILES, parse_model, relief_steps  # noqa: E402

SIGMA = math.sqrt(math.log(10))
LN_MEDIAN = math.log(250_000) - SIGMA * SIGMA / 2
CHANCES = (0.5, 0.75, 0.9, 0.95, 0.99)
REPEATS = 15
HELD = ("mfa_remote", "edr", "offline_backup", "patch_critical", "remote_access_closed")
BROKEN = ("hardening", "network_segmentation", "restore_test", "logging")
LIMITS = tuple(million * 100_000_000 for million in (1, 2, 3, 4, 5))
RETENTIONS = tuple(thousand * 100_000 for thousand in (50, 100, 200, 300))
LINES = (Fraction(1), Fraction(40, 100), Fraction(35, 100), Fraction(25, 100), Fraction(10, 100))


def survival(amounts: Floats) -> Floats:
    return np.asarray(ndtr((LN_MEDIAN - np.log(amounts)) / SIGMA))


def plain_year() -> AnnualLoss:
    grid = Grid(500.0, 1 << 16)
    return compound([Source(Poisson(0.8), layer_masses(survival, Layer(2e6, 5e4), grid))], grid, Period(3e6))


def plain() -> tuple[float, list[float], float]:
    year = plain_year()
    return year.mean, [year.quantile(chance) for chance in CHANCES], year.tail_mean(0.99)


def mean_and_quantiles() -> tuple[float, list[float]]:
    year = plain_year()
    return year.mean, [year.quantile(chance) for chance in CHANCES]


def milliseconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The best of several: what the work takes when nobody else is at the table."""
    found = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found) * 1e3


def main() -> None:
    expected, quantiles, tail_mean = plain()
    answer = {"expected": expected, "quantiles": quantiles, "tail_mean": tail_mean}
    times = {"plain_ms": milliseconds(plain), "mean_and_quantiles_ms": milliseconds(mean_and_quantiles)}
    print(json.dumps({**answer, **times, **whole_price()}))


def whole_price() -> dict[str, float]:
    """From kept draws: price, waterfall, fix list and year at 2^16 points; then other terms; then the options."""
    model = parse_model({name: text for name, text in read_folder("models", "2026-01").items() if name in FILES})
    filed = parse_rates(read_folder("rates")["enterprise-cyber-2026-01.yaml"])
    product = parse_product(read_folder("products", "enterprise-cyber", "2026-07"))

    def terms(**choices: int) -> object:
        return compile_schedule(product, make_schedule(product, choices))  # type: ignore[arg-type]

    default = terms()
    offer = Offer(product.code, product.version, default, default)  # type: ignore[union-attr, arg-type]
    quoted = prepare(model, filed, offer, JIANGKOU)  # type: ignore[arg-type]
    fine = prepare(model, replace(filed, points=1 << 16), offer, JIANGKOU)  # type: ignore[arg-type, type-var]
    assert isinstance(quoted, PricingBasis)
    assert isinstance(fine, PricingBasis)
    standings = [standing(c, Standing.HELD) for c in HELD] + [standing(c, Standing.BROKEN) for c in BROKEN]
    findings = [finding("unauthenticated_store"), finding("rdp_exposed", "gw:3389")]
    steps = relief_steps(fine.model, standings, findings)

    def full() -> object:
        priced = price_risk(fine, steps)
        year = year_of(fine, priced.relief)  # type: ignore[union-attr]
        assert year is not None
        figures = year.mean, [year.quantile(chance) for chance in CHANCES], year.tail_mean(0.99)
        return priced, figures, fixes(fine, standings, findings)

    def options() -> object:
        schedules = (terms(event_limit=limit, npbi_deductible=kept) for limit in LIMITS for kept in RETENTIONS)
        priced = [option(basis, steps) for basis in with_each(quoted, schedules)]  # type: ignore[arg-type]
        return [(each, each.line_minor(line)) for each in priced for line in LINES]

    assert len(options()) == 100  # type: ignore[arg-type]
    return {
        "full_ms": milliseconds(full),
        "other_terms_ms": milliseconds(lambda: with_terms(fine, default)),  # type: ignore[arg-type]
        "grid100_ms": milliseconds(options, 5),
    }


if __name__ == "__main__":
    main()
