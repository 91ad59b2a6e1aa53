"""Text messages through an HTTP gateway, by a contract of two requests (docs/running.md): hand in, and ask."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringwall.desk.doors import Carried, Outcome, Parcel
from ringwall.monitoring import Channel, Mark
from ringwall.shell.messages.texts import as_text

TIMEOUT_SECONDS = 10.0
LARGEST_ANSWER_BYTES = 65_536
LONGEST_PROOF = 500
FOR_NOW = frozenset({408, 409, 423, 425, 429})
"""Refusals of the 400s that a later attempt may overcome."""
CLIENT_FAULT, SERVER_FAULT = 400, 500
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Its address, and the key that goes with every request."""

    url: str
    key: str


class SmsDoor:
    """Implements `ringwall.desk.doors.MessageDoor`; the parcel's key is its address at the gateway, so that handing in
    twice sends once."""

    channel = Channel.SMS

    def __init__(self, gateway: SmsGateway, portal: str, now: Clock, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._gateway = gateway
        self._portal = portal
        self._now = now
        self._timeout = timeout

    def carry(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        for parcel in parcels:
            began = self._now()
            try:
                said = self._request("PUT", parcel, {"to": parcel.to, "text": as_text(parcel, self._portal)})
                outcome, proof = Outcome.HANDED_OVER, _proof(said)
            except urllib.error.HTTPError as refused:
                outcome, proof = _outcome_of(refused.code), f"HTTP {refused.code}"
            except (OSError, ValueError) as broken:
                outcome, proof = Outcome.PUT_OFF, f"{type(broken).__name__}: {broken}"[:LONGEST_PROOF]
            yield parcel, Carried(outcome, began, self._now(), proof)

    def ask(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Carried]]:
        for parcel in parcels:
            began = self._now()
            try:
                yield parcel, self._heard(parcel, self._request("GET", parcel, None), began)
            except (OSError, ValueError, TypeError, LookupError) as broken:
                reason = f"{type(broken).__name__}: {broken}"[:LONGEST_PROOF]
                yield parcel, Carried(Outcome.SILENT, began, self._now(), reason)

    def _heard(self, parcel: Parcel, said: Any, began: datetime) -> Carried:
        state = said.get("state") if isinstance(said, dict) else None
        match state:
            case "delivered":
                return Carried(Outcome.DELIVERED, began, self._between(parcel, said["at"]), _proof(said))
            case "failed":
                return Carried(Outcome.REFUSED, began, self._now(), _proof(said))
            case _:
                return Carried(Outcome.SILENT, began, self._now(), _proof(said))

    def _between(self, parcel: Parcel, stated: str) -> datetime:
        """The gateway's instant; where its clock says before we sent or after now, the instant at which we heard."""
        now, at = self._now(), datetime.fromisoformat(stated)
        sent = [r.at for r in parcel.message.receipts if r.way == (Channel.SMS, parcel.to) and r.mark is Mark.SENT]
        earliest = max(sent, default=parcel.message.written_at)
        return at if at.tzinfo is not None and earliest <= at <= now else now

    def _request(self, method: str, parcel: Parcel, body: dict[str, str] | None) -> Any:
        request = urllib.request.Request(
            f"{self._gateway.url}/messages/{parcel.key}",
            data=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self._gateway.key}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(request, timeout=self._timeout) as response:
            return json.loads(response.read(LARGEST_ANSWER_BYTES) or b"{}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key goes to the gateway and to nobody else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _outcome_of(status: int) -> Outcome:
    return Outcome.REFUSED if CLIENT_FAULT <= status < SERVER_FAULT and status not in FOR_NOW else Outcome.PUT_OFF


def _proof(said: Any) -> str:
    return str(said.get("proof", ""))[:LONGEST_PROOF] if isinstance(said, dict) else ""
