"""The premium through the policy's versions, and each insurer's part of what the panel has booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ringwall.basics import Words
from ringwall.desk.views.journey.money_steps import KINDS
from ringwall.policy import Policy, PolicyContent, PolicyVersion, Premium, VersionKind
from ringwall.settlement import DecidedBy, PanelPosting, PostingKind, SequenceKind


@dataclass(frozen=True, slots=True)
class VersionShown:
    """One version on its two dates; `change` is what it adds to the premium booked, with the invoice that says so."""

    place: int
    kind: VersionKind
    effective_at: datetime
    known_at: datetime
    because: Words
    factor: Fraction
    annual_net_minor: int
    change: Premium
    invoice: str
    code: str
    """The verification code of this version's schedule; empty for a reader who may not see all that it covers."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One insurer of the panel; its parts are None for a reader who may not see the panel's postings."""

    code: str
    name: Words
    is_lead: bool
    share: Fraction
    premium_minor: int | None
    vat_minor: int | None
    claims_minor: int | None
    reserve_minor: int | None
    services_minor: int | None
    """Its part of what included services cost, where the panel shares that."""


@dataclass(frozen=True, slots=True)
class PostingShown:
    """One posting to the panel with its parts in the order of the panel."""

    sequence: SequenceKind
    number: int
    what: Words
    at: datetime
    amount_minor: int
    running_minor: int
    parts: tuple[int, ...]
    decided_by: DecidedBy
    votes_for: Fraction | None
    reference: str


def versions_of(policy: Policy, now: datetime, codes: dict[datetime, str]) -> tuple[VersionShown, ...]:
    """Every version that was known, oldest first."""
    shown: list[VersionShown] = []
    booked = Premium(0, 0)
    for place, version in enumerate((each for each in policy.versions if each.known_at <= now), start=1):
        terms = version.content.premium
        change = terms.premium + -booked
        booked = terms.premium
        shown.append(
            VersionShown(
                place,
                version.kind,
                version.effective_at,
                version.known_at,
                version.because,
                terms.rate_factor,
                terms.annual_net_minor,
                change,
                invoice_of(version, change),
                codes.get(version.known_at, ""),
            )
        )
    return tuple(shown)


def invoice_of(version: PolicyVersion, change: Premium) -> str:
    """The blue invoice, and for less premium the red-letter invoice that refers to it."""
    blue = version.content.premium.invoice
    return f"{blue}-R" if change.gross_minor < 0 and blue else blue


def panel_of(content: PolicyContent, log: Sequence[PanelPosting]) -> tuple[PanelLine, ...]:
    """The panel in its order; without a log nobody's parts are shown, rather than nought."""

    def part(code: str, *kinds: PostingKind) -> int | None:
        return sum(each.part_of(code) for each in log if each.event.kind in kinds) if log else None

    claims = tuple(kind for kind in PostingKind if kind.sequence is SequenceKind.CLAIM)
    lines = []
    for line in content.panel.lines:
        party = content.parties.insurer(line.insurer)
        lines.append(
            PanelLine(
                line.insurer,
                party.name if party else Words(line.insurer, line.insurer),
                line.insurer == content.panel.lead,
                line.share,
                part(line.insurer, PostingKind.PREMIUM),
                part(line.insurer, PostingKind.VAT),
                part(line.insurer, *claims),
                part(line.insurer, PostingKind.RESERVE),
                part(line.insurer, PostingKind.SERVICE),
            )
        )
    return tuple(lines)


def postings_of(content: PolicyContent, log: Sequence[PanelPosting]) -> tuple[PostingShown, ...]:
    """The panel's log in the order of time."""
    return tuple(
        PostingShown(
            posting.event.kind.sequence,
            posting.number,
            KINDS[posting.event.kind],
            posting.event.at,
            posting.amount_minor,
            posting.running_total_minor,
            tuple(posting.part_of(line.insurer) for line in content.panel.lines),
            posting.decided_by,
            posting.votes_for,
            posting.event.reference,
        )
        for posting in sorted(log, key=lambda each: (each.event.at, list(SequenceKind).index(each.event.kind.sequence)))
    )
