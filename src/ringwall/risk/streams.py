"""Random numbers by name: the same seed and the same words give the same draws on any machine and in any order."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def stream(seed: int, *words: str) -> np.random.Generator:
    """A Philox generator keyed by a hash of seed and words."""
    digest = hashlib.sha256("\x1f".join((str(seed), *words)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))


def stratified(n: int, seed: int, *words: str) -> Floats:
    """n uniforms, one in each of n equal slices of (0, 1), in random order: means converge faster than by plain draws.

    Only raw words of the bit generator are used, so that a later numpy gives the same numbers.
    """
    raw = stream(seed, *words).bit_generator.random_raw(2 * n)
    slices = np.argsort(raw[:n], kind="stable")
    within = ((raw[n:] >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return np.asarray((slices + within) / n)


def uniforms(n: int, seed: int, *words: str) -> Floats:
    """n independent uniforms in (0, 1)."""
    raw = stream(seed, *words).bit_generator.random_raw(n)
    return np.asarray(((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53)


def normals(n: int, seed: int, *words: str) -> Floats:
    """n stratified standard normal draws."""
    from scipy.special import ndtri  # a quarter of a second to load, and a simulated book never draws here

    return np.asarray(ndtri(stratified(n, seed, *words)))
