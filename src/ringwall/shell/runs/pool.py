"""Workers for the blocks of a run: threads, processes that may be lost, or a Dask cluster; all of them executors."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from ringwall.basics import Refusal, refuse

P = ParamSpec("P")
T = TypeVar("T")
CONNECT_SECONDS = 10.0
FRUITLESS = 3
"""Pools that may break one after another while no call ends: more means that a call itself kills its worker."""


class Lasting(Executor):
    """Hands calls to a pool; where the pool breaks, what it had not done goes to a fresh one."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make, self._pool = make, make()
        self._lock = Lock()
        self._fruitless = 0

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        promised: Future[T] = Future()
        self._start(promised, partial(call, *args, **kwargs))
        return promised

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _start(self, promised: Future[Any], call: Callable[[], Any]) -> None:
        with self._lock:
            pool = self._pool
            try:
                running = pool.submit(call)
            except BrokenExecutor as fault:
                running = Future()
                running.set_exception(fault)
        running.add_done_callback(partial(self._ended, promised, call, pool))

    def _ended(self, promised: Future[Any], call: Callable[[], Any], pool: Executor, running: Future[Any]) -> None:
        fault = CancelledError() if running.cancelled() else running.exception()
        if isinstance(fault, BrokenExecutor) and self._renewed(pool):
            self._start(promised, call)
        elif not promised.set_running_or_notify_cancel():
            return
        elif fault:
            promised.set_exception(fault)
        else:
            with self._lock:
                self._fruitless = 0
            promised.set_result(running.result())

    def _renewed(self, broken: Executor) -> bool:
        """Is there a pool that works? The first call of a broken one makes the next."""
        with self._lock:
            if self._pool is broken:
                if self._fruitless == FRUITLESS:
                    return False
                self._fruitless += 1
                self._pool = self._make()
            return True


def processes(workers: int) -> Lasting:
    """Processes that start afresh: they inherit no thread and no lock of this one."""
    return Lasting(partial(ProcessPoolExecutor, workers, mp_context=multiprocessing.get_context("spawn")))


@contextmanager
def open_workers(workers: int, kind: str) -> Iterator[Executor | Refusal]:
    """`threads`, `processes`, or the address of a Dask scheduler, whose workers are its own."""
    if kind == "threads":
        with ThreadPoolExecutor(workers) as threads:
            yield threads
    elif kind == "processes":
        with processes(workers) as pool:
            yield pool
    else:
        with _cluster(kind) as cluster:
            yield cluster


@contextmanager
def _cluster(address: str) -> Iterator[Executor | Refusal]:
    try:
        from distributed import Client  # an extra: only who has a cluster needs it
    except ImportError:
        yield refuse(
            "cluster_missing",
            address,
            zh="本机未安装 distributed，无法使用 Dask 集群；请安装 ringwall[cluster]，或改用 threads、processes。",
            en="The package distributed is not installed, so no Dask cluster can be used; install ringwall[cluster], "
            "or choose threads or processes.",
        )
        return
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as fault:
        yield refuse(
            "cluster_unreachable",
            address,
            zh=f"连不上 Dask 调度器（{fault}）；请检查地址（如 tcp://127.0.0.1:8786）与网络后重试。",
            en=f"The Dask scheduler does not answer ({fault}); check the address (like tcp://127.0.0.1:8786).",
        )
        return
    with client, client.get_executor(pure=False) as executor:
        yield executor
