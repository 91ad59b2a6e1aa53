"""A sensor's folder watched by one process: the open file step by step, closed files as they come, old ones deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ringwall.basics import Refusal
from ringwall.evidence import Checkpoint, SensorFile, TailStep
from ringwall.shell.sensors.feeder import Feeder, TailProgress
from ringwall.shell.sensors.retention import drop_raw
from ringwall.shell.sensors.rows import Privacy
from ringwall.shell.sensors.tail import Spool, Tail, follow

QUIET = timedelta(seconds=5)
"""A file that another follows is closed once nobody has written to it for so long. Source: none (our own rule)."""
CARE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one process has done since it began."""

    lines: int = 0
    alerts: int = 0
    files: int = 0
    counted_lines: int = 0
    rejected: int = 0
    deleted: int = 0
    forgotten: int = 0
    refused: int = 0

    def and_also(self, **more: int) -> Watched:
        return replace(self, **{name: getattr(self, name) + amount for name, amount in more.items()})


@dataclass(slots=True)
class Watcher:
    """Implements `Progress`: the tail goes first, and while it rests one closed file after the other is counted.

    `tell` hears every refusal that does not end the watch; `pause` waits a moment when there is nothing to do.
    """

    spool: Spool
    privacy: Privacy
    feeder: Feeder
    tell: Callable[[Refusal], None]
    pause: Callable[[Watched], None]
    done: Watched = field(default_factory=Watched)
    _taken: set[SensorFile] = field(default_factory=set)
    _cared_at: datetime | None = None

    def watch(self, ended: Callable[[], bool]) -> Refusal | None:
        """From where the last process stopped until told to end; who may not feed this sensor is refused at once."""
        taken = self.feeder.taken()
        if isinstance(taken, Refusal):
            return taken
        self._taken = set(taken)
        return follow(Tail(self.spool, self.privacy), self, ended=ended, rest=self._rest)

    def load(self) -> Checkpoint | None:
        return TailProgress(self.feeder).load()

    def save(self, step: TailStep) -> Refusal | None:
        if (refusal := TailProgress(self.feeder).save(step)) is not None:
            return refusal
        self.done = self.done.and_also(lines=step.lines, alerts=sum(alert.events for alert in step.alerts))
        self._told(step.refusals)
        return None

    def _rest(self) -> None:
        if not self._one_closed_file():
            self._care()
            self.pause(self.done)

    def _one_closed_file(self) -> bool:
        """The oldest closed file that was not taken yet; a file that is refused is offered again after a restart."""
        quiet_since = (self.feeder.now() - QUIET).timestamp()
        for state, path in self.spool.files()[:-1]:
            file = SensorFile(path.name, state.st_size, state.st_mtime_ns)
            if file in self._taken or state.st_mtime > quiet_since:
                continue
            self._taken.add(file)
            batch = self.feeder.take(path, self.privacy)
            if isinstance(batch, Refusal):
                self._told((batch,))
            else:
                self.done = self.done.and_also(files=1, counted_lines=batch.lines, rejected=batch.rejected)
                self._told(batch.refusals)
            return True
        return False

    def _care(self) -> None:
        """Once an hour: raw files go after seven days, rows of interest after ninety."""
        now = self.feeder.now()
        if self._cared_at is not None and now - self._cared_at < CARE_EVERY:
            return
        self._cared_at = now
        gone = drop_raw(self.spool.folder, now, pattern=self.spool.pattern)
        forgotten = self.feeder.forget()
        if isinstance(forgotten, Refusal):
            self._told((forgotten,))
        else:
            self.done = self.done.and_also(deleted=len(gone), forgotten=forgotten)

    def _told(self, refusals: tuple[Refusal, ...]) -> None:
        self.done = self.done.and_also(refused=len(refusals))
        for refusal in refusals:
            self.tell(refusal)
