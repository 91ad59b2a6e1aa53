"""The house's own scanner at work for the queue: looks that are waited for, each within the walls of the insured."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.evidence.look_again import keep_look, looks_due
from ringwall.desk.office import Office
from ringwall.evidence import ScanResult
from ringwall.exposure import Asset, Consent, ControlProof


class Scanner(Protocol):
    """One look at some assets, within the consent and by the proofs of control."""

    def __call__(
        self, assets: tuple[Asset, ...], consent: Consent, proofs: tuple[ControlProof, ...], at: datetime
    ) -> ScanResult: ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """The scanner of an installation, and its clock."""

    scan: Scanner
    now: Callable[[], datetime]


class LookNotKept(Exception):
    """What a look saw could not be put on record; the queue tries again, and keeps the job where that does not help."""


def own_eyes(stop: Callable[[], bool], now: Callable[[], datetime]) -> Eyes:
    """Our scanner with the name servers of this machine; while `stop` says so no look opens a socket."""

    def look(assets: tuple[Asset, ...], consent: Consent, proofs: tuple[ControlProof, ...], at: datetime) -> ScanResult:
        from ringwall.shell.probes import machine_resolver, scan  # a command that never looks need not load them

        return scan(assets, consent, proofs, machine_resolver(), at, stop=stop)

    return Eyes(look, now)


def looker(
    open_office: Callable[[UUID], AbstractContextManager[Office]], eyes: Eyes | None
) -> Callable[[UUID, UUID], bool] | None:
    """Takes every look that is due on an object; says whether one is still waited for. None where nobody can look."""
    if eyes is None:
        return None

    def look(owner: UUID, object_id: UUID) -> bool:
        with open_office(owner) as office:
            waiting = looks_due(office, object_id, eyes.now())
        for due in waiting:
            result = eyes.scan(due.assets, due.consent, due.proofs, eyes.now())
            with open_office(owner) as office:
                kept = keep_look(office, object_id, due, result)
            if isinstance(kept, Refusal):
                raise LookNotKept(f"{kept.code}: {kept.where}")
        with open_office(owner) as office:
            return bool(looks_due(office, object_id, eyes.now()))

    return look
