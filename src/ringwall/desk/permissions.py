"""Who may ask for what: one table, read by every shell before the walls of the database are even reached."""

from __future__ import annotations

from dataclasses import dataclass

from ringwall.basics import Refusal, refuse
from ringwall.desk.doors import GrantRole, Speaker

RISK_MANAGER = "risk_manager"
BROKER = "broker"
UNDERWRITER = "underwriter"
CLAIMS_HANDLER = "claims_handler"
ENGINEER = "engineer"
SUPERVISOR = "supervisor"

PERSON_ROLES = (RISK_MANAGER, BROKER, UNDERWRITER, CLAIMS_HANDLER, ENGINEER, SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Permission:
    """One use case: the people who may ask for it, and what their organisation must hold on the object."""

    action: str
    people: frozenset[str]
    holding: frozenset[GrantRole]


def _allow(action: str, people: tuple[str, ...], *holding: GrantRole) -> Permission:
    return Permission(action, frozenset(people), frozenset(holding))


PERMISSIONS = {
    permission.action: permission
    for permission in (
        _allow("open_message", PERSON_ROLES),
        _allow("apply_for_cover", (RISK_MANAGER,)),
        _allow("ask_for_challenge", (RISK_MANAGER,), "insured"),
        _allow("prove_control", (RISK_MANAGER,), "insured"),
        _allow("give_consent", (RISK_MANAGER,), "insured"),
        _allow("scan_assets", (RISK_MANAGER,), "insured"),
        _allow("ingest_traffic", (RISK_MANAGER,), "insured"),
        _allow("say_of_finding", (RISK_MANAGER,), "insured"),
        _allow("decide_dispute", (UNDERWRITER,), "lead"),
        _allow("acknowledge_alert", (RISK_MANAGER, UNDERWRITER), "insured", "lead"),
        _allow("load_feeds", (UNDERWRITER,)),
        _allow("register_qualification", (ENGINEER,)),
        _allow("vet_provider", (UNDERWRITER,)),
        _allow("hand_in_report", (RISK_MANAGER, UNDERWRITER, ENGINEER), "insured", "lead", "provider"),
        _allow("state_account", (ENGINEER,)),
        _allow("propose_rate_card", (ENGINEER,)),
        _allow("answer_rate_card", (UNDERWRITER,)),
        _allow("suspend_provider", (UNDERWRITER, CLAIMS_HANDLER)),
        _allow("quote_risk", (UNDERWRITER,), "lead"),
        _allow("confirm_explanation", (RISK_MANAGER,), "insured"),
        _allow("record_receipt", (UNDERWRITER,), "lead"),
        _allow("bind_policy", (UNDERWRITER,), "lead"),
        _allow("send_notice", (UNDERWRITER,), "lead"),
        _allow("tell_clocks", (UNDERWRITER, CLAIMS_HANDLER), "lead"),
        _allow("endorse_for_risk", (UNDERWRITER,), "lead"),
        _allow("take_next_step", (UNDERWRITER,), "lead"),
        _allow("tell_of_increase", (RISK_MANAGER,), "insured"),
        _allow("report_incident", (RISK_MANAGER,), "insured"),
        _allow("dispatch_provider", (CLAIMS_HANDLER, UNDERWRITER, RISK_MANAGER), "lead", "insured"),
        _allow("consent_order", (CLAIMS_HANDLER, UNDERWRITER), "lead"),
        _allow("advance_order", (ENGINEER,), "provider"),
        _allow("accept_deliverable", (RISK_MANAGER,), "insured"),
        _allow("hand_in_for_order", (ENGINEER, RISK_MANAGER), "provider", "insured"),
        _allow("cancel_order", (CLAIMS_HANDLER, UNDERWRITER, RISK_MANAGER, ENGINEER), "lead", "insured", "provider"),
        _allow("settle_order", (CLAIMS_HANDLER, UNDERWRITER), "lead"),
        _allow("dispute_invoice", (CLAIMS_HANDLER, UNDERWRITER, RISK_MANAGER), "lead", "insured"),
        _allow("pay_providers", (CLAIMS_HANDLER,)),
        _allow("handle_claim", (CLAIMS_HANDLER,), "lead"),
        _allow("pay_claim", (CLAIMS_HANDLER,), "lead"),
        _allow("simulate_book", (UNDERWRITER, CLAIMS_HANDLER)),
        _allow("propose_refit", (UNDERWRITER, CLAIMS_HANDLER)),
        _allow("decide_refit", (UNDERWRITER,)),
        _allow("publish_statistics", (UNDERWRITER, SUPERVISOR)),
    )
}


def permit(speaker: Speaker, action: str, holding: frozenset[str] | None) -> Refusal | None:
    """Nothing where the speaker may; `holding`: what its organisation holds on the object, None without one."""
    permission = PERMISSIONS[action]
    if speaker.role not in permission.people:
        return _not_your_task(speaker, permission)
    if permission.holding and holding is not None and not permission.holding & holding:
        return not_visible(action)
    return None


def _not_your_task(speaker: Speaker, permission: Permission) -> Refusal:
    people = "、".join(sorted(permission.people)), ", ".join(sorted(permission.people))
    return refuse(
        "not_your_task",
        permission.action,
        zh=f"{speaker.display_name}（{speaker.role}）不办理“{permission.action}”，应由 {people[0]} 办理；请转交。",
        en=f"{speaker.display_name} ({speaker.role}) does not do {permission.action}, {people[1]} does; pass it on.",
    )


def not_visible(where: str) -> Refusal:
    """Deliberately the same for what does not exist and for what belongs to others."""
    return refuse(
        "not_visible",
        where,
        zh=f"{where}：对贵机构而言不存在或未获授权；请核对编号，或请所有者授权。",
        en=f"{where} does not exist for your organisation or is not shared with it; "
        "check the number, or ask its owner to share it.",
    )
