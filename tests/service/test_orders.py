"""Service orders: no state is skipped, clocks run in elapsed hours, and the catalogue says what each order needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import SHANGHAI, Refusal, Words
from ringwall.service import (
    Order,
    OrderEntry,
    OrderState,
    Phase,
    Provider,
    Qualification,
    Service,
    ServiceCatalogue,
    SlaResult,
    advance,
    due_at,
    may_serve,
    missed,
    parse_catalogue,
    request,
    sla_standing,
)

TEXT = (files("ringwall.catalogue") / "services" / "enterprise.yaml").read_text(encoding="utf-8")
DISCOVERED = datetime(2026, 8, 15, 8, 10, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
REPORT = "ab" * 32


def catalogue() -> ServiceCatalogue:
    parsed = parse_catalogue(TEXT, "enterprise.yaml")
    assert isinstance(parsed, ServiceCatalogue), parsed
    return parsed


def service(code: str) -> Service:
    found = catalogue().service(code)
    assert isinstance(found, Service)
    return found


def advanced(order: Order, of: Service, *steps: tuple[OrderState, timedelta]) -> Order:
    for state, after in steps:
        step = advance(order, of, OrderEntry(state, DISCOVERED + after, "fengtai", evidence_sha256=REPORT))
        assert isinstance(step, Order), step
        order = step
    return order


RESPONSE = service("incident-response")
DISPATCHED = request("O-1", "P-1", RESPONSE, "fengtai", by="jiangkou", at=DISCOVERED)


def results(order: Order, at: datetime) -> list[SlaResult]:
    return [standing.result for standing in sla_standing(order, RESPONSE, at)]


def test_every_phase_has_services_and_every_clock_has_hours_date_and_source() -> None:
    services = catalogue().services
    assert {each.phase for each in services} == set(Phase)
    clocks = [clock for each in services for clock in each.clocks]
    assert all(clock.hours > 0 and clock.since and clock.source for clock in clocks)


def test_an_order_goes_through_every_state_of_its_service() -> None:
    steps = [(state, place * HOUR) for place, state in enumerate(OrderState) if state is not OrderState.REQUESTED]
    order = advanced(DISPATCHED, RESPONSE, *steps)
    assert order.state is OrderState.SETTLED
    assert [entry.state for entry in order.entries] == list(OrderState)


def test_a_remote_service_never_goes_on_site() -> None:
    hotline = service("incident-hotline")
    order = request("O-2", "P-1", hotline, "fengtai", by="jiangkou", at=DISCOVERED)
    accepted = advanced(order, hotline, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, HOUR))
    refusal = advance(accepted, hotline, OrderEntry(OrderState.ON_SITE, DISCOVERED + 2 * HOUR, "fengtai"))
    assert isinstance(refusal, Refusal)
    assert advanced(accepted, hotline, (OrderState.DELIVERED, 2 * HOUR)).state is OrderState.DELIVERED


@given(st.sampled_from([state for state in OrderState if state is not OrderState.CONSENTED]))
def test_only_consent_follows_the_request(state: OrderState) -> None:
    refusal = advance(DISPATCHED, RESPONSE, OrderEntry(state, DISCOVERED + HOUR, "fengtai", evidence_sha256=REPORT))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "order_state"
    assert "consented" in refusal.message.en


def test_a_settled_order_takes_no_further_step() -> None:
    steps = [(state, HOUR) for state in OrderState if state is not OrderState.REQUESTED]
    order = advanced(DISPATCHED, RESPONSE, *steps)
    refusal = advance(order, RESPONSE, OrderEntry(OrderState.SETTLED, DISCOVERED + 2 * HOUR, "fengtai"))
    assert isinstance(refusal, Refusal)
    assert "open another" in refusal.message.en


def test_the_same_entry_again_changes_nothing() -> None:
    entry = OrderEntry(OrderState.CONSENTED, DISCOVERED + HOUR, "shouan")
    once = advance(DISPATCHED, RESPONSE, entry)
    assert isinstance(once, Order)
    assert advance(once, RESPONSE, entry) == once


def test_time_does_not_run_backwards() -> None:
    refusal = advance(DISPATCHED, RESPONSE, OrderEntry(OrderState.CONSENTED, DISCOVERED - HOUR, "shouan"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "entry_backdated"


def test_nothing_is_delivered_without_its_deliverable() -> None:
    order = advanced(
        DISPATCHED, RESPONSE, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, HOUR), (OrderState.ON_SITE, HOUR)
    )
    refusal = advance(order, RESPONSE, OrderEntry(OrderState.DELIVERED, DISCOVERED + 2 * HOUR, "fengtai"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "deliverable_missing"


def test_a_clock_runs_from_its_first_state_and_the_due_instant_is_in_time() -> None:
    order = advanced(DISPATCHED, RESPONSE, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, 2 * HOUR))
    accept, on_site, report = sla_standing(order, RESPONSE, DISCOVERED + 2 * HOUR)
    assert (accept.result, on_site.result, report.result) == (SlaResult.MET, SlaResult.RUNNING, SlaResult.NOT_STARTED)
    assert on_site.due_at == DISCOVERED + 26 * HOUR
    assert results(order, DISCOVERED + 26 * HOUR)[1] is SlaResult.RUNNING
    assert results(order, DISCOVERED + 26 * HOUR + timedelta(seconds=1))[1] is SlaResult.MISSED


def test_a_step_done_late_is_missed_for_ever() -> None:
    order = advanced(DISPATCHED, RESPONSE, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, 3 * HOUR))
    standings = sla_standing(order, RESPONSE, DISCOVERED + 30 * HOUR)
    assert [standing.term.name for standing in missed(standings)] == ["accept", "on_site"]


def test_a_clock_without_its_start_has_no_due_instant() -> None:
    assert due_at(DISPATCHED, RESPONSE.clocks[0]) is None


FENGTAI = Provider(
    "fengtai",
    Words("烽台网络安全", "Fengtai Cyber Security"),
    (Qualification("CCRC", "emergency_handling", 2, "C-1", date(2024, 1, 1), date(2027, 1, 1)),),
)


def test_a_provider_with_a_certificate_in_force_may_serve() -> None:
    assert may_serve(FENGTAI, RESPONSE, date(2026, 8, 15)) is None


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_outside_its_certificate_a_provider_may_not_serve(day: date) -> None:
    refusal = may_serve(FENGTAI, RESPONSE, day)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "not_qualified"
    assert "2027-01-01" in refusal.message.en


def test_a_lower_grade_or_another_direction_does_not_do() -> None:
    third = replace(FENGTAI, qualifications=(replace(FENGTAI.qualifications[0], grade=3),))
    assert isinstance(may_serve(third, RESPONSE, date(2026, 8, 15)), Refusal)
    assert isinstance(may_serve(FENGTAI, service("external-scan"), date(2026, 8, 15)), Refusal)


@pytest.mark.parametrize(
    "fault",
    [
        "services: [",
        "name: x",
        TEXT.replace("phase: pre_bind", "phase: before", 1),
        TEXT.replace('hours: "48"', 'hours: "soon"', 1),
        TEXT.replace("code: periodic-scan", "code: external-scan", 1),
        TEXT.replace("to: delivered", "to: on_site", 1),
        TEXT.replace(", source: none", ", src: none", 1),
    ],
)
def test_a_faulty_catalogue_is_refused(fault: str) -> None:
    refusal = parse_catalogue(fault, "x.yaml")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "catalogue_faulty"


def test_an_unknown_service_is_refused() -> None:
    refusal = catalogue().service("astrology")
    assert isinstance(refusal, Refusal)
    assert refusal.code == "service_unknown"
