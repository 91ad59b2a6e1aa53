"""The policy's documents, and the code by which anybody can check that a schedule is genuine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from ringwall.basics import Language, Refusal, Term
from ringwall.desk.doors import Row, StoredFile
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import PolicyFile
from ringwall.desk.views.parts import all_known
from ringwall.policy import PolicyVersion, schedule


@dataclass(frozen=True, slots=True)
class Paper:
    """One document: its language, its size and the hash under which it is kept."""

    language: Language
    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a schedule's code tells a stranger: the number and the period, and whether a later version replaced it."""

    policy: str
    period: Term
    replaced: bool


def papers_of(office: Office, row: Row[PolicyFile]) -> tuple[Paper, ...]:
    """The printed schedules; what an applicant handed in as evidence is no document of the policy."""
    found = ((language, schedule_file(office, row, language)) for language in get_args(Language))
    return tuple(Paper(language, file.name, file.size_bytes, file.sha256) for language, file in found if file)


def schedule_file(office: Office, row: Row[PolicyFile], language: Language) -> StoredFile | None:
    """The newest printed schedule in a language."""
    name = f"{row.number}.{language}.pdf"
    return next((file for file in reversed(office.files.of_object(row.object_id)) if file.name == name), None)


def read_schedule(office: Office, number: str, language: Language) -> bytes | Refusal:
    """The content of a printed schedule, for whoever may see it."""
    row = office.policies.newest(number)
    file = schedule_file(office, row, language) if row else None
    return not_visible(number) if file is None else office.files.read(file)


def codes_of(office: Office, row: Row[PolicyFile], now: datetime) -> dict[datetime, str]:
    """The code of each version's schedule, by when it was known; nothing where its explanations are not shared."""
    explained = [each.record for each in all_known(office.explanations, now, row.object_id)]
    shared = {each.clause for each in explained}
    return {
        version.known_at: schedule(row.number, version, explained).verification_code
        for version in row.record.policy.versions
        if _explained_clauses(version) <= shared
    }


def _explained_clauses(version: PolicyVersion) -> set[str]:
    return {clause for clause, was_confirmed in version.content.explained.items() if was_confirmed}


def verify_schedule(office: Office, code: str, now: datetime) -> Verified | None:
    """The policy to whose schedule a code belongs, among those that this office may see."""
    wanted = code.strip().upper()
    for row in all_known(office.policies, now):
        codes = codes_of(office, row, now)
        for version in row.record.policy.versions:
            if codes.get(version.known_at) == wanted:
                newest = row.record.policy.newest.known_at
                return Verified(row.number, version.content.period, version.known_at != newest)
    return None
