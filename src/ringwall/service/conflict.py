"""Conflict of interest: who assesses must not sell the fix, nor adjust the loss, nor belong to the same group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from ringwall.basics import Refusal, Words, refuse
from ringwall.service.catalogue import Role
from ringwall.service.provider import Provider

FORBIDDEN_PAIRS: frozenset[frozenset[Role]] = frozenset(
    {frozenset({Role.ASSESSOR, Role.FIXER}), frozenset({Role.ASSESSOR, Role.ADJUSTER})}
)

ROLE_NAMES: Mapping[Role, Words] = {
    Role.ASSESSOR: Words("评估方", "assessor"),
    Role.RESPONDER: Words("应急处置方", "responder"),
    Role.FIXER: Words("整改方", "seller of the fix"),
    Role.ADJUSTER: Words("公估人", "loss adjuster"),
}


@dataclass(frozen=True, slots=True)
class Engagement:
    """One provider in one role on one case (a policy or an incident)."""

    case: str
    provider: Provider
    role: Role


def check_conflicts(engagements: Iterable[Engagement]) -> tuple[Refusal, ...]:
    """Every forbidden pair of roles that one provider, or one group, has on one case."""
    return tuple(
        _conflict(one, other)
        for one, other in combinations(engagements, 2)
        if one.case == other.case
        and _same_house(one.provider, other.provider)
        and frozenset({one.role, other.role}) in FORBIDDEN_PAIRS
    )


def _same_house(one: Provider, other: Provider) -> bool:
    return one.id == other.id or bool(one.group and one.group == other.group)


def _conflict(one: Engagement, other: Engagement) -> Refusal:
    names = [(ROLE_NAMES[each.role], each.provider.name) for each in (one, other)]
    zh = "，".join(f"{name.zh}担任{role.zh}" for role, name in names)
    en = ", ".join(f"{name.en} is {role.en}" for role, name in names)
    return refuse(
        "conflict_of_interest",
        one.case,
        zh=f"同一案件中{zh}，利益冲突；请更换其中一方。",
        en=f"On one case {en}: a conflict of interest; engage somebody else for one of the roles.",
    )
