"""An SME applies: its figures, its answers with evidence, through its broker, to the lead that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringwall.basics import Refusal, local_day, refuse
from ringwall.desk.doors import Member
from ringwall.desk.office import Office, own_code
from ringwall.evidence import Answer
from ringwall.exposure import Organisation
from ringwall.underwriting import Submission, check_answers


@dataclass(frozen=True, slots=True)
class Application:
    """What is handed in; `broker` may be empty."""

    organisation: Organisation
    product_code: str
    lead: str
    broker: str
    answers: tuple[Answer, ...]
    product_version: str = ""
    """Empty: the newest that is on sale on the day of the application."""


def apply_for_cover(office: Office, application: Application, *, at: datetime) -> Submission | Refusal:
    """A submission under a number of its own; the lead and the broker see it from now on, nobody else."""
    sold = office.catalogue.quotable(application.product_code, application.product_version, local_day(at))
    if isinstance(sold, Refusal):
        return sold
    if refusals := check_answers(sold.questionnaire, application.answers):
        return _all_of(refusals)
    lead = _invited(office, application.lead, "insurer")
    if isinstance(lead, Refusal):
        return lead
    broker = _invited(office, application.broker, "broker") if application.broker else None
    if isinstance(broker, Refusal):
        return broker
    number = office.numbers.next(f"{own_code(office)}-SUB")
    object_id = office.objects.open(number)
    office.objects.share(object_id, lead.id, "lead")
    if broker:
        office.objects.share(object_id, broker.id, "broker")
    product = sold.product
    submission = Submission(
        number,
        application.organisation,
        application.broker,
        product.code,
        product.version,
        application.answers,
        at,
    )
    office.profiles.add(number, application.organisation, object_id=object_id, effective_at=at, known_at=at)
    office.submissions.add(number, submission, object_id=object_id, effective_at=at, known_at=at, state="submitted")
    return submission


def _invited(office: Office, code: str, kind: str) -> Member | Refusal:
    member = office.directory.by_code(code)
    if member is not None and member.kind == kind:
        return member
    found = member.kind if member else "—"
    return refuse(
        "party_unknown",
        code,
        zh=f"找不到代码为 {code} 的 {kind}（查到：{found}）；请核对机构代码。",
        en=f"There is no {kind} with the code {code} (found: {found}); check the organisation's code.",
    )


def _all_of(refusals: Sequence[Refusal]) -> Refusal:
    """One refusal for a batch of clashing answers: it names every one of them."""
    if len(refusals) == 1:
        return refusals[0]
    zh = "；".join(f"{each.where}：{each.message.zh}" for each in refusals)
    en = " ".join(f"{each.where}: {each.message.en}" for each in refusals)
    return refuse("answers_clash", ", ".join(each.where for each in refusals), zh=zh, en=en)
