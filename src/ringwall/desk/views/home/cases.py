"""The cases that an organisation takes part in, each with how far it has come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Words
from ringwall.claim import STATE_NAMES
from ringwall.desk.office import Office
from ringwall.desk.views.parts import Case, all_known, insured_name


def cases_of(office: Office, now: datetime) -> tuple[Case, ...]:
    """Every object with a submission or a policy that is visible, in order of number."""
    applied = {row.object_id for row in all_known(office.submissions, now)}
    bound = {row.object_id for row in all_known(office.policies, now)}
    objects = sorted((office.objects.number_of(object_id), object_id) for object_id in applied | bound)
    return tuple(_case(office, object_id, number, now) for number, object_id in objects)


def _case(office: Office, object_id: UUID, number: str, now: datetime) -> Case:
    policies = all_known(office.policies, now, object_id)
    content = policies[-1].record.policy.newest.content if policies else None
    return Case(
        number,
        insured_name(office, object_id),
        stage_of(office, object_id, now),
        policies[-1].number if policies else "",
        content.period if content else None,
    )


def stage_of(office: Office, object_id: UUID, now: datetime) -> Words:
    """The last thing that happened to a case, in the words of its room."""
    if claims := all_known(office.claims, now, object_id):
        state = STATE_NAMES[claims[-1].record.claim.known_at(now).state]
        return Words(f"赔案：{state.zh}", f"Claim: {state.en}")
    if all_known(office.incidents, now, object_id):
        return Words("已报告事件", "Incident reported")
    if policies := all_known(office.policies, now, object_id):
        period = policies[-1].record.policy.newest.content.period
        if now < period.start:
            return Words("已承保，尚未起保", "Bound, not yet in force")
        return Words("保险期间内", "In force") if now < period.end else Words("已到期", "Ended")
    if all_known(office.quotes, now, object_id):
        return Words("已报价", "Quoted")
    return Words("已投保，待报价", "Applied, not yet quoted")
