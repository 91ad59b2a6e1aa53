"""Draws by counter: known answers of the generator, and the laws of what is made of its bits."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from scipy import stats

from ringwall.portfolio.engine import Loop, engine_text, in_memory
from ringwall.portfolio.engine.kernels import chance

# Random123 kat_vectors, philox 4x32 with 7 rounds: counter, key, answer (Salmon et al. 2011).
FULL = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x5F6FB709, 0x0D893F64, 0x4F121F81, 0x4F730A48)),
    ((FULL, FULL, FULL, FULL), (FULL, FULL), (0x5207DDC2, 0x45165E59, 0x4D8EE751, 0x8C52F662)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0x4DFCCABA, 0x190A87F0, 0xC47362BA, 0xB6B5242A),
    ),
]


def with_a_way_in(name: str) -> Loop:
    """A function that only loops call, with a way in for Python."""
    inner: Any = in_memory(engine_text())[name]
    made: Loop = numba.njit(error_model="numpy")(inner.py_func)
    return made


LOOPS = {name: with_a_way_in(name) for name in ("fill_bits", "fill_waits", "fill_normals", "fill_powers")}
COUNT = 200_000


def bits(stream: int, count: int = COUNT, key: int = 99) -> np.ndarray:
    out = np.empty(count, np.uint32)
    LOOPS["fill_bits"](np.uint64(key), 0, stream, 0, count // 4, out)
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_generator_gives_the_published_answers(
    counter: tuple[int, ...], key: tuple[int, int], answer: tuple[int, ...]
) -> None:
    out = np.empty(4, np.uint32)
    first = np.uint64(counter[1] << 32 | counter[0]).view(np.int64)
    LOOPS["fill_bits"](np.uint64(key[1] << 32 | key[0]), counter[3], counter[2], first, 1, out)
    assert tuple(out.tolist()) == answer


def test_a_draw_does_not_depend_on_what_is_drawn_before_it() -> None:
    whole, later = bits(3, 400), np.empty(80, np.uint32)
    LOOPS["fill_bits"](np.uint64(99), 0, 3, 20, 20, later)
    assert np.array_equal(whole[80:160], later)


def test_plain_python_draws_the_same_bits() -> None:
    out = np.empty(64, np.uint32)
    chance.fill_bits(np.uint64(99), 0, 3, 0, 16, out)
    assert np.array_equal(out, bits(3, 64))


def test_waits_are_the_logarithm_to_nine_digits() -> None:
    drawn, out = bits(5), np.empty(COUNT)
    LOOPS["fill_waits"](drawn, COUNT, out)
    assert np.abs(out + np.log((drawn + 0.5) / 2**32)).max() < 1e-8
    assert stats.kstest(out, "expon").pvalue > 0.001


def test_powers_are_the_exponential_to_nine_digits() -> None:
    x, out = np.linspace(-30, 40, COUNT), np.empty(COUNT)
    LOOPS["fill_powers"](x, COUNT, out)
    assert np.abs(out / np.exp(x) - 1).max() < 1e-9


def test_normals_have_the_normal_law_and_pairs_do_not_depend_on_each_other() -> None:
    drawn, waits, out = bits(6), np.empty(COUNT), np.empty(COUNT)
    LOOPS["fill_normals"](drawn, COUNT // 2, waits, out)
    assert stats.kstest(out, "norm").pvalue > 0.001
    assert abs(np.corrcoef(out[::2], out[1::2])[0, 1]) < 4 / np.sqrt(COUNT / 2)
    assert abs(np.corrcoef(out[::2] ** 2, out[1::2] ** 2)[0, 1]) < 4 / np.sqrt(COUNT / 2)
    assert abs(stats.kurtosis(out)) < 4 * np.sqrt(24 / COUNT)
