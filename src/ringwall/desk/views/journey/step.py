"""One step of a case: what happened, when it holds and when it was known, who did it, and the figures that it left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from ringwall.basics import Words
from ringwall.desk.office import Office
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.parts import Bar, Figure, all_known, insured_name


class Stage(StrEnum):
    """The chapters of a case, in the order in which a case goes through them."""

    APPLY = "apply"
    COVER = "cover"
    WATCH = "watch"
    LOSS = "loss"
    BOOK = "book"


class Lane(StrEnum):
    """The parties of a case, each with its own lane of the drawing."""

    INSURED = "insured"
    LEAD = "lead"
    FOLLOWERS = "followers"
    PROVIDER = "provider"


EFFECTIVE = Words("生效", "effective")


@dataclass(frozen=True, slots=True)
class Step:
    """`lane` acts, `reaches` are the parties that it reaches at once; `link` is where the thing itself stands."""

    anchor: str
    stage: Stage
    lane: Lane
    what: Words
    effective_at: datetime
    known_at: datetime
    link: str
    figures: tuple[Figure, ...] = ()
    note: Words | None = None
    reaches: tuple[Lane, ...] = ()
    bars: tuple[Bar, ...] = ()
    holds: Words = EFFECTIVE


@dataclass(frozen=True, slots=True)
class Told:
    """A case as one organisation sees it at an instant: what the steps are read from."""

    office: Office
    object_id: UUID
    number: str
    now: datetime

    @property
    def policy(self) -> PolicyFile | None:
        rows = all_known(self.office.policies, self.now, self.object_id)
        return rows[-1].record if rows else None

    def stage_at(self, known_at: datetime) -> Stage:
        """Before the contract was concluded everything belongs to the application."""
        policy = self.policy
        return Stage.APPLY if policy is None or known_at < policy.policy.concluded_at else Stage.WATCH

    def lane_of(self, organisation: UUID | str) -> Lane:
        """The lane of whoever owns a row or made an entry; an unknown insurer follows."""
        policy, code = self.policy, self._code_of(organisation)
        if policy is not None:
            provider = policy.policy.newest.content.parties.provider
            if provider is not None and code == provider.id:
                return Lane.PROVIDER
            if code == policy.agreement.lead:
                return Lane.LEAD
            if code in policy.agreement.followers:
                return Lane.FOLLOWERS
        member = self.office.directory.by_id(UUID(str(organisation))) if _is_id(organisation) else None
        return {"insurer": Lane.LEAD, "provider": Lane.PROVIDER}.get(member.kind if member else "", Lane.INSURED)

    def names(self) -> dict[Lane, tuple[Words, ...]]:
        """Who stands in which lane, by the policy's parties; before there is a policy, by who quotes."""
        policy, insured = self.policy, insured_name(self.office, self.object_id)
        if policy is None:
            quotes = all_known(self.office.quotes, self.now, self.object_id)
            lead = self.office.directory.by_id(quotes[-1].owner_id) if quotes else None
            return {Lane.INSURED: (insured,), Lane.LEAD: (lead.name,) if lead else ()}
        parties, panel = policy.policy.newest.content.parties, policy.policy.newest.content.panel
        followers = tuple(party.name for party in parties.insurers if party.id in panel.followers)
        lead_party = parties.insurer(panel.lead)
        return {
            Lane.INSURED: (insured,),
            Lane.LEAD: (lead_party.name,) if lead_party else (),
            Lane.FOLLOWERS: followers,
            Lane.PROVIDER: (parties.provider.name,) if parties.provider else (),
        }

    def _code_of(self, organisation: UUID | str) -> str:
        member = self.office.directory.by_id(UUID(str(organisation))) if _is_id(organisation) else None
        return member.code if member else str(organisation)


def _is_id(text: UUID | str) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
