"""What can be done next with a claim, in the order in which the law's clocks want it, for whoever may do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ringwall.basics import Words
from ringwall.claim import Claim, ClaimState, EntryKind, payments, refused_items
from ringwall.desk.doors import Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import permit
from ringwall.desk.records import ClaimFile


class Act(StrEnum):
    """One step of a claim that needs no more than a yes."""

    DECIDE = "decide"
    AGREE = "agree"
    REFUSE = "refuse"
    RELEASE = "release"
    PAY = "pay"

    @property
    def action(self) -> str:
        """The permission under which it stands."""
        return "pay_claim" if self in (Act.RELEASE, Act.PAY) else "handle_claim"


@dataclass(frozen=True, slots=True)
class NextAct:
    """An act with the words on its button; `amount_minor` is what it moves."""

    act: Act
    button: Words
    amount_minor: int | None = None


NOT_DECIDED = frozenset({ClaimState.REGISTERED, ClaimState.SUPPLEMENT_ASKED, ClaimState.REOPENED})


def next_acts(office: Office, speaker: Speaker, object_id: UUID, file: ClaimFile) -> tuple[NextAct, ...]:
    """The acts that the claim is ready for and that the speaker may take."""
    roles = office.objects.roles(object_id)
    return tuple(each for each in _ready(file) if permit(speaker, each.act.action, roles) is None)


def may_rule(office: Office, speaker: Speaker, object_id: UUID, claim: Claim) -> bool:
    """Whether the speaker may still rule on what the next decision rests on."""
    may = permit(speaker, Act.DECIDE.action, office.objects.roles(object_id)) is None
    return may and claim.state in (*NOT_DECIDED, ClaimState.ASSESSED)


def _ruled_since(file: ClaimFile) -> bool:
    """Whether an increase of risk was ruled on after the last decision."""
    decided = file.claim.last(EntryKind.DECIDED)
    return file.increase is not None and decided is not None and file.increase.ruling.at > decided.at


def untold_items(claim: Claim) -> tuple[str, ...]:
    """What the decision refuses and no letter has named yet."""
    if claim.outcome is None:
        return ()
    told = {item for letter in claim.entries(EntryKind.REFUSAL_SENT) for item in letter.about}
    return tuple(item for item in refused_items(claim.outcome) if item not in told)


def _ready(file: ClaimFile) -> Iterator[NextAct]:
    claim = file.claim
    outcome, state = claim.outcome, claim.state
    if state in NOT_DECIDED and claim.first(EntryKind.DOCUMENTS_RECEIVED):
        yield NextAct(Act.DECIDE, Words("依已有材料作出核定", "Decide on what has been proved"))
    if state is ClaimState.ASSESSED and _ruled_since(file):
        yield NextAct(Act.DECIDE, Words("依新的认定重新核定", "Decide anew by the ruling"))
    if outcome is None:
        return
    if state is ClaimState.ASSESSED and outcome.payable.low:
        button = Words("记录被保险人同意", "Record the insured's agreement")
        yield NextAct(Act.AGREE, button, outcome.payable.low)
    if items := untold_items(claim):
        count = len(items)
        letter = Words(f"发出拒赔通知书（{count} 项）", f"Send the refusal letter ({count} of the items)")
        yield NextAct(Act.REFUSE, letter)
    left = outcome.payable.low - claim.authorised_minor
    if state is ClaimState.AGREED and left:
        yield NextAct(Act.RELEASE, Words("授权付款", "Release the payment"), left)
    released = next(reversed(payments(claim)), None)
    if released is not None and released.paid_at is None:
        yield NextAct(Act.PAY, Words("支付", "Pay"), released.amount_minor)
