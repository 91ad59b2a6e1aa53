"""Bad input is normal: a refusal names the thing, the clash and the next step, and leaves the house as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import psycopg
import pytest
from tests.desk.conftest import ToldUntil

from ringwall.basics import Refusal
from ringwall.desk.claim.handle_claim import By, ask_for_supplement, decide_claim, open_claim
from ringwall.desk.claim.pay_claim import authorise_claim, pay_claim
from ringwall.desk.exposure.put_on_record import give_consent
from ringwall.desk.life.year import StoryRefused, Year
from ringwall.desk.office import Office
from ringwall.desk.policy.bind_policy import BindWish, bind_policy
from ringwall.desk.policy.record_receipt import record_receipt
from ringwall.desk.price.quote_risk import QuoteWish, quote_risk
from ringwall.desk.records import ClaimFile, QuoteFile
from ringwall.desk.service.advance_order import OrderStep, advance_order
from ringwall.desk.service.dispatch_provider import OrderWish, dispatch_provider
from ringwall.desk.underwriting.apply_for_cover import Application, apply_for_cover
from ringwall.policy import Line, Receipt
from ringwall.service import OrderState

Work = Callable[[Office, UUID], object]


@pytest.fixture
def count_rows(told_until: ToldUntil) -> Callable[[], dict[str, int]]:
    """Every row of every table, counted as the superuser."""

    def count() -> dict[str, int]:
        assert told_until.database is not None
        with psycopg.connect(told_until.database.url_for("postgres")) as connection:
            tables = connection.execute("select tablename from pg_tables where schemaname = 'ringwall'").fetchall()
            counts = {}
            for (table,) in tables:
                row = connection.execute(f"select count(*) from ringwall.{table}").fetchone()
                assert row is not None
                counts[table] = row[0]
            return counts

    return count


def refused(year: Year, person: str, action: str, work: Work) -> Refusal:
    """The refusal of a write; whatever else it gives is a failure."""
    with pytest.raises(StoryRefused) as stopped:
        year.do(person, action, f"test:{action}", object, work)  # type: ignore[arg-type]
    refusal = stopped.value.refusal
    assert refusal.where, "a refusal names the thing"
    assert refusal.message.zh, "a refusal speaks Chinese"
    assert refusal.message.en, "a refusal speaks English"
    return refusal


def wish_to_bind(year: Year) -> BindWish:
    case = year.case
    return BindWish(
        quote=year.recalled("underwriter", "life:quote", QuoteFile).number,
        provider=case.provider,
        invoice=case.invoice,
        services=case.services,
        lead_authority_minor=case.lead_authority_minor,
        vote_above=case.vote_above,
        lead_fee=case.lead_fee,
        services_shared=case.services_shared,
    )


def test_a_policy_is_not_bound_before_its_premium_has_been_received(
    told_until: ToldUntil, count_rows: Callable[[], dict[str, int]]
) -> None:
    year = told_until("explain")
    wish, at, before = wish_to_bind(year), year.case.at["bound_at"], count_rows()
    refusal = refused(year, "underwriter", "bind_policy", lambda office, obj: bind_policy(office, obj, wish, at=at))
    assert refusal.code == "premium_not_received"
    assert count_rows() == before


def test_money_with_the_broker_has_not_been_received(told_until: ToldUntil) -> None:
    year = told_until("explain")
    quote = year.recalled("underwriter", "life:quote", QuoteFile)
    held = Receipt(quote.priced.gross_minor, year.case.at["premium_paid_at"], "tongzhou")
    year.do(
        "underwriter",
        "record_receipt",
        "test:receipt",
        Receipt,
        lambda office, obj: record_receipt(office, obj, quote.number, held),
    )
    wish, at = wish_to_bind(year), year.case.at["bound_at"]
    refusal = refused(year, "underwriter", "bind_policy", lambda office, obj: bind_policy(office, obj, wish, at=at))
    assert refusal.code == "premium_not_received"


def test_a_policy_is_not_bound_before_its_exclusions_were_explained(told_until: ToldUntil) -> None:
    year = told_until("quote")
    wish, at = wish_to_bind(year), year.case.at["bound_at"]
    refusal = refused(year, "underwriter", "bind_policy", lambda office, obj: bind_policy(office, obj, wish, at=at))
    assert refusal.code == "not_explained"
    assert "2.2" in refusal.message.en


def test_a_quote_that_has_expired_is_not_bound(told_until: ToldUntil) -> None:
    year = told_until("explain")
    wish, at = wish_to_bind(year), year.case.at["quoted_at"] + timedelta(days=31)
    refusal = refused(year, "underwriter", "bind_policy", lambda office, obj: bind_policy(office, obj, wish, at=at))
    assert refusal.code in ("quote_expired", "period_begun")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"product_code": "no-such-product"}, "product_unknown"),
        ({"lead": "tongzhou"}, "party_unknown"),
        ({"broker": "nobody"}, "party_unknown"),
        ({"answers": ()}, "answers_clash"),
    ],
)
def test_an_application_that_clashes_with_what_is_known_is_refused_whole(
    told_until: ToldUntil,
    count_rows: Callable[[], dict[str, int]],
    change: dict[str, object],
    code: str,
) -> None:
    year = told_until("apply")
    case = year.case
    good = Application(case.organisation, case.product, case.lead, case.broker, case.answers)
    application, before = replace(good, **change), count_rows()  # type: ignore[arg-type]
    with pytest.raises(StoryRefused) as stopped:
        year.write(
            "insured",
            "apply_for_cover",
            "test:apply",
            object,
            lambda office: apply_for_cover(office, application, at=case.at["applied_at"]),
        )
    assert stopped.value.refusal.code == code
    assert count_rows() == before


@pytest.mark.parametrize(
    ("choices", "panel", "code"),
    [
        ({"event_limit": -1}, None, "schedule_range"),
        ({"no_such_limit": 1}, None, "schedule_unknown"),
        ({}, (Line("shouan", Fraction(1, 2)), Line("zhongliu", Fraction(1, 3))), "share_open"),
        ({}, (Line("shouan", Fraction(1, 2)), Line("zhongliu", Fraction(2, 3))), "share_over"),
    ],
)
def test_a_quote_with_impossible_terms_is_refused(
    told_until: ToldUntil, choices: dict[str, int], panel: tuple[Line, ...] | None, code: str
) -> None:
    year = told_until("scan")
    wish = QuoteWish(choices, year.case.period, panel or year.case.panel, year.case.level)
    at = year.case.at["quoted_at"]
    refusal = refused(year, "underwriter", "quote_risk", lambda office, obj: quote_risk(office, obj, wish, at=at))
    assert refusal.code == code


def test_a_consent_whose_exclusion_cannot_be_read_is_not_recorded(told_until: ToldUntil) -> None:
    year = told_until("apply")
    consent = year.case.consent
    broken = replace(consent, scope=replace(consent.scope, excluded_networks=("10.41.200.0/40",)))
    refusal = refused(
        year, "insured", "give_consent", lambda office, obj: give_consent(office, obj, broken, at=consent.signed_at)
    )
    assert refusal.code == "network_unreadable"


def test_a_scan_without_consent_sends_no_packet_and_sees_nothing(told_until: ToldUntil) -> None:
    year = told_until("consent")
    case = year.case
    result = year.world.scan(case.assets, case.consent, (), "binding", case.at["scanned_at"])
    assert not [seen for seen in result.observations if seen.probe != "dns" and ":" in seen.locator]
    assert result.skipped


def test_a_service_that_the_policy_does_not_include_is_not_dispatched(told_until: ToldUntil) -> None:
    year = told_until("bind")
    at = year.case.at["insurer_told_at"]
    refusal = refused(
        year,
        "claims",
        "dispatch_provider",
        lambda office, obj: dispatch_provider(office, obj, OrderWish("data-recovery"), at=at),
    )
    assert refusal.code == "service_not_included"


def test_an_entitlement_is_drawn_no_further_than_its_units(told_until: ToldUntil) -> None:
    year = told_until("dispatch")
    at = year.case.at["restored_at"]
    refusal = refused(
        year,
        "claims",
        "dispatch_provider",
        lambda office, obj: dispatch_provider(office, obj, OrderWish("forensics"), at=at),
    )
    assert refusal.code == "entitlement_used_up"


def test_an_order_skips_no_state(told_until: ToldUntil) -> None:
    year = told_until("incident")
    at = year.case.at["insurer_told_at"]
    order = year.do(
        "claims",
        "dispatch_provider",
        "test:order",
        object,  # type: ignore[type-abstract]
        lambda office, obj: dispatch_provider(office, obj, OrderWish("forensics"), at=at),
    )
    step = OrderStep(order.number, OrderState.DELIVERED, "report", "0" * 64)  # type: ignore[attr-defined]
    refusal = refused(year, "provider", "advance_order", lambda office, obj: advance_order(office, obj, step, at=at))
    assert refusal.code == "order_state"


def test_a_claim_needs_an_incident(told_until: ToldUntil) -> None:
    year = told_until("bind")
    by = By("claims handler", year.case.at["registered_at"])
    refusal = refused(
        year,
        "claims",
        "handle_claim",
        lambda office, obj: open_claim(office, obj, year.case.event, by, notified_at=by.at),
    )
    assert refusal.code == "incident_missing"


def test_documents_are_asked_for_once(told_until: ToldUntil) -> None:
    year = told_until("claim")
    number = year.recalled("claims", "life:claim:open", ClaimFile).claim.number
    by = By("claims handler", year.case.at["supplement_received_at"])
    refusal = refused(
        year, "claims", "handle_claim", lambda office, obj: ask_for_supplement(office, obj, number, ("more",), by)
    )
    assert refusal.code == "supplement_already_asked"


def test_nothing_is_paid_before_it_was_agreed_and_released(told_until: ToldUntil) -> None:
    year = told_until("decision")
    number = year.recalled("claims", "life:claim:open", ClaimFile).claim.number
    by = By("claims handler", year.case.at["authorised_at"])
    refused(year, "claims", "pay_claim", lambda office, obj: authorise_claim(office, obj, number, by))
    refusal = refused(year, "claims", "pay_claim", lambda office, obj: pay_claim(office, obj, number, {}, by))
    assert refusal.code == "payment_not_authorised"


def test_a_payment_above_the_leads_authority_waits_for_the_panels_vote(
    told_until: ToldUntil, count_rows: Callable[[], dict[str, int]]
) -> None:
    year = told_until("decision")
    number = year.recalled("claims", "life:claim:open", ClaimFile).claim.number
    at = year.case.at

    def agreed(office: Office, obj: UUID) -> object:
        from ringwall.desk.claim.handle_claim import agree_claim

        done = agree_claim(office, obj, number, By("claims handler", at["agreed_at"]))
        if isinstance(done, Refusal):
            return done
        return authorise_claim(office, obj, number, By("claims handler", at["authorised_at"]))

    year.do("claims", "pay_claim", "test:agreed", object, agreed)  # type: ignore[arg-type]
    before, by = count_rows(), By("claims handler", at["paid_at"])
    votes = {"shouan": True, "zhongliu": False, "yuanqiao": False}
    refusal = refused(year, "claims", "pay_claim", lambda office, obj: pay_claim(office, obj, number, votes, by))
    assert refusal.code == "vote_not_carried"
    assert count_rows() == before


def test_a_decision_needs_documents(told_until: ToldUntil) -> None:
    year = told_until("incident")
    case = year.case
    by = By("claims handler", case.at["registered_at"])

    def early(office: Office, obj: UUID) -> object:
        opened = open_claim(office, obj, case.event, by, notified_at=by.at)
        return opened if isinstance(opened, Refusal) else decide_claim(office, obj, opened.claim.number, by)

    assert refused(year, "claims", "handle_claim", early).code == "documents_not_received"


def test_a_task_of_others_is_refused_at_the_door(told_until: ToldUntil) -> None:
    year = told_until("scan")
    wish = QuoteWish(year.case.choices, year.case.period, year.case.panel, year.case.level)
    at = year.case.at["quoted_at"]
    refusal = refused(year, "insured", "quote_risk", lambda office, obj: quote_risk(office, obj, wish, at=at))
    assert refusal.code == "not_your_task"


def test_a_follower_that_is_not_on_the_panel_yet_does_not_know_the_object(told_until: ToldUntil) -> None:
    year = told_until("scan")
    with pytest.raises(AssertionError):
        year.read("first_follower", lambda office, obj: office.submissions.of_object(obj))
