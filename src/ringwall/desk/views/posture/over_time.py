"""The posture over time, peers and freshness: each point from what was known at its own instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.evidence.dossier_of import findings_known
from ringwall.desk.office import Office
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Severity, StatementKind, Weighed
from ringwall.market import PeerComparison


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """From this instant on: so many findings open by severity, and the factor that the premium is charged by."""

    at: datetime
    open_by_severity: Mapping[Severity, int]
    factor: Fraction | None
    what: Words

    @property
    def open_findings(self) -> int:
        return sum(self.open_by_severity.values())


@dataclass(frozen=True, slots=True)
class FreshLook:
    """One thing that the judgement rests on: when it was seen, and until when it counts."""

    what: Words
    seen_at: datetime
    fresh_until: datetime | None
    counts: bool


@dataclass(frozen=True, slots=True)
class PeersShown:
    """The comparison with its headings; `industry` and `size_band` say whose peers these are."""

    comparison: PeerComparison
    industry: Words
    size_band: Words
    published_at: datetime


def history_known(office: Office, object_id: UUID, now: datetime) -> tuple[HistoryPoint, ...]:
    """One point for each look, each change of the factor, and each dispute that was upheld, oldest first."""
    happened: dict[datetime, Words] = {}
    for scan in all_known(office.scans, now, object_id):
        happened[scan.known_at] = Words(f"检测 {scan.number}", f"Scan {scan.number}")
    for quote in all_known(office.quotes, now, object_id):
        happened.setdefault(quote.known_at, Words(f"报价 {quote.number}", f"Quote {quote.number}"))
    for policy in all_known(office.policies, now, object_id):
        for row in office.policies.history(policy.number):
            if row.known_at <= now:
                word = Words("批改", "Endorsement") if row.version > 1 else Words("出单", "Bound")
                happened.setdefault(row.known_at, Words(f"{word.zh} {row.number}", f"{word.en}: {row.number}"))
    for said in all_known(office.statements, now, object_id):
        if said.record.kind is StatementKind.UPHELD:
            happened.setdefault(said.known_at, Words("异议成立", "Dispute upheld"))
    return tuple(_point(office, object_id, at, what) for at, what in sorted(happened.items(), key=lambda each: each[0]))


def _point(office: Office, object_id: UUID, at: datetime, what: Words) -> HistoryPoint:
    counts = Counter(finding.severity for finding in findings_known(office, object_id, at) if finding.is_open)
    return HistoryPoint(at, counts, factor_known(office, object_id, at), what)


def factor_known(office: Office, object_id: UUID, at: datetime) -> Fraction | None:
    """The factor of the policy, or before it was bound that of the newest quote."""
    policy = last_known(office.policies, at, object_id)
    if policy is not None:
        return policy.policy.newest.content.premium.rate_factor
    quote = last_known(office.quotes, at, object_id)
    return quote.priced.rate_factor if quote else None


def fresh_looks(office: Office, object_id: UUID, now: datetime, weighed: tuple[Weighed, ...]) -> tuple[FreshLook, ...]:
    """Every look that a control rests on, the questionnaire, the sensor and the consent, the stalest first."""
    looks = [
        FreshLook(each.label, each.look.seen_at, each.look.fresh_until, each.look.counts(now))
        for each in weighed
        if each.look is not None
    ]
    answers = [each.answer for each in weighed if each.answer is not None]
    if answers:
        first = min(answers, key=lambda side: side.fresh_until)
        words = Words("问卷答复（最先过期的一项）", "Answers (the one that grows stale first)")
        looks.append(FreshLook(words, first.seen_at, first.fresh_until, first.counts(now)))
    heard = [each.traffic for each in weighed if each.traffic is not None]
    if heard:
        newest = max(heard, key=lambda side: side.seen_at)
        looks.append(
            FreshLook(Words("流量传感器", "Traffic sensor"), newest.seen_at, newest.fresh_until, newest.counts(now))
        )
    entry = last_known(office.consents, now, object_id)
    if entry is not None:
        valid = entry.consent.valid
        words = Words("检测授权", "Consent to look")
        looks.append(FreshLook(words, entry.consent.signed_at, valid.end, valid.start <= now < valid.end))
    return tuple(sorted(looks, key=lambda look: (look.counts, look.seen_at)))


def peers_known(office: Office, object_id: UUID, now: datetime) -> PeersShown | None:
    """The newest comparison that the lead has published for this insured."""
    rows = all_known(office.peers, now, object_id)
    if not rows:
        return None
    comparison = rows[-1].record
    scheme, industries = office.catalogue.statistics, office.catalogue.model.industries
    industry = industries.get(comparison.industry)
    words = Words(industry.zh, industry.en) if industry else Words(comparison.industry, comparison.industry)
    band = next(each.words for each in scheme.size_bands if each.code == comparison.size_band)
    return PeersShown(comparison, words, band, rows[-1].known_at)
