"""Workers that are killed change nothing; a folder keeps whole blocks only; tables come back as they were written."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.portfolio.conftest import SmallBook, model, opening_text, product, small
from tests.portfolio.engine.conftest import Ready, ready_book
from tests.portfolio.engine.test_engine_book import same

from ringwall.basics import Refusal
from ringwall.portfolio import COLUMNS, Compile, Loop, in_memory, read_portfolio, total_book
from ringwall.shell.loops import kept_in
from ringwall.shell.runs import Lasting, book_text, open_folder, open_workers, pool, write_table

__all__ = ["model", "opening_text", "product", "small"]
BLOCK = 5


@pytest.fixture(scope="module")
def book(small: SmallBook) -> Ready:
    return ready_book(small)


def struck_once(mark: Path, loops: Compile, text: str) -> Mapping[str, Loop]:
    """Loops whose first user is killed with signal 9, in the middle of its block."""
    try:
        mark.rmdir()
    except FileNotFoundError:
        return loops(text)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives that signal")


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_in_the_middle_changes_no_bit(book: Ready, tmp_path: Path) -> None:
    right = total_book(book.calendar, book.structures, book.size)
    mark = tmp_path / "strike"
    mark.mkdir()
    loops = partial(struck_once, mark, in_memory)
    with Lasting(partial(ProcessPoolExecutor, 2)) as workers:  # forked, with the loops that this process has compiled
        found = total_book(book.calendar, book.structures, book.size, executor=workers, loops=loops, block=BLOCK)
    assert not mark.exists(), "one process was struck"
    assert same(found, right)


def test_a_call_that_kills_every_worker_ends_with_the_fault() -> None:
    with Lasting(partial(ProcessPoolExecutor, 1)) as workers:
        assert workers.submit(len, "four").result() == 4
        with pytest.raises(BrokenExecutor):
            workers.submit(killed).result()


def test_a_fault_of_a_call_is_its_own() -> None:
    with Lasting(partial(ProcessPoolExecutor, 1)) as workers:
        with pytest.raises(ZeroDivisionError):
            workers.submit(divmod, 1, 0).result()
        assert list(workers.map(len, ("a", "bc"))) == [1, 2]


def test_processes_and_threads_do_the_same_calls() -> None:
    for kind in ("threads", "processes"):
        with open_workers(2, kind) as workers:
            assert not isinstance(workers, Refusal)
            assert list(workers.map(len, ("a", "bc"))) == [1, 2]


@pytest.mark.full
def test_a_cluster_gives_equal_bits_and_survives_a_killed_worker(book: Ready, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    kept = kept_in(tmp_path / "loops")
    right = total_book(book.calendar, book.structures, book.size, loops=kept)
    mark = tmp_path / "strike"
    mark.mkdir()
    how = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "local_directory": str(tmp_path)}
    with (
        distributed.LocalCluster(host="127.0.0.1", **how) as cluster,
        open_workers(1, cluster.scheduler_address) as executor,
    ):
        assert not isinstance(executor, Refusal)
        for loops in (kept, partial(struck_once, mark, kept)):
            run = partial(total_book, book.calendar, book.structures, book.size, executor=executor, loops=loops)
            assert same(run(block=BLOCK), right)
    assert not mark.exists(), "one worker was struck"


def test_who_has_no_cluster_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CONNECT_SECONDS", 0.3)
    with open_workers(1, "tcp://127.0.0.1:9") as found:
        assert isinstance(found, Refusal)
        assert found.code in ("cluster_missing", "cluster_unreachable")


def test_a_folder_keeps_whole_blocks_only(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "run")
    assert folder.read("a") is None
    folder.write("a", {"sums": np.arange(1000), "times": np.linspace(0, 1, 5)})
    held = folder.read("a")
    assert held is not None
    assert np.array_equal(held["sums"], np.arange(1000))
    path = tmp_path / "run" / "a.npz"
    body = path.read_bytes()
    for broken in (body[:-40], body[:300] + b"\x55" + body[301:], b""):
        path.write_bytes(broken)
        assert folder.read("a") is None
    assert [each.name for each in (tmp_path / "run").iterdir()] == ["a.npz"]


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path, count = tmp_path / "it's.parquet", 300_000
    place = np.arange(count) % 4 - 1
    write_table(path, {"year": np.arange(count), "cause": place, "minor": place * 2**60}, {"cause": ("a", "乙", "c'")})
    rows = duckdb.connect().read_parquet(str(path)).fetchall()
    texts = (None, "a", "乙", "c'")
    assert rows == [(n, texts[n % 4], (n % 4 - 1) * 2**60) for n in range(count)]


def test_a_portfolio_in_parquet_is_the_portfolio(opening_text: str, tmp_path: Path) -> None:
    source, path = tmp_path / "book.csv", tmp_path / "book.parquet"
    source.write_text(opening_text, encoding="utf-8")
    duckdb.connect().read_csv(str(source), all_varchar=True).write_parquet(str(path))
    read = read_portfolio(book_text(path))
    assert read.refusals == ()
    assert read == read_portfolio(opening_text)
    assert set(COLUMNS) >= set(duckdb.connect().read_parquet(str(path)).columns)
