"""Amounts in capital figures: the table is of the forms that Chinese vouchers use."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.shell.documents.capitals import FIGURES, capitals

TABLE = [
    (0, "人民币零元整"),
    (1, "人民币壹分"),
    (10, "人民币壹角整"),
    (11, "人民币壹角壹分"),
    (100, "人民币壹元整"),
    (101, "人民币壹元零壹分"),
    (110, "人民币壹元壹角整"),
    (1_000, "人民币壹拾元整"),
    (1_001, "人民币壹拾元零壹分"),
    (10_500, "人民币壹佰零伍元整"),
    (100_000, "人民币壹仟元整"),
    (100_100, "人民币壹仟零壹元整"),
    (101_000, "人民币壹仟零壹拾元整"),
    (1_000_000, "人民币壹万元整"),
    (1_000_100, "人民币壹万零壹元整"),
    (1_010_000, "人民币壹万零壹佰元整"),
    (10_000_000, "人民币壹拾万元整"),
    (158_700_000, "人民币壹佰伍拾捌万柒仟元整"),
    (10_000_000_000, "人民币壹亿元整"),
    (10_000_000_100, "人民币壹亿零壹元整"),
    (10_001_000_000, "人民币壹亿零壹万元整"),
    (123_456, "人民币壹仟贰佰叁拾肆元伍角陆分"),
    (123_456_789_112, "人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾壹元壹角贰分"),
]


@pytest.mark.parametrize(("minor", "words"), TABLE)
def test_an_amount_is_written_as_vouchers_write_it(minor: int, words: str) -> None:
    assert capitals(minor) == words


VALUES = {"拾": 10, "佰": 100, "仟": 1_000, "万": 10_000, "亿": 10**8, "角": 10, "分": 1}


def read(words: str) -> int:
    """The amount that the capital figures state, by a reading of their own."""
    whole, _, rest = words.removeprefix("人民币").partition("元") if "元" in words else ("", "", words[3:])
    fen = sum(FIGURES.index(a) * VALUES[b] for a, b in re.findall(r"(.)([角分])", rest))
    total = 0
    for part, unit in ((whole.rpartition("亿")[0], 10**8), (whole.rpartition("亿")[2], 1)):
        high, _, low = part.rpartition("万")
        for group, scale in ((high, 10_000), (low, 1)):
            digits = re.findall(r"([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", group)
            total += unit * scale * sum(FIGURES.index(digit) * VALUES.get(place, 1) for digit, place in digits)
    return total * 100 + fen


@given(st.integers(0, 10**13 - 1))
def test_capital_figures_read_back_as_the_same_amount(minor: int) -> None:
    assert read(capitals(minor)) == minor
    assert "零零" not in capitals(minor)
