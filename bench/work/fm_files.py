"""The files of F1 and F3: policies as Oasis's financial structure, and item losses as a binary stream.

Deductibles and limits are whole units of currency and shares four decimals, so that float32 and fen say the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLES = 100
AMOUNTS = ("ded1", "ded2", "ded3", "att", "lim", "share", "share2", "share3")
PROFILE = np.dtype([("profile", "i4"), ("rule", "i4"), *((name, "f4") for name in AMOUNTS)])
PAIR = np.dtype([("sidx", "i4"), ("loss", "f4")])
DEDUCTIBLE_AND_LIMIT, LAYER_TERMS = 1, 2
"""Oasis's rules of calculation for level 1 and level 2."""


class Shape(NamedTuple):
    policies: int
    parts: int
    events: int
    hit: int
    """Policies an event."""

    @property
    def losses(self) -> int:
        return self.events * self.hit * self.parts * SAMPLES


class Terms(NamedTuple):
    """Units of currency, one a policy and part or one a policy; the share in parts of 10,000."""

    deductible: NDArray[np.int64]
    limit: NDArray[np.int64]
    attachment: NDArray[np.int64]
    layer: NDArray[np.int64]
    share: NDArray[np.int64]


def draw_terms(shape: Shape, rng: np.random.Generator) -> Terms:
    each, all_of_it = (shape.policies, shape.parts), shape.policies
    return Terms(
        rng.integers(1_000, 25_000, each, endpoint=True),
        rng.integers(250_000, 2_000_000, each, endpoint=True),
        rng.integers(0, 50_000, all_of_it, endpoint=True),
        rng.integers(500_000, 5_000_000, all_of_it, endpoint=True),
        rng.integers(1_000, 10_000, all_of_it, endpoint=True),
    )


def write_structure(folder: Path, shape: Shape, terms: Terms) -> None:
    """Item to coverage (level 1), coverages to layer (level 2); every coverage and every layer has its own profile."""
    items, policies = np.arange(1, shape.policies * shape.parts + 1), np.arange(1, shape.policies + 1)
    one, two = np.ones_like(items), np.full_like(items, 2)
    programme = [(items, one, items), (items, two, (items - 1) // shape.parts + 1)]
    layers = (np.full_like(policies, 2), policies, np.ones_like(policies), len(items) + policies)
    _write(folder / "fm_programme.bin", programme)
    _write(folder / "fm_policytc.bin", [(one, items, one, items), layers])
    _write(folder / "fm_xref.bin", [(items, items, one)])
    profile = np.zeros(len(items) + len(policies), PROFILE)
    profile["profile"] = np.arange(1, len(profile) + 1)
    low, high = profile[: len(items)], profile[len(items) :]
    low["rule"], low["ded1"], low["lim"] = DEDUCTIBLE_AND_LIMIT, terms.deductible.ravel(), terms.limit.ravel()
    high["rule"], high["att"], high["lim"] = LAYER_TERMS, terms.attachment, terms.layer
    high["share"] = terms.share / 10_000
    profile.tofile(folder / "fm_profile.bin")


def _write(path: Path, blocks: list[tuple[NDArray[np.int64], ...]]) -> None:
    np.concatenate([np.column_stack(columns) for columns in blocks]).astype(np.int32).tofile(path)


def write_losses(path: Path, shape: Shape, rng: np.random.Generator) -> None:
    """Ground-up losses lognormal (ln 40,000, 1.5), event by event, items in order."""
    with path.open("wb") as file:
        file.write(np.array([1 | 2 << 24, SAMPLES], np.int32).tobytes())
        for event in range(1, shape.events + 1):
            chosen = np.sort(rng.choice(shape.policies, shape.hit, replace=False))
            items = (chosen[:, None] * shape.parts + np.arange(1, shape.parts + 1)).ravel()
            rows = np.zeros((len(items), SAMPLES + 2), PAIR)
            rows["sidx"][:, 0], rows["loss"][:, 0] = event, items.astype(np.int32).view(np.float32)
            rows["sidx"][:, 1:-1] = np.arange(1, SAMPLES + 1)
            rows["loss"][:, 1:-1] = np.exp(rng.normal(np.log(40_000), 1.5, (len(items), SAMPLES)))
            rows.tofile(file)


def by_item(path: Path) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """(event, item) of every item of a stream, and the sum of its samples."""
    pairs = np.fromfile(path, np.int32)[2:].reshape(-1, 2)
    ends = np.flatnonzero(pairs[:, 0] == 0)
    starts = np.r_[0, ends[:-1] + 1]
    real = np.where(pairs[:, 0] > 0, pairs[:, 1].copy().view(np.float32), 0).astype(np.float64)
    real[starts] = 0
    return pairs[starts], np.add.reduceat(real, starts)
