"""The world of the main job: a lab of real services on loopback, a sensor's file made by our own run, a printer."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import datetime
from importlib.resources import as_file, files
from ipaddress import ip_network
from pathlib import Path

from ringwall.basics import Language, Refusal
from ringwall.evidence import ScanResult, TrafficBatch
from ringwall.exposure import Asset, Challenge, Consent, ControlProof
from ringwall.policy import ScheduleDocument
from ringwall.shell.documents import print_schedule
from ringwall.shell.probes import check_control, scan
from ringwall.shell.probes.lab import Lab, case_plan, start_lab
from ringwall.shell.sensors import ingest


class LabWorld:
    """Implements `ringwall.desk.life.world.World`; the lab starts with the first look that is really taken."""

    def __init__(
        self, server_key: bytes, sensor_file: Path | None = None, *, stop: Callable[[], bool] = lambda: False
    ) -> None:
        """`sensor_file` stands in for the sample in the catalogue; `stop` is the stop switch of the looks."""
        self._server_key = server_key
        self._stop = stop
        self._sensor_file = sensor_file
        self._lab: Lab | None = None

    def prove(
        self, challenges: Iterable[Challenge], consent: Consent, stage: str
    ) -> tuple[ControlProof | Refusal, ...]:
        lab, asked = self._in_stage(stage), tuple(challenges)
        for challenge in asked:
            lab.publish_challenge(challenge)
        at = asked[0].issued_at
        return check_control(asked, consent, lab.resolver, at, http_port=lab.http_port, allow_loopback=True)

    def scan(
        self, assets: Iterable[Asset], consent: Consent, proofs: tuple[ControlProof, ...], stage: str, at: datetime
    ) -> ScanResult:
        lab = self._in_stage(stage)
        return scan(
            assets,
            consent,
            proofs,
            lab.resolver,
            at,
            allow_loopback=True,
            stop=self._stop,
            swept_ports=lab.ports,
            name_server_port=lab.dns_port,
        )

    def count_traffic(self, insured: str, inside: tuple[str, ...]) -> TrafficBatch | Refusal:
        key = hmac.digest(self._server_key, f"traffic:{insured}".encode(), "sha256")
        networks = tuple(ip_network(each) for each in inside)
        with as_file(files("ringwall.catalogue") / "lab" / "eve.ndjson") as sample:
            return ingest(self._sensor_file or sample, key=key, inside=networks)

    def server_key(self) -> bytes:
        return self._server_key

    def print_schedule(self, document: ScheduleDocument, language: Language) -> bytes:
        return print_schedule(document, language)

    def close(self) -> None:
        if self._lab is not None:
            self._lab.close()

    def _in_stage(self, stage: str) -> Lab:
        if self._lab is None:
            self._lab = start_lab(stage, case_plan())
        self._lab.switch(stage)
        return self._lab
