"""What the insurer knew and when: dated, append-only, because knowledge at conclusion bars rescission (R-03)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ringwall.evidence import Finding


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One thing that somebody at the insurer learned; `what` is a stable key such as `finding:ab12` or `answer:Q20`."""

    what: str
    learned_at: datetime
    by: str
    source: str


KnowledgeLog = tuple[Knowledge, ...]


def learn(log: KnowledgeLog, entry: Knowledge) -> KnowledgeLog:
    """The log with one entry more; the same entry again changes nothing, and nothing is ever taken out."""
    return log if entry in log else (*log, entry)


def first_learned(log: Iterable[Knowledge], what: str) -> Knowledge | None:
    """The earliest instant counts, in whatever order the entries were written down."""
    return min((entry for entry in log if entry.what == what), key=lambda entry: entry.learned_at, default=None)


def knew(log: Iterable[Knowledge], what: str, at: datetime) -> bool:
    """Whether the insurer had learned it by an instant."""
    entry = first_learned(log, what)
    return entry is not None and entry.learned_at <= at


def learned_from(finding: Finding, by: str) -> Knowledge:
    """What the insurer knows from its own look is dated by that look and not by the day of reading it (R-03)."""
    return Knowledge(
        f"finding:{finding.uid}", finding.first_seen, by, f"{finding.check} {finding.evidence_sha256[:12]}"
    )
