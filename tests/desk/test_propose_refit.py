"""Claims of the house refit its model as a proposal: drift and a new version beside it, and the model in use stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.life.story import STEPS
from ringwall.desk.office import Office
from ringwall.desk.risk.propose_refit import RefitProposal, own_book, propose_refit
from ringwall.risk import Peril, RiskModel, parse_model

LATER = datetime.fromisoformat("2026-12-01T10:00:00+08:00")


def test_a_paid_claim_moves_the_proposal_and_never_the_model_in_use(told_until: ToldUntil) -> None:
    year = told_until(STEPS[-1].name)

    def ask(office: Office, _: UUID) -> None:
        before = office.catalogue.model
        found = propose_refit(office, "2026-02", at=LATER)
        assert isinstance(found, RefitProposal), found
        assert office.catalogue.model is before
        assert (found.model, found.version) == (before.version, "2026-02")
        assert [row.policy for row in found.experience.exposed] == [office.policies.all()[0].number]
        claims = found.experience.claims()
        assert [claim.peril for claim in claims.values()] == [Peril.RAN]
        parts = {row.component: row.loss for row in found.experience.lost}
        assert parts["RAN.INRE"] == (186_000 + 30_000 + 75_000 + 58_000)
        assert parts["RAN.DIAS"] == (240_000 + 90_000 + 35_000)
        counted = next(row for row in found.drift.counts if row.peril is Peril.RAN)
        assert counted.actual == 1 > counted.expected
        rate = next(row for row in found.refits if row.name == "frequency.RAN")
        assert rate.before < rate.after < rate.estimate, "one claim is believed as far as it carries"
        proposed = parse_model(found.files)
        assert isinstance(proposed, RiskModel)
        assert proposed.version == "2026-02"
        assert proposed.sha256 != before.sha256
        assert isinstance(propose_refit(office, before.version, at=LATER), Refusal)

    year.read("underwriter", ask)


def test_before_a_policy_has_begun_there_is_nothing_to_refit_with(told_until: ToldUntil) -> None:
    year = told_until("bind")

    def ask(office: Office, object_id: UUID) -> None:
        begins = office.policies.of_object(object_id)[-1].record.policy.newest.content.period.start
        refused = propose_refit(office, "2026-02", at=begins - timedelta(days=1))
        assert isinstance(refused, Refusal)
        assert refused.code == "no_exposure"
        calm = own_book(office, at=begins + timedelta(days=30))
        assert len(calm.exposed) == 1
        assert not calm.lost
        assert calm.exposed[0].years == 30 / 365

    year.read("underwriter", ask)
