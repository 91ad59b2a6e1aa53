"""A move through the front: permitted, on an object that is visible, whole or not at all, with no key left behind."""

from __future__ import annotations

from uuid import UUID

from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal, refuse
from ringwall.desk.office import Office


def test_a_move_is_permitted_seen_and_whole(told_until: ToldUntil) -> None:
    year = told_until("apply")
    insured, underwriter = year._people["insured"], year._people["underwriter"]

    def open_and_refuse(office: Office, _: UUID) -> Refusal:
        office.objects.open("HALF-DONE")
        return refuse("no", "x", zh="否", en="no")

    refused = [
        year.front.move(underwriter, "ingest_traffic", year.number, lambda *_: ""),
        year.front.move(insured, "ingest_traffic", "NONE", lambda *_: ""),
        year.front.move(insured, "ingest_traffic", year.number, open_and_refuse),
    ]
    assert [each.code for each in refused if isinstance(each, Refusal)] == ["not_your_task", "not_visible", "no"]
    assert year.front.ask(insured, lambda office: office.objects.by_number("HALF-DONE")) is None
    assert year.front.move(insured, "ingest_traffic", year.number, lambda *_: "done") == "done"
