"""What the desk keeps beside the rooms' own nouns: a thing together with what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Refusal, Term
from ringwall.claim import Claim, IncreaseAssessment
from ringwall.evidence import Contradiction, ControlStanding, Finding, ScanResult
from ringwall.market import Table
from ringwall.monitoring import Behaviour
from ringwall.policy import Line, Policy
from ringwall.portfolio import Band, ForcedLoss, Measures, ModelEffect, Pile
from ringwall.price import BookCapital, Fix, PricedRisk
from ringwall.product import Schedule
from ringwall.risk import Drift, Experience, Refit, SecondOpinion
from ringwall.settlement import PanelAgreement
from ringwall.terms import LossEvent
from ringwall.underwriting import Decision, DisclosureAssessment

UNRATED = Fraction(1)
"""Of a policy bound before its relativity was kept with it."""


@dataclass(frozen=True, slots=True)
class ScanFile:
    """One scan of an insured's assets: everything that was seen, and the findings that it leaves."""

    number: str
    purpose: str
    result: ScanResult
    findings: tuple[Finding, ...]
    intelligence: str


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report of somebody else's scanner that was handed in: what came of it, and what was left out and why."""

    number: str
    tool: str
    sha256: str
    handed_in_by: str
    findings: tuple[str, ...]
    answered: tuple[str, ...]
    left_out: int
    refusals: tuple[Refusal, ...]
    closed: tuple[str, ...] = ()
    """Findings of the same tool that were said to be fixed and that this report, of the same place, has no more."""


@dataclass(frozen=True, slots=True)
class QuoteFile:
    """A quote with all that made it: schedule, price and its reasons, fix list, decision; valid until an instant."""

    number: str
    submission: str
    product: str
    version: str
    period: Term
    schedule: Schedule
    priced: PricedRisk
    fixes: tuple[Fix, ...]
    standings: tuple[ControlStanding, ...]
    findings: tuple[Finding, ...]
    contradictions: tuple[Contradiction, ...]
    decision: Decision
    panel: tuple[Line, ...]
    valid_until: datetime
    experience: Experience | None = None
    """the insured's own losses on which the price rests"""
    capital: BookCapital | None = None
    """of the book on the day of the quote; None where it had not been run"""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy with the schedule that its claims are settled under and what was known of the insured at binding."""

    policy: Policy
    schedule: Schedule
    quote: str
    findings: tuple[Finding, ...]
    standings: tuple[ControlStanding, ...]
    agreement: PanelAgreement
    relativity: Fraction = UNRATED
    """What the filed rates made of the frequency at binding: the kind of business times the members insured."""

    @property
    def rated_findings(self) -> tuple[Finding, ...]:
        """The findings on which the rate at binding rests."""
        return tuple(finding for finding in self.findings if finding.may_price)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A claim with the loss that it is about, and how the duties of disclosure and notice stand where in question."""

    claim: Claim
    event: LossEvent
    votes: Mapping[str, bool]
    disclosure: DisclosureAssessment | None = None
    behaviour: Behaviour | None = None
    """The suggestions on which the last decision rests, where the policy's terms ask for them."""
    increase: IncreaseAssessment | None = None
    """A person's ruling on an increase of risk that nobody told of, and what goes unpaid for it."""


@dataclass(frozen=True, slots=True)
class RunPoint:
    """One point of a curve (`gross` or `net`, `aep` or `oep`), its band, and the simulated year that made it."""

    view: str
    curve: str
    years: int
    loss_minor: int | None
    low_minor: int | None
    high_minor: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class RunParts:
    """What a run is taken apart into: bands, what made the tail, forced disasters, and where limits pile up."""

    points: tuple[RunPoint, ...]
    bands: Mapping[str, Band]
    """Of `gross_aal`, `net_aal`, `gross_tvar99`, `net_tvar99`."""
    tail_by_part: Mapping[str, int]
    tail_by_vendor: Mapping[str, int]
    tail_by_insurer: Mapping[str, int]
    disasters: tuple[ForcedLoss, ...]
    regions: tuple[Pile, ...]
    products: tuple[Pile, ...]
    weaknesses: tuple[Pile, ...]
    """By CVE, from the open findings of the insured that the house has looked at."""


@dataclass(frozen=True, slots=True)
class BookRun:
    """One simulation of the book: what was simulated and what came out, gross and net of treaties (whole fen)."""

    number: str
    as_at: date
    years: int
    seed: int
    model: str
    model_sha256: str
    policies: int
    gross: Measures
    net: Measures
    known_minor: int
    premium_minor: int
    earned_minor: int
    incurred_minor: int
    by_cause: Mapping[str, int]
    by_vendor: Mapping[str, int]
    tail_by_policy: Mapping[str, int]
    piles: tuple[Pile, ...]
    refusals: tuple[Refusal, ...]
    parts: RunParts | None = None
    """None in runs that were made before runs were taken apart."""


class RefitState(StrEnum):
    """Where a new version of the model stands that somebody has proposed."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class RefitDecision:
    """What became of a proposal: who decided, when and why."""

    state: RefitState
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RefitFile:
    """A new version of the model with all that speaks for and against it; no price rests on it.

    Adopted, its files may stand in a catalogue, where only rates that are filed with it price by it.
    """

    number: str
    model: str
    model_sha256: str
    version: str
    sha256: str
    on: date
    by: str
    person: UUID
    origin: str
    """Where the experience comes from: the book, or the names of the files."""
    data_sha256: str
    policies: int
    claims: int
    first_year: int
    last_year: int
    refits: tuple[Refit, ...]
    second: tuple[SecondOpinion, ...] | None
    """None where lifelines is not installed."""
    drift: Drift
    before: ModelEffect
    after: ModelEffect
    refusals: tuple[Refusal, ...]
    files: Mapping[str, str]
    decision: RefitDecision | None = None

    @property
    def state(self) -> RefitState:
        return self.decision.state if self.decision else RefitState.PROPOSED


@dataclass(frozen=True, slots=True)
class StatisticsFile:
    """Published statistics on a date, each table with its privacy floor."""

    number: str
    on: date
    tables: tuple[Table, ...]
    export_csv: str
