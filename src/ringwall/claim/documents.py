"""From the first notice to a complete file: notify, register, receive documents, ask once for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.claim.record import EVERY_OPEN_STATE, Claim, ClaimEntry, ClaimState, EntryKind, append

ASKING_STATES = frozenset({ClaimState.REGISTERED, ClaimState.REOPENED})


def notify(
    notice: str, policy: str, incident: str, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim:
    """A claim begins with the insured's notice of the incident, round the clock and without a form."""
    entry = ClaimEntry(EntryKind.NOTIFIED, at, known_at or at, by, note)
    return Claim(notice, policy, incident, (entry,))


def register(
    claim: Claim, number: str, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """The case gets its number."""
    if not number:
        return refuse(
            "case_number_missing",
            claim.name,
            zh=f"报案 {claim.name} 立案须有赔案号；请先取号。",
            en=f"Notice {claim.name} cannot be registered without a case number; draw a number first.",
        )
    entry = ClaimEntry(EntryKind.REGISTERED, at, known_at or at, by, note, reference=number)
    return append(claim, entry, allowed=frozenset({ClaimState.NOTIFIED}), after=EntryKind.NOTIFIED)


def receive_documents(
    claim: Claim, documents: Sequence[str], *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """Documents arrive. The first receipt starts the clocks of R-16 and R-19; the last one asked for ends the pause."""
    if not documents:
        return _names_nothing(claim, "收到的材料", "documents received")
    entry = ClaimEntry(EntryKind.DOCUMENTS_RECEIVED, at, known_at or at, by, note, tuple(documents))
    after = EntryKind.SUPPLEMENT_ASKED if claim.outstanding_documents else EntryKind.NOTIFIED
    return append(claim, entry, allowed=EVERY_OPEN_STATE, after=after)


def ask_supplement(
    claim: Claim, documents: Sequence[str], *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """The one notice that names everything still missing (R-15, Insurance Law 22); its delivery stops the clock."""
    earlier = claim.last(EntryKind.SUPPLEMENT_ASKED)
    if earlier is not None:
        return refuse(
            "supplement_already_asked",
            claim.name,
            zh=f"赔案 {claim.name} 已于 {earlier.at.isoformat()} 一次性告知补充材料（保险法第二十二条），不得再次要求；"
            "请依现有材料核定，或由被保险人自愿补充。",
            en=f"Claim {claim.name} was asked for documents on {earlier.at.isoformat()}, and the law allows one "
            "complete notice (Insurance Law 22); decide on what is there, or take what the insured sends of itself.",
        )
    if not documents:
        return _names_nothing(claim, "补充材料通知", "the notice")
    if claim.first(EntryKind.DOCUMENTS_RECEIVED) is None:
        return refuse(
            "nothing_to_supplement",
            claim.name,
            zh=f"赔案 {claim.name} 尚未收到索赔请求和材料，无从补充；请先登记首次收到的材料。",
            en=f"Claim {claim.name} has received no documents that could be supplemented; record the first receipt.",
        )
    entry = ClaimEntry(EntryKind.SUPPLEMENT_ASKED, at, known_at or at, by, note, tuple(documents))
    return append(claim, entry, allowed=ASKING_STATES, after=EntryKind.DOCUMENTS_RECEIVED)


def supplement_delivered(
    claim: Claim, *, at: datetime, by: str, note: str = "", known_at: datetime | None = None
) -> Claim | Refusal:
    """The notice has reached the insured: from now the clock of R-16 stands, until what it asks for has come.

    `by` names the channel, `note` the proof. The first delivery counts; it may be learned after the documents came.
    """
    if claim.first(EntryKind.SUPPLEMENT_DELIVERED) is not None:
        return claim
    if claim.first(EntryKind.SUPPLEMENT_ASKED) is None:
        return refuse(
            "supplement_not_asked",
            claim.name,
            zh=f"赔案 {claim.name} 未发出补充材料通知，不能登记其送达；请先发出通知。",
            en=f"Claim {claim.name} has sent no notice that asks for documents, so none was delivered; send it first.",
        )
    entry = ClaimEntry(EntryKind.SUPPLEMENT_DELIVERED, at, known_at or at, by, note)
    return append(claim, entry, allowed=frozenset(ClaimState), after=EntryKind.SUPPLEMENT_ASKED)


def _names_nothing(claim: Claim, zh: str, en: str) -> Refusal:
    return refuse(
        "documents_not_named",
        claim.name,
        zh=f"赔案 {claim.name}：{zh}没有列明任何材料；请逐项列出。",
        en=f"Claim {claim.name}: {en} name no document; list each of them.",
    )
