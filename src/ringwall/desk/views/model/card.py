"""The model card as a page: what the model behind every premium is for, rests on, and does not reproduce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Words
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.views.model.refits import RefitLine, may_propose, refit_lines
from ringwall.risk import AGREEMENTS, TERRITORIES, Agreement, CheckedTarget, ModelCard, Territory

READERS = frozenset({"insurer", "regulator"})
MARKS: Mapping[Agreement, str] = {Agreement.MET: "good", Agreement.MISS: "open", Agreement.OUTSIDE: "bad"}


@dataclass(frozen=True, slots=True)
class CardPage:
    """The card with what a reader looks for first."""

    card: ModelCard
    numbers: int
    reasons: tuple[CheckedTarget, ...]
    refits: tuple[RefitLine, ...]
    may_propose: bool

    @property
    def territories(self) -> Mapping[Territory | None, Words]:
        return TERRITORIES

    @property
    def agreements(self) -> Mapping[Agreement, Words]:
        return AGREEMENTS

    @property
    def marks(self) -> Mapping[Agreement, str]:
        return MARKS


def card_page(office: Office, speaker: Speaker, now: datetime) -> CardPage | Refusal:
    """For insurers and the supervisor: who is priced by the model sees its waterfall, not the model."""
    if speaker.organisation_kind not in READERS:
        return not_visible("/model")
    card = office.catalogue.card
    reasons = tuple(each for each in card.checks if each.target.reason)
    refits = refit_lines(office, now)
    return CardPage(card, sum(card.grades.values()), reasons, refits, may_propose(speaker))
