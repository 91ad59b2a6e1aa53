"""Under what a case is settled and with which case the bench begins, by what the reader's organisation may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, Words, refuse
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import CLAIMS_HANDLER, RISK_MANAGER, UNDERWRITER, not_visible
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.parts import all_known, insured_name, known
from ringwall.desk.views.settlement.case import Basis, Case, blank, of_example
from ringwall.desk.views.settlement.files import from_link

EDITORS = frozenset({CLAIMS_HANDLER, UNDERWRITER})
PEOPLE = EDITORS | {RISK_MANAGER}
"""The insured sees how its own policy settles, and changes nothing."""
BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a product version, a policy or a claim, and the case to begin with."""

    under: str = ""
    """`code/version`, or the number of a policy."""
    claim: str = ""
    example: str = ""
    """The place of a worked example, counted from one; `blank` for a case of which nothing is known."""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy under whose own terms a case can be settled."""

    number: str
    insured: Words


def policies_of(office: Office, speaker: Speaker, now: datetime) -> tuple[PolicyChoice, ...]:
    """The policies that the reader may settle under, as they were known at an instant."""
    rows = [row for row in all_known(office.policies, now) if _may_read(office, speaker, row.object_id)]
    return tuple(PolicyChoice(row.number, insured_name(office, row.object_id)) for row in rows)


def _may_read(office: Office, speaker: Speaker, object_id: UUID) -> bool:
    return speaker.role in EDITORS or "insured" in office.objects.roles(object_id)


def basis_of(office: Office, speaker: Speaker, asked: Asked, now: datetime) -> Basis | Refusal:
    """A claim leads to its policy; an insured who names nothing, to its newest claim or policy."""
    if speaker.role not in PEOPLE:
        return not_visible("settlement")
    versions, under = office.catalogue.versions, asked.under
    if not under and not asked.claim:
        if speaker.role not in EDITORS:
            return _own_basis(office, speaker, now)
        under = _on_offer(office)
    if under in versions and not asked.claim:
        return Basis(versions[under]) if speaker.role in EDITORS else not_visible(under)
    return _policy_basis(office, speaker, "" if asked.claim else under, asked.claim, now)


def _own_basis(office: Office, speaker: Speaker, now: datetime) -> Basis | Refusal:
    mine = policies_of(office, speaker, now)
    if not mine:
        return not_visible("settlement")
    policy = mine[-1].number
    claims = [row.number for row in all_known(office.claims, now) if row.record.claim.policy == policy]
    return _policy_basis(office, speaker, policy, claims[-1] if claims else "", now)


def _on_offer(office: Office) -> str:
    """The newest version of the first product on sale."""
    code = next(iter(office.catalogue.sale.values())).product.code
    return max(name for name, product in office.catalogue.versions.items() if product.code == code)


def _policy_basis(office: Office, speaker: Speaker, policy: str, claim: str, now: datetime) -> Basis | Refusal:
    if claim:
        told = known(office.claims, office.claims.newest(claim), now)
        if told is None:
            return not_visible(claim)
        policy = told.record.claim.policy
    row = known(office.policies, office.policies.newest(policy), now)
    if row is None or not _may_read(office, speaker, row.object_id):
        return not_visible(policy)
    return _basis_of_policy(office, row, claim, now)


def _basis_of_policy(office: Office, row: Row[PolicyFile], claim: str, now: datetime) -> Basis:
    file = row.record
    return Basis(
        product=office.catalogue.versions[f"{file.schedule.product}/{file.schedule.version}"],
        policy=row.number,
        claim=claim,
        insured=insured_name(office, row.object_id),
        schedule=file.schedule,
        state=_used_before(office, row.object_id, claim, now),
        void=frozenset(file.policy.newest.content.void_clauses),
    )


def _used_before(office: Office, object_id: UUID, claim: str, now: datetime) -> Mapping[str, int]:
    """What the policy's other claims had used up, as far as they were decided at an instant."""
    rows = [row for row in all_known(office.claims, now, object_id) if row.number != claim]
    decided = [outcome for row in rows if (outcome := row.record.claim.known_at(now).outcome) is not None]
    return decided[-1].state_after if decided else {}


def first_case(office: Office, speaker: Speaker, basis: Basis, asked: Asked, now: datetime) -> Case | Refusal:
    """The case of the link, the worked example that is named, the claim's own loss, or the first worked example."""
    if asked.link and speaker.role in EDITORS:
        return from_link(asked.link, basis)
    if asked.example == BLANK and speaker.role in EDITORS:
        return blank(basis)
    if asked.example:
        return _example(basis, asked.example)
    if basis.claim:
        told = known(office.claims, office.claims.newest(basis.claim), now)
        assert told is not None, "the claim led to the basis"
        return Case(told.record.event, {}, basis.state, basis.void)
    return of_example(basis, basis.product.examples[0]) if basis.product.examples else blank(basis)


def _example(basis: Basis, place: str) -> Case | Refusal:
    examples = basis.product.examples
    if place.isascii() and place.isdigit() and 1 <= int(place[:6]) <= len(examples):
        return of_example(basis, examples[int(place) - 1])
    return refuse(
        "example_unknown",
        place,
        zh=f"产品 {basis.version} 有 {len(examples)} 个示例，没有第“{place[:20]}”个；请从列表中选择。",
        en=f"{basis.version} has {len(examples)} worked examples and none at “{place[:20]}”; choose one of the list.",
    )
