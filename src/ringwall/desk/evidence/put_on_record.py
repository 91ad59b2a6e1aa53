"""What a scan saw and what a sensor counted are put on record by the insured, who shares them with its lead."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal, refuse
from ringwall.desk.intelligence.facts_at import facts_at
from ringwall.desk.office import Office, own_code
from ringwall.desk.records import ScanFile
from ringwall.evidence import (
    Finding,
    ScanResult,
    SensorFile,
    TrafficBatch,
    find,
    merge,
    seen_products,
    standing_observations,
)

ONLY_SENSOR = "main"
"""The sensor of a file that nobody named one for."""


def record_scan(office: Office, object_id: UUID, result: ScanResult, *, purpose: str) -> ScanFile | Refusal:
    """One scan with its findings; each finding is a further version of what was known of its place."""
    if not office.consents.of_object(object_id):
        return no_consent(office, object_id)
    insured = office.objects.number_of(object_id)
    rules, facts = office.catalogue.rules, facts_at(office, object_id, result.at)
    found = find(insured, result.observations, result.at, rules, facts)
    known = [row.record for row in office.findings.of_object(object_id)]
    register = merge(known, found, result, rules)
    before = {finding.uid: finding for finding in known}
    for finding in register:
        if before.get(finding.uid) != finding:
            put_finding(office, object_id, insured, finding, at=result.at)
    number = office.numbers.next(f"{own_code(office)}-S")
    scan = ScanFile(number, purpose, result, register, facts.catalogue_version)
    office.scans.add(number, scan, object_id=object_id, effective_at=result.at, known_at=result.at, state=purpose)
    standing = standing_observations(row.record.result for row in office.scans.of_object(object_id))
    office.products.renew(object_id, seen_products(standing, office.catalogue.products_seen))
    return scan


def record_traffic(
    office: Office, object_id: UUID, batch: TrafficBatch, *, at: datetime, sensor: str = ONLY_SENSOR
) -> TrafficBatch | Refusal:
    """A closed file of a sensor: its receipt, and its counts go into the hours; the same content again adds nothing."""
    office.hours.hold(object_id, sensor)
    number = f"{office.objects.number_of(object_id)}:{batch.sha256}"
    if office.traffic.newest(number) is None:
        office.traffic.add(number, batch.receipt(), object_id=object_id, effective_at=at, known_at=at)
        office.hours.add(object_id, sensor, batch)
    return batch


def take_file(
    office: Office, object_id: UUID, file: SensorFile, batch: TrafficBatch, *, at: datetime, sensor: str
) -> TrafficBatch | Refusal:
    """A file of a sensor's folder, which needs not even be opened when it is offered again."""
    taken = record_traffic(office, object_id, batch, at=at, sensor=sensor)
    office.hours.note(object_id, sensor, file, batch.sha256)
    return taken


def put_finding(office: Office, object_id: UUID, insured: str, finding: Finding, *, at: datetime) -> None:
    """A further version of a finding, under the number of the insured's application and its own."""
    office.findings.add(
        f"{insured}:{finding.uid}",
        finding,
        object_id=object_id,
        effective_at=finding.first_seen,
        known_at=at,
        state=finding.status.value,
    )


def no_consent(office: Office, object_id: UUID) -> Refusal:
    number = office.objects.number_of(object_id)
    return refuse(
        "no_consent",
        number,
        zh=f"{number} 没有授权书，扫描结果不能入档；请先由被保险人签署授权书。",
        en=f"{number} has no consent on record, so no scan can be put on record; have the insured sign one first.",
    )
