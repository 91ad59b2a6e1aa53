"""A provider's scorecard: on time, above the rate card, precision of findings; a figure without a case is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.service.order import SlaResult, SlaStanding
from ringwall.service.rates import InvoiceCheck


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Shares as exact fractions, None where nothing has been counted yet."""

    provider: str
    clocks_counted: int
    on_time: Fraction | None
    cost_deviation: Fraction | None
    finding_precision: Fraction | None
    complaints: int
    """Deliveries that were sent back or rejected."""
    deliveries: int = 0
    findings: int = 0
    """All that the provider has stated; `finding_precision` is the share of them that no upheld dispute took back."""


def score(
    provider: str,
    standings: Iterable[SlaStanding],
    checks: Sequence[InvoiceCheck],
    *,
    findings_confirmed: int,
    findings_false: int,
    complaints: int,
    deliveries: int = 0,
) -> Scorecard:
    """Only clocks that have ended count; the deviation is what was charged over what the rate card gives, less one."""
    ended = [each.result for each in standings if each.result in (SlaResult.MET, SlaResult.MISSED)]
    agreed, charged = sum(c.by_rate_card_minor for c in checks), sum(c.charged_minor for c in checks)
    return Scorecard(
        provider,
        len(ended),
        _share(ended.count(SlaResult.MET), len(ended)),
        Fraction(charged, agreed) - 1 if agreed else None,
        _share(findings_confirmed, findings_confirmed + findings_false),
        complaints,
        deliveries,
        findings_confirmed + findings_false,
    )


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
