"""A sketch counts different things in a kilobyte, whatever the order and however often they come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from ringwall.evidence import distinct, merged, registers


def sketch_of(things: Iterable[int]) -> bytes:
    def place_and_rank(thing: int) -> tuple[int, int]:
        number = int.from_bytes(hashlib.sha256(str(thing).encode()).digest()[:8])
        rest = number >> 10 | 1 << 53
        return number & 1023, (rest ^ (rest - 1)).bit_count()

    return registers(map(place_and_rank, things))


@given(st.lists(st.integers(0, 10_000)), st.lists(st.integers(0, 10_000)))
def test_two_files_merge_into_what_one_would_have_said(one: list[int], other: list[int]) -> None:
    whole = sketch_of([*one, *other])
    assert merged(sketch_of(one), sketch_of(other)) == whole
    assert merged(whole, sketch_of(one)) == whole


@given(st.sampled_from([0, 1, 10, 100, 1_000, 2_000, 10_000, 100_000]))
def test_the_estimate_is_within_a_tenth(many: int) -> None:
    assert abs(distinct(sketch_of(range(many))) - many) <= max(1, many // 10)
