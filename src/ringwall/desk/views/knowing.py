"""What was known of an insured's security at an instant: its dossier, and what mending each weakness would save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ringwall.basics import Refusal
from ringwall.desk.evidence.dossier_of import dossier_of, findings_known
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases, change_terms
from ringwall.desk.records import ScanFile
from ringwall.desk.views.parts import all_known, last_known
from ringwall.evidence import Dossier
from ringwall.price import Fix, FixPlan, PricingBasis, all_fixed, cheapest_fixes, fixes


def dossier_known(office: Office, object_id: UUID, now: datetime) -> Dossier | None:
    """The dossier as it was at an instant; nothing where the answers are not shared."""
    return dossier_of(office, object_id, now) if last_known(office.submissions, now, object_id) else None


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
    ready = _priced_on(office, object_id, now, bases)
    if ready is None:
        return None
    basis, dossier = ready
    found = fixes(basis, dossier.controls, dossier.findings)
    done = all_fixed(basis, dossier.controls, dossier.findings)[0]
    return FixList(found, found[0].premium_before_minor if found else done, done)


def plan_known(
    office: Office, object_id: UUID, now: datetime, bases: KeptBases, target_minor: int | None
) -> FixPlan | Refusal | None:
    """The cheapest set of fixes that reaches a premium, or why none does; nothing where no premium was stated."""
    ready = None if target_minor is None else _priced_on(office, object_id, now, bases)
    if ready is None:
        return None
    return cheapest_fixes(ready[0], ready[1].controls, ready[1].findings, target_minor=target_minor)


def _priced_on(office: Office, object_id: UUID, now: datetime, bases: KeptBases) -> tuple[PricingBasis, Dossier] | None:
    quote, dossier = last_known(office.quotes, now, object_id), dossier_known(office, object_id, now)
    if quote is None or dossier is None:
        return None
    ready = change_terms(office, quote, {}, bases)
    return None if isinstance(ready, Refusal) else (ready.basis, dossier)


def is_still_open(office: Office, object_id: UUID, finding: str, now: datetime) -> bool:
    """Whether a finding was still open by looks and statements at an instant; what nobody has closed is open."""
    seen = [each for each in findings_known(office, object_id, now) if each.uid == finding]
    return seen[-1].is_open if seen else True
