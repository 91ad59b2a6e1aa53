"""The policy as one page: what it covers, how it came to be so, what it costs whom, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, Term, Words
from ringwall.desk.doors import Row
from ringwall.desk.monitoring.drift_since import drift_known
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.inbox import sent_about
from ringwall.desk.views.knowing import scans_known
from ringwall.desk.views.parts import all_known, known
from ringwall.desk.views.policy.cover import ClauseShown, ServiceShown, clauses_of, product_of, services_of
from ringwall.desk.views.policy.money import PanelLine, PostingShown, VersionShown, panel_of, postings_of, versions_of
from ringwall.desk.views.policy.papers import Paper, Verified, codes_of, papers_of, read_schedule, verify_schedule
from ringwall.desk.views.policy.watch import STEP_NAMES, FindingShown, NoticeShown, findings_of, notices_of
from ringwall.monitoring import RiskTold
from ringwall.policy import PolicyContent, VersionKind
from ringwall.settlement import SequenceKind, differences

__all__ = ["STEP_NAMES", "PolicyView", "Verified", "VersionShown", "policy_page", "read_schedule", "verify_schedule"]

USED = "aggregate_used"


@dataclass(frozen=True, slots=True)
class PolicyView:
    """Everything of one policy that the reader may see."""

    number: str
    case: str
    quote: str
    title: Words
    state: Words
    in_force: bool
    concluded_at: datetime
    content: PolicyContent
    used_minor: int
    clauses: tuple[ClauseShown, ...]
    services: tuple[ServiceShown, ...]
    versions: tuple[VersionShown, ...]
    panel: tuple[PanelLine, ...]
    postings: tuple[PostingShown, ...]
    postings_agree: bool
    services_shared: bool
    """Whether the panel shares what the included services cost; else the lead bears it."""
    findings: tuple[FindingShown, ...]
    looked_at: datetime | None
    notices: tuple[NoticeShown, ...]
    told: tuple[RiskTold, ...]
    """Increases of risk of which the insured has told."""
    papers: tuple[Paper, ...]

    @property
    def period(self) -> Term:
        return self.content.period

    @property
    def left_minor(self) -> int:
        """What claims have left of the aggregate limit."""
        return max(self.content.cover.aggregate_limit_minor - self.used_minor, 0)


def policy_page(office: Office, number: str, now: datetime) -> PolicyView | Refusal:
    """The policy as it was known at an instant."""
    row = known(office.policies, office.policies.newest(number), now)
    if row is None:
        return not_visible(number)
    policy = row.record.policy
    content = policy.newest.content
    log = [each for each in office.panel_chain.log(row.object_id) if each.event.at <= now]
    orders = [each.record for each in all_known(office.orders, now, row.object_id)]
    scans, product = scans_known(office, row.object_id, now), product_of(office, content)
    state, in_force = _state(row, now)
    seen = drift_known(office, row.object_id, now)
    return PolicyView(
        number=number,
        case=office.objects.number_of(row.object_id),
        quote=row.record.quote if office.quotes.newest(row.record.quote) else "",
        title=product.title if product else Words(content.product_code, content.product_code),
        state=state,
        in_force=in_force,
        concluded_at=policy.concluded_at,
        content=content,
        used_minor=_used(office, row, now),
        clauses=clauses_of(office, content),
        services=services_of(content, orders),
        versions=versions_of(policy, now, codes_of(office, row, now)),
        panel=panel_of(content, log),
        postings=postings_of(content, log),
        postings_agree=not any(
            differences(row.record.agreement, [each for each in log if each.event.kind.sequence is kind])
            for kind in SequenceKind
        ),
        services_shared=row.record.agreement.services_shared,
        findings=findings_of(row.record.findings, scans, seen),
        looked_at=scans[-1].result.at if scans else None,
        notices=notices_of(
            [each.record for each in all_known(office.notices, now, row.object_id)],
            _closed(office, row, now),
            sent_about(office, row.object_id, now),
            scans,
            now,
            seen.withdrawn,
        ),
        told=tuple(each.record for each in all_known(office.risks_told, now, row.object_id)),
        papers=papers_of(office, row),
    )


def _state(row: Row[PolicyFile], now: datetime) -> tuple[Words, bool]:
    newest = row.record.policy.newest
    if newest.kind is VersionKind.CANCELLED and newest.effective_at <= now:
        return Words("已退保", "cancelled"), False
    if now < newest.content.period.start:
        return Words("已承保，尚未起保", "bound, not yet in force"), False
    if now >= newest.content.period.end:
        return Words("已到期", "ended"), False
    return Words("有效", "in force"), True


def _used(office: Office, row: Row[PolicyFile], now: datetime) -> int:
    claims = [each.record.claim.known_at(now) for each in all_known(office.claims, now, row.object_id)]
    decided = [claim.outcome for claim in claims if claim.history and claim.outcome is not None]
    return max((outcome.state_after.get(USED, 0) for outcome in decided), default=0)


def _closed(office: Office, row: Row[PolicyFile], now: datetime) -> dict[str, datetime]:
    """When each finding was last not seen any more."""
    rows = all_known(office.findings, now, row.object_id)
    return {each.record.uid: each.known_at for each in rows if not each.record.is_open}
