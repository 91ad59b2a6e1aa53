"""The settlement bench by itself: every worked example goes through its form and comes out as it promises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue import shelf

from ringwall.basics import Refusal
from ringwall.desk.catalogue import Catalogue
from ringwall.desk.views.claim_trace import TraceLine
from ringwall.desk.views.settlement.answer import Answer, answer_of
from ringwall.desk.views.settlement.case import Basis, Case, blank, of_example, settle_case, terms_of
from ringwall.desk.views.settlement.files import (
    case_json,
    case_yaml,
    example_yaml,
    from_link,
    product_named,
    read_text,
    to_link,
)
from ringwall.desk.views.settlement.in_words import still_open
from ringwall.desk.views.settlement.inputs import Inputs, facts_of_part, inputs_of
from ringwall.desk.views.settlement.sheet import (
    MOST_ITEMS,
    Fault,
    read_sheet,
    turns_of,
    with_item,
    without_item,
    write_sheet,
)
from ringwall.product import Example, Product, parse_product
from ringwall.terms import CompiledTerms, Outcome, Verdict

VERSION = "enterprise-cyber/2026-01"
TOTALS = ("factual", "within_cover", "payable", "contract", "statutory")


def basis(catalogue: Catalogue, version: str = VERSION) -> Basis:
    return Basis(catalogue.versions[version])


def ransomware(under: Basis) -> Case:
    example = next(each for each in under.product.examples if len(each.event.items) == 12)
    return of_example(under, example)


def settled(under: Basis, case: Case) -> Outcome:
    outcome = settle_case(under, case)
    assert isinstance(outcome, Outcome), outcome
    return outcome


def terms(under: Basis, case: Case) -> CompiledTerms:
    found = terms_of(under, case)
    assert not isinstance(found, Refusal)
    return found


def answered(under: Basis, case: Case) -> Answer:
    return answer_of(under.product, terms(under, case), case, settled(under, case))


def changed(under: Basis, case: Case, **texts: str) -> Case | tuple[Fault, ...]:
    named = {name.replace("__", "."): text for name, text in texts.items()}
    return read_sheet(under, {**write_sheet(under, case), **named})


def broken_promises(example: Example, outcome: Outcome | Refusal) -> Iterator[str]:
    """What an example states and an outcome does not give."""
    expect = example.expect
    if isinstance(outcome, Refusal) or expect.refused:
        code = outcome.code if isinstance(outcome, Refusal) else ""
        if code != expect.refused:
            yield f"{code} for {expect.refused}"
        return
    within, payable, contract, statutory = (
        (each.low, each.high) for each in (outcome.within_cover, outcome.payable, outcome.contract, outcome.statutory)
    )
    factual = (outcome.factual_minor, outcome.factual_minor)
    found = dict(zip(TOTALS, (factual, within, payable, contract, statutory), strict=True))
    yield from (f"{name}: {found[name]} for {said}" for name, said in expect.totals.items() if found[name] != said)
    verdicts = {item.name: item.verdict for item in outcome.items}
    yield from (f"{name}: {verdicts[name]}" for name, said in expect.verdicts.items() if verdicts[name] is not said)


def test_the_catalogue_has_every_version_that_lies_in_its_folder(catalogue: Catalogue) -> None:
    assert tuple(catalogue.versions) == shelf.names()
    assert catalogue.version("enterprise-cyber", "2026-01") is catalogue.versions["enterprise-cyber/2026-01"]


@pytest.mark.parametrize("version", shelf.names())
def test_every_worked_example_goes_through_the_form_and_settles_to_what_it_states(
    catalogue: Catalogue, version: str
) -> None:
    under, faults = basis(catalogue, version), list[str]()
    for example in under.product.examples:
        case = read_sheet(under, write_sheet(under, of_example(under, example)))
        assert isinstance(case, Case), (example.place, case)
        outcome = settle_case(under, case)
        faults += [f"{example.place} {each}" for each in broken_promises(example, outcome)]
        if isinstance(outcome, Outcome):
            answer = answer_of(under.product, terms(under, case), case, outcome)
            assert [item.within_cover for item in answer.items] == [item.within_cover for item in outcome.items]
    assert len(under.product.examples) >= 25
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("version", shelf.names())
def test_a_case_travels_as_yaml_as_json_and_as_a_link_without_a_change(catalogue: Catalogue, version: str) -> None:
    under = basis(catalogue, version)
    for example in under.product.examples[::5]:
        case = read_sheet(under, write_sheet(under, of_example(under, example)))
        assert isinstance(case, Case)
        assert read_text(case_yaml(under, case), under) == case
        assert read_text(case_json(under, case), under) == case
        assert from_link(to_link(under, case), under) == case
        assert product_named(case_yaml(under, case)) == version


@pytest.mark.parametrize("version", shelf.names())
def test_a_case_that_is_saved_as_a_worked_example_is_one_of_the_product(catalogue: Catalogue, version: str) -> None:
    under = basis(catalogue, version)
    first = under.product.examples[0]
    case = of_example(under, first)
    text = example_yaml(under, case, settle_case(under, case))
    product = parse_product({**shelf.texts(version), "examples/zz_saved.yaml": text})
    assert isinstance(product, Product), product
    saved = next(each for each in product.examples if each.place.startswith("examples/zz_saved.yaml"))
    assert saved.expect.totals["payable"] == (settled(under, case).payable.low, settled(under, case).payable.high)
    assert saved.expect.because
    assert not list(broken_promises(saved, settle_case(under, of_example(under, saved))))


@pytest.mark.parametrize("version", shelf.names())
def test_every_fact_of_a_product_has_a_field(catalogue: Catalogue, version: str) -> None:
    under = basis(catalogue, version)
    offered: set[str] = set()
    for part in under.product.parts:
        start = blank(under)
        item = replace(start.event.items[0], part=part.code)
        case = replace(start, event=replace(start.event, items=(item,)))
        inputs = inputs_of(under, write_sheet(under, case), terms(under, case))
        fields = [field for group in inputs.facts for field in group.fields]
        fields += [field for each in inputs.items for field in (*each.facts, *each.further)]
        offered |= {field.name.rpartition("fact.")[2] for field in fields}
    assert offered == set(under.product.definition.facts)


def test_a_part_is_asked_only_for_the_facts_that_can_change_its_answer(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    compiled = terms(under, blank(under))
    assert facts_of_part(compiled, "INRE") == {"kind", "prior_consent", "discovered_at"}
    assert "loss_avoided_minor" in facts_of_part(compiled, "NPBI")
    assert facts_of_part(compiled, "NONE") == frozenset()


def test_a_refused_item_says_in_words_what_would_have_covered_it(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    answer = answered(under, ransomware(under))
    refused = {item.name: item for item in answer.items if item.refused}
    consent = next(item for item in refused.values() if item.clause == "1.2")
    said = [words.en for words in consent.would_cover]
    assert said[0] == "“consent in writing beforehand” were yes (it is no), for CNY 30,000.00 more"
    assert said[1].startswith("clause 1.2 (")
    assert consent.would_cover[0].zh == "「事先书面同意」为“是”（现为“否”），赔款增加 30,000.00 元"
    assert all(item.clause or item.verdict is Verdict.UNMAPPED for item in refused.values())


def test_a_fact_that_nobody_knows_makes_a_range_and_says_what_it_would_add(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    case = ransomware(under)
    sheet = write_sheet(under, case)
    turn = next(t for t, item in enumerate(case.event.items) if item.part == "MIT")
    unknown = read_sheet(under, {**sheet, f"item.{turn}.fact.necessary_and_reasonable": ""})
    assert isinstance(unknown, Case)
    answer = answered(under, unknown)
    point = next(p for p in answer.open_points if p.about == case.event.items[turn].name)
    assert [words.zh for words in point.facts] == ["必要且合理（待有权人认定）"]
    assert point.adds_minor == answer.outcome.payable.high - answer.outcome.payable.low > 0
    assert answer.items[turn].hangs
    said = still_open(next(p for p in answer.outcome.open_points if p.item == point.about), under.product)
    assert "“necessary and reasonable (a named person rules)” to be established (5.1)" in said.en
    assert "待认定“必要且合理（待有权人认定）”（5.1），认定后可增加" in said.zh
    assert answer.items[turn].would_cover


def lines(line: TraceLine) -> Iterator[TraceLine]:
    yield line
    for each in line.below:
        yield from lines(each)


@pytest.mark.parametrize("version", shelf.names())
def test_every_number_leads_to_its_step_of_the_trace(catalogue: Catalogue, version: str) -> None:
    under = basis(catalogue, version)
    for example in under.product.examples[::4]:
        case = of_example(under, example)
        if example.expect.refused:
            continue
        answer = answered(under, case)
        places = {line.place: line for line in lines(answer.trace)}
        assert answer.trace.value == answer.outcome.payable.low
        for item in answer.items:
            assert item.place in places, (example.place, item.name)
            assert places[item.place].value == item.within_cover.low
        for part in answer.parts:
            if part.payable.low:
                assert places[part.place].value == part.payable.low, (example.place, part.code)


def test_the_trace_names_unit_day_and_source_of_every_number_of_the_contract(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    read = [p for line in lines(answered(under, ransomware(under)).trace) for p in line.parameters]
    assert read
    assert all(p.unit and p.since and p.source.zh and p.name.zh for p in read)


BAD = {
    "fact__discovered_at": "yesterday",
    "state__aggregate_used": "a lot",
    "schedule__event_limit": "12.345",
    "schedule__npbi_wait_hours": "1.5",
    "item__0__amount": "-5",
    "item__0__name": "",
    "item__0__fact__prior_consent": "perhaps",
}


@pytest.mark.parametrize("field", BAD)
def test_what_cannot_be_read_is_refused_at_its_field(catalogue: Catalogue, field: str) -> None:
    under = basis(catalogue)
    faults = changed(under, ransomware(under), **{field: BAD[field]})
    assert isinstance(faults, tuple)
    assert [fault.field for fault in faults] == [field.replace("__", ".")]
    message = faults[0].refusal.message
    assert message.zh != message.en
    assert BAD[field] in message.en


def test_every_bad_field_is_told_at_once(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    faults = changed(under, ransomware(under), item__0__amount="x", item__1__amount="y")
    assert isinstance(faults, tuple)
    assert [fault.field for fault in faults] == ["item.0.amount", "item.1.amount"]


def test_two_items_of_one_name_are_refused_at_the_name(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    case = ransomware(under)
    faults = changed(under, case, item__1__name=case.event.items[0].name)
    assert isinstance(faults, tuple)
    assert [(fault.field, fault.refusal.code) for fault in faults] == [("item.0.name", "event_items")]


@pytest.mark.parametrize("said", ["3/10", "0.3", "30%", "30 %"])
def test_a_share_of_output_is_written_as_people_write_it(catalogue: Catalogue, said: str) -> None:
    under = basis(catalogue)
    case = ransomware(under)
    turn = next(t for t, item in enumerate(case.event.items) if item.interruption)
    found = read_sheet(under, {**write_sheet(under, case), f"item.{turn}.share": said})
    assert isinstance(found, Case)
    spell = found.event.items[turn].interruption
    assert spell
    assert str(spell.share_lost) == "3/10"


def test_items_come_and_go_and_the_last_one_leaves_a_blank_one(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    sheet = write_sheet(under, blank(under))
    more = with_item(sheet, "DIAS")
    assert turns_of(more) == (0, 1)
    assert isinstance(read_sheet(under, more), Case)
    less = without_item(more, "0", "INRE")
    assert turns_of(less) == (1,)
    assert turns_of(without_item(less, "1", "INRE")) == (0,)
    for _ in range(MOST_ITEMS + 5):
        more = with_item(more, "DIAS")
    assert len(turns_of(more)) == MOST_ITEMS
    assert isinstance(read_sheet(under, more), Case)


def test_a_number_is_chosen_only_where_it_differs_from_the_products_own(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    case = blank(under)
    own = under.product.parameters["event_limit"].value
    same = changed(under, case, schedule__event_limit=f"{own / 100:,.2f}")
    assert isinstance(same, Case)
    assert same.schedule == {}
    other = changed(under, case, schedule__event_limit="2,000,000")
    assert isinstance(other, Case)
    assert other.schedule == {"event_limit": 200_000_000}


FILES = {
    "[1, 2]": "case_unreadable",
    "{": "case_unreadable",
    "a: [": "case_unreadable",
    "event: 3": "event_form",
    "surprise: 1\nevent: {}": "case_unreadable",
    "event: {items: []}": "event_items",
    "product: other/1\nevent: {items: []}": "case_of_other_product",
    "schedule: 5\nevent: {items: [{name: a, part: INRE, amount_minor: 1}]}": "case_unreadable",
    "state: {aggregate_used: much}\nevent: {items: [{name: a, part: INRE, amount_minor: 1}]}": "case_unreadable",
    "void: 1.2\nevent: {items: [{name: a, part: INRE, amount_minor: 1}]}": "case_unreadable",
    "x" * 200_001: "case_unreadable",
}


@pytest.mark.parametrize("text", FILES, ids=lambda text: text[:20])
def test_a_file_that_is_no_case_is_refused_by_what_is_wrong_with_it(catalogue: Catalogue, text: str) -> None:
    refusal = read_text(text, basis(catalogue))
    assert isinstance(refusal, Refusal)
    assert refusal.code == FILES[text]


def test_a_text_that_names_one_list_a_million_times_is_not_followed(catalogue: Catalogue) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    refusal = read_text("\n".join([*levels, "event: {items: [], facts: {x: *a8}}"]), basis(catalogue))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "case_unreadable"


def test_the_printed_worked_example_is_plain_yaml(catalogue: Catalogue) -> None:
    under = basis(catalogue)
    case = ransomware(under)
    rows = yaml.load(example_yaml(under, case, settled(under, case)), Loader=yaml.BaseLoader)
    assert [set(row) for row in rows] == [{"name", "given", "expect"}]
    assert "&" not in example_yaml(under, case, settled(under, case))


@given(data=st.data())
def test_no_text_in_any_field_breaks_the_bench(catalogue: Catalogue, data: st.DataObject) -> None:
    """It is read or refused at its field, and the form shows what was written."""
    under = basis(catalogue)
    sheet = write_sheet(under, ransomware(under))
    names = data.draw(st.lists(st.sampled_from(sorted(sheet)), min_size=1, max_size=4))
    texts: Mapping[str, str] = {name: data.draw(st.text(max_size=30)) for name in names}
    written = {**sheet, **texts}
    read = read_sheet(under, written)
    shown = terms(under, blank(under))
    assert isinstance(inputs_of(under, written, shown), Inputs)
    if isinstance(read, Case):
        settle_case(under, read)
    else:
        prefixes = ("name", "fact.", "item.", "schedule.", "state.")
        assert all(fault.field == "" or fault.field.startswith(prefixes) for fault in read)
