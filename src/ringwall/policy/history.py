"""A policy as append-only versions on two dates: when a version holds (effective) and when it was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from ringwall.basics import Refusal, Term, Words, refuse, round_fraction
from ringwall.policy.panel import Panel
from ringwall.policy.premium import Premium, with_vat


@dataclass(frozen=True, slots=True)
class Party:
    """A party in both languages; `id` is its organisation."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is on the contract; an applicant may insure another (R-12 looks at who pays, a claim at who is insured)."""

    applicant: Party
    insured: Party
    insurers: tuple[Party, ...]
    broker: Party | None = None
    provider: Party | None = None

    def insurer(self, id: str) -> Party | None:
        return next((party for party in self.insurers if party.id == id), None)


@dataclass(frozen=True, slots=True)
class PartTerms:
    """One coverage part as the schedule shows it; the terms graph of the product version is what settles."""

    code: str
    name: Words
    limit_minor: int
    retention: Words


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause by number and heading; `takes_away` marks what needs explanation (R-05)."""

    number: str
    heading: Words
    takes_away: bool = False


@dataclass(frozen=True, slots=True)
class SpecialAgreement:
    """A special agreement (特别约定): it beats the standard wording."""

    number: str
    text: Words


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service that the policy itself includes, in units; what is not in the policy may not be given away (R-28)."""

    code: str
    name: Words
    units: int


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """What is covered and on which words; the event and aggregate limits are whole fen."""

    parts: tuple[PartTerms, ...]
    event_limit_minor: int
    aggregate_limit_minor: int
    clauses: tuple[ClauseLine, ...]
    agreements: tuple[SpecialAgreement, ...] = ()
    services: tuple[ServiceLine, ...] = ()

    @property
    def takeaways(self) -> tuple[str, ...]:
        return tuple(clause.number for clause in self.clauses if clause.takes_away)


@dataclass(frozen=True, slots=True)
class RunningChange:
    """What the rate was at issue, and by how much the net premium has changed since, exactly and before any rounding.

    Rates within the term are reckoned from the issue and changes are rounded on their running total, so that neither
    the order nor the number of the endorsements makes a fen (docs/settlement.md does the same for splits).
    """

    issued_net_minor: int
    issued_factor: Fraction
    change: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class PremiumTerms:
    """The premium and what it hangs on.

    `annual_net_minor` is the net premium of the whole period at the factor in force, `premium` what is booked so far,
    `invoice` the blue invoice to which a refund refers.
    """

    annual_net_minor: int
    vat_rate: Fraction
    premium: Premium
    rate_factor: Fraction
    invoice: str = ""
    subsidy_share: Fraction = Fraction(0)
    reduction_excluded: bool = False
    since_issue: RunningChange | None = None
    """None until the first endorsement."""

    @property
    def running(self) -> RunningChange:
        return self.since_issue or RunningChange(self.annual_net_minor, self.rate_factor)

    def booked_for(self, exact: Fraction) -> Premium:
        """What a further exact change of the net premium adds to the books: the difference of two running totals."""
        before = self.running.change
        totals = (with_vat(round_fraction(total), self.vat_rate) for total in (before + exact, before))
        return next(totals) + -next(totals)


@dataclass(frozen=True, slots=True)
class PolicyContent:
    """Everything that a version of the policy says."""

    product_code: str
    product_version: str
    period: Term
    parties: Parties
    panel: Panel
    cover: CoverTerms
    premium: PremiumTerms
    explained: Mapping[str, bool]

    @property
    def void_clauses(self) -> tuple[str, ...]:
        return tuple(clause for clause in self.cover.takeaways if not self.explained[clause])


class VersionKind(StrEnum):
    """What made a version: issue, a change, or the end before its time."""

    ISSUED = "issued"
    ENDORSED = "endorsed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version: it holds from `effective_at` on, and has been known since `known_at`."""

    kind: VersionKind
    effective_at: datetime
    known_at: datetime
    content: PolicyContent
    because: Words


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy's whole history; nothing in it is ever changed, a correction is a further version."""

    number: str
    versions: tuple[PolicyVersion, ...]

    @property
    def newest(self) -> PolicyVersion:
        return self.versions[-1]

    @property
    def concluded_at(self) -> datetime:
        return self.versions[0].known_at

    def as_of(self, effective: datetime, known: datetime) -> PolicyVersion | Refusal:
        """The version that holds at one instant, as far as it was known at another; the newest such entry wins."""
        held = [v for v in self.versions if v.known_at <= known and v.effective_at <= effective]
        if held and held[-1].content.period.contains(effective):
            return held[-1]
        return refuse(
            "policy_not_in_force",
            self.number,
            zh=f"按 {known} 所知，保险单 {self.number} 在 {effective} 无有效版本；请核对日期与保险期间。",
            en=f"As known at {known}, policy {self.number} has no version in force at {effective}; check the "
            "date and the period.",
        )

    def with_version(self, version: PolicyVersion) -> Policy | Refusal:
        """The history with one version more: never known earlier nor in force earlier than the newest one."""
        newest = self.newest
        if newest.kind is VersionKind.CANCELLED:
            return refuse(
                "policy_cancelled",
                self.number,
                zh=f"保险单 {self.number} 已于 {newest.effective_at} 退保，不能再批改；请另行投保。",
                en=f"Policy {self.number} was cancelled from {newest.effective_at} and takes no endorsement; "
                "apply anew.",
            )
        if version.known_at < newest.known_at or version.effective_at < newest.effective_at:
            return refuse(
                "out_of_sequence",
                self.number,
                zh=f"新版本生效 {version.effective_at}、知悉 {version.known_at}，早于现行版本（生效 "
                f"{newest.effective_at}、知悉 {newest.known_at}）；请选择不早于现行版本的日期。",
                en=f"The new version (effective {version.effective_at}, known {version.known_at}) is before the "
                f"newest one (effective {newest.effective_at}, known {newest.known_at}); "
                "choose dates that are not earlier.",
            )
        return replace(self, versions=(*self.versions, version))
