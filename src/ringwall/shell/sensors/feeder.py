"""A sensor of an insured, fed into the house: closed files counted once each, the open one followed live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.doors import Speaker
from ringwall.desk.evidence.follow_sensor import record_tail
from ringwall.desk.evidence.put_on_record import take_file
from ringwall.desk.front import Front
from ringwall.desk.office import Office
from ringwall.evidence import Checkpoint, SensorFile, TailStep, TrafficBatch
from ringwall.shell.sensors.eve import ingest
from ringwall.shell.sensors.rows import Privacy

ACTION = "ingest_traffic"


@dataclass(frozen=True, slots=True)
class Feeder:
    """Acts for the insured: each file and each step of the tail is one transaction, kept whole or not at all."""

    front: Front
    speaker: Speaker
    number: str
    sensor: str
    now: Callable[[], datetime]

    def take(self, path: Path, privacy: Privacy) -> TrafficBatch | Refusal:
        """A closed file once, however often it is offered."""
        state = path.stat()
        file = SensorFile(path.name, state.st_size, state.st_mtime_ns)
        batch = ingest(path, key=privacy.key, inside=privacy.inside)
        if isinstance(batch, Refusal):
            return batch

        def work(office: Office, object_id: UUID) -> TrafficBatch | Refusal:
            return take_file(office, object_id, file, batch, at=self.now(), sensor=self.sensor)

        return self.front.move(self.speaker, ACTION, self.number, work)

    def taken(self) -> frozenset[SensorFile] | Refusal:
        """The files that need not even be opened; also whether the speaker may feed this sensor at all."""
        return self.front.move(
            self.speaker, ACTION, self.number, lambda office, object_id: office.hours.noted(object_id, self.sensor)
        )

    def forget(self) -> int | Refusal:
        """What has been kept for long enough goes."""
        return self.front.move(
            self.speaker, ACTION, self.number, lambda office, object_id: office.hours.forget(object_id, self.now())
        )


@dataclass(frozen=True, slots=True)
class TailProgress:
    """Implements `Progress` for the sensor of a feeder."""

    feeder: Feeder

    def load(self) -> Checkpoint | None:
        feeder = self.feeder

        def read(office: Office) -> Checkpoint | None:
            object_id = office.objects.by_number(feeder.number)
            return None if object_id is None else office.tails.checkpoint(object_id, feeder.sensor)

        return feeder.front.ask(feeder.speaker, read)

    def save(self, step: TailStep) -> Refusal | None:
        feeder = self.feeder
        kept = feeder.front.move(
            feeder.speaker,
            ACTION,
            feeder.number,
            lambda office, object_id: record_tail(office, object_id, step, at=feeder.now()),
        )
        return kept if isinstance(kept, Refusal) else None
