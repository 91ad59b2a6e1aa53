"""The policy schedule as a document: what it says is made here, what prints it stands outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ringwall.basics import Language
from ringwall.desk.doors import GrantRole
from ringwall.desk.office import Office
from ringwall.policy import ScheduleDocument, schedule

PARTIES: tuple[GrantRole, ...] = ("insured", "broker", "lead", "follower")
"""Everybody on the contract holds the schedule."""


@dataclass(frozen=True, slots=True)
class PrintedSchedule:
    """The printed schedule of a policy: its verification code, and the hash of the file in each language."""

    policy: str
    verification_code: str
    files: Mapping[Language, str]


def schedule_of(office: Office, object_id: UUID) -> ScheduleDocument:
    """All that the policy's newest version says, in both languages."""
    policy = office.policies.of_object(object_id)[-1].record.policy
    explained = tuple(row.record for row in office.explanations.of_object(object_id))
    return schedule(policy.number, policy.newest, explained)


def file_schedule(
    office: Office, object_id: UUID, document: ScheduleDocument, pages: Mapping[Language, bytes]
) -> PrintedSchedule:
    """The pages are stored under their hash, for everybody who may see the policy."""
    files = {}
    for language, content in pages.items():
        name = f"{document.number}.{language}.pdf"
        stored = office.files.put(object_id, name, "application/pdf", content, readers=PARTIES)
        files[language] = stored.sha256
    return PrintedSchedule(document.number, document.verification_code, files)
