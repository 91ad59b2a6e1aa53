"""A suggestion was not carried out within its term: a person raises the premium, ends the contract, or leaves it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse, yuan
from ringwall.desk.doors import Letter
from ringwall.desk.evidence.dossier_of import withdrawn_known
from ringwall.desk.monitoring.behaviour_of import looks_of, scans_of
from ringwall.desk.monitoring.watch_policy import Rerating, issue_endorsement, rate_anew
from ringwall.desk.office import Office
from ringwall.desk.settlement.book_premium import book_premium
from ringwall.monitoring import NextStep, NextStepTaken, Notice, take_step
from ringwall.policy import Cancellation, Policy, VersionKind, cancel

CONTRACT_ENDED = "contract_ended"


@dataclass(frozen=True, slots=True)
class StepDone:
    """The notice with the choice, and what it led to: a new rate, or the end of the contract."""

    notice: Notice
    rerating: Rerating | None = None
    ended: Cancellation | None = None


def take_next_step(office: Office, object_id: UUID, number: str, taken: NextStepTaken) -> StepDone | Refusal:
    """Only a step that Law 51 offers at this instant, and only once for a notice."""
    done = try_step(office, object_id, number, taken)
    if isinstance(done, Refusal):
        return done
    office.notices.add(
        number, done.notice, object_id=object_id, effective_at=taken.at, known_at=taken.at, state=taken.step.value
    )
    refused: Refusal | Rerating | None = None
    if done.rerating is not None:
        refused = issue_endorsement(office, object_id, done.rerating, at=taken.at)
    if done.ended is not None:
        refused = _end(office, object_id, done.ended, taken.at)
    return refused if isinstance(refused, Refusal) else done


def try_step(office: Office, object_id: UUID, number: str, taken: NextStepTaken) -> StepDone | Refusal:
    """What a step would lead to, with nothing kept."""
    row = office.notices.newest(number)
    if row is None or row.object_id != object_id:
        return _no_notice(number)
    looks = looks_of(scans_of(office, object_id), {row.record.finding})
    notice = take_step(row.record, looks, taken, withdrawn_known(office, object_id, taken.at))
    if isinstance(notice, Refusal):
        return notice
    match taken.step:
        case NextStep.RAISE_PREMIUM:
            rerating = _raised(office, object_id, notice, taken)
            return rerating if isinstance(rerating, Refusal) else StepDone(notice, rerating)
        case NextStep.END_CONTRACT:
            ended = _ended(office, object_id, notice, taken)
            return ended if isinstance(ended, Refusal) else StepDone(notice, None, ended)
        case NextStep.LEAVE:
            return StepDone(notice)


def _raised(office: Office, object_id: UUID, notice: Notice, taken: NextStepTaken) -> Rerating | Refusal:
    """The filed rate on the newest evidence: there is no penalty beside it (R-13)."""
    rerating = rate_anew(office, object_id, requested_at=taken.at, at=taken.at)
    if isinstance(rerating, Refusal):
        return rerating
    endorsement = rerating.endorsement
    if endorsement is not None and endorsement.relative_change > 0:
        return rerating
    return refuse(
        "no_filed_increase",
        notice.policy,
        zh=f"拟因书面建议 {notice.number} 未落实而增加保险费，但按最新证据备案费率并未显著上升；"
        "费率以备案为准，可解除合同或暂不处理。",
        en=f"More premium is asked for since suggestion {notice.number} was not carried out, but the filed rate on the "
        "newest evidence does not rise notably; the filed rate holds, so end the contract or leave it.",
    )


def _ended(office: Office, object_id: UUID, notice: Notice, taken: NextStepTaken) -> Cancellation | Refusal:
    """The cover ends, the unearned premium goes back by days under a red-letter invoice."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    if policy.newest.kind is VersionKind.CANCELLED:
        return _ended_before(policy)
    because = Words(
        f"书面建议 {notice.number} 未按期落实，保险人解除合同（保险法第五十一条）：{taken.because}",
        f"Suggestion {notice.number} was not carried out in time; the insurer ends the contract (Insurance Law 51): "
        f"{taken.because}",
    )
    return cancel(policy, requested_at=taken.at, because=because)


def _end(office: Office, object_id: UUID, ended: Cancellation, at: datetime) -> Refusal | None:
    """The end as the policy's last version, told to the insured, with its money."""
    file, number = office.policies.of_object(object_id)[-1].record, ended.policy.number
    office.policies.add(
        number,
        replace(file, policy=ended.policy),
        object_id=object_id,
        effective_at=ended.effective_at,
        known_at=at,
        state="cancelled",
    )
    office.post.send(_letter(object_id, ended, ended.policy.newest.because, at))
    return book_premium(office, object_id, file, ended.invoice.amount, reference=f"{number}:end", at=at)


def _letter(object_id: UUID, ended: Cancellation, because: Words, at: datetime) -> Letter:
    number, amount = ended.policy.number, yuan(-ended.invoice.amount.gross_minor)
    subject = Words(f"保险单 {number} 解除通知", f"Policy {number} ends")
    text = Words(
        f"{because.zh}。保险责任自 {ended.effective_at} 终止，退还保险费 ¥ {amount}。",
        f"{because.en}. The cover ends at {ended.effective_at}; premium returned: ¥ {amount}.",
    )
    return Letter(object_id, CONTRACT_ENDED, "insured", subject, text, f"/policy/{number}", at, number)


def _ended_before(policy: Policy) -> Refusal:
    return refuse(
        "contract_already_ended",
        policy.number,
        zh=f"保险单 {policy.number} 已自 {policy.newest.effective_at} 终止，无须再解除；请选择暂不处理。",
        en=f"Policy {policy.number} has ended at {policy.newest.effective_at}, so it cannot end again; leave it.",
    )


def _no_notice(number: str) -> Refusal:
    return refuse(
        "notice_unknown",
        number,
        zh=f"本业务下没有书面建议 {number}；请核对编号。",
        en=f"There is no suggestion {number} on this object; check its number.",
    )
