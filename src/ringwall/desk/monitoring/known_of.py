"""One insured at one instant: what the alerts on it read, each thing read once."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from uuid import UUID

from ringwall.desk.evidence.dossier_of import findings_known, indicators_known, observations_known, statements_known
from ringwall.desk.office import Office
from ringwall.desk.records import ScanFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Finding, Indicator, Observation, StatedFinding, Weighed, state_of, weigh_controls
from ringwall.exposure import Consent, ControlProof
from ringwall.monitoring import Notice
from ringwall.underwriting import Submission


class KnownOf:
    """One insured at one instant, with what several alerts read (each read once)."""

    def __init__(self, office: Office, object_id: UUID, number: str, now: datetime) -> None:
        self.office, self.object_id, self.number, self.now = office, object_id, number, now

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return findings_known(self.office, self.object_id, self.now)

    @cached_property
    def stated(self) -> tuple[StatedFinding, ...]:
        """Open findings with what was said of them."""
        said, days = statements_known(self.office, self.object_id, self.now), self.office.catalogue.periods.dispute_days
        rows = all_known(self.office.findings, self.now, self.object_id)
        each = (state_of(row.record, said, self.now, days) for row in rows)
        return tuple(stated for stated in each if stated.is_open)

    @cached_property
    def scans(self) -> tuple[ScanFile, ...]:
        return tuple(row.record for row in all_known(self.office.scans, self.now, self.object_id))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return indicators_known(self.office, self.object_id, self.now)

    @cached_property
    def weighed(self) -> tuple[Weighed, ...]:
        return weighed_known(self.office, self.object_id, self.now, self.findings, self.indicators)

    @cached_property
    def submission(self) -> Submission | None:
        return last_known(self.office.submissions, self.now, self.object_id)

    @cached_property
    def observations(self) -> tuple[Observation, ...]:
        return tuple(seen for scan in self.scans for seen in scan.result.observations)

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(row.record for row in all_known(self.office.notices, self.now, self.object_id))

    @cached_property
    def proofs(self) -> tuple[ControlProof, ...]:
        return tuple(row.record for row in all_known(self.office.proofs, self.now, self.object_id))

    @cached_property
    def consent(self) -> Consent | None:
        entry = last_known(self.office.consents, self.now, self.object_id)
        return entry.consent if entry else None

    def is_open(self, uid: str) -> bool:
        return any(finding.uid == uid and finding.is_open for finding in self.findings)


def weighed_known(
    office: Office,
    object_id: UUID,
    now: datetime,
    findings: tuple[Finding, ...],
    indicators: tuple[Indicator, ...],
) -> tuple[Weighed, ...]:
    """Each control with every side of it; nothing where the answers are not shared."""
    submission = last_known(office.submissions, now, object_id)
    if submission is None:
        return ()
    assets = [row.record for row in all_known(office.assets, now, object_id)]
    seen = observations_known(office, object_id, now)
    controls = office.catalogue.controls
    return weigh_controls(submission.answers, findings, seen, now, controls, assets, indicators)
