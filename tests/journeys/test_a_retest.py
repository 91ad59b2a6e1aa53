"""A re-test that the insured asks for, ordered or looked at by the house itself, closes the finding or opens it again.

A fix lowers the premium the same day. The services are the lab's, real and on loopback; the queue is the house's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from ringwall.basics import Refusal
from ringwall.catalogue import read_folder
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.evidence.say_of_finding import say_of_finding
from ringwall.desk.exposure.put_on_record import withdraw_consent
from ringwall.desk.life.story import STEPS
from ringwall.desk.life.year import StoryRefused, Year
from ringwall.desk.monitoring.watch_policy import Rerating, endorse_for_risk
from ringwall.desk.office import Office
from ringwall.desk.price.reprice import KeptBases
from ringwall.desk.service.advance_order import OrderStep, advance_order
from ringwall.desk.service.dispatch_provider import entitlement_left
from ringwall.desk.views.home import home
from ringwall.evidence import Finding, ScanResult, Statement, StatementKind, state_of
from ringwall.exposure import Asset, Consent, ConsentEntry, ControlProof
from ringwall.policy import InvoiceKind
from ringwall.portfolio import read_portfolio
from ringwall.service import Entitlement, Order, OrderState
from ringwall.shell.jobs.queue import drain
from ringwall.wiring.house import House, furnish
from ringwall.wiring.looks import Eyes
from ringwall.wiring.people import enrol_everybody, shipped_case
from ringwall.wiring.world import LabWorld

T = TypeVar("T")
MENDED_LATER = "erp.jiangkou.test"
"""Whose open store is gone in the stage `fixed` of the lab; the website stays as it is."""
MORNING = datetime.fromisoformat("2026-03-10T09:00:00+08:00")
HOUR = timedelta(hours=1)


@dataclass
class Town:
    """The lab as the house's own scanner sees it, in whatever stage it is; and the clock of the installation."""

    stage: str = "drift"
    at: datetime = MORNING
    world: LabWorld | None = None
    looked: list[tuple[str, ...]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def look(
        self, assets: tuple[Asset, ...], consent: Consent, proofs: tuple[ControlProof, ...], at: datetime
    ) -> ScanResult:
        assert self.world is not None
        self.looked.append(tuple(sorted(each.name for each in assets)))
        return self.world.scan(assets, consent, proofs, self.stage, at)


@dataclass
class Case:
    """One insured of the story, whose people act through the front."""

    house: House
    town: Town
    year: Year

    def tell(self, last: str) -> None:
        for step in STEPS:
            step.run(self.year)
            if step.name == last:
                return

    def do(self, person: str, action: str, answer: type[T], work: Any) -> T | Refusal:
        try:
            return self.year.do(person, action, uuid4().hex, answer, work)
        except StoryRefused as stopped:
            return stopped.refusal

    def ask(self, finding: Finding) -> Statement | Refusal:
        at = self.town.at

        def work(office: Office, object_id: UUID) -> Statement | Refusal:
            return say_of_finding(office, object_id, finding.uid, StatementKind.RETEST_ASKED, "", by="lin", at=at)

        return self.do("insured", "say_of_finding", Statement, work)

    def step(self, person: str, action: str, order: Order, state: OrderState, record: str = "") -> Order:
        taken, at = OrderStep(order.number, state, record=record), self.town.at
        made = self.do(person, action, Order, lambda o, i: advance_order(o, i, taken, at=at))
        assert isinstance(made, Order), made
        return made

    def later(self, by: timedelta = HOUR) -> None:
        self.town.at += by

    def worker(self) -> None:
        """Whatever waits in the house's queue is worked off."""
        drain(self.house.queue)

    def finding(self, uid: str) -> Finding:
        row = self.year.read("insured", lambda office, _: office.findings.newest(f"{self.year.number}:{uid}"))
        assert row is not None
        return row.record

    def state(self, uid: str) -> str:
        def read(office: Office, object_id: UUID) -> str:
            said = [row.record for row in office.statements.of_object(object_id)]
            return state_of(self.finding(uid), said, self.town.at, office.catalogue.periods.dispute_days).state.value

        return self.year.read("insured", read)

    def open_priced(self) -> list[Finding]:
        rows = self.year.read("insured", lambda office, obj: office.findings.of_object(obj))
        return [row.record for row in rows if row.record.is_open and row.record.may_price]

    def orders(self) -> list[Order]:
        return [row.record for row in self.year.read("insured", lambda office, obj: office.orders.of_object(obj))]

    def left(self) -> int:
        found = self.year.read("insured", lambda office, obj: entitlement_left(office, obj, "retest"))
        assert isinstance(found, Entitlement)
        return found.left

    def topics(self, person: str) -> list[str]:
        return [m.topic for m in self.year.read(person, lambda office, _: office.post.inbox())]


@pytest.fixture
def case(database: Any, catalogue: Catalogue, tmp_path: Path) -> Iterator[Case]:
    town = Town()
    with furnish(tmp_path / "home", database, catalogue, eyes=Eyes(town.look, town.now)) as house:
        town.world, told = LabWorld(house.server_key), shipped_case()
        book = read_portfolio(read_folder("book")["opening.csv"])
        yield Case(house, town, Year(house.front, told, town.world, book, enrol_everybody(house, told)))
        town.world.close()


def test_a_retest_of_the_policy_is_ordered_looked_at_and_lowers_the_premium_the_same_day(case: Case) -> None:
    case.tell("drift")
    before = case.left()
    weak, rest = case.open_priced()[:before], case.open_priced()[before:]
    assert rest, "more than the policy includes re-tests for"
    for finding in weak:
        assert isinstance(case.ask(finding), Statement)
    orders = [order for order in case.orders() if order.service == "retest"]
    assert [order.findings for order in orders] == [(finding.uid,) for finding in weak]
    assert all(order.state is OrderState.CONSENTED for order in orders), "the insured's own consent, and its clock runs"
    assert [order.assets for order in orders] == [(finding.asset,) for finding in weak]
    assert case.left() == before - len(weak) == 0
    assert isinstance(case.ask(weak[0]), Statement)
    assert len(case.orders()) == len(orders), "asked again it is the same order"
    case.worker()
    assert case.town.looked == [], "nobody looks before the provider has accepted"

    case.later()
    case.town.stage = "fixed"
    for order in orders:
        case.step("provider", "advance_order", order, OrderState.ACCEPTED)
    case.worker()
    assert sorted(case.town.looked) == sorted((finding.asset,) for finding in weak)
    assert {case.state(finding.uid) for finding in weak} == {"closed", "open"}, "what is still there is open again"
    for finding in rest:
        assert isinstance(case.ask(finding), Statement)
    case.later()
    case.worker()
    looked_at = {case.state(finding.uid) for finding in rest}
    assert looked_at <= {"closed", "open"}, "looked at by the house without an order"
    assert len(case.orders()) == len(orders)
    assert all("retest_done" in case.topics(person) for person in ("insured", "underwriter", "provider"))

    case.later()
    scans = {row.record.purpose: row.number for row in case.year.read("insured", lambda o, i: o.scans.of_object(i))}
    for order in orders:
        case.step("provider", "advance_order", order, OrderState.DELIVERED, scans[order.number])
        case.step("insured", "accept_deliverable", order, OrderState.ACCEPTED_BY_INSURED)

    speaker, at = case.year._people["underwriter"], case.town.at
    waiting = case.house.front.ask(speaker, lambda office: home(office, speaker, at, KeptBases())).tasks
    assert "rerate" in [task.kind for task in waiting]
    rerated = case.do(
        "underwriter", "endorse_for_risk", Rerating, lambda o, i: endorse_for_risk(o, i, requested_at=at, at=at)
    )
    assert isinstance(rerated, Rerating), rerated
    assert rerated.endorsement is not None
    assert rerated.endorsement.invoice.kind is InvoiceKind.RED_LETTER
    assert rerated.endorsement.after.factor < rerated.endorsement.before.factor
    assert rerated.endorsement.effective_at.date() == (MORNING + timedelta(days=1)).date(), "refunded from the next day"


def test_without_an_order_the_house_looks_itself_and_a_finding_that_is_still_there_stays_open(case: Case) -> None:
    case.tell("scan")
    case.town.at = datetime.fromisoformat("2025-12-16T09:00:00+08:00")
    case.town.stage = "binding"
    weak = next(each for each in case.open_priced() if each.asset == MENDED_LATER)
    assert isinstance(case.ask(weak), Statement)
    assert case.orders() == [], "before binding there is no entitlement"
    assert case.state(weak.uid) == "retest_asked"
    case.later()
    case.worker()
    assert case.town.looked == [(weak.asset,)]
    assert case.state(weak.uid) == "open", "seen again, so what was said counts no more"

    case.later()
    case.town.stage = "fixed"
    assert isinstance(case.ask(weak), Statement)
    case.later()
    case.worker()
    assert case.state(weak.uid) == "closed"
    case.worker()
    assert len(case.town.looked) == 2, "one look for each time it was asked"


def test_without_a_consent_a_retest_is_refused_and_none_is_looked_at(case: Case) -> None:
    case.tell("scan")
    case.town.at = datetime.fromisoformat("2025-12-16T09:00:00+08:00")
    weak = case.open_priced()[0]
    assert isinstance(case.ask(weak), Statement)
    at = case.town.at
    assert isinstance(
        case.do("insured", "give_consent", ConsentEntry, lambda o, i: withdraw_consent(o, i, at=at)), ConsentEntry
    )
    case.later()
    case.worker()
    assert case.town.looked == [], "the consent was taken back before the look"
    refusal = case.ask(weak)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "consent_withdrawn"
