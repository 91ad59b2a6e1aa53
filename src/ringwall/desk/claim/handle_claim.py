"""The steps of a claim: each loads its history, asks the core for one entry more, and keeps the further version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.claim import (
    Claim,
    ConsentStep,
    after_increase,
    after_rescission,
    agree,
    ask_supplement,
    decide,
    notify,
    outstanding_minor,
    receive_documents,
    record_consent,
    refuse_items,
    register,
    reserve_from_outcome,
)
from ringwall.desk.claim.letters import decision_letter, refusal_letter, supplement_letter
from ringwall.desk.monitoring.behaviour_of import behaviour_asked, with_behaviour
from ringwall.desk.office import Office, own_code
from ringwall.desk.records import ClaimFile
from ringwall.desk.settlement.post_to_panel import post_to_panel
from ringwall.monitoring import Behaviour
from ringwall.product import compile_schedule
from ringwall.settlement import PanelEvent, PostingKind
from ringwall.terms import LossEvent, Outcome, settle

Step = Callable[[Claim], Claim | Refusal]


@dataclass(frozen=True, slots=True)
class By:
    """Who acts and when; `at` is also when it became known, unless said otherwise."""

    person: str
    at: datetime


def open_claim(
    office: Office, object_id: UUID, event: LossEvent, by: By, *, notified_at: datetime
) -> ClaimFile | Refusal:
    """The notice becomes a case with a number; the loss items are those told so far."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    incidents = office.incidents.of_object(object_id)
    if not incidents:
        return _no_incident(policy.number)
    number = office.numbers.next(f"{own_code(office)}-C")
    notified = notify(f"{number}-notice", policy.number, incidents[-1].number, at=notified_at, by=by.person)
    registered = register(notified, number, at=by.at, by=by.person)
    if isinstance(registered, Refusal):
        return registered
    return keep_claim(office, object_id, ClaimFile(registered, event, {}), by.at)


def take_documents(
    office: Office, object_id: UUID, number: str, documents: Sequence[str], by: By
) -> ClaimFile | Refusal:
    return _step(office, object_id, number, by, lambda c: receive_documents(c, documents, at=by.at, by=by.person))


def ask_for_supplement(
    office: Office, object_id: UUID, number: str, documents: Sequence[str], by: By
) -> ClaimFile | Refusal:
    """The notice leaves as a letter; the clock stops when that is delivered, not when it is written."""
    file = _step(office, object_id, number, by, lambda c: ask_supplement(c, documents, at=by.at, by=by.person))
    if not isinstance(file, Refusal):
        office.post.send(supplement_letter(object_id, file.claim, documents, by.at))
    return file


def ask_consent(office: Office, object_id: UUID, number: str, subject: str, by: By) -> ClaimFile | Refusal:
    def ask(claim: Claim) -> Claim | Refusal:
        return record_consent(claim, subject, ConsentStep.REQUESTED, at=by.at, by=by.person)

    return _step(office, object_id, number, by, ask)


def answer_consent(
    office: Office, object_id: UUID, number: str, subject: str, given: bool, by: By
) -> ClaimFile | Refusal:
    step = ConsentStep.GRANTED if given else ConsentStep.REFUSED
    return _step(office, object_id, number, by, lambda c: record_consent(c, subject, step, at=by.at, by=by.person))


def update_event(office: Office, object_id: UUID, number: str, event: LossEvent, by: By) -> ClaimFile | Refusal:
    """The loss as it is told and proved now; a decision made before stands beside the next one."""
    row = claim_file(office, object_id, number)
    return row if isinstance(row, Refusal) else keep_claim(office, object_id, replace(row, event=event), by.at)


def assess(office: Office, object_id: UUID, event: LossEvent, *, claim: str = "") -> Outcome | Refusal:
    """What the policy pays for an event by its own compiled terms and the aggregate that earlier claims used up."""
    file = office.policies.of_object(object_id)[-1].record
    terms = compile_schedule(office.catalogue.version(file.schedule.product, file.schedule.version), file.schedule)
    if isinstance(terms, Refusal):
        return terms
    void = frozenset(file.policy.newest.content.void_clauses)
    told = with_behaviour(event, behaviour_asked(office, object_id, terms.definition, event))
    return settle(terms, told, used_before(office, object_id, claim), void=void)


def used_before(office: Office, object_id: UUID, claim: str) -> Mapping[str, int]:
    """The period state that the policy's other decided claims have left."""
    decided = [
        row.record.claim.outcome
        for row in office.claims.of_object(object_id)
        if row.number != claim and row.record.claim.outcome is not None
    ]
    return decided[-1].state_after if decided and decided[-1] is not None else {}


