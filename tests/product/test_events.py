"""Events as JSON and YAML state them: read exactly, or refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from ringwall.basics import Refusal
from ringwall.product import event_from_mapping
from ringwall.terms import Interruption, LossEvent

ITEM = {"name": "data", "part": "DIAS", "amount_minor": 100, "facts": {"kind": "data_restoration"}}
SPELL = {
    "start": "2026-08-14T22:00:00+08:00",
    "end": "2026-08-17T10:00:00+08:00",
    "lost_revenue_minor_per_hour": 5_200_000,
    "saved_cost_minor_per_hour": 3_200_000,
    "share_lost": "3/10",
    "credits_minor": 7,
}


def event(**change: Any) -> dict[str, Any]:
    return {"name": "E-1", "facts": {}, "items": [{**ITEM, **change}]}


def outage(**change: Any) -> dict[str, Any]:
    item = {"name": "outage", "part": "npbi", "facts": {"kind": "interruption"}, "interruption": {**SPELL, **change}}
    return {"name": "E-2", "items": [item]}


def test_an_item_is_read_with_its_facts() -> None:
    facts = {
        "prior_consent": True,
        "discovered_at": "2026-08-15T06:40:00+08:00",
        "loss_avoided_minor": 5,
        "fixed_by": "award",
    }
    found = event_from_mapping(event(facts=facts))
    assert isinstance(found, LossEvent)
    (item,) = found.items
    assert (item.name, item.part, item.amount_minor) == ("data", "DIAS", 100)
    assert item.facts["discovered_at"] == datetime(2026, 8, 14, 22, 40, tzinfo=UTC)
    assert (item.facts["prior_consent"], item.facts["loss_avoided_minor"], item.facts["fixed_by"]) == (True, 5, "award")


def test_yaml_text_and_json_values_give_the_same_event() -> None:
    text = event_from_mapping(event(amount_minor="100", facts={"prior_consent": "yes", "loss_avoided_minor": "5"}))
    values = event_from_mapping(event(amount_minor=100, facts={"prior_consent": True, "loss_avoided_minor": 5}))
    assert text == values


def test_unknown_facts_are_left_out_and_never_stays_a_word() -> None:
    found = event_from_mapping(event(facts={"prior_consent": "unknown", "discovered_at": None, "act_at": "never"}))
    assert isinstance(found, LossEvent)
    assert found.items[0].facts == {"act_at": "never"}


def test_an_interruption_is_read_with_its_share_and_credits() -> None:
    found = event_from_mapping(outage())
    assert isinstance(found, LossEvent)
    spell = found.items[0].interruption
    assert spell
    assert found.items[0].part == "NPBI"
    assert (spell.share_lost, spell.credits_minor) == (Fraction(3, 10), 7)
    assert (spell.end - spell.start).total_seconds() == 216_000


BAD: list[tuple[Any, str, str, str]] = [
    ([], "event_form", "event", "names with values"),
    ({"name": "E", "items": []}, "event_items", "E", "no loss items"),
    ({"name": "E", "items": [ITEM, ITEM]}, "event_items", "data", "Two items"),
    (event(part="DAIS"), "event_part", "data", "DAIS"),
    (event(part=""), "event_part", "data", "INRE"),
    (event(amount_minor=-1), "event_amount", "data", "-1"),
    (event(amount_minor="1.5"), "event_amount", "data", "1.5"),
    (event(amount_minor=1.5), "event_amount", "data", "1.5"),
    (event(amount_minor=True), "event_amount", "data", "True"),
    (event(amount_minor=None), "event_amount", "data", "None"),
    (event(amount=100), "event_form", "items[1]", "amount"),
    (event(facts={"discovered_at": "2026-02-30T00:00:00+08:00"}), "event_instant", "data", "2026-02-30"),
    (event(facts={"discovered_at": "2026-02-28T00:00:00"}), "event_instant", "data", "offset"),
    (event(facts={"prior_consent": [1]}), "event_fact", "data", "prior_consent"),
    (event(facts=[]), "event_form", "data", "facts"),
    (outage(end="2026-08-13T00:00:00+08:00"), "event_interruption", "outage", "before it starts"),
    (outage(start="yesterday"), "event_instant", "outage", "yesterday"),
    (outage(lost_revenue_minor_per_hour=None), "event_amount", "outage", "lost_revenue_minor_per_hour"),
    (outage(share_lost="4/3"), "event_share", "outage", "4/3"),
    (outage(share_lost="1e999999"), "event_share", "outage", "1e999999"),
    (outage(share_lost="1/0"), "event_share", "outage", "1/0"),
    (event(amount_minor="9" * 5000), "event_amount", "data", "999"),
    (outage(credits_minor=-1), "event_amount", "outage", "credits_minor"),
    (outage(share_lost="a third"), "event_share", "outage", "a third"),
    (outage(hours=60), "event_form", "outage", "hours"),
]


@pytest.mark.parametrize(("raw", "code", "where", "says"), BAD)
def test_bad_input_is_refused_by_name(raw: Any, code: str, where: str, says: str) -> None:
    found = event_from_mapping(raw)
    assert isinstance(found, Refusal)
    assert (found.code, found.where) == (code, where)
    assert says in found.message.en
    assert found.message.zh


def test_a_share_may_be_a_pair_as_in_json() -> None:
    found = event_from_mapping(outage(share_lost=[3, 10]))
    assert isinstance(found, LossEvent)
    assert found.items[0].interruption == spell_with_share(Fraction(3, 10))


def spell_with_share(share: Fraction) -> Interruption:
    start, end = (datetime.fromisoformat(str(SPELL[key])) for key in ("start", "end"))
    return Interruption(start, end, 5_200_000, 3_200_000, share, 7)


def test_an_amount_and_an_interruption_together_are_refused() -> None:
    raw = outage()
    raw["items"][0]["amount_minor"] = 5
    found = event_from_mapping(raw)
    assert isinstance(found, Refusal)
    assert found.code == "event_amount"
