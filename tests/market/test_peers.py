"""Beside peers: never below the privacy floor, and never a figure by which an insured could work out another's."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.catalogue import read_folder
from ringwall.market import PeerRow, Scheme, compare_with_peers, read_scheme
from ringwall.market.peers import quartiles


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    read = read_scheme(read_folder("book")["statistics.yaml"])
    assert isinstance(read, Scheme)
    return read


def row(
    account: str, findings: int = 3, factor: str = "1", industry: str = "manufacturing", staff: int = 400
) -> PeerRow:
    return PeerRow(account, industry, staff, findings, Fraction(factor))


def others(count: int) -> list[PeerRow]:
    return [row(f"P{place}", place, f"{place + 5}/10") for place in range(count)]


def test_fewer_others_than_the_floor_show_nothing_not_even_how_many(scheme: Scheme) -> None:
    shown = compare_with_peers("me", [row("me"), *others(scheme.floor - 1)], scheme)
    assert shown is not None
    assert (shown.peers, shown.findings, shown.factor) == (None, None, None)
    assert (shown.own_findings, shown.size_band) == (3, "medium")


def test_at_the_floor_the_quartiles_are_those_of_the_others(scheme: Scheme) -> None:
    shown = compare_with_peers("me", [row("me", 99), *others(5)], scheme)
    assert shown is not None
    assert shown.findings is not None
    assert shown.factor is not None
    assert (shown.peers, shown.findings.low, shown.findings.median, shown.findings.high) == (5, 1, 2, 3)
    assert (shown.factor.low, shown.factor.high) == (Fraction(6, 10), Fraction(8, 10))


def test_another_industry_and_another_size_are_no_peers(scheme: Scheme) -> None:
    strangers = [*(row(f"I{n}", industry="retail") for n in range(9)), *(row(f"S{n}", staff=10) for n in range(9))]
    shown = compare_with_peers("me", [row("me"), *strangers], scheme)
    assert shown is not None
    assert shown.peers is None


def test_who_was_never_looked_at_is_compared_with_nobody(scheme: Scheme) -> None:
    assert compare_with_peers("me", others(9), scheme) is None


@given(st.lists(st.fractions(0, 50), min_size=1, max_size=30))
def test_quartiles_are_in_order_inside_the_range_and_the_same_in_any_order(values: list[Fraction]) -> None:
    found = quartiles(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert quartiles(sorted(values, reverse=True)) == found
    assert sum(value <= found.median for value in values) * 2 >= len(values)
