"""Proof of control: is the challenge's token in the domain's zone, or on the host's own web service?"""

from __future__ import annotations

from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.exposure import Challenge, ControlProof, LookMethod, ProofMethod
from ringwall.shell.probes.gate import Gate, OutOfScope
from ringwall.shell.probes.http_get import get
from ringwall.shell.probes.resolver import LookupFailed, Resolver
from ringwall.shell.probes.target import Target

HTTP_PORT = 80


async def prove(
    challenge: Challenge, gate: Gate, at: datetime, *, http_port: int = HTTP_PORT
) -> ControlProof | Refusal:
    """One look for the token. A token that is not there is a proof that failed; one that is too old is refused."""
    if not challenge.is_open(at):
        return refuse(
            "challenge_expired",
            challenge.asset,
            zh=f"{challenge.asset} 的令牌签发于 {challenge.issued_at.isoformat()}，七日有效期已过；请重新签发。",
            en=f"The token for {challenge.asset} was issued at {challenge.issued_at.isoformat()}, its seven days are "
            "over; issue a new one.",
        )
    if challenge.method is ProofMethod.DNS_TXT:
        return await prove_by_dns(challenge, gate.resolver, at)
    try:
        return await prove_by_http(challenge, gate, at, http_port)
    except OutOfScope as stopped:
        return stopped.refusal


async def prove_by_dns(challenge: Challenge, resolver: Resolver, at: datetime) -> ControlProof:
    try:
        texts = (await resolver.look_up(challenge.place, "TXT")).values
    except LookupFailed as failure:
        return _failed(challenge, at, str(failure))
    if challenge.token in texts:
        return ControlProof(challenge.asset, ProofMethod.DNS_TXT, True, at, challenge.place)
    return _failed(challenge, at, f"{challenge.place}: {'another text' if texts else 'no TXT record'}")


async def prove_by_http(challenge: Challenge, gate: Gate, at: datetime, port: int) -> ControlProof:
    """Every address of the host has to serve the token, with no redirect; those addresses are what is proved."""
    try:
        targets = [target.at_port(port) for target in await gate.pin(challenge.asset, at)]
        for target in targets:
            if why := await _missing(challenge, gate, target):
                return _failed(challenge, at, why)
    except (OSError, EOFError) as failure:
        return _failed(challenge, at, f"{challenge.place}: {type(failure).__name__}")
    if not targets:
        return _failed(challenge, at, "the name has no address")
    addresses = tuple(target.address for target in targets)
    return ControlProof(challenge.asset, ProofMethod.HTTP_TOKEN, True, at, challenge.place, addresses)


async def _missing(challenge: Challenge, gate: Gate, target: Target) -> str:
    response = await get(gate, target, challenge.place, method=LookMethod.PASSIVE)
    if response is None:
        return f"{target.locator} does not speak HTTP"
    if response.status != 200:
        return f"{challenge.place}: status {response.status}"
    return "" if response.text.strip() == challenge.token else f"{challenge.place}: another text"


def _failed(challenge: Challenge, at: datetime, detail: str) -> ControlProof:
    return ControlProof(challenge.asset, challenge.method, False, at, detail)
