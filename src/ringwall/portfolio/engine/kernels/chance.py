"""Random numbers by counter, as loops that a compiler turns into vector instructions: bits, waiting times, normals.

Philox4x32 with seven rounds (Salmon et al. 2011): draw i of a stream is lane i % 4 of block i // 4, whatever is drawn
before it. Logarithm, exponential, sine and cosine are polynomials of ours, so that every machine draws the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint32]
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def fill_bits(key: np.uint64, tile: Any, stream: Any, first: Any, blocks: Any, out: Bits) -> None:
    """Four draws a block, from block `first` of the stream; `tile` and `stream` name it."""
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    for block in range(blocks):
        number = np.uint64(first) + np.uint64(block)
        a = number & low
        b = number >> half
        c = np.uint64(stream)
        d = np.uint64(tile)
        k = np.uint64(key) & low
        m = np.uint64(key) >> half
        for _ in range(7):
            p = a * np.uint64(0xD2511F53)
            q = c * np.uint64(0xCD9E8D57)
            a = (q >> half) ^ b ^ k
            c = (p >> half) ^ d ^ m
            b = q & low
            d = p & low
            k = (k + np.uint64(0x9E3779B9)) & low
            m = (m + np.uint64(0xBB67AE85)) & low
        out[4 * block] = np.uint32(a)
        out[4 * block + 1] = np.uint32(b)
        out[4 * block + 2] = np.uint32(c)
        out[4 * block + 3] = np.uint32(d)


def fill_waits(bits: Bits, count: Any, out: Floats) -> None:
    """Standard exponential draws: −ln u, with u = (bits + 1/2) / 2³²."""
    for i in range(count):
        x = np.int64(np.float64(np.float64(bits[i]) + 0.5).view(np.int64))
        power = (x >> 52) - 1023
        part = np.int64((x & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
        large = part > 1.4142135623730951
        part = part * 0.5 if large else part
        power = power + 1 if large else power
        s = (part - 1.0) / (part + 1.0)
        z = s * s
        y = 1 / 7 + z * (1 / 9 + z * (1 / 11))
        out[i] = (32 - power) * 0.6931471805599453 - 2.0 * s * (1.0 + z * (1 / 3 + z * (1 / 5 + z * y)))


def fill_normals(bits: Bits, pairs: Any, waits: Floats, out: Floats) -> None:
    """Standard normal draws in pairs (Box and Muller): radius from bits[:pairs], angle from bits[pairs:2 * pairs]."""
    fill_waits(bits, pairs, waits)
    for i in range(pairs):
        radius = np.sqrt(2.0 * waits[i])
        angle = np.int64(bits[pairs + i])
        quarter = angle >> 30
        x = (np.float64(angle & 0x3FFFFFFF) - 536870911.5) * 1.4629180792671596e-09
        z = x * x
        sine = x * (1 - z * (1 / 6 - z * (1 / 120 - z * (1 / 5040 - z * (1 / 362880)))))
        cosine = 1 - z * (1 / 2 - z * (1 / 24 - z * (1 / 720 - z * (1 / 40320 - z / 3628800))))
        odd = (quarter & 1) == 1
        first = sine if odd else cosine
        second = cosine if odd else sine
        turned = quarter >= 2
        radius = -radius if turned else radius
        out[2 * i] = radius * first
        out[2 * i + 1] = radius * second


def fill_powers(x: Floats, count: Any, out: Floats) -> None:
    """eˣ for −700 < x < 700."""
    for i in range(count):
        whole = np.floor(x[i] * 1.4426950408889634 + 0.5)
        r = x[i] - whole * 0.6931471805599453
        tail = 1 / 5040 + r * (1 / 40320)
        p = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * tail))))))
        out[i] = p * np.int64((np.int64(whole) + 1023) << 52).view(np.float64)
