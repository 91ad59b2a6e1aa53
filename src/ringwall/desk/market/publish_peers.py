"""Each insured that was looked at beside its peers, published by its lead to that insured alone."""

from __future__ import annotations

from datetime import datetime

from ringwall.desk.evidence.dossier_of import findings_known
from ringwall.desk.office import Office
from ringwall.desk.views.parts import all_known, last_known
from ringwall.market import PeerComparison, PeerRow, compare_with_peers


def publish_peers(office: Office, *, at: datetime) -> tuple[PeerComparison, ...]:
    """A further version for each insured whose comparison has changed; nobody learns of another's figures."""
    rows = peer_rows(office, at)
    published = []
    for row in rows:
        comparison = compare_with_peers(row.account, rows, office.catalogue.statistics)
        object_id = office.objects.by_number(row.account)
        if comparison is None or object_id is None:
            continue
        number = f"{row.account}:peers"
        known = office.peers.newest(number)
        if known is None or known.record != comparison:
            office.peers.add(number, comparison, object_id=object_id, effective_at=at, known_at=at)
        published.append(comparison)
    return tuple(published)


def peer_rows(office: Office, at: datetime) -> tuple[PeerRow, ...]:
    """The insured that the acting insurer leads, has looked at, and has bound."""
    rows = []
    for policy in all_known(office.policies, at):
        object_id = policy.object_id
        profile = last_known(office.profiles, at, object_id)
        looked_at = last_known(office.scans, at, object_id) is not None
        if profile is None or not looked_at or "lead" not in office.objects.roles(object_id):
            continue
        still_open = sum(finding.is_open for finding in findings_known(office, object_id, at))
        factor = policy.record.policy.newest.content.premium.rate_factor
        account = office.objects.number_of(object_id)
        rows.append(PeerRow(account, profile.industry, profile.employees, still_open, factor))
    return tuple(rows)
