"""The job queue in PostgreSQL: tasks whose effects are idempotent, retried after a crash by a periodic look."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.schema import SchemaManager

STALLED_AFTER_SECONDS = 60
LOOK_AGAIN_HOURS = 6
"""Between looks that did not reach what they were to see (our own choice, 2026-11)."""
QUEUES = ("post", "clock", "look", "care")


def install(owner_url: str) -> None:
    """Put the queue's own tables into schema jobs, once."""
    with psycopg.connect(owner_url, autocommit=False) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtextextended('jobs.install', 0))")
        connection.execute("set local search_path to jobs")
        if connection.execute("select to_regclass('jobs.procrastinate_jobs') is null").fetchone() == (True,):
            connection.execute(SchemaManager.get_schema().encode())


def make_queue(
    owner_url: str,
    *,
    hourly: Sequence[Callable[[datetime], object]] = (),
    send: Callable[[UUID | None], object] | None = None,
    read: Callable[[], object] | None = None,
    tell_clock: Callable[[UUID, UUID], object] | None = None,
    look: Callable[[UUID, UUID], bool] | None = None,
) -> App:
    """The queue with its tasks; what it does itself goes through narrow functions, never with a tenant's rights.

    `hourly` are chores on files, such as deleting raw traffic whose time is over. `send` carries what is due out of
    the house, a new letter's parcels among it; None where no way out is configured. `read` takes what other servers
    answered; None where no box is. `tell_clock` lets the sender of what was delivered on an object learn of it, within
    the sender's own walls. `look` takes the looks that are due on an object and says whether one is still waited for.
    Each may be done again without harm.
    """
    in_its_schema = {"options": "-c search_path=jobs"}
    queue = App(connector=PsycopgConnector(conninfo=owner_url, kwargs=in_its_schema, min_size=1, max_size=3))

    @queue.task(name="deliver_letter", queue="post", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
    async def deliver_letter(letter: str) -> None:
        await _deliver(owner_url, UUID(letter))
        if send is not None:
            await asyncio.to_thread(send, UUID(letter))

    @queue.task(name="tell_clock", queue="clock", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
    async def tell_clock_of(sender: str, object_id: str) -> None:
        if tell_clock is not None:
            await asyncio.to_thread(tell_clock, UUID(sender), UUID(object_id))

    @queue.task(name="look_again", queue="look", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
    async def look_again(owner: str, object_id: str) -> None:
        if look is not None and await asyncio.to_thread(look, UUID(owner), UUID(object_id)):
            later = look_again.configure(schedule_in={"hours": LOOK_AGAIN_HOURS}, lock=f"look:{object_id}")
            await later.defer_async(owner=owner, object_id=object_id)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="retry_stalled", queue="care", queueing_lock="retry_stalled", pass_context=True)
    async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  (the queue passes it)
        manager = context.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
            await manager.retry_job(job)

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="hourly_chores", queue="care", queueing_lock="hourly_chores")
    async def hourly_chores(timestamp: int) -> None:
        for chore in hourly:
            await asyncio.to_thread(chore, datetime.fromtimestamp(timestamp, UTC))

    _empty_post_boxes(queue, send, read)
    return queue


def _empty_post_boxes(
    queue: App, send: Callable[[UUID | None], object] | None, read: Callable[[], object] | None
) -> None:
    """Every minute what is due goes out, and what has come back is read."""

    @queue.periodic(cron="* * * * *")
    @queue.task(name="send_due", queue="post", queueing_lock="send_due")
    async def send_due(timestamp: int) -> None:  # noqa: ARG001  (the queue passes it)
        if send is not None:
            await asyncio.to_thread(send, None)

    @queue.periodic(cron="* * * * *")
    @queue.task(name="read_answers", queue="post", queueing_lock="read_answers")
    async def read_answers(timestamp: int) -> None:  # noqa: ARG001  (the queue passes it)
        if read is not None:
            await asyncio.to_thread(read)


async def _deliver(owner_url: str, letter: UUID) -> None:
    async with await psycopg.AsyncConnection.connect(owner_url) as connection:
        await connection.execute("select ringwall.deliver(%s)", (letter,))


def drain(queue: App) -> None:
    """Work off what waits now and what that wakes, then stop: the end of a command."""
    asyncio.run(_drain(queue))


async def _drain(queue: App) -> None:
    """A worker that does not wait ends while its last job runs, so that what this one wakes needs another look."""
    async with queue.open_async():
        await _work(queue, wait=False)
        while await _waits(queue):
            await _work(queue, wait=False)


async def _waits(queue: App) -> bool:
    """Whether a job is due; one that is tried again later is not."""
    now = datetime.now(UTC)
    jobs = await queue.job_manager.list_jobs_async(status="todo")
    return any(job.queue in QUEUES and (job.scheduled_at is None or job.scheduled_at <= now) for job in jobs)


async def _run(queue: App) -> None:
    async with queue.open_async():
        await _work(queue, wait=True)


async def _work(queue: App, *, wait: bool) -> None:
    await queue.run_worker_async(
        queues=list(QUEUES), wait=wait, concurrency=2, install_signal_handlers=False, listen_notify=wait
    )


class Worker:
    """A worker in a thread beside the portal; it ends with `stop`, or with its process."""

    def __init__(self, queue: App) -> None:
        self._queue = queue
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._live, name="ringwall-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        task = self._task
        if task is not None:
            self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join(timeout=10)

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(_run(self._queue))
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()
