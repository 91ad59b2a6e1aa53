"""What a command line gave, and what the tests of the commands look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ringwall.basics import SHANGHAI

NOW = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)
SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


@dataclass(frozen=True)
class Ran:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    @property
    def codes(self) -> list[str]:
        return [refusal["code"] for refusal in self.document.get("refusals", ())]


Run = Callable[..., Ran]
