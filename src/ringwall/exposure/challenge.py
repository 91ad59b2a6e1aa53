"""The challenge by which an insured proves that it controls an asset: a one-time token with an end."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from ringwall.exposure.assets import ProofMethod
from ringwall.exposure.consent import plain_name

CHALLENGE_HOLDS_FOR = timedelta(days=7)
DNS_LABEL = "_ringwall-challenge"
HTTP_FOLDER = "/.well-known/ringwall-challenge/"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A token asked of one account for one asset; it is answered once and within seven days."""

    account: str
    asset: str
    method: ProofMethod
    nonce: str
    token: str
    issued_at: datetime

    def is_open(self, at: datetime) -> bool:
        return timedelta(0) <= at - self.issued_at <= CHALLENGE_HOLDS_FOR

    @property
    def place(self) -> str:
        """Where the token is to be published: a DNS name or a path."""
        if self.method is ProofMethod.DNS_TXT:
            return f"{DNS_LABEL}.{plain_name(self.asset)}"
        return HTTP_FOLDER + self.token


def challenge_token(server_key: bytes, account: str, asset: str, nonce: str) -> str:
    """base64url(HMAC-SHA256(server key, account, asset, nonce)): only the server can have made it."""
    message = "\x1f".join((account, plain_name(asset), nonce)).encode()
    return base64.urlsafe_b64encode(hmac.digest(server_key, message, hashlib.sha256)).decode().rstrip("=")


def issue_challenge(
    server_key: bytes, account: str, asset: str, method: ProofMethod, nonce: str, at: datetime
) -> Challenge:
    """A new challenge; the nonce comes from the caller and is never used twice."""
    token = challenge_token(server_key, account, asset, nonce)
    return Challenge(account, plain_name(asset), method, nonce, token, at)
