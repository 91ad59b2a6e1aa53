"""What was known of an insured's security at an instant: its dossier, and what mending each weakness would save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.office import Office
from ringwall.desk.price.quote_risk import schedule_and_basis
from ringwall.desk.records import ScanFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Dossier, compile_dossier, distinct_batches, indicators
from ringwall.price import Fix, all_fixed, fixes
from ringwall.product import Schedule


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


def schedule_known(office: Office, object_id: UUID, now: datetime) -> Schedule | None:
    """The schedule of the policy, else of the newest quote."""
    bound, quoted = last_known(office.policies, now, object_id), last_known(office.quotes, now, object_id)
    return bound.schedule if bound else quoted.schedule if quoted else None


@dataclass(frozen=True, slots=True)
class FixList:
    """What mending saves: each fix on its own, and the premium of a year as it is and with all of them done."""

    fixes: tuple[Fix, ...]
    before_minor: int | None
    all_done_minor: int | None


def fixes_known(office: Office, object_id: UUID, now: datetime) -> FixList | None:
    """The fix list on the evidence of an instant, through the terms of the schedule; what saves most comes first."""
    submission, schedule = last_known(office.submissions, now, object_id), schedule_known(office, object_id, now)
    dossier = dossier_known(office, object_id, now)
    if submission is None or schedule is None or dossier is None:
        return None
    product = office.catalogue.products[schedule.product]
    choices = {name: schedule.values[name] for name in schedule.chosen}
    ready = schedule_and_basis(office, product, submission.organisation, choices)
    if isinstance(ready, Refusal):
        return None
    found = fixes(ready[1], dossier.controls, dossier.findings)
    done = all_fixed(ready[1], dossier.controls, dossier.findings)[0]
    return FixList(found, found[0].premium_before_minor if found else done, done)


def is_still_open(office: Office, object_id: UUID, finding: str, now: datetime) -> bool:
    """Whether a finding was still open as known at an instant; what nobody has closed is open."""
    seen = [row.record for row in all_known(office.findings, now, object_id) if row.record.uid == finding]
    return seen[-1].is_open if seen else True
