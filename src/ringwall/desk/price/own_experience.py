"""What an insured has had before: claims of its earlier periods on record, and losses declared with evidence."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ringwall.basics import local_day
from ringwall.claim import Claim, ClaimState
from ringwall.desk.office import Office
from ringwall.risk import Experience, InsuredPeriod, with_declared, years_on_record
from ringwall.underwriting import declared_losses

NOTHING_CAME_OF_IT = frozenset({ClaimState.REFUSED, ClaimState.CLOSED})


def own_experience(office: Office, object_id: UUID, begins: date, *, at: datetime) -> Experience | None:
    """As known at an instant, for a period that begins on a day; None where there is neither a year nor a claim."""
    applied = office.submissions.of_object(object_id)[-1]
    submission = applied.record
    sold = office.catalogue.sold(submission.product_code, submission.product_version)
    periods = _earlier_periods(office, applied.owner_id, sold.questionnaire.name, begins, at)
    years = years_on_record(periods)
    sources = [f"{sum(each.claims for each in periods)} claims on record under {len(periods)} policies"]
    declared = declared_losses(sold.questionnaire, submission.answers)
    if declared is not None:
        answered = local_day(declared.answered_at).year
        years = with_declared(years, declared.losses, declared.years, answered)
        sources.append(f"{declared.question} declared, evidence {declared.evidence_sha256[:12]}")
    return Experience(years, "; ".join(sources)) if years else None


def _earlier_periods(office: Office, insured: UUID, asked: str, begins: date, at: datetime) -> list[InsuredPeriod]:
    """The insured's policies that began before the day, each as far as it has run, with its claims.

    Only of products that ask the same questions: what a maker's customers claim says nothing of its own systems.
    """
    mine = {row.object_id for row in office.submissions.all() if row.owner_id == insured}
    claims = [row.record.claim.known_at(at) for object_id in mine for row in office.claims.of_object(object_id)]
    ends = min(begins, local_day(at))
    found = []
    for row in (row for object_id in mine for row in office.policies.of_object(object_id)):
        schedule, period = row.record.schedule, row.record.policy.newest.content.period
        alike = office.catalogue.sold(schedule.product, schedule.version).questionnaire.name == asked
        first, last = local_day(period.start), local_day(period.end)
        if alike and first < ends:
            counted = sum(claim.policy == row.number and counts(claim) for claim in claims)
            found.append(InsuredPeriod(first, min(last, ends), counted))
    return found


def counts(claim: Claim) -> bool:
    """Known by then, and not turned down or closed without a payment."""
    return bool(claim.history) and (claim.paid_minor > 0 or claim.state not in NOTHING_CAME_OF_IT)
