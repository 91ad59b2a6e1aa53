"""Blocks through an executor, in the order in which they are done; a store keeps them between runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from numpy.typing import NDArray

B = TypeVar("B")
R = TypeVar("R")

AHEAD = 64
"""Blocks that an executor holds at once: enough for its workers, few enough for the memory."""
Columns = Mapping[str, NDArray[Any]]


class Store(Protocol):
    """Keeps the columns of a finished block under the name of everything that determines it."""

    def read(self, name: str) -> Columns | None:
        """None where nothing whole is kept under this name."""

    def write(self, name: str, columns: Columns) -> None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come, in blocks; `found` of the done ones were kept from an earlier run."""

    done: int
    total: int
    found: int


Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Work(Generic[B, R]):
    """What is done with a block: a function that an executor may run elsewhere, and the kind of record it gives."""

    run: Callable[[B], R]
    name: Callable[[B], str]
    """The same only where the result is the same; asked only if there is a store."""
    record: type[R]
    """A dataclass of arrays."""


def finished(
    work: Work[B, R], blocks: Sequence[B], executor: Executor | None, store: Store | None, watch: Watch | None
) -> Iterator[tuple[B, R]]:
    """Every block with its result, once: first those that are kept, then the others as they are done."""
    open_blocks: list[tuple[B, str]] = []
    found = done = 0
    for block in blocks:
        name = work.name(block) if store is not None else ""
        kept = _kept(work.record, store, name)
        if kept is None:
            open_blocks.append((block, name))
        else:
            found = done = done + 1
            _tell(watch, done, len(blocks), found)
            yield block, kept
    for (block, name), result in _done(work.run, open_blocks, executor):
        if store is not None:
            store.write(name, columns_of(result))
        done += 1
        _tell(watch, done, len(blocks), found)
        yield block, result


def columns_of(record: Any) -> Columns:
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _kept(record: type[R], store: Store | None, name: str) -> R | None:
    columns = None if store is None else store.read(name)
    return None if columns is None else record(**columns)


def _tell(watch: Watch | None, done: int, total: int, found: int) -> None:
    if watch:
        watch(Progress(done, total, found))


def _done(
    run: Callable[[B], R], blocks: Sequence[tuple[B, str]], executor: Executor | None
) -> Iterator[tuple[tuple[B, str], R]]:
    if executor is None:
        for each in blocks:
            yield each, run(each[0])
        return
    rest = iter(blocks)
    waiting: dict[Future[R], tuple[B, str]] = {}
    try:
        while True:
            for each in islice(rest, AHEAD - len(waiting)):
                waiting[executor.submit(run, each[0])] = each
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
