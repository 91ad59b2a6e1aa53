"""A false answer that came to light: what the insurer knew when, and what follows for the contract and the claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, local_day
from ringwall.desk.claim.handle_claim import By, claim_file, keep_claim
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile
from ringwall.underwriting import FalseAnswer, InsurerConduct, Knowledge, assess_disclosure


@dataclass(frozen=True, slots=True)
class DisclosureCase:
    """The answer as established, when the insurer learned of it and by what, and when it gave notice, if it did."""

    answer: FalseAnswer
    knew_at: datetime
    knew_by: str
    rescission_notice_at: datetime | None = None


def judge_disclosure(office: Office, object_id: UUID, number: str, case: DisclosureCase, by: By) -> ClaimFile | Refusal:
    """The five rules in order; the knowledge is dated, and the assessment stands in the claim's file."""
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    policy = office.policies.of_object(object_id)[-1].record.policy
    what = f"answer:{case.answer.question}"
    learned = Knowledge(what, case.knew_at, str(office.me), case.knew_by)
    office.knowledge.add(
        f"{policy.number}:{what}", learned, object_id=object_id, effective_at=case.knew_at, known_at=by.at
    )
    conduct = InsurerConduct(
        concluded_on=local_day(policy.concluded_at),
        knew_at=case.knew_at,
        rescission_notice_at=case.rescission_notice_at,
    )
    premium = policy.newest.content.premium.premium.gross_minor
    void = policy.newest.content.void_clauses
    assessment = assess_disclosure(case.answer, conduct, premium, office.catalogue.calendar, void)
    if isinstance(assessment, Refusal):
        return assessment
    return keep_claim(office, object_id, replace(file, disclosure=assessment), by.at)
