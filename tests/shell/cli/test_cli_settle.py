"""`settle` gives the three numbers of a file, and every option of the command line goes before the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue import shelf
from tests.shell.cli.ran import SAMPLES, Run

from ringwall.catalogue import read_folder
from ringwall.desk.views.settlement.case import Basis, of_example, settle_case
from ringwall.desk.views.settlement.files import case_json, case_yaml, read_text
from ringwall.product import Product, event_document, event_from_mapping, parse_product
from ringwall.shell.cli.answer import plain
from ringwall.terms import LossEvent, Outcome

EVENT = SAMPLES / "event.yaml"
FACTORY = ("products", "enterprise-cyber", "2026-01")


def scenario_a(folder: Path) -> Path:
    """The worked example of twelve items, as a file of its own."""
    examples = yaml.load(read_folder(*FACTORY)["examples/ransomware.yaml"], Loader=yaml.BaseLoader)
    path = folder / "factory.json"
    path.write_text(json.dumps(examples[0]["given"]["event"]), encoding="utf-8")
    return path


def test_the_worked_example_gives_its_three_numbers(run: Run, tmp_path: Path) -> None:
    outcome = run("settle", scenario_a(tmp_path), "--state", "aggregate_used=120000000", "--json").document["outcome"]
    assert outcome["factual_minor"] == 243_400_000
    assert outcome["within_cover_minor"] == {"low": 195_700_000, "high": 195_700_000}
    assert outcome["payable_minor"] == {"low": 158_700_000, "high": 158_700_000}
    assert outcome["state_after"] == {"aggregate_used": 265_400_000}


def test_void_clauses_state_and_schedule_come_from_the_command_line(run: Run, tmp_path: Path) -> None:
    path = scenario_a(tmp_path)
    state = ("--state", "aggregate_used=120000000")

    def contract(*options: str) -> int:
        found: int = run("settle", path, *options, "--json").document["outcome"]["contract_minor"]["low"]
        return found

    assert contract(*state, "--void", "3.3") == 151_400_000
    assert contract(*state, "--void", "3.2,3.3") == 175_400_000
    assert contract(*state, "--schedule", "event_limit=120000000") == 120_000_000
    assert contract("--state", "aggregate_used=400000000") == 100_000_000


def test_the_command_line_goes_before_what_the_file_says(run: Run) -> None:
    document = run("settle", EVENT, "--state", "aggregate_used=0", "--json").document
    assert document["state"] == {"aggregate_used": 0}
    assert document["schedule"] == {"event_limit": 300_000_000, "aggregate_limit": 500_000_000}


def test_a_fact_that_is_open_gives_two_sides_and_what_it_would_add(run: Run) -> None:
    document = run("settle", EVENT, "--json").document
    assert document["outcome"]["payable_minor"] == {"low": 136_400_000, "high": 143_900_000}
    assert document["outcome"]["open_points"] == [
        {"item": "cut-off", "clause": "5.1", "fact": "necessary_and_reasonable", "adds_minor": 7_500_000}
    ]


def test_a_date_of_the_schedule_may_be_written_as_an_instant(run: Run, tmp_path: Path) -> None:
    path = scenario_a(tmp_path)
    late = run("settle", path, "--schedule", "period_start=2026-09-01T00:00:00+08:00", "--json").document
    assert late["outcome"]["payable_minor"] == {"low": 0, "high": 0}
    assert late["schedule"] == {"period_start": 1_788_192_000}


def test_the_page_shows_numbers_items_parts_and_the_tree_in_both_languages(run: Run) -> None:
    chinese, english = run("settle", EVENT, "--trace"), run("settle", EVENT, "--trace", "--lang", "en")
    for shown in ("¥ 1,364,000.00 –", "¥ 1,439,000.00", "¥ 2,274,000.00", "[3.3]", "npbi_deductible"):
        assert shown in chinese.out
        assert shown in english.out
    assert "应付赔款" in chinese.out
    assert "Payable" in english.out
    assert "第三者责任" not in chinese.out, "a part in which nothing happened is left out of the tree"


def test_a_product_may_come_from_a_folder(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "product"
    for path, text in read_folder(*FACTORY).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    from_folder = run("settle", EVENT, "--product-folder", folder, "--json").document
    assert from_folder == run("settle", EVENT, "--json").document


NAMES = st.text("abcXYZ 中文", min_size=1, max_size=8)
FACTS = st.dictionaries(
    st.sampled_from(["kind", "prior_consent", "discovered_at", "loss_avoided_minor"]),
    st.sampled_from(["ransom", "true", "no", "17", "2026-08-15T06:40:00+08:00", "unknown"]),
)
PLAIN_ITEMS = st.fixed_dictionaries(
    {"part": st.sampled_from(["INRE", "EXT", "NONE"]), "amount_minor": st.integers(0, 10**12).map(str), "facts": FACTS}
)
INTERRUPTIONS = st.fixed_dictionaries(
    {
        "part": st.just("NPBI"),
        "what": NAMES,
        "interruption": st.fixed_dictionaries(
            {
                "start": st.just("2026-08-14T22:00:00+08:00"),
                "end": st.sampled_from(["2026-08-14T22:00:00+08:00", "2026-08-17T10:00:01+00:00"]),
                "lost_revenue_minor_per_hour": st.integers(0, 10**9).map(str),
                "saved_cost_minor_per_hour": st.integers(0, 10**9).map(str),
                "share_lost": st.sampled_from(["1", "3/10", "1/4"]),
                "credits_minor": st.integers(0, 10**9).map(str),
            }
        ),
    }
)


@given(st.lists(PLAIN_ITEMS | INTERRUPTIONS, min_size=1, max_size=4), FACTS)
def test_an_event_that_was_written_reads_as_the_same_event(
    items: list[dict[str, object]], facts: dict[str, str]
) -> None:
    rows = [{"name": f"item {place}", **item} for place, item in enumerate(items)]
    event = event_from_mapping({"name": "e", "facts": facts, "items": rows})
    assert isinstance(event, LossEvent)
    assert event_from_mapping(json.loads(json.dumps(plain(event_document(event))))) == event


def test_the_product_that_was_settled_under_is_named_with_its_hash(run: Run) -> None:
    product = parse_product(read_folder(*FACTORY))
    assert not isinstance(product, tuple)
    named = run("settle", EVENT, "--json").document["product"]
    assert named == {"code": product.code, "version": product.version, "sha256": product.sha256}


def test_an_explanation_says_why_and_what_would_have_changed_the_payment(run: Run) -> None:
    chinese, english = run("settle", EVENT, "--explain"), run("settle", EVENT, "--explain", "--lang", "en")
    assert "用平常的话说" in chinese.out
    assert "怎样的事实会改变赔款" in chinese.out
    assert "Facts that would have changed the payment" in english.out
    told = run("settle", EVENT, "--explain", "--json").document["explanation"]
    assert all(sentence["clauses"] for sentence in told["sentences"])
    (ruling,) = [each for each in told["covered_if"] if each["item"] == "cut-off"]
    assert ruling["adds_minor"] == 7_500_000
    assert [change["fact"] for change in ruling["changes"]] == ["necessary_and_reasonable"]


@pytest.mark.parametrize("version", shelf.names())
def test_a_case_of_the_settlement_bench_is_a_file_and_what_comes_out_goes_in_again(
    run: Run, tmp_path: Path, version: str
) -> None:
    product = parse_product(shelf.texts(version))
    assert isinstance(product, Product)
    under = Basis(product)
    case = of_example(under, product.examples[0])
    outcome = settle_case(under, case)
    assert isinstance(outcome, Outcome)
    for name, text in (("case.yaml", case_yaml(under, case)), ("case.json", case_json(under, case))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        ran = run("settle", tmp_path / name, "--trace", "--json")
        payable = {"low": outcome.payable.low, "high": outcome.payable.high}
        assert ran.document["outcome"]["payable_minor"] == payable
        assert read_text(json.dumps(ran.document), under) == case
