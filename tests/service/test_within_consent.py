"""A service that touches the insured's systems needs its consent over assets, method and the whole time of the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.service.test_orders import service

from ringwall.basics import SHANGHAI, ConsentId, Refusal, Term
from ringwall.exposure import Consent, DailyHours, LookMethod, Scope, withdraw
from ringwall.service import Service, Touch, assets_to_touch, may_begin, request

START = datetime(2026, 1, 1, tzinfo=SHANGHAI)
END = datetime(2027, 1, 1, tzinfo=SHANGHAI)
AT = datetime(2026, 6, 1, 9, tzinfo=SHANGHAI)
SCOPE = Scope(("a.test", "*.b.test"), (LookMethod.PASSIVE, LookMethod.ACTIVE), excluded_names=("plant.b.test",))
CONSENT = Consent(ConsentId(UUID(int=1)), "I", "x", "x", "1", "0" * 64, SCOPE, Term(START, END), START)
SCAN, MAPPING, TRAFFIC, TABLETOP = (
    service(code) for code in ("periodic-scan", "surface-mapping", "traffic-monitoring", "tabletop")
)
DECLARED = ("a.test", "www.b.test", "plant.b.test", "c.test")


def code(answer: object) -> str:
    return answer.code if isinstance(answer, Refusal) else ""


def test_the_catalogue_says_of_every_look_how_it_touches_the_insured() -> None:
    touching = {each: service(each).touches for each in ("external-scan", "retest", "penetration-test", "reassessment")}
    assert set(touching.values()) == {Touch.ACTIVE}
    assert (MAPPING.touches, TRAFFIC.touches, TABLETOP.touches) == (Touch.PASSIVE, Touch.TRAFFIC, Touch.NONE)


def test_without_names_an_order_looks_at_what_is_declared_and_consented_to() -> None:
    assert assets_to_touch(SCAN, CONSENT, DECLARED, (), AT) == ("a.test", "www.b.test")
    assert assets_to_touch(TRAFFIC, CONSENT, DECLARED, (), AT) == ()
    assert assets_to_touch(TABLETOP, None, DECLARED, (), AT) == ()
    assert code(assets_to_touch(SCAN, CONSENT, (), (), AT)) == "assets_not_declared"


@pytest.mark.parametrize(
    ("of", "consent", "named", "at", "expected"),
    [
        (SCAN, None, (), AT, "no_consent"),
        (TRAFFIC, None, (), AT, "no_consent"),
        (SCAN, withdraw(CONSENT, AT), (), AT, "consent_withdrawn"),
        (SCAN, CONSENT, (), END, "consent_not_in_force"),
        (SCAN, CONSENT, (), END - timedelta(hours=167), "consent_ends_within"),
        (TRAFFIC, CONSENT, (), END - timedelta(days=33), "consent_ends_within"),
        (SCAN, CONSENT, ("a.test", "c.test"), AT, "not_in_scope"),
        (SCAN, CONSENT, ("plant.b.test",), AT, "excluded"),
        (
            SCAN,
            replace(CONSENT, scope=replace(SCOPE, methods=(LookMethod.PASSIVE,))),
            ("a.test",),
            AT,
            "method_not_allowed",
        ),
    ],
)
def test_an_order_outside_the_consent_is_refused(
    of: Service, consent: Consent | None, named: tuple[str, ...], at: datetime, expected: str
) -> None:
    refusal = assets_to_touch(of, consent, DECLARED, named, at)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.where) == (expected, of.code)
    assert refusal.message.zh.startswith(of.name.zh)
    assert refusal.message.en.startswith(of.name.en)


def test_the_hours_of_a_day_bind_each_look_and_not_the_order() -> None:
    at_night = DailyHours(AT.time().replace(hour=1), AT.time().replace(hour=5))
    consent = replace(CONSENT, scope=replace(SCOPE, hours=at_night))
    assert assets_to_touch(SCAN, consent, DECLARED, (), AT) == ("a.test", "www.b.test")


def test_a_passive_consent_is_enough_for_a_map_of_the_surface() -> None:
    passive = replace(CONSENT, scope=replace(SCOPE, methods=(LookMethod.PASSIVE,)))
    assert assets_to_touch(MAPPING, passive, DECLARED, (), AT) == ("a.test", "www.b.test")


@given(after=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_no_work_begins_after_the_withdrawal_nor_outside_the_period(after: timedelta) -> None:
    order = request("O-1", "P-1", SCAN, "fengtai", by="x", at=AT, assets=("a.test",))
    at = AT + after
    assert (may_begin(order, SCAN, CONSENT, at) is None) == (at < END)
    assert may_begin(order, SCAN, withdraw(CONSENT, AT), at) is not None
    assert may_begin(order, SCAN, None, at) is not None
