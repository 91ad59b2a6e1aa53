"""What has changed since binding by the newest look: one answer for notices, premium, alerts and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.desk.evidence.dossier_of import withdrawn_known
from ringwall.desk.office import Office
from ringwall.desk.views.parts import last_known
from ringwall.monitoring import Drift, drift


@dataclass(frozen=True, slots=True)
class DriftKnown:
    """The differences, when the newest look was made (None: nobody has looked), and what disputes have withdrawn."""

    drifts: tuple[Drift, ...] = ()
    looked_at: datetime | None = None
    withdrawn: frozenset[str] = frozenset()


def drift_known(office: Office, object_id: UUID, at: datetime) -> DriftKnown:
    """Findings at binding against the newest look that was known at an instant."""
    policy, scan = last_known(office.policies, at, object_id), last_known(office.scans, at, object_id)
    if policy is None or scan is None:
        return DriftKnown()
    withdrawn = withdrawn_known(office, object_id, at)
    settled = {(asset, locator) for _, asset, locator in scan.result.settled()}
    drifts = drift(policy.findings, scan.findings, settled, withdrawn)
    return DriftKnown(drifts, scan.result.at, withdrawn)
