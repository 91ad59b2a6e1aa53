"""Writes docs/samples/exposure.csv and docs/samples/claims.csv: five years of an invented book, drawn from the model.

Ransomware is drawn half again as often as the model says and fraud a third dearer, so that a refit finds something.
Run it to write the files again; `--check` says whether they are what it writes.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from ringwall.catalogue import read_folder
from ringwall.risk import Peril, RiskModel, Territory, parse_model, stream
from ringwall.risk.fitting import CLAIM_COLUMNS, COMPONENTS, EXPOSURE_COLUMNS, Exposed
from ringwall.risk.fitting.refit import expected_size

SAMPLES = Path(__file__).parents[1] / "docs" / "samples"
POLICIES, YEARS, FIRST_YEAR, SEED = 1_000, 5, 2021, 20_261_125
INDUSTRIES = ("manufacturing", "information", "retail", "professional_services", "healthcare", "average")
REVENUES = (20, 50, 100, 200, 500, 1_000, 3_000)
MOVED = {"frequency.RAN": 1.5, "severity.FTF.FIN.median": 1.33}
DEDUCTIBLE, LIMIT, WAITING = 10_000, 1_000_000, 12


def moved(model: RiskModel) -> RiskModel:
    """The world of the sample: the model with a few numbers changed."""
    parameters = tuple(replace(p, value=p.value * MOVED.get(p.name, 1.0)) for p in model.parameters)
    return replace(model, parameters=parameters)


def policies() -> Iterator[Exposed]:
    dice = stream(SEED, "policies")
    for n in range(POLICIES):
        revenue = float(REVENUES[int(dice.integers(len(REVENUES)))]) * 1e6
        first = date(FIRST_YEAR, 1, 1) + timedelta(days=int(dice.integers(365)))
        last = date(FIRST_YEAR + YEARS, 1, 1)
        relativity = float(np.round(np.exp(0.3 * dice.standard_normal()), 2))
        industry = INDUSTRIES[n % len(INDUSTRIES)]
        yield Exposed(f"SYN-P-{n:04}", Territory.CHINA, industry, revenue, first, last, relativity)


def claims(model: RiskModel, held: list[Exposed]) -> Iterator[tuple[object, ...]]:
    numbers, number = model.numbers(Territory.CHINA), 0
    cv = numbers["frequency.year_level.cv"]
    levels = stream(SEED, "years").gamma(1 / cv**2, cv**2, YEARS)
    for policy in held:
        dice = stream(SEED, policy.policy)
        for year in range(YEARS):
            for peril in Peril:
                mean = numbers[f"frequency.{peril}"] * expected_size(numbers, policy)
                for _ in range(dice.poisson(mean * levels[year] * policy.years_in(FIRST_YEAR + year))):
                    begins = max(policy.first_day, date(FIRST_YEAR + year, 1, 1))
                    room = (date(FIRST_YEAR + year + 1, 1, 1) - begins).days
                    on = begins + timedelta(days=int(dice.integers(room)))
                    number += 1
                    yield from rows(model, policy, f"SYN-C-{number:04}", on, peril, dice)


def rows(
    model: RiskModel, policy: Exposed, claim: str, on: date, peril: Peril, dice: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    """The claim itself, and each component that exceeded its deductible, cut at its limit."""
    numbers = model.numbers(Territory.CHINA)
    yield claim, policy.policy, on, peril, "", "", "", ""
    for code, component in COMPONENTS.items():
        if component.peril is not peril:
            continue
        seen = component.observed(numbers)
        size = policy.revenue / numbers["reference.revenue"]
        loss = float(np.exp(seen.mu + seen.sigma * dice.standard_normal()) * size**seen.elasticity)
        deductible = WAITING if component.hours else DEDUCTIBLE
        limit = "" if component.hours else LIMIT
        if loss > deductible:
            most = loss if component.hours else min(loss, deductible + LIMIT)
            yield claim, policy.policy, on, peril, code, round(most, 2), deductible, limit


def files() -> dict[str, str]:
    model = parse_model(read_folder("models", "2026-01"))
    assert isinstance(model, RiskModel), model
    held = list(policies())
    exposure = [(e.policy, "CN-ZJ", e.industry, round(e.revenue), e.first_day, e.last_day, e.relativity) for e in held]
    return {
        "exposure.csv": written(EXPOSURE_COLUMNS, exposure),
        "claims.csv": written(CLAIM_COLUMNS, list(claims(moved(model), held))),
    }


def written(columns: tuple[str, ...], lines: Sequence[tuple[object, ...]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, *lines])
    return text.getvalue()


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        stale = [name for name, text in files().items() if (SAMPLES / name).read_text(encoding="utf-8") != text]
        print("\n".join(f"{name} is not what this tool writes" for name in stale) or "the samples are fresh")
        return 1 if stale else 0
    for name, text in files().items():
        (SAMPLES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
