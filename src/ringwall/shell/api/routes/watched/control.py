"""Proving control of an asset: a token is given out, published by the insured, and looked for."""

from __future__ import annotations

from fastapi import APIRouter

from ringwall.basics import Refusal, refuse
from ringwall.desk.exposure.prove_control import ControlCheck, ask_for_challenge, token_waiting
from ringwall.desk.exposure.put_on_record import record_proof
from ringwall.desk.office import Office
from ringwall.exposure import Challenge, ControlProof, ProofMethod
from ringwall.shell.api.caller import SignedRoute, Writer, Writing
from ringwall.shell.api.forms.fields import Body, Number, ShortText
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import object_of
from ringwall.shell.api.problems import Refused

router = APIRouter(tags=["投保 · Applications"], route_class=SignedRoute)


class Token(Body):
    """Of which declared asset, and by which way it is published."""

    asset: ShortText
    method: ProofMethod


@router.post(
    "/submissions/{number}/challenges",
    status_code=201,
    response_model=mirror(Challenge),
    summary="领取令牌 · Get a token",
)
def challenge(number: Number, body: Token, writer: Writing) -> Challenge:
    """The token and its place: a TXT record of the domain, or a file on the website; it holds for seven days."""
    control, at = _control(writer), writer.instant(None)
    nonce = control.nonce()

    def work(office: Office) -> Challenge | Refusal:
        return ask_for_challenge(
            office, object_of(office, number), body.asset, body.method, key=control.key, nonce=nonce, at=at
        )

    return writer.write("ask_for_challenge", body, Challenge, work, number)


@router.post(
    "/submissions/{number}/proofs",
    status_code=201,
    response_model=mirror(ControlProof),
    summary="核实令牌 · Look for a token",
)
def proof(number: Number, body: Token, writer: Writing) -> ControlProof:
    """One look for the token; a look that does not find it is kept like one that does."""
    control, at = _control(writer), writer.instant(None)
    waiting = writer.ask(lambda office: token_waiting(office, number, body.asset, body.method, at=at))
    seen = control.look(waiting.challenge, waiting.consent, at)
    if isinstance(seen, Refusal):
        raise Refused(seen)
    return writer.write(
        "prove_control",
        body,
        ControlProof,
        lambda office: record_proof(office, object_of(office, number), seen),
        number,
    )


def _control(writer: Writer) -> ControlCheck:
    if writer.house.control is not None:
        return writer.house.control
    raise Refused(
        refuse(
            "control_check_missing",
            "control",
            zh="本接口未装配令牌的签发与核实；请经门户或命令行证明控制权，或由管理员装配。",
            en="This interface was set up without giving out and looking for tokens; prove control in the portal or by "
            "the command line.",
        )
    )
