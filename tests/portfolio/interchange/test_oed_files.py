"""Policies and treaties written as OED and read back are the same; what OED cannot say is on the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringwall.basics import Words
from ringwall.exposure import Organisation, VendorDependency, VendorKind
from ringwall.portfolio import BookPolicy, PartLimits
from ringwall.portfolio.interchange import account_file, read_account, read_treaties, treaty_files
from ringwall.terms import (
    CompiledTerms,
    Interruption,
    LossEvent,
    LossItem,
    Outcome,
    RetentionMode,
    settle,
)
from ringwall.treaty import AnnualStopLoss, EventDefinition, EventExcess, Programme, QuotaShare, Treaty

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
INDUSTRIES = ("manufacturing", "retail", "healthcare", "average")
REGIONS = ("CN-SH", "CN-XJ", "CN", "US-CA", "HK", "somewhere")
VENDORS = ("alibaba", "huawei", "windows", "Kylin", "erp: a", "x" * 45)
PARTS = ("INRE", "DIAS", "NPBI", "EXT", "LIA", "CBI", "FIN")
MONEY = st.integers(1, 10**12)
SHARES = st.fractions(0, 1, max_denominator=97)
WORDS = st.text("甲乙ab", min_size=1, max_size=12)
TIES = st.lists(
    st.builds(VendorDependency, st.sampled_from(VendorKind), st.sampled_from(VENDORS[:-1]), st.booleans()), max_size=12
)


@st.composite
def organisations(draw: st.DrawFn, code: str) -> Organisation:
    return Organisation(
        Words(draw(WORDS), draw(WORDS)),
        draw(st.sampled_from([code, "91310000MA1K4TEST0"])),
        draw(st.sampled_from(INDUSTRIES)),
        draw(st.sampled_from(REGIONS)),
        draw(st.integers(0, 10**6)),
        draw(st.integers(0, 10**6)),
        draw(MONEY),
        draw(SHARES),
        draw(st.integers(0, 10**9)),
        tuple(draw(TIES)),
    )


@st.composite
def policies(draw: st.DrawFn) -> BookPolicy:
    first = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    codes = draw(st.lists(st.sampled_from(PARTS), min_size=1, unique=True))
    number = f"P-{draw(st.integers(1, 9999))}"
    return BookPolicy(
        account=f"A-{number}",
        number=number,
        organisation=draw(organisations(f"A-{number}")),
        product="enterprise-cyber",
        product_version="2026-01",
        parts=tuple(PartLimits(code, draw(MONEY), draw(st.integers(0, 10**9))) for code in codes),
        event_limit_minor=draw(MONEY),
        aggregate_limit_minor=draw(MONEY),
        waiting_hours=draw(st.integers(0, 500)),
        retention_mode=draw(st.sampled_from(RetentionMode)),
        premium_minor=draw(st.integers(0, 10**10)),
        first_day=first,
        last_day=first + timedelta(days=draw(st.integers(1, 800))),
        ceded=draw(SHARES),
        relativity=draw(st.fractions(Fraction(1, 10), 5, max_denominator=50)),
    )


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    decimals = st.integers(0, 1000).map(lambda n: Fraction(n, 1000))
    kinds = draw(st.lists(st.sampled_from(["QS", "CXL", "AXL"]), min_size=1, max_size=5))
    steps: list[tuple[Treaty, ...]] = []
    for place, kind in enumerate(kinds):
        code, attachment, limit = f"T-{place}", draw(st.integers(0, 10**12)), draw(MONEY)
        if kind == "QS":
            steps.append((QuotaShare(code, draw(decimals)),))
        elif kind == "AXL":
            steps.append((AnnualStopLoss(code, attachment, limit, draw(decimals)),))
        else:
            charges = tuple(draw(st.lists(decimals, max_size=3)))
            steps.append((EventExcess(code, attachment, limit, draw(decimals), draw(MONEY), charges),))
    return Programme(tuple(steps))


def a_policy(**changes: object) -> BookPolicy:
    firm = Organisation(Words("样本", "Sample"), "A", "retail", "CN-SH", 10, 20, 10**10, Fraction(1, 4), 5, (CLOUD,))
    plain = BookPolicy(
        "A", "P", firm, "enterprise-cyber", "2026-01", (PartLimits("NPBI", 10**8, 0),), 10**8, 2 * 10**8, 12,
        RetentionMode.WAITING_ONLY, 10**6, date(2026, 1, 1), date(2027, 1, 1),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


CLOUD = VendorDependency(VendorKind.CLOUD, "alibaba")


@given(st.lists(policies(), max_size=4, unique_by=lambda policy: policy.number))
def test_policies_that_go_out_come_back_the_same(book: list[BookPolicy]) -> None:
    written = account_file(book)
    read = read_account(written.rows)
    assert (written.refusals, read.refusals) == ((), ())
    assert list(read.policies) == book


@given(policies())
def test_each_thing_that_is_not_in_a_field_of_oed_is_on_the_list(policy: BookPolicy) -> None:
    """Without our own fields and without the list, the policy would come back as another one."""
    written = account_file([policy])
    listed = {unsaid.carried for unsaid in written.unsaid}
    own = {name for name, text in written.rows[0].items() if name.startswith("Flexi") and text}
    assert {name for name in own - listed if not name.startswith("FlexiAccVendor")} == set()
    coded = [tie for tie in policy.organisation.dependencies if f"{tie.kind.value}:{tie.vendor}" == "cloud:alibaba"]
    assert len(written.unsaid) >= len(policy.organisation.dependencies) - len(coded) - 2


@given(programmes())
def test_a_programme_that_goes_out_comes_back_the_same(programme: Programme) -> None:
    written = treaty_files(programme)
    assert written.unsaid == ()
    assert read_treaties(written.info, written.scope) == programme


def test_what_the_reinsurance_files_cannot_say_is_listed() -> None:
    event = EventDefinition(hours_window=72, min_policies_with_payment=3)
    treaty = EventExcess("XL", 100, 500, Fraction(1, 3), 50, (Fraction(1),), event)
    said = [(each.subject, each.value, each.carried) for each in treaty_files(Programme(((treaty,),))).unsaid]
    assert said == [
        ("share", "1/3", ""),
        ("event.hours_window", "72", ""),
        ("event.min_policies_with_payment", "3", ""),
    ]


@pytest.mark.parametrize(("days", "hours"), [("0.5", 12), ("1", 24), ("0.125", 3), ("", 0), ("3", 72)])
def test_a_waiting_period_is_days_there_and_hours_here(days: str, hours: int) -> None:
    row = account_file([a_policy()]).rows[0] | {"BIWaitingPeriod": days}
    assert read_account([row]).policies[0].waiting_hours == hours


def row(**cells: str) -> dict[str, str]:
    return account_file([a_policy()]).rows[0] | cells


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"BIWaitingPeriod": "0.33"}, "oed_waiting_period"),
        ({"BIWaitingPeriod": "-1"}, "oed_field_unreadable"),
        ({"FlexiPolBIRetentionMode": "", "PolDedNPBI": "5"}, "oed_fields_clash"),
        ({"FlexiPolBIWaitingHours": "8"}, "oed_fields_clash"),
        ({"FlexiPolCeded": "1/3"}, "oed_fields_clash"),
        ({"AccCurrency": "USD"}, "oed_currency_other"),
        ({"PolPerilsCovered": "CPD"}, "oed_field_not_read"),
        ({"PolDed": "5000"}, "oed_field_not_read"),
        ({"InsuredName": ""}, "oed_field_missing"),
        ({"IndustryDescription": "", "IndustryCode1": "11"}, "oed_field_not_read"),
        ({"PolExpiryDate": "2025-12-30"}, "oed_fields_clash"),
        ({"PolCoverage": "NPBI;FIRE"}, "oed_field_unreadable"),
        ({"FlexiAccVendor1": "moon:cheese"}, "oed_field_unreadable"),
        ({"FlexiAccVendor1": "", "CloudVendor": "7"}, "oed_field_unreadable"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_a_policy_of_the_book_says_why(cells: dict[str, str], code: str) -> None:
    read = read_account([row(**cells)])
    assert read.policies == ()
    assert [refusal.code for refusal in read.refusals] == [code]


def theirs(**cells: str) -> dict[str, str]:
    """A row as another system writes it: nothing of our own."""
    plain = row()
    return plain | dict.fromkeys((name for name in plain if name.startswith("Flexi")), "") | cells


def test_a_row_of_another_system_is_read_by_its_codes() -> None:
    cells = theirs(IndustryDescription="", IndustryCode1="334111", AreaName="", AreaCode="44", CloudVendor="1")
    (policy,) = read_account([cells], product="enterprise-cyber/2026-01").policies
    firm = policy.organisation
    assert (policy.product, firm.industry, firm.region) == ("enterprise-cyber", "manufacturing", "CN-GD")
    assert firm.dependencies == (VendorDependency(VendorKind.CLOUD, "aws"),)


def pays(terms: CompiledTerms, hours: int, hourly_minor: int, fraud_minor: int) -> int:
    spell = Interruption(NOON, NOON + timedelta(hours=hours), hourly_minor)
    items = (LossItem("outage", "NPBI", None, interruption=spell), LossItem("fraud", "FIN", fraud_minor))
    outcome = settle(terms, LossEvent("event", {}, items), {})
    assert isinstance(outcome, Outcome), outcome
    return outcome.contract.low


def test_a_row_without_a_product_keeps_the_terms_of_oed_for_the_whole_layer() -> None:
    """(20 h - 12 h) x 1,000 + 5,000 fraud - 3,000 policy deductible; what others bear stands in the policy alone."""
    read = read_account([theirs(PolDed="3000", PolCoverage="NPBI;FIN", LayerParticipation="0.4")])
    (policy,) = read.policies
    assert (policy.product, policy.waiting_hours, policy.ceded) == ("OED", 12, Fraction(3, 5))
    assert policy.retention_mode is RetentionMode.WAITING_ONLY
    assert pays(read.terms["P"], 20, 100_000, 500_000) == 1_000_000


def test_the_period_of_indemnity_of_oed_ends_the_interruption() -> None:
    terms = read_account([theirs(PolCoverage="NPBI;FIN", BIPOI="1")]).terms["P"]
    assert pays(terms, 100, 1_000, 0) == 12_000
    assert [refusal.code for refusal in read_account([theirs(BIPOI="1.5")]).refusals] == ["oed_field_unreadable"]


def test_a_second_layer_of_a_policy_is_refused() -> None:
    assert [refusal.code for refusal in read_account([row(), row(LayerNumber="2")]).refusals] == ["oed_policy_layered"]


def test_a_limit_of_nil_does_not_go_out_as_no_limit() -> None:
    written = account_file([a_policy(parts=(PartLimits("NPBI", 0, 0), PartLimits("MIT", 5, 0)))])
    assert written.rows == ()
    assert [refusal.code for refusal in written.refusals] == ["oed_nil_limit", "oed_part_unknown"]


def test_a_value_too_long_for_a_field_of_our_own_is_listed_as_lost() -> None:
    firm = replace(a_policy().organisation, dependencies=(VendorDependency(VendorKind.CLOUD, "x" * 45),))
    (lost,) = [each for each in account_file([a_policy(organisation=firm)]).unsaid if not each.carried]
    assert (lost.number, lost.subject, lost.value) == ("P", "vendor", f"cloud:{'x' * 45}")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"ReinsType": "SS"}, "oed_treaty_not_read"),
        ({"RiskLimit": "5"}, "oed_treaty_not_read"),
        ({"AggLimit": "7"}, "oed_treaty_not_read"),
        ({"Reinstatement": "", "ReinstatementCharge": "", "AggLimit": ""}, "oed_treaty_not_read"),
        ({"ReinstatementCharge": "1;2"}, "oed_treaty_not_read"),
        ({"CededPercent": "0.5"}, "oed_treaty_not_read"),
        ({"ReinsCurrency": "USD"}, "oed_treaty_not_read"),
        ({"UseReinsDates": "Y"}, "oed_treaty_not_read"),
        ({"PlacedPercent": "1.5"}, "oed_treaty_not_read"),
        ({"ReinsNumber": "9"}, "oed_treaty_scope"),
    ],
    ids=str,
)
def test_a_treaty_that_the_book_cannot_carry_out_refuses_the_programme(cells: dict[str, str], code: str) -> None:
    files = treaty_files(Programme(((EventExcess("XL", 100, 500, Fraction(1, 2), 50, (Fraction(1),)),),)))
    found = read_treaties([files.info[0] | cells], files.scope)
    assert isinstance(found, tuple)
    assert {refusal.code for refusal in found} == {code}


def test_reinstatements_that_only_the_aggregate_limit_states_are_free() -> None:
    files = treaty_files(Programme(((EventExcess("XL", 0, 500, charges=(Fraction(1), Fraction(1))),),)))
    found = read_treaties([files.info[0] | {"Reinstatement": "", "ReinstatementCharge": ""}], files.scope)
    assert isinstance(found, Programme)
    assert found.treaties == (EventExcess("XL", 0, 500, charges=(Fraction(0), Fraction(0))),)


def test_a_scope_smaller_than_the_portfolio_is_refused() -> None:
    files = treaty_files(Programme(((QuotaShare("QS", Fraction(1, 2)),),)))
    found = read_treaties(files.info, [files.scope[0] | {"AccNumber": "A"}])
    assert isinstance(found, tuple)
    assert [refusal.code for refusal in found] == ["oed_treaty_scope"]
