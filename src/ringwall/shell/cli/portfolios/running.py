"""How a book is run: on which workers, with which folder of finished blocks, which tables come out, how far it is."""

from __future__ import annotations

import errno
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ringwall.basics import Language, Refusal, Words
from ringwall.portfolio import BookResult, BookView, Store, Watch
from ringwall.portfolio import Progress as Done
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import unwritable
from ringwall.shell.cli.reading import read_text, unreadable
from ringwall.shell.cli.refused import Refused, no
from ringwall.shell.cli.tools import Tools

MOST_WORKERS = 256


@dataclass(frozen=True, slots=True)
class Running:
    """What a simulation is given beside the book."""

    executor: Executor | None = None
    store: Store | None = None
    watch: Watch | None = None


def add_running(parser: Parser) -> None:
    add_workers(parser)
    parser.add(
        Words("保存已完成的块；中断后用同一文件夹继续", "keep finished blocks; a run that was broken off goes on"),
        "--run-folder",
        type=Path,
        metavar="DIR",
    )
    parser.add(
        Words("把逐年损失写成 Parquet", "write the years' losses as Parquet"),
        "--out",
        type=Path,
        metavar="YEARS.parquet",
    )
    parser.add(
        Words("把逐笔赔付写成 Parquet", "write every payment as Parquet"),
        "--events-out",
        type=Path,
        metavar="EVENTS.parquet",
    )


def add_workers(parser: Parser) -> None:
    parser.add(
        Words("并行工作单元数，默认 1；结果不因此而变", "workers, by default 1; no result depends on it"),
        "--workers",
        type=int,
        default=1,
        metavar="K",
    )
    parser.add(
        Words(
            "threads（默认）、processes，或 Dask 调度器地址（tcp://…）",
            "threads (by default), processes, or the address of a Dask scheduler (tcp://…)",
        ),
        "--on",
        default="threads",
        metavar="WHERE",
    )


@contextmanager
def workers_of(arguments: Namespace, tools: Tools) -> Iterator[Executor]:
    """The workers that were asked for, for as long as they are needed."""
    if not 1 <= arguments.workers <= MOST_WORKERS:
        raise no(
            "option_wrong",
            "--workers",
            zh=f"{arguments.workers} 不在 1 至 {MOST_WORKERS} 之间；请更正。",
            en=f"{arguments.workers} is not between 1 and {MOST_WORKERS}; correct it.",
        )
    with tools.runs.open_workers(arguments.workers, arguments.on) as executor:
        if isinstance(executor, Refusal):
            raise Refused(executor)
        yield executor


@contextmanager
def open_run(arguments: Namespace, tools: Tools) -> Iterator[Running]:
    """Workers and folder for as long as the run lasts; what cannot be written is refused before it begins."""
    writable(*(path for path in (arguments.out, arguments.events_out) if path))
    shown = shown_progress(arguments.lang, Console(stderr=True), hidden=arguments.json)
    with workers_of(arguments, tools) as executor, shown as watch:
        yield Running(executor, _folder(tools, arguments.run_folder), watch)


def read_book(tools: Tools, path: Path) -> str:
    """The text of a portfolio file, CSV or Parquet."""
    if path.suffix.lower() != ".parquet":
        return read_text(path)
    try:
        return tools.runs.book_text(path)
    except (OSError, ValueError) as fault:
        raise unreadable(path, fault) from None


def save_tables(arguments: Namespace, tools: Tools, result: BookResult, gross: BookView, net: BookView) -> None:
    """Years and payments, counted from 1, in whole fen; a payment without a common shock has no event."""
    if arguments.out:
        years = {
            "year": np.arange(1, result.years + 1),
            "gross_minor": gross.totals,
            "gross_largest_minor": gross.largest,
            "net_minor": net.totals,
            "net_largest_minor": net.largest,
        }
        save_table(tools, arguments.out, years, {})
    if arguments.events_out:
        rows = result.rows
        payments = {
            "policy": rows.policy,
            "year": rows.year + 1,
            "time": rows.time,
            "cause": rows.cause,
            "event": rows.event,
            "vendor": rows.event,
            "payable_minor": rows.payable,
            "retained_minor": rows.retained,
        }
        texts = {"policy": result.numbers, "cause": result.causes, "vendor": result.event_vendor}
        save_table(tools, arguments.events_out, payments, texts)


def save_table(
    tools: Tools, path: Path, columns: Mapping[str, NDArray[Any]], texts: Mapping[str, Sequence[str]]
) -> None:
    """One Parquet file; one that cannot be written is refused."""
    try:
        tools.runs.write_table(path, columns, texts)
    except OSError as fault:
        raise unwritable(path, fault) from None


def writable(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise unwritable(path, FileExistsError(errno.EEXIST, "", str(path)))
        if not path.absolute().parent.is_dir():
            raise unwritable(path, FileNotFoundError(errno.ENOENT, "", str(path)))


def _folder(tools: Tools, path: Path | None) -> Store | None:
    try:
        return tools.runs.open_folder(path) if path else None
    except OSError as fault:
        raise unwritable(path or Path(), fault) from None


@contextmanager
def shown_progress(language: Language, console: Console, *, hidden: bool) -> Iterator[Watch]:
    """Blocks done of all, time gone and time left; only on a terminal."""
    columns = (
        TextColumn(Words("模拟", "simulating").in_language(language)),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(Words("已用", "elapsed").in_language(language)),
        TimeElapsedColumn(),
        TextColumn(Words("剩余", "left").in_language(language)),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(now: Done) -> None:
            bar.update(task, completed=now.done, total=now.total)

        yield watch
