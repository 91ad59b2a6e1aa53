"""All that is known of an insured on a date, from what it answered, what was looked at and what its sensor counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.desk.office import Office
from ringwall.evidence import Dossier, Observation, compile_dossier, distinct_batches, indicators


def dossier_of(office: Office, object_id: UUID, at: datetime) -> Dossier:
    """The dossier at an instant; what was learned after it does not count."""
    submission = office.submissions.of_object(object_id)[-1].record
    return compile_dossier(
        submission.number,
        at,
        submission.answers,
        tuple(row.record for row in office.findings.of_object(object_id)),
        observations_of(office, object_id),
        office.catalogue.controls,
        tuple(row.record for row in office.assets.of_object(object_id)),
        indicators(distinct_batches([row.record for row in office.traffic.of_object(object_id)])),
    )


def observations_of(office: Office, object_id: UUID) -> tuple[Observation, ...]:
    """Everything that every scan of the insured has seen, oldest first."""
    return tuple(seen for row in office.scans.of_object(object_id) for seen in row.record.result.observations)
