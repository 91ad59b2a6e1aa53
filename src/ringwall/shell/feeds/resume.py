"""A download that was cut off goes on where it stopped: its first bytes wait beside the cache, with their ETag."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one address that came before the line broke; they count only for the edition with this ETag."""

    path: Path
    url: str

    @property
    def _note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def begun(self) -> tuple[bytes, str]:
        """The bytes at hand and their ETag; nothing where they are of another address, or cannot be trusted."""
        try:
            note = json.loads(self._note.read_bytes())
            body = self.path.read_bytes()
            fits = note["url"] == self.url and note["bytes"] == len(body)
            return (body, str(note["etag"])) if fits and body else (b"", "")
        except (OSError, ValueError, KeyError, TypeError):
            return b"", ""

    def keep(self, body: bytes, etag: str) -> None:
        """A weak ETag does not say that bytes are equal, so what it names cannot be gone on with."""
        if not body or not etag or etag.startswith("W/"):
            return
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(body)
            self._note.write_text(json.dumps({"url": self.url, "etag": etag, "bytes": len(body)}))

    def drop(self) -> None:
        for path in (self.path, self._note):
            with suppress(OSError):
                path.unlink(missing_ok=True)
