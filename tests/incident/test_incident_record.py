"""An incident's timeline only grows, and what was known when can always be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from ringwall.basics import OrganisationId, Refusal, Words
from ringwall.incident import (
    CLASS_NAMES,
    TIMELINE_NAMES,
    Incident,
    IncidentClass,
    TimelineEntry,
    TimelineKind,
    add_entry,
    open_incident,
)

ORGANISATION = OrganisationId(UUID(int=7))


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, tzinfo=UTC)


def opened(
    *, started: datetime | None = None, persons: int = 2_400, known: datetime | None = None
) -> Incident | Refusal:
    return open_incident(
        "I-1",
        ORGANISATION,
        IncidentClass.MALICIOUS_PROGRAM,
        started_at=started,
        discovered_at=at(14, 22),
        facts={"persons": persons},
        known_at=known or at(15),
    )


def loss_line(value: int | None, fact: str = "direct_loss_minor", known: datetime | None = None) -> TimelineEntry:
    what = Words("公估初步报告", "first report of the adjuster")
    return TimelineEntry(TimelineKind.FACT_ESTABLISHED, at(18), known or at(19), "adjuster", what, fact, value)


def test_a_fact_counts_from_the_instant_at_which_it_was_known() -> None:
    incident = opened(started=at(14, 14))
    assert isinstance(incident, Incident)
    grown = add_entry(incident, loss_line(112_400_000))
    assert isinstance(grown, Incident)
    assert grown.facts_known_at(at(18)) == {"persons": 2_400}
    assert grown.facts_known_at(at(19)) == {"persons": 2_400, "direct_loss_minor": 112_400_000}


def test_a_correction_is_a_further_line_and_the_first_stays() -> None:
    incident = opened()
    assert isinstance(incident, Incident)
    first = add_entry(incident, loss_line(1))
    assert isinstance(first, Incident)
    second = add_entry(first, replace(loss_line(2), known_at=at(20)))
    assert isinstance(second, Incident)
    assert [entry.value for entry in second.timeline] == [1, 2]
    assert second.facts_known_at(at(19))["direct_loss_minor"] == 1
    assert second.facts_known_at(at(20))["direct_loss_minor"] == 2
    late = add_entry(second, replace(loss_line(3), known_at=at(19, 12)))
    assert isinstance(late, Incident)
    assert late.facts_known_at(at(20))["direct_loss_minor"] == 2


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (opened(started=at(15)), "discovered_before_start"),
        (opened(known=at(14, 21)), "known_before_discovery"),
        (opened(persons=-1), "fact_negative"),
    ],
)
def test_facts_that_clash_refuse_the_record(refused: Incident | Refusal, code: str) -> None:
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.where) == (code, "I-1")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (loss_line(5, known=at(17)), "entry_known_too_early"),
        (loss_line(None), "fact_incomplete"),
        (loss_line(5, fact=""), "fact_incomplete"),
        (loss_line(-5), "fact_negative"),
    ],
)
def test_a_line_that_cannot_be_true_is_refused_and_changes_nothing(line: TimelineEntry, code: str) -> None:
    incident = opened()
    assert isinstance(incident, Incident)
    refused = add_entry(incident, line)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert incident.timeline == ()


def test_ten_classes_have_names_in_both_languages() -> None:
    assert len(IncidentClass) == len(CLASS_NAMES) == 10
    assert all(words.zh and words.en for words in CLASS_NAMES.values())
    assert set(TIMELINE_NAMES) == set(TimelineKind)
