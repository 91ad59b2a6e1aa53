"""What was known of an insured's security at an instant: its dossier, and what mending each weakness would save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases, change_terms
from ringwall.desk.records import ScanFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Dossier, compile_dossier, distinct_batches, indicators
from ringwall.price import Fix, all_fixed, fixes


def dossier_known(office: Office, object_id: UUID, now: datetime) -> Dossier | None:
    """The dossier as it was at an instant, later corrections left out; nothing where the answers are not shared."""
    submission = last_known(office.submissions, now, object_id)
    if submission is None:
        return None
    traffic = [row.record for row in all_known(office.traffic, now, object_id)]
    return compile_dossier(
        submission.number,
        now,
        submission.answers,
        [row.record for row in all_known(office.findings, now, object_id)],
        [seen for scan in scans_known(office, object_id, now) for seen in scan.result.observations],
        office.catalogue.controls,
        [row.record for row in all_known(office.assets, now, object_id)],
        indicators(distinct_batches(traffic)),
    )


def scans_known(office: Office, object_id: UUID, now: datetime) -> tuple[ScanFile, ...]:
    return tuple(row.record for row in all_known(office.scans, now, object_id))


@dataclass(frozen=True, slots=True)
class FixList:
    """What mending saves: each fix on its own, and the premium of a year as it is and with all of them done."""

    fixes: tuple[Fix, ...]
    before_minor: int | None
    all_done_minor: int | None


def fixes_known(office: Office, object_id: UUID, now: datetime, bases: KeptBases) -> FixList | None:
    """The fix list on the evidence of an instant, through the terms of the quote; what saves most comes first."""
    quote, dossier = last_known(office.quotes, now, object_id), dossier_known(office, object_id, now)
    if quote is None or dossier is None:
        return None
    ready = change_terms(office, quote, {}, bases)
    if isinstance(ready, Refusal):
        return None
    found = fixes(ready.basis, dossier.controls, dossier.findings)
    done = all_fixed(ready.basis, dossier.controls, dossier.findings)[0]
    return FixList(found, found[0].premium_before_minor if found else done, done)


def is_still_open(office: Office, object_id: UUID, finding: str, now: datetime) -> bool:
    """Whether a finding was still open as known at an instant; what nobody has closed is open."""
    seen = [row.record for row in all_known(office.findings, now, object_id) if row.record.uid == finding]
    return seen[-1].is_open if seen else True
