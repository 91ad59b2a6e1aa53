"""An increase of risk that nobody told of: a person's ruling on it, with its reason, and what it does to the claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.claim import IncreaseAssessment, IncreaseRuling, assess_increase
from ringwall.desk.claim.handle_claim import claim_file, keep_claim, settle_claim
from ringwall.desk.claim.increases_seen import began_at
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile
from ringwall.terms import Outcome


@dataclass(frozen=True, slots=True)
class RulingTried:
    """What a ruling would do: its steps, and the settlement without and with it."""

    assessment: IncreaseAssessment
    without: Outcome
    with_it: Outcome


def judge_increase(office: Office, object_id: UUID, number: str, ruling: IncreaseRuling) -> ClaimFile | Refusal:
    """The ruling in the claim's file; the next decision rests on it, and a further ruling takes its place."""
    ruled = _ruled(office, object_id, number, ruling)
    if isinstance(ruled, Refusal):
        return ruled
    file, assessment = ruled
    return keep_claim(office, object_id, replace(file, increase=assessment), ruling.at)


def try_ruling(office: Office, object_id: UUID, number: str, ruling: IncreaseRuling) -> RulingTried | Refusal:
    """The same, with nothing kept."""
    ruled = _ruled(office, object_id, number, ruling)
    if isinstance(ruled, Refusal):
        return ruled
    file, assessment = ruled
    without = settle_claim(office, object_id, replace(file, increase=None))
    if isinstance(without, Refusal):
        return without
    with_it = settle_claim(office, object_id, replace(file, increase=assessment))
    return with_it if isinstance(with_it, Refusal) else RulingTried(assessment, without, with_it)


def _ruled(
    office: Office, object_id: UUID, number: str, ruling: IncreaseRuling
) -> tuple[ClaimFile, IncreaseAssessment] | Refusal:
    """The claim, and what the ruling comes to for it."""
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    concluded_at = office.policies.of_object(object_id)[-1].record.policy.concluded_at
    began = began_at(office, file)
    assessment = assess_increase(ruling, file.event.items, concluded_at=concluded_at, began_at=began)
    return assessment if isinstance(assessment, Refusal) else (file, assessment)
