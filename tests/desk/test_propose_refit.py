"""Claims of the house refit its model as a proposal that is kept, compared and decided on; the model in use stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.doors import Speaker
from ringwall.desk.life.story import STEPS
from ringwall.desk.office import Office
from ringwall.desk.records import RefitFile, RefitState
from ringwall.desk.risk.decide_refit import decide_refit
from ringwall.desk.risk.own_book import own_book
from ringwall.desk.risk.propose_refit import RefitWish, propose_refit
from ringwall.risk import Peril, RiskModel, data_digest, parse_model
from ringwall.shell.store.people import speaker_named
from ringwall.wiring.house import House
from ringwall.wiring.people import ACTORS

LATER = datetime.fromisoformat("2026-12-01T10:00:00+08:00")
WISH = RefitWish("2026-02", years=300)


@pytest.fixture
def house(told_until: ToldUntil) -> House:
    told_until(STEPS[-1].name)
    return told_until.house


@pytest.fixture
def people(house: House) -> dict[str, Speaker]:
    return {actor: speaker_named(house.pool, ACTORS[actor]) for actor in ("underwriter", "claims")}


def proposed(office: Office, by: Speaker, wish: RefitWish = WISH) -> RefitFile:
    found = propose_refit(office, wish, by=by, at=LATER)
    assert isinstance(found, RefitFile), found
    return found


def refused(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.code


def test_a_paid_claim_moves_the_proposal_and_never_the_model_in_use(house: House, people: dict[str, Speaker]) -> None:
    def ask(office: Office) -> None:
        before = office.catalogue.model
        found = proposed(office, people["claims"])
        assert office.catalogue.model is before
        assert (found.model, found.version, found.policies, found.claims) == (before.version, "2026-02", 1, 1)
        counted = next(row for row in found.drift.counts if row.peril is Peril.RAN)
        assert counted.actual == 1 > counted.expected
        rate = next(row for row in found.refits if row.name == "frequency.RAN")
        assert rate.before < rate.after < rate.estimate, "one claim is believed as far as it carries"
        new = parse_model(found.files)
        assert isinstance(new, RiskModel)
        assert (new.version, new.sha256) == ("2026-02", found.sha256)
        assert new.sha256 != before.sha256
        assert refused(propose_refit(office, replace(WISH, version=before.version), by=people["claims"], at=LATER))
        assert refused(propose_refit(office, WISH, by=people["claims"], at=LATER)) == "version_taken"
        assert refused(propose_refit(office, RefitWish("two"), by=people["claims"], at=LATER)) == "version_unreadable"

    house.front.ask(people["claims"], ask)
    house.front.ask(people["underwriter"], kept_whole)


def kept_whole(office: Office) -> None:
    """The proposal as it stands on its shelf, with its data and its effect on the book."""
    (kept,) = office.refits.all()
    made, experience = kept.record, own_book(office, at=LATER)
    assert (kept.state, made.data_sha256) == ("proposed", data_digest(experience))
    assert made.before.sha256 == office.catalogue.model.sha256 != made.after.sha256
    assert made.after.by_cause["RAN"] > made.before.by_cause["RAN"]
    assert made.after.technical_minor > made.before.technical_minor > made.before.gross.aal_minor > 0
    assert made.before.net.tvar99_minor < made.before.gross.tvar99_minor
    assert 0 < made.before.rated <= made.before.policies == made.after.policies
    assert [row.policy for row in experience.exposed] == [office.policies.all()[0].number]
    assert [claim.peril for claim in experience.claims().values()] == [Peril.RAN]
    parts = {row.component: row.loss for row in experience.lost}
    assert parts["RAN.INRE"] == (186_000 + 30_000 + 75_000 + 58_000)
    assert parts["RAN.DIAS"] == (240_000 + 90_000 + 35_000)


def test_another_underwriter_decides_once_with_a_reason_and_no_price_moves(
    house: House, people: dict[str, Speaker]
) -> None:
    claims, underwriter = people["claims"], people["underwriter"]
    number = house.front.ask(claims, lambda office: proposed(office, claims).number)

    def decide(by: Speaker, state: RefitState, reason: str) -> RefitFile | Refusal:
        return house.front.ask(by, lambda office: decide_refit(office, number, state, reason, by=by, at=LATER))

    assert refused(decide(claims, RefitState.ADOPTED, "mine")) == "own_proposal"
    assert refused(decide(underwriter, RefitState.ADOPTED, "  ")) == "reason_missing"
    adopted = decide(underwriter, RefitState.ADOPTED, "one claim, small move")
    assert isinstance(adopted, RefitFile)
    assert refused(decide(underwriter, RefitState.DECLINED, "changed my mind")) == "refit_decided"

    def ask(office: Office) -> None:
        states = [(row.state, row.record.decision) for row in office.refits.history(number)]
        assert [state for state, _ in states] == ["proposed", "adopted"], "nothing is changed, a version is added"
        assert states[0][1] is None
        assert states[1][1] == adopted.decision
        assert office.catalogue.model.version == "2026-01"
        (row, _) = office.refits.history(number)
        older = replace(row.record, number=f"{number}-OLD", model_sha256="0" * 64)
        office.refits.add(older.number, older, object_id=row.object_id, effective_at=LATER, known_at=LATER)
        late = decide_refit(office, older.number, RefitState.ADOPTED, "why", by=underwriter, at=LATER)
        assert refused(late) == "refit_outdated"
        declined = decide_refit(office, older.number, RefitState.DECLINED, "outdated", by=underwriter, at=LATER)
        assert isinstance(declined, RefitFile)
        assert declined.state is RefitState.DECLINED

    house.front.ask(underwriter, ask)
    for actor in ("insured", "first_follower", "provider"):
        stranger = speaker_named(house.pool, ACTORS[actor])
        assert house.front.ask(stranger, lambda office: office.refits.all()) == (), "nobody else sees a proposal"


def test_before_a_policy_has_begun_there_is_nothing_to_refit_with(told_until: ToldUntil) -> None:
    year = told_until("bind")
    claims = speaker_named(told_until.house.pool, ACTORS["claims"])

    def ask(office: Office, object_id: UUID) -> None:
        begins = office.policies.of_object(object_id)[-1].record.policy.newest.content.period.start
        assert refused(propose_refit(office, WISH, by=claims, at=begins - timedelta(days=1))) == "no_exposure"
        calm = own_book(office, at=begins + timedelta(days=30))
        assert len(calm.exposed) == 1
        assert not calm.lost
        assert calm.exposed[0].years == 30 / 365

    year.read("underwriter", ask)
