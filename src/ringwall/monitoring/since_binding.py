"""Drift since binding: which findings are new, worse or gone, and which places were simply not seen again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from ringwall.basics import Words
from ringwall.evidence import Finding

Place = tuple[str, str]
"""An asset and a locator on it."""


class DriftKind(StrEnum):
    """Not seen again is neither gone nor still there."""

    NEW = "new"
    WORSE = "worse"
    GONE = "gone"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between the state at binding and now; `before` or `now` is None where nothing was open."""

    kind: DriftKind
    uid: str
    before: Finding | None
    now: Finding | None
    message: Words


def drift(
    at_binding: Iterable[Finding],
    now: Iterable[Finding],
    settled: Collection[Place] = (),
    withdrawn: Collection[str] = (),
) -> tuple[Drift, ...]:
    """The differences: new, worse, gone, not seen, the gravest of each first; what a dispute withdrew is none.

    `now` is the register after the later scan (`evidence.merge`), in which a closed finding stays as resolved.
    A finding of binding that it does not list at all is gone only if its place is among those that the scan settled.
    """
    before = {finding.uid: finding for finding in at_binding if finding.is_open}
    later = {finding.uid: finding for finding in now}
    drifts = [
        found
        for uid in (before.keys() | later.keys()).difference(withdrawn)
        if (found := _difference(before.get(uid), later.get(uid), settled)) is not None
    ]
    return tuple(sorted(drifts, key=_by_kind_and_gravity))


def is_worse(before: Finding, now: Finding) -> bool:
    """Graver, or known to be exploited now and not before."""
    return now.severity > before.severity or (now.known_exploited is True and before.known_exploited is not True)


def _difference(before: Finding | None, now: Finding | None, settled: Collection[Place]) -> Drift | None:
    if before is None:
        return _drift(DriftKind.NEW, None, now) if now is not None and now.is_open else None
    if now is None:
        return _drift(DriftKind.GONE if (before.asset, before.locator) in settled else DriftKind.NOT_SEEN, before, None)
    if not now.is_open:
        return _drift(DriftKind.GONE, before, now)
    return _drift(DriftKind.WORSE, before, now) if is_worse(before, now) else None


SAID = {
    DriftKind.NEW: Words("承保后新出现", "new since binding"),
    DriftKind.WORSE: Words("较承保时加重", "worse than at binding"),
    DriftKind.GONE: Words("承保时存在，现已消失", "open at binding, gone now"),
    DriftKind.NOT_SEEN: Words(
        "承保时存在，本次未能检测该处，状态不明", "open at binding, its place was not reached: unknown"
    ),
}


def _drift(kind: DriftKind, before: Finding | None, now: Finding | None) -> Drift:
    finding = now or before
    assert finding is not None
    said = SAID[kind]
    message = Words(
        f"{finding.asset}：{finding.title.zh}，{said.zh}。", f"{finding.asset}: {finding.title.en}, {said.en}."
    )
    return Drift(kind, finding.uid, before, now, message)


def _by_kind_and_gravity(found: Drift) -> tuple[int, int, str]:
    finding = found.now or found.before
    assert finding is not None
    return list(DriftKind).index(found.kind), -finding.severity, found.uid
