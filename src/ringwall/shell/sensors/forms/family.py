"""The forms that are not EVE: each has a name and one verb, `events`; a copy in EVE's shape is what is counted."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ringwall.shell.sensors.forms import nfdump, zeek
from ringwall.shell.sensors.forms.event import UNREADABLE

FORMS = (zeek, nfdump)
NOT_READ = b'"cannot be read"\n'
_ENCODER = msgspec.json.Encoder()


def translate(form: str, path: Path, target: Path, zone: ZoneInfo) -> None:
    """Write the copy; a heading becomes an empty line, so that a bad line keeps its number."""
    (reader,) = (each for each in FORMS if form == each.NAME)
    with path.open("rb") as source, target.open("wb") as copy:
        for event in reader.events(source, path, zone):
            copy.write(b"\n" if event is None else NOT_READ if event is UNREADABLE else _ENCODER.encode(event) + b"\n")
