"""Typed identities: a policy's id is not a quote's id, though both are UUIDs."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

OrganisationId = NewType("OrganisationId", UUID)
SubmissionId = NewType("SubmissionId", UUID)
QuoteId = NewType("QuoteId", UUID)
PolicyId = NewType("PolicyId", UUID)
AssetId = NewType("AssetId", UUID)
ConsentId = NewType("ConsentId", UUID)
FindingId = NewType("FindingId", UUID)
IncidentId = NewType("IncidentId", UUID)
ClaimId = NewType("ClaimId", UUID)
