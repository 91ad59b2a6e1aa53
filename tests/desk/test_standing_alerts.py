"""The alert centre derives anew only what has changed, and what it has kept is what it would derive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.desk.every_family import Sale

from ringwall.basics import Words
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.doors import Letter, Parcel
from ringwall.desk.monitoring import standing_alerts as kept_by
from ringwall.desk.monitoring.alerts_of import alerts_of
from ringwall.desk.monitoring.known_of import KnownOf
from ringwall.desk.monitoring.standing_alerts import standing_alerts
from ringwall.desk.office import Office
from ringwall.desk.views.alerts import AlertWish, alerts_page
from ringwall.evidence import Statement, StatementKind
from ringwall.monitoring import Alert, AlertKind, Channel, DeliveryReceipt, Mark, Message
from ringwall.wiring.house import House, furnish
from ringwall.wiring.people import enrol_everybody, shipped_case

INSURED = 3
Derived = list[str]


@pytest.fixture
def derived(monkeypatch: pytest.MonkeyPatch) -> Derived:
    """The applications whose alerts were derived, one entry a time."""
    seen: Derived = []

    def counted(known: KnownOf) -> tuple[Alert, ...]:
        seen.append(known.number)
        return alerts_of(known)

    monkeypatch.setattr(kept_by, "alerts_of", counted)
    return seen


@pytest.fixture
def town(database: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[tuple[House, list[Sale], Any]]:
    """One lead with several applications."""
    with furnish(tmp_path / "home", database, catalogue) as house:
        people = enrol_everybody(house, shipped_case())
        sales = [Sale(house.front, people, catalogue, name) for name in sorted(catalogue.sale)[:INSURED]]
        for sale in sales:
            sale.apply()
        yield house, sales, people


def test_a_second_look_derives_nothing_and_a_third_only_what_has_changed(
    town: tuple[House, list[Sale], Any], derived: Derived
) -> None:
    house, sales, people = town
    at = max(sale.applied_at for sale in sales) + timedelta(days=1)

    def look(later: timedelta = timedelta()) -> int:
        derived.clear()
        page = house.front.ask(people["underwriter"], lambda o: alerts_page(o, at + later, AlertWish()))
        assert {line.number for line in page.lines} <= {sale.number for sale in sales}
        return len(derived)

    assert look() == INSURED
    assert look() == look(timedelta(minutes=1)) == 0

    def say(office: Office) -> None:
        object_id = office.objects.by_number(sales[1].number)
        assert object_id is not None
        said = Statement("no finding", StatementKind.ANSWERED, "x", "insured", at, "")
        office.statements.add("test-1", said, object_id=object_id, effective_at=at, known_at=at)

    house.front.ask(people["insured"], say)
    assert look(timedelta(minutes=2)) == 1
    assert derived == [sales[1].number]
    assert look(timedelta(minutes=3)) == 0
    assert house.front.ask(people["first_follower"], lambda o: standing_alerts(o, at)) == (), "behind its own walls"


def test_a_message_that_could_not_be_delivered_stands_from_its_receipt_until_another_channel_delivers_it(
    town: tuple[House, list[Sale], Any],
) -> None:
    house, sales, people = town
    at = max(sale.applied_at for sale in sales) + timedelta(days=1)

    def send(office: Office) -> Message:
        object_id = office.objects.by_number(sales[0].number)
        assert object_id is not None
        words = Words("一封信", "a letter")
        office.post.send(Letter(object_id, "test", "insured", words, words, "/sent", at))
        return office.post.sent(object_id)[-1]

    letter = house.front.ask(people["underwriter"], send)

    def undelivered(later: int) -> int:
        def count(office: Office) -> int:
            listed = standing_alerts(office, at + timedelta(minutes=later))
            return sum(alert.kind is AlertKind.MESSAGE for each in listed for alert in each.kept.alerts)

        return house.front.ask(people["underwriter"], count)

    def receipt(mark: Mark, channel: Channel, later: int) -> None:
        word = DeliveryReceipt(channel, mark, "x@example.com", at + timedelta(minutes=later), "550")
        parcel = Parcel(letter, people["insured"].person_id, channel, "x@example.com", "zh", 1)
        with house.outgoing() as outgoing:
            outgoing.settle(parcel, [word], "dead", at)

    assert undelivered(1) == 0
    receipt(Mark.FAILED, Channel.SMTP, 2)
    assert undelivered(3) == 1
    receipt(Mark.DELIVERED, Channel.SMS, 4)
    assert undelivered(5) == 0


def test_what_is_kept_is_what_a_look_would_derive_at_every_instant(
    told_until: Callable[[str], Any], derived: Derived
) -> None:
    year = told_until("rerate")
    start = year.case.at["endorsed_at"]

    def compare(office: Office, object_id: UUID, at: datetime) -> None:
        (standing,) = standing_alerts(office, at)
        assert standing.kept.alerts == alerts_of(KnownOf(office, object_id, standing.number, at)), at

    days = [*range(0, 400, 9), *range(400, 0, -50)]
    for day in days:
        year.read("underwriter", lambda o, i, at=start + timedelta(days=day): compare(o, i, at))
    assert len(derived) < len(days), "most of the time nothing changes"
