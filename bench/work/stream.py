"""Item losses from a binary loss stream of Oasis through the terms of a block plan, payments to such a stream.

A stream is 8 bytes of head and then pairs of 4 bytes each: (event, item), then (sample, loss) of every sample, then a
pair of zeros. Items of one policy stand together. A loss is rounded to whole fen on its way in; a payment leaves as
float32. The chance of loss and the deviation are not carried on.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ringwall.terms.kernel import BlockPlan

PAIRS = 1 << 17
"""Pairs in flight: what is read and what is written stay in the core's second-level cache."""
BEFORE = 6
"""Places before sample 1: -5 to -1 are maximum, chance of loss, insured value, deviation and mean; 0 ends an item."""
HEAD = 8
Run = Callable[..., Any]
"""The compiled `run` of a loop's text."""
WINDOW = 1 << 24
MAPPED = mmap.MAP_PRIVATE | getattr(mmap, "MAP_POPULATE", 0)

LOOP = """\
def read(whole, real, at, stop, samples, row, amounts):
    end, line = at + samples, amounts[row]
    line[:6] = 0
    if end < stop and whole[2 * end] == 0:
        apart, named, lost, into = 0, whole[2 * at : 2 * end], real[2 * at : 2 * end], line[6:]
        for i in range(samples):
            apart |= named[2 * i] ^ (i + 1)
        if apart == 0:
            for i in range(samples):
                into[i] = int(float(lost[2 * i + 1]) * 100.0 + 0.5)
            return end + 1
    line[6:] = 0
    while at < stop:
        sample = whole[2 * at]
        if sample == 0:
            return at + 1
        if sample != -4 and sample != -2:
            line[sample + 5] = int(float(real[2 * at + 1]) * 100.0 + 0.5)
        at += 1
    return -1


def write(event, item, samples, row, paid, sent, sent_bits, pairs, at):
    pairs[at] = event | (item << 32)
    at += 1
    for i in range(samples + 6):
        sent[i] = float(paid[row, i]) * 0.01
    for i in (0, 2, 4):
        pairs[at] = ((i - 5) & 0xFFFFFFFF) | (int(sent_bits[i]) << 32)
        at += 1
    for i in range(6, samples + 6):
        pairs[at] = (i - 5) | (int(sent_bits[i]) << 32)
        at += 1 if sent_bits[i] else 0
    pairs[at] = 0
    return at + 1


def run(
    most, whole, real, at, stop, last, samples, policy_of, part_of, numbers,
    items, amounts, paid, sent, sent_bits, pairs,
):
    out, odd, room = 0, 0, len(items) * (samples + 6)
    while at < stop and out + room <= len(pairs):
        event, policy = whole[2 * at], policy_of[whole[2 * at + 1]]
        items[:] = 0
        ahead, closed = at, last
        while 0 <= ahead < stop:
            item = whole[2 * ahead + 1]
            if whole[2 * ahead] != event or policy_of[item] != policy:
                closed = True
                break
            items[part_of[item]] = item
            ahead = read(whole, real, ahead + 1, stop, samples, part_of[item], amounts)
        if ahead < 0 or not closed:
            break
        for row in range(len(items)):
            if items[row] == 0:
                amounts[row, :] = 0
        odd |= settle(most, samples + 6, numbers, policy, amounts, paid)
        for row in range(len(items)):
            if items[row]:
                out = write(event, items[row], samples, row, paid, sent, sent_bits, pairs, out)
        at = ahead
    return at, out, odd
"""


class Portfolio(NamedTuple):
    """Which policy and which part of it an item is, by its number, and the numbers of every policy."""

    policy_of: NDArray[np.int32]
    part_of: NDArray[np.int32]
    numbers: NDArray[np.int64]


def loop_text(plan: BlockPlan) -> str:
    return f"{plan.text}\n\n{LOOP}"


def settle_stream(run: Run, most: int, book: Portfolio, parts: int, source: Path, target: Path) -> None:
    """Read, settle and write; what is read is mapped window by window, so that it is not copied."""
    with source.open("rb", buffering=0) as came, target.open("wb", buffering=0) as goes:
        head = came.read(HEAD)
        goes.write(head)
        samples = int(np.frombuffer(head, np.int32)[1])
        work = _Work(run, most, book, parts, samples)
        size, at = source.stat().st_size, HEAD
        while at < size:
            start = at // mmap.ALLOCATIONGRANULARITY * mmap.ALLOCATIONGRANULARITY
            length = min(WINDOW, size - start)
            window = mmap.mmap(came.fileno(), length, MAPPED, mmap.PROT_READ, offset=start)
            used = work.window(np.frombuffer(window, np.int32)[(at - start) // 4 :], start + length == size, goes)
            assert used, "a policy fits a window, and the stream ends with an item"
            at += 8 * used


class _Work:
    def __init__(self, run: Run, most: int, book: Portfolio, parts: int, samples: int) -> None:
        self.run, self.most, self.book, self.samples = run, most, book, samples
        self.block = np.zeros((2, parts, samples + BEFORE), np.int64)
        self.sent, self.items = np.zeros(samples + BEFORE, np.float32), np.zeros(parts, np.int64)
        self.given = np.empty(PAIRS, np.int64)
        assert parts * (samples + BEFORE) <= PAIRS, "a policy fits what is written at once"

    def window(self, whole: NDArray[np.int32], last: bool, goes: FileIO) -> int:
        """How many pairs of the window are done; a policy that its end cuts is left to the next."""
        real, stop, at = whole.view(np.float32), len(whole) // 2, 0
        room = (self.items, self.block[0], self.block[1], self.sent, self.sent.view(np.int32), self.given)
        while at < stop:
            used, out, odd = self.run(self.most, whole, real, at, stop, last, self.samples, *self.book, *room)
            assert odd >= 0, "a loss falls below nil or rises above the declared maximum"
            goes.write(memoryview(self.given[:out]))
            if not out:
                break
            at = used
        return at