def settle_claim(office: Office, object_id: UUID, file: ClaimFile) -> Outcome | Refusal:
    """What a claim comes to by its terms, less the loss of an untold increase, and under a rescission if there is one.

    Where only some items go unpaid for an increase the others are settled as if they had been claimed alone.
    """
    outcome = assess(office, object_id, file.event, claim=file.claim.number)
    if isinstance(outcome, Refusal):
        return outcome
    if file.increase is not None and file.increase.unpaid:
        left = tuple(item for item in file.event.items if item.name not in file.increase.unpaid)
        rest = assess(office, object_id, replace(file.event, items=left), claim=file.claim.number) if left else None
        if isinstance(rest, Refusal):
            return rest
        outcome = after_increase(outcome, rest, file.increase)
    return outcome if file.disclosure is None else after_rescission(outcome, file.disclosure)


def decide_claim(office: Office, object_id: UUID, number: str, by: By) -> ClaimFile | Refusal:
    """The decision with its trace, and the reserves that follow from it."""
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    outcome = settle_claim(office, object_id, file)
    if isinstance(outcome, Refusal):
        return outcome
    decided = decide(file.claim, outcome, at=by.at, by=by.person)
    if isinstance(decided, Refusal):
        return decided
    reserved = reserve_from_outcome(decided, outcome, at=by.at, by=by.person, reason="decision")
    if isinstance(reserved, Refusal):
        return reserved
    reserve = outstanding_minor(reserved) - outstanding_minor(file.claim)
    if reserve:
        agreement = office.policies.of_object(object_id)[-1].record.agreement
        event = PanelEvent(PostingKind.RESERVE, reserve, by.at, number, f"{number}:reserve-{len(reserved.history)}")
        posting = post_to_panel(office, object_id, agreement, event)
        if isinstance(posting, Refusal):
            return posting
    office.post.send(decision_letter(object_id, reserved, by.at))
    behaviour = _behaviour(office, object_id, file)
    return keep_claim(office, object_id, replace(file, claim=reserved, behaviour=behaviour), by.at)


def _behaviour(office: Office, object_id: UUID, file: ClaimFile) -> Behaviour | None:
    """The suggestions on which the decision rests, kept with it: what is looked at later does not change it."""
    schedule = office.policies.of_object(object_id)[-1].record.schedule
    product = office.catalogue.version(schedule.product, schedule.version)
    return behaviour_asked(office, object_id, product.definition, file.event)


def agree_claim(office: Office, object_id: UUID, number: str, by: By) -> ClaimFile | Refusal:
    return _step(office, object_id, number, by, lambda c: agree(c, at=by.at, by=by.person))


def send_refusal(office: Office, object_id: UUID, number: str, items: Sequence[str], by: By) -> ClaimFile | Refusal:
    file = _step(office, object_id, number, by, lambda c: refuse_items(c, items, at=by.at, by=by.person))
    if not isinstance(file, Refusal):
        office.post.send(refusal_letter(object_id, file.claim, items, by.at))
    return file


def _step(office: Office, object_id: UUID, number: str, by: By, step: Step) -> ClaimFile | Refusal:
    file = claim_file(office, object_id, number)
    if isinstance(file, Refusal):
        return file
    claim = step(file.claim)
    return claim if isinstance(claim, Refusal) else keep_claim(office, object_id, replace(file, claim=claim), by.at)


def claim_file(office: Office, object_id: UUID, number: str) -> ClaimFile | Refusal:
    row = office.claims.newest(number)
    if row is not None and row.object_id == object_id:
        return row.record
    return refuse(
        "claim_unknown",
        number,
        zh=f"本业务下没有赔案 {number}；请核对赔案号，或先报案。",
        en=f"There is no claim {number} on this object; check its number, or notify the loss first.",
    )


def keep_claim(office: Office, object_id: UUID, file: ClaimFile, at: datetime) -> ClaimFile:
    claim = file.claim
    office.claims.add(claim.number, file, object_id=object_id, effective_at=at, known_at=at, state=claim.state.value)
    return file


def _no_incident(policy: str) -> Refusal:
    return refuse(
        "incident_missing",
        policy,
        zh=f"保险单 {policy} 下没有已报告的事件，不能立案；请先由被保险人报告事件。",
        en=f"No incident was reported under policy {policy}, so no claim can be opened; have the insured report it.",
    )
