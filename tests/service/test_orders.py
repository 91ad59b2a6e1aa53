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
    check_qualification,
    due_at,
    may_serve,
    missed,
    next_states,
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
    assert all(len(catalogue().of_phase(phase)) >= 3 for phase in Phase)
    clocks = [clock for each in services for clock in each.clocks]
    assert all(clock.hours > 0 and clock.since and clock.source for clock in clocks)


def test_an_order_goes_through_every_state_of_its_service() -> None:
    steps = [(state, place * HOUR) for place, state in enumerate(RESPONSE.states) if state is not OrderState.REQUESTED]
    order = advanced(DISPATCHED, RESPONSE, *steps)
    assert order.state is OrderState.SETTLED
    assert [entry.state for entry in order.entries] == list(RESPONSE.states)


def test_a_remote_service_never_goes_on_site() -> None:
    hotline = service("incident-hotline")
    order = request("O-2", "P-1", hotline, "fengtai", by="jiangkou", at=DISCOVERED)
    accepted = advanced(order, hotline, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, HOUR))
    refusal = advance(accepted, hotline, OrderEntry(OrderState.ON_SITE, DISCOVERED + 2 * HOUR, "fengtai"))
    assert isinstance(refusal, Refusal)
    assert advanced(accepted, hotline, (OrderState.DELIVERED, 2 * HOUR)).state is OrderState.DELIVERED


@given(st.sampled_from([s for s in OrderState if s not in (OrderState.CONSENTED, OrderState.CANCELLED)]))
def test_only_consent_or_its_end_follows_the_request(state: OrderState) -> None:
    refusal = advance(DISPATCHED, RESPONSE, OrderEntry(state, DISCOVERED + HOUR, "fengtai", evidence_sha256=REPORT))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "order_state"
    assert "consented" in refusal.message.en


def test_a_settlement_is_reversed_with_a_reason_and_made_anew() -> None:
    steps = [(state, HOUR) for state in RESPONSE.states if state is not OrderState.REQUESTED]
    order = advanced(DISPATCHED, RESPONSE, *steps)
    again = advance(order, RESPONSE, OrderEntry(OrderState.SETTLED, DISCOVERED + 2 * HOUR, "fengtai"))
    assert isinstance(again, Refusal)
    assert again.code == "order_state"
    bare = advance(order, RESPONSE, OrderEntry(OrderState.REVERSED, DISCOVERED + 2 * HOUR, "shouan"))
    assert isinstance(bare, Refusal)
    assert bare.code == "order_reason_missing"
    back = advance(order, RESPONSE, OrderEntry(OrderState.REVERSED, DISCOVERED + 2 * HOUR, "shouan", "wrong days"))
    assert isinstance(back, Order)
    assert not back.has_ended
    assert next_states(RESPONSE, back.state) == (OrderState.SETTLED,)


def test_an_order_that_was_cancelled_takes_no_further_step() -> None:
    order = advance(DISPATCHED, RESPONSE, OrderEntry(OrderState.CANCELLED, DISCOVERED + HOUR, "jiangkou", "twice"))
    assert isinstance(order, Order)
    refusal = advance(order, RESPONSE, OrderEntry(OrderState.CONSENTED, DISCOVERED + 2 * HOUR, "fengtai"))
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


def taken(order: Order, of: Service, state: OrderState, after: timedelta, note: str = "") -> Order:
    step = advance(order, of, OrderEntry(state, DISPATCHED.entries[0].at + after, "x", note, REPORT))
    assert isinstance(step, Order), step
    return step


SCAN = service("periodic-scan")
DELIVERED = advanced(
    request("O-3", "P-1", SCAN, "fengtai", by="jiangkou", at=DISCOVERED),
    SCAN,
    (OrderState.CONSENTED, HOUR),
    (OrderState.ACCEPTED, HOUR),
    (OrderState.DELIVERED, 100 * HOUR),
)


def test_a_delivery_that_was_sent_back_is_none_and_its_clock_runs_on() -> None:
    back = taken(DELIVERED, SCAN, OrderState.SENT_BACK, 110 * HOUR, "the hosts are missing")
    again = taken(back, SCAN, OrderState.DELIVERED, 130 * HOUR)
    by_hour = [(105, DELIVERED, "met"), (105, again, "met"), (115, back, "running"), (122, again, "missed")]
    for hours, order, result in by_hour:
        assert sla_standing(order, SCAN, DISCOVERED + hours * HOUR)[1].result == result
    assert back.deliverable is None
    assert again.deliverable == again.entries[-1]


@pytest.mark.parametrize("state", [OrderState.SENT_BACK, OrderState.REJECTED])
def test_who_does_not_accept_gives_the_reason(state: OrderState) -> None:
    refusal = advance(DELIVERED, SCAN, OrderEntry(state, DISCOVERED + 110 * HOUR, "jiangkou"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "order_reason_missing"


def test_a_clock_stops_with_an_order_that_is_cancelled_before_it_is_due() -> None:
    asked = advanced(DISPATCHED, RESPONSE, (OrderState.CONSENTED, HOUR), (OrderState.ACCEPTED, 2 * HOUR))
    for hours, result in ((20, SlaResult.STOPPED), (40, SlaResult.MISSED)):
        ended = taken(asked, RESPONSE, OrderState.CANCELLED, hours * HOUR, "restored without help")
        assert results(ended, DISCOVERED + 300 * HOUR)[1] is result


@given(st.sampled_from(catalogue().services), st.lists(st.sampled_from(list(OrderState)), max_size=12))
def test_an_order_only_ever_moves_as_its_automaton_says(of: Service, wanted: list[OrderState]) -> None:
    order = request("O-4", "P-1", of, "fengtai", by="jiangkou", at=DISCOVERED)
    for place, state in enumerate(wanted, start=1):
        allowed = next_states(of, order.state)
        step = advance(order, of, OrderEntry(state, DISCOVERED + place * HOUR, "x", "reason", REPORT))
        assert isinstance(step, Order) is (state in allowed)
        order = step if isinstance(step, Order) else order
        assert (next_states(of, order.state) == ()) is (order.has_ended and order.state is not OrderState.SETTLED)
        assert order.known_at(DISCOVERED + place * HOUR) == order


def test_a_renewal_serves_after_the_older_certificate_has_ended() -> None:
    older = FENGTAI.qualifications[0]
    renewal = replace(older, certificate="C-2", valid_from=older.expires_on, expires_on=date(2035, 1, 1))
    assert isinstance(may_serve(FENGTAI, RESPONSE, older.expires_on), Refusal)
    assert check_qualification(renewal, FENGTAI, date(2026, 8, 1)) is None
    renewed = FENGTAI.qualified_by([renewal])
    assert may_serve(renewed, RESPONSE, older.expires_on) is None
    assert may_serve(renewed, RESPONSE, older.valid_from) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"expires_on": date(2020, 1, 1)}, "qualification_over"),
        ({"valid_from": date(2030, 1, 1), "expires_on": date(2029, 1, 1)}, "qualification_over"),
        ({"expires_on": date(2035, 1, 1)}, "certificate_taken"),
    ],
)
def test_a_certificate_that_has_ended_or_whose_number_is_taken_is_not_registered(
    changed: dict[str, date], code: str
) -> None:
    refusal = check_qualification(replace(FENGTAI.qualifications[0], **changed), FENGTAI, date(2026, 8, 1))
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


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
