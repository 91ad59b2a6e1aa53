"""All that is known of an insured at an instant: what it answered, what was looked at, what its sensor counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.desk.office import Office
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import (
    Dossier,
    Finding,
    Indicator,
    Observation,
    Statement,
    as_stated,
    compile_dossier,
    indicators_of,
    withdrawn,
)


def dossier_of(office: Office, object_id: UUID, at: datetime) -> Dossier:
    """The dossier as it was known at an instant: what was learned after it, corrections too, does not count."""
    submission = last_known(office.submissions, at, object_id)
    assert submission is not None, "whoever asks for the dossier sees the application"
    return compile_dossier(
        submission.number,
        at,
        submission.answers,
        findings_known(office, object_id, at),
        observations_known(office, object_id, at),
        office.catalogue.controls,
        [row.record for row in all_known(office.assets, at, object_id)],
        indicators_known(office, object_id, at),
    )


def findings_known(office: Office, object_id: UUID, at: datetime) -> tuple[Finding, ...]:
    """Every finding with its status by looks and statements."""
    said = statements_known(office, object_id, at)
    return tuple(as_stated(row.record, said, at) for row in all_known(office.findings, at, object_id))


def withdrawn_known(office: Office, object_id: UUID, at: datetime) -> frozenset[str]:
    """The findings of which a dispute was upheld: they move nothing."""
    findings = (row.record for row in all_known(office.findings, at, object_id))
    return withdrawn(findings, statements_known(office, object_id, at), at)


def statements_known(office: Office, object_id: UUID, at: datetime) -> tuple[Statement, ...]:
    """What both sides have said of the findings."""
    return tuple(row.record for row in all_known(office.statements, at, object_id))


def observations_known(office: Office, object_id: UUID, at: datetime) -> tuple[Observation, ...]:
    """Everything that every scan of the insured has seen, oldest first."""
    return tuple(seen for row in all_known(office.scans, at, object_id) for seen in row.record.result.observations)


def indicators_known(office: Office, object_id: UUID, at: datetime) -> tuple[Indicator, ...]:
    return indicators_of(office.hours.counts(object_id, at))
