"""New versions of the loss model from own experience: proposed, read, and adopted or declined by somebody else."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.records import RefitDecision, RefitFile, RefitState
from ringwall.desk.risk.decide_refit import decide_refit
from ringwall.desk.risk.propose_refit import LEAST_YEARS, YEARS, RefitWish, propose_refit
from ringwall.portfolio import ModelEffect
from ringwall.risk import Drift, Refit, SecondOpinion
from ringwall.shell.api.caller import Asking, SignedRoute, Writing
from ringwall.shell.api.forms.fields import After, Body, Limit, Number, Text
from ringwall.shell.api.forms.mirror import mirror
from ringwall.shell.api.found import Listing, listing, record_of

router = APIRouter(tags=["损失模型 · Loss model"], route_class=SignedRoute)

MOST_YEARS = 20_000


class Propose(Body):
    """The new version, and over how many simulated years the book in force is compared under both."""

    version: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-02"])
    years: int = Field(default=YEARS, ge=LEAST_YEARS, le=MOST_YEARS, strict=True)


class Decide(Body):
    """Adopt or decline, with the reason."""

    state: Literal["adopted", "declined"]
    reason: Text


@dataclass(frozen=True, slots=True)
class RefitSeen:
    """A proposed version with all that speaks for and against it; its files are exported by the command line."""

    number: str
    state: RefitState
    model: str
    model_sha256: str
    version: str
    sha256: str
    on: date
    by: str
    origin: str
    data_sha256: str
    policies: int
    claims: int
    first_year: int
    last_year: int
    refits: tuple[Refit, ...]
    second: tuple[SecondOpinion, ...] | None
    drift: Drift
    before: ModelEffect
    after: ModelEffect
    refusals: tuple[Refusal, ...]
    decision: RefitDecision | None


def _seen(file: RefitFile) -> RefitSeen:
    return RefitSeen(**{each.name: getattr(file, each.name) for each in fields(RefitSeen)})


@router.post(
    "/model/refits", status_code=201, response_model=mirror(RefitSeen), summary="提出新版本 · Propose a version"
)
def propose(body: Propose, writer: Writing) -> RefitSeen:
    """The model fitted to the policies bound here and the claims on them, compared on the book in force and kept.

    No price rests on it, before or after somebody adopts it.
    """
    wish, at = RefitWish(body.version, years=body.years), writer.instant(None)
    return _seen(
        writer.write(
            "propose_refit", body, RefitFile, lambda office: propose_refit(office, wish, by=writer.speaker, at=at)
        )
    )


@router.get("/model/refits", response_model=mirror(Listing), summary="提案列表 · List proposals")
def proposals(caller: Asking, limit: Limit = 100, after: After = "") -> Listing:
    """The proposals of the speaker's own organisation; nobody else reads them."""
    return caller.ask(lambda office: listing(office, office.refits.all(), limit, after))


@router.get("/model/refits/{number}", response_model=mirror(RefitSeen), summary="一个提案 · One proposal")
def one_proposal(number: Number, caller: Asking) -> RefitSeen:
    """Each number that moves, the drift behind it, and what the book in force would cost under both versions."""
    return _seen(record_of(caller, lambda office: office.refits, number, RefitFile))


@router.post(
    "/model/refits/{number}/decisions",
    status_code=201,
    response_model=mirror(RefitSeen),
    summary="决定提案 · Decide on a proposal",
)
def decide(number: Number, body: Decide, writer: Writing) -> RefitSeen:
    """An underwriter other than the author adopts or declines it, once and for good."""
    state, at = RefitState(body.state), writer.instant(None)

    def work(office: Office) -> RefitFile | Refusal:
        return decide_refit(office, number, state, body.reason, by=writer.speaker, at=at)

    return _seen(writer.write("decide_refit", body, RefitFile, work))
