"""Which places a vulnerability touches: products seen at places, matched by identity, with how sure each look was.

A product that shows itself is a banner: a match gives a notice and a referral, never a price (docs/decisions/0010). Its
version decides nothing here, because a distribution repairs a hole under the old version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.evidence.finding import MatchBasis, Observation, ScanResult
from ringwall.evidence.vulnerability import KnownExploited


@dataclass(frozen=True, slots=True)
class ProductRule:
    """One product: what the catalogue calls it, and by which words of a probe it is recognised."""

    identity: str
    vendor: str
    words: tuple[str, ...]
    shown: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SeenProduct:
    """A product at one place of an insured; the version is what it says of itself and may be empty."""

    identity: str
    asset: str
    locator: str
    version: str
    basis: MatchBasis
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Touched:
    """A policy, and the places of its insured at which the product of a vulnerability was seen."""

    policy: str
    places: tuple[SeenProduct, ...]


def parse_products(text: str, where: str) -> tuple[ProductRule, ...] | Refusal:
    """The rules of `products.yaml`, or what is wrong with the file."""
    try:
        rows: Mapping[str, Mapping[str, Any]] = read_yaml(text)["products"]
        return tuple(
            ProductRule(identity, row["vendor"], tuple(row["words"]), re.compile(row["shown"], re.IGNORECASE))
            for identity, row in rows.items()
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as fault:
        return refuse(
            "products_faulty",
            where,
            zh=f"产品表有误（{fault}）；请按文件开头的说明更正。",
            en=f"The table of products is faulty ({fault}); correct it as its first lines say.",
        )


def seen_products(observations: Iterable[Observation], rules: Iterable[ProductRule]) -> tuple[SeenProduct, ...]:
    """What shows itself at each place, by the newest look that shows it."""
    known, found = tuple(rules), dict[tuple[str, str, str], SeenProduct]()
    for seen in sorted((each for each in observations if each.detail), key=lambda each: each.seen_at):
        for rule in known:
            if (shown := rule.shown.search(seen.detail)) is not None:
                version = (shown[1] or "") if rule.shown.groups else ""
                place = (rule.identity, seen.asset, seen.locator)
                found[place] = SeenProduct(*place, version, MatchBasis.BANNER, seen.seen_at)
    return tuple(found[place] for place in sorted(found))


def standing_observations(results: Iterable[ScanResult]) -> tuple[Observation, ...]:
    """What still stands after all scans, oldest first: a place that was looked at again says what it said last."""
    standing: list[Observation] = []
    for result in results:
        settled = result.settled()
        standing = [seen for seen in standing if (seen.probe, seen.asset, seen.locator) not in settled]
        standing += result.observations
    return tuple(standing)


def identities_of(entry: KnownExploited, rules: Iterable[ProductRule]) -> tuple[str, ...]:
    """The products of the table that an entry of the catalogue is about; none where the table does not have it."""
    product = entry.product.casefold()
    return tuple(
        rule.identity
        for rule in rules
        if rule.vendor.casefold() == entry.vendor.casefold() and any(_names(word, product) for word in rule.words)
    )


def _names(word: str, product: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word.casefold())}(?![\w-])", product) is not None
