"""A sensor of an insured, fed into the house: closed files counted once each, the open one followed live."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.evidence.follow_sensor import record_tail
from ringwall.desk.evidence.put_on_record import record_traffic
from ringwall.desk.office import Office
from ringwall.evidence import Checkpoint, TailStep
from ringwall.shell.sensors.eve import ingest
from ringwall.shell.sensors.rows import Privacy

OpenOffice = Callable[[UUID], AbstractContextManager[Office]]


@dataclass(frozen=True, slots=True)
class Feeder:
    """Acts for the insured: each file and each step of the tail is one transaction, kept whole or not at all."""

    open_office: OpenOffice
    insured: UUID
    object_id: UUID
    now: Callable[[], datetime]

    def take_closed(self, paths: list[Path], privacy: Privacy) -> tuple[Refusal, ...]:
        """Every closed file once, however often it is offered; a file that is refused does not stop the others."""
        refused = []
        for path in paths:
            batch = ingest(path, key=privacy.key, inside=privacy.inside)
            if not isinstance(batch, Refusal):
                with self.open_office(self.insured) as office:
                    batch = record_traffic(office, self.object_id, batch, at=self.now())
            if isinstance(batch, Refusal):
                refused.append(batch)
        return tuple(refused)


@dataclass(frozen=True, slots=True)
class TailProgress:
    """Implements `Progress` for one sensor of a feeder."""

    feeder: Feeder
    sensor: str

    def load(self) -> Checkpoint | None:
        with self.feeder.open_office(self.feeder.insured) as office:
            return office.tails.checkpoint(self.feeder.object_id, self.sensor)

    def save(self, step: TailStep) -> Refusal | None:
        with self.feeder.open_office(self.feeder.insured) as office:
            kept = record_tail(office, self.feeder.object_id, step, at=self.feeder.now())
        return kept if isinstance(kept, Refusal) else None
