"""Bad input gets a refusal that names the thing and the next step, in both languages; never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.shell.cli.ran import SAMPLES, Ran, Run

Sample = Callable[[Path], tuple[Any, ...]]
ON_A_FILE: dict[str, Sample] = {
    "settle": lambda path: ("settle", path),
    "price": lambda path: ("price", path),
    "scan": lambda path: ("scan", "--consent", path, "www.jiangkou.test"),
    "proofs": lambda path: ("scan", "--consent", SAMPLES / "consent.yaml", "--proofs", path, "www.jiangkou.test"),
    "traffic": lambda path: ("traffic", path, "--inside", "10.41.0.0/16"),
    "portfolio": lambda path: ("portfolio", "simulate", path, "--years", "50"),
    "product": lambda path: ("product", "check", path),
    "verify": lambda path: ("verify", path),
}
BAD: dict[str, bytes] = {
    "empty": b"",
    "not text": b"\xff\xfe\x00\x01" * 20,
    "not YAML": b"a: [1, 2\nb: }",
    "a list": b"- 1\n- 2\n",
    "a number": b"17",
    "a name twice": b"a: 1\na: 2\n",
    "an anchor of itself": b"&a {event: *a, items: *a, kind: settlement, organisation: *a}",
    "tabs": b"\tname:\tx\n",
    "two documents": b"a: 1\n---\nb: 2\n",
    "odd names": b"? [1, 2]\n: 3\n",
    "nested": b"[" * 3000 + b"]" * 3000,
    "a tag": b"!!python/object/apply:os.system ['true']",
    "nothing known": b"moon: cheese\n",
}


def is_refused(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.document["refusals"]
    for refusal in ran.document["refusals"]:
        assert re.fullmatch(r"[a-z][a-z0-9_]+", refusal["code"])
        assert refusal["where"]
        assert refusal["message"]["zh"]
        assert refusal["message"]["en"]
    assert ran.err == ""


@pytest.mark.parametrize("command", ON_A_FILE)
@pytest.mark.parametrize("bad", BAD)
def test_a_file_that_is_something_else_is_refused(run: Run, tmp_path: Path, command: str, bad: str) -> None:
    path = tmp_path / "input.yaml"
    path.write_bytes(BAD[bad])
    ran = run(*ON_A_FILE[command](path), "--json")
    if (command, bad) == ("traffic", "empty"):  # a sensor that saw nothing has said so
        assert (ran.code, ran.document["lines"]) == (0, 0)
    else:
        is_refused(ran)


@pytest.mark.parametrize("command", ON_A_FILE)
def test_a_file_that_is_not_there_or_a_folder_is_refused(run: Run, tmp_path: Path, command: str) -> None:
    for path in (tmp_path / "nowhere.yaml", tmp_path):
        is_refused(run(*ON_A_FILE[command](path), "--json"))


@pytest.mark.parametrize("command", ["settle", "price", "verify"])
@pytest.mark.parametrize(
    "text",
    ["{", "[1]", '{"a": 1, "a": 2}', "NaN", '{"event": NaN}', "[" * 100_000, '{"name": "\\ud800"}'],
    ids=range(7),
)
def test_json_that_is_something_else_is_refused(run: Run, tmp_path: Path, command: str, text: str) -> None:
    path = tmp_path / "input.json"
    path.write_text(text, encoding="utf-8")
    is_refused(run(command, path, "--json"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"items": []}, "event_items"),
        ({"items": [{"name": "x", "part": "INRE", "amount_minor": "-1"}]}, "event_amount"),
        ({"items": [{"name": "x", "part": "INRE", "amount_minor": "1.5"}]}, "event_amount"),
        ({"items": [{"name": "x", "part": "INRE", "amount_minor": "1,000"}]}, "event_amount"),
        ({"items": [{"name": "x", "part": "MOON", "amount_minor": "1"}]}, "event_part"),
        ({"items": [{"name": "x", "part": "INRE", "amount_minor": "9" * 18}]}, "amount_above_maximum"),
        ({"facts": {"discovered_at": "2026-02-30T00:00:00+08:00"}}, "event_instant"),
        ({"facts": {"discovered_at": "2026-02-20"}}, "event_instant"),
        ({"facts": {"discovered_at": "yes"}}, "fact_of_wrong_kind"),
        ({"surprise": "1"}, "event_form"),
    ],
    ids=str,
)
def test_an_event_that_clashes_is_refused_by_name(run: Run, tmp_path: Path, change: dict[str, Any], code: str) -> None:
    event = yaml.load((SAMPLES / "event.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["event"]
    path = tmp_path / "event.yaml"
    path.write_text(json.dumps({**event, **change}), encoding="utf-8")
    ran = run("settle", path, "--json")
    is_refused(ran)
    assert ran.codes == [code]
    assert str(path) in ran.document["refusals"][0]["where"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--product", "moon/2026-01"), "product_unknown"),
        (("--product", "../models/2026-01"), "product_unknown"),
        (("--product-folder", "nowhere"), "folder_unreadable"),
        (("--schedule", "event_limit"), "option_wrong"),
        (("--schedule", "event_limit=much"), "field_wrong"),
        (("--schedule", "event_limit=-1"), "schedule_range"),
        (("--schedule", "moon_limit=1"), "schedule_unknown"),
        (("--schedule", "period_start=2026-13-01T00:00:00+08:00"), "field_wrong"),
        (("--schedule", "period_end=2025-01-01T00:00:00+08:00"), "schedule_order"),
        (("--state", "aggregate_used=-1"), "field_wrong"),
        (("--state", "moon_used=1"), "field_unknown"),
        (("--void", "9.9"), "clause_unknown"),
    ],
    ids=str,
)
def test_an_option_that_clashes_is_refused_by_name(run: Run, words: tuple[str, ...], code: str) -> None:
    ran = run("settle", SAMPLES / "event.yaml", *words, "--json")
    is_refused(ran)
    assert ran.codes == [code]


def test_a_refusal_for_people_goes_to_stderr_in_the_language_that_was_asked_for(run: Run) -> None:
    for language, word in (("zh", "请"), ("en", "check")):
        ran = run("settle", "nowhere.yaml", "--lang", language)
        assert (ran.code, ran.out) == (1, "")
        assert word in ran.err
        assert "nowhere.yaml" in ran.err
        assert "file_unreadable" in ran.err


def test_nothing_is_written_by_a_command_that_reads(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for sample in ("settle", "price", "verify"):
        run(sample, SAMPLES / {"settle": "event.yaml", "price": "risk.yaml", "verify": "panel-log.json"}[sample])
    assert list(tmp_path.iterdir()) == []


WORDS = st.text(max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(WORDS, below, max_size=3),
    max_leaves=6,
)
SWAPPED = ("event.yaml", "risk.yaml", "consent.yaml", "panel-log.json")
COMMAND = {
    "event.yaml": ("settle",),
    "risk.yaml": ("price",),
    "consent.yaml": ("scan", "www.jiangkou.test", "--consent"),
    "panel-log.json": ("verify",),
}


def ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for name, below in pairs for each in [(*way, name), *ways(below, (*way, name))]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_in_a_sample_is_answered_or_refused(run: Run, tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SWAPPED))
    document = yaml.load((SAMPLES / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    way = data.draw(st.sampled_from(ways(document)))
    place: Any = document
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = data.draw(VALUES)
    path = tmp_path / "fuzzed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    ran = run(*COMMAND[name], path, "--json")
    assert ran.code in (0, 1)
    assert bool(ran.document.get("refusals")) is (ran.code == 1) or ran.code == 0
