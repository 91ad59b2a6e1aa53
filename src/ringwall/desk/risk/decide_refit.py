"""Somebody other than its author adopts or declines a proposed version of the model, with the reason, for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import RefitDecision, RefitFile, RefitState


def decide_refit(
    office: Office, number: str, state: RefitState, reason: str, *, by: Speaker, at: datetime
) -> RefitFile | Refusal:
    """A further version of the proposal on its shelf; it changes no model in use and no price."""
    assert state is not RefitState.PROPOSED, "a decision adopts or declines"
    found = office.refits.newest(number)
    if found is None:
        return not_visible(number)
    office.objects.hold(found.object_id)
    row = office.refits.newest(number) or found
    if refused := _cannot(office, row, state, reason, by):
        return refused
    file = replace(row.record, decision=RefitDecision(state, by.display_name, at, reason.strip()))
    office.refits.add(number, file, object_id=row.object_id, effective_at=at, known_at=at, state=state.value)
    return file


def _cannot(office: Office, row: Row[RefitFile], state: RefitState, reason: str, by: Speaker) -> Refusal | None:
    file, in_use = row.record, office.catalogue.model
    if file.decision:
        was, who = file.decision.state.value, file.decision.by
        return refuse(
            "refit_decided",
            file.number,
            zh=f"提案 {file.number} 已由 {who} 决定（{was}）；如需改变，请提出新的提案。",
            en=f"Proposal {file.number} was decided by {who} ({was}); to change that, make a new proposal.",
        )
    if file.person == by.person_id:
        return refuse(
            "own_proposal",
            file.number,
            zh=f"提案 {file.number} 由 {file.by} 本人提出，不能自行决定；请由另一位核保人员决定。",
            en=f"{file.by} made proposal {file.number} and cannot decide it; another underwriter must.",
        )
    if not reason.strip():
        return refuse(
            "reason_missing",
            file.number,
            zh=f"对提案 {file.number} 的决定没有写明理由；请填写理由后重试。",
            en=f"The decision on proposal {file.number} states no reason; write one and try again.",
        )
    if state is RefitState.ADOPTED and file.model_sha256 != in_use.sha256:
        return refuse(
            "refit_outdated",
            file.number,
            zh=f"提案 {file.number} 以模型 {file.model}（{file.model_sha256[:12]}）为起点，"
            f"现用模型为 {in_use.version}（{in_use.sha256[:12]}）；请以现用模型重新提出。",
            en=f"Proposal {file.number} begins from model {file.model} ({file.model_sha256[:12]}), the model in use "
            f"is {in_use.version} ({in_use.sha256[:12]}); propose anew from that one.",
        )
    return None
