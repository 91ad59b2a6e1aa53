"""The world outside, as the main job meets it: hosts that can be looked at, a sensor's file, a printer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from ringwall.basics import Language, Refusal
from ringwall.evidence import ScanResult, TrafficBatch
from ringwall.exposure import Asset, Challenge, Consent, ControlProof
from ringwall.policy import ScheduleDocument


class World(Protocol):
    """The job's lab on loopback stands behind this door; a test may put another lab there, never a fake answer."""

    def prove(
        self, challenges: Iterable[Challenge], consent: Consent, stage: str
    ) -> tuple[ControlProof | Refusal, ...]:
        """Publish each token as the insured would, look for it, and say what was seen (at the token's own instant)."""
        ...

    def scan(
        self, assets: Iterable[Asset], consent: Consent, proofs: tuple[ControlProof, ...], stage: str, at: datetime
    ) -> ScanResult:
        """Put the hosts into a stage of the story and look at them."""
        ...

    def count_traffic(self, insured: str, inside: tuple[str, ...]) -> TrafficBatch | Refusal:
        """The sensor's closed file, counted with the insured's own key."""
        ...

    def server_key(self) -> bytes:
        """The key that challenge tokens are made with."""
        ...

    def print_schedule(self, document: ScheduleDocument, language: Language) -> bytes:
        """The schedule as a PDF."""
        ...
