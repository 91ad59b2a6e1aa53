"""Random OED cyber accounts and losses. Amounts are multiples of 0.25 below 2**22: float32 holds each exactly."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ringwall.product.interchange import COVERAGES

QUARTERS = 4
TOP = 4_000_000
EVENTS = range(1, 7)
SHARES = ("", "1", "0.5", "0.25", "0.1", "0.125", "0.0375", "0.333333", "0.9999")
FIXED = {
    "PortNumber": "P",
    "AccCurrency": "CNY",
    "PolPerilsCovered": "CC1",
    "PolInceptionDate": "2026-01-01",
    "PolExpiryDate": "2026-12-31",
    "OEDVersion": "4.0.0",
    "AnnualRevenue": "50000000",
    "AnnualRevenueCurrency": "CNY",
    "IndustryScheme1": "NAICS",
    "IndustryCode1": "445110",
    "CompanyIDScheme1": "DUNS",
    "CompanyIDCode1": "1",
}
Row = dict[str, str]


class Loss(NamedTuple):
    account: str
    coverage: int
    event: int
    quarters: int
    """The loss in quarters of the currency's unit."""


def written(quarters: int) -> str:
    """0.25 at a time, in decimals."""
    return f"{quarters / QUARTERS:.2f}"


def some(rng: random.Random, low: int, high: int, often: float) -> str:
    """An amount, or nothing, so that every shape of account comes up."""
    return written(rng.randint(low * QUARTERS, high * QUARTERS)) if rng.random() < often else ""


def random_accounts(rng: random.Random, count: int) -> list[Row]:
    """One to two policies an account and one to three layers a policy; policy terms are the same on all its layers."""
    found = []
    for number in range(1, count + 1):
        for policy in range(1, rng.choice([1, 1, 1, 2]) + 1):
            base = FIXED | {
                "AccNumber": f"A{number}",
                "PolNumber": f"A{number}-{policy}",
                "InsuredName": f"Firm {number}",
            }
            base |= {"PolDed": some(rng, 1, 60_000, 0.7)}
            for code, _ in COVERAGES.values():
                base |= {f"PolDed{code}": some(rng, 1, 50_000, 0.5), f"PolLimit{code}": some(rng, 1, 900_000, 0.5)}
            for layer in range(1, rng.choice([1, 1, 2, 3]) + 1):
                found.append(base | layer_terms(rng, layer))
    return found


def layer_terms(rng: random.Random, layer: int) -> Row:
    attachment = some(rng, 1, 500_000, 0.6) if layer == 1 else some(rng, 200_000, 1_500_000, 1.0)
    return {
        "LayerNumber": str(layer),
        "LayerAttachment": attachment,
        "LayerLimit": some(rng, 1_000, 2_000_000, 0.8),
        "LayerParticipation": rng.choice(SHARES),
    }


def random_losses(rng: random.Random, rows: Sequence[Mapping[str, str]]) -> list[Loss]:
    """For each account some events with some coverages hit: anything, or an amount at and beside one of its terms."""
    found = []
    for account in dict.fromkeys(row["AccNumber"] for row in rows):
        edges = edges_of([row for row in rows if row["AccNumber"] == account])
        for event in EVENTS:
            for coverage in rng.sample(list(COVERAGES), rng.choice([1, 1, 2, 3, 5, 9])):
                size = int(min(10 ** rng.uniform(2, 6.7), TOP) * QUARTERS)
                quarters = rng.choice(edges) + rng.choice([-1, 0, 1]) if edges and rng.random() < 0.4 else size
                found.append(Loss(account, coverage, event, max(quarters, 1)))
    return found


def edges_of(rows: Sequence[Mapping[str, str]]) -> list[int]:
    """Every amount of the account, and every deductible together with the limit after it."""
    amounts = [
        text for row in rows for name, text in row.items() if name.startswith(("PolDed", "PolLimit", "LayerAtt"))
    ]
    found = {int(float(text) * QUARTERS) for text in amounts if text}
    for row in rows:
        for code, _ in COVERAGES.values():
            pair = row[f"PolDed{code}"], row[f"PolLimit{code}"]
            if all(pair):
                found.add(sum(int(float(text) * QUARTERS) for text in pair))
    return sorted(edge for edge in found if edge < TOP * QUARTERS)
