"""A false answer judged before the decision: a notice in time ends what is owed, decision and reserves alike."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.claim import ClaimState, outstanding_minor, refused_items
from ringwall.desk.claim.handle_claim import By, decide_claim
from ringwall.desk.claim.judge_disclosure import DisclosureCase, judge_disclosure
from ringwall.desk.office import Office
from ringwall.desk.records import ClaimFile


def test_a_claim_under_a_rescinded_contract_is_decided_at_nothing(told_until: ToldUntil) -> None:
    year = told_until("claim")
    case, number = year.case, year.recalled("claims", "life:claim:open", ClaimFile).claim.number
    in_time = case.at["knew_at"] + timedelta(days=28)
    judged = DisclosureCase(case.false_answer, case.at["knew_at"], "preliminary forensic report", in_time)

    def decide(office: Office, obj: UUID) -> ClaimFile | Refusal:
        known = judge_disclosure(office, obj, number, judged, By("claims handler", in_time))
        assert isinstance(known, ClaimFile), known
        return decide_claim(office, obj, number, By("claims handler", case.at["decided_at"]))

    file = year.do("claims", "handle_claim", "test:rescinded", ClaimFile, decide)
    outcome = file.claim.outcome
    assert file.disclosure is not None
    assert (file.disclosure.rescinded, file.disclosure.event_paid) == (True, False)
    assert outcome is not None
    assert (outcome.payable.high, outcome.state_after) == (0, outcome.state_before)
    assert outcome.factual_minor > 0
    assert refused_items(outcome) == tuple(item.name for item in outcome.items)
    assert outstanding_minor(file.claim) == 0
    assert file.claim.state is ClaimState.ASSESSED
