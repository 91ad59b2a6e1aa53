"""`verify` finds every change of a number: in a settlement, a panel's log, a chain of consents and a schedule."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.shell.cli.ran import NOW, SAMPLES, Run

from ringwall.basics import Words
from ringwall.exposure import append_consent, withdraw
from ringwall.policy import ScheduleDocument, Table, verification_code
from ringwall.shell.cli.answer import plain
from ringwall.shell.cli.files.consent import chain_document, read_consent
from ringwall.shell.cli.files.schedule_document import schedule_document
from ringwall.shell.cli.reading import read_document

Document = dict[str, Any]
PANEL_LOG: Document = json.loads((SAMPLES / "panel-log.json").read_text(encoding="utf-8"))


def written(folder: Path, document: Document) -> Path:
    path = folder / "claimed.json"
    path.write_text(json.dumps(plain(document), ensure_ascii=False), encoding="utf-8")
    return path


def numbers_of(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every whole number of a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in pairs:
        yield from numbers_of(below, (*way, name))
    if isinstance(value, int) and not isinstance(value, bool):
        yield way


def changed(document: Document, way: tuple[Any, ...], by: int = 1) -> Document:
    other = copy.deepcopy(document)
    place: Any = other
    for name in way[:-1]:
        place = place[name]
    place[way[-1]] += by
    return other


@pytest.fixture
def settlement(run: Run) -> Document:
    return run("settle", SAMPLES / "event.yaml", "--trace", "--json").document


def test_what_settle_prints_is_verified(run: Run, settlement: Document, tmp_path: Path) -> None:
    ran = run("verify", written(tmp_path, settlement), "--json")
    assert ran.code == 0
    assert ran.document["verified"] is True
    assert ran.document["values"] > 300


def test_one_fen_more_anywhere_in_a_settlement_is_found_at_its_place(
    run: Run, settlement: Document, tmp_path: Path
) -> None:
    ways = [way for way in numbers_of(settlement) if way[0] in ("outcome", "trace")]
    assert len(ways) > 100
    for way in ways[:: len(ways) // 12]:
        ran = run("verify", written(tmp_path, changed(settlement, way)), "--json")
        assert (ran.code, ran.codes) == (1, ["verification_differs"])
        assert ran.document["verified"] is False
        assert str(way[-1]) in ran.document["refusals"][0]["where"]


def test_another_input_gives_another_outcome(run: Run, settlement: Document, tmp_path: Path) -> None:
    settlement["state"]["aggregate_used"] += 1
    assert run("verify", written(tmp_path, settlement)).code == 1


def test_a_settlement_under_another_text_of_the_product_is_found(
    run: Run, settlement: Document, tmp_path: Path
) -> None:
    settlement["product"]["sha256"] = "0" * 64
    ran = run("verify", written(tmp_path, settlement), "--json")
    assert (ran.code, ran.document["refusals"][0]["where"].split(": ")[-1]) == (1, "product.sha256")


def test_a_settlement_without_an_outcome_is_refused(run: Run, settlement: Document, tmp_path: Path) -> None:
    del settlement["outcome"]
    ran = run("verify", written(tmp_path, settlement), "--json")
    assert (ran.code, ran.codes) == (1, ["outcome_missing"])


def test_the_sample_log_of_a_panel_is_verified(run: Run) -> None:
    assert run("verify", SAMPLES / "panel-log.json").code == 0


@pytest.mark.parametrize("way", list(numbers_of(PANEL_LOG)), ids=str)
def test_one_fen_more_anywhere_in_a_panel_log_is_found(run: Run, tmp_path: Path, way: tuple[Any, ...]) -> None:
    ran = run("verify", written(tmp_path, changed(PANEL_LOG, way)), "--json")
    assert (ran.code, ran.codes) == (1, ["verification_differs"])


def test_two_parts_that_make_up_for_each_other_are_found(run: Run, tmp_path: Path) -> None:
    moved = changed(changed(PANEL_LOG, ("postings", 0, "parts", "shouan")), ("postings", 0, "parts", "zhongliu"), -1)
    ran = run("verify", written(tmp_path, moved), "--json")
    assert "premium #1 shouan" in ran.document["refusals"][0]["where"]


def test_a_log_with_the_part_of_a_stranger_is_refused(run: Run, tmp_path: Path) -> None:
    strange = copy.deepcopy(PANEL_LOG)
    strange["postings"][0]["parts"]["stranger"] = 0
    assert run("verify", written(tmp_path, strange), "--json").codes == ["parts_of_others"]


@pytest.fixture
def chain() -> Document:
    where = SAMPLES / "consent.yaml"
    consent = read_consent(str(where), read_document(where))
    entries = append_consent(append_consent((), consent), withdraw(consent, NOW))
    return plain(chain_document(entries))  # type: ignore[no-any-return]


def test_a_chain_of_consents_is_verified(run: Run, tmp_path: Path, chain: Document) -> None:
    assert run("verify", written(tmp_path, chain)).code == 0


def test_a_changed_or_a_missing_consent_breaks_the_chain(run: Run, tmp_path: Path, chain: Document) -> None:
    edited = copy.deepcopy(chain)
    edited["entries"][0]["consent"]["scope"]["assets"].append("other.test")
    cut = {**chain, "entries": chain["entries"][1:]}
    for broken in (edited, cut):
        ran = run("verify", written(tmp_path, broken), "--json")
        assert (ran.code, ran.codes) == (1, ["consent_chain_broken"])


@pytest.fixture
def schedule() -> ScheduleDocument:
    tables = (Table(Words("合同", "Contract"), (Words("项目", "Item"),), ((Words(" 两个空格", "two  blanks "),),)),)
    code = verification_code("P-1", tables)
    return ScheduleDocument(
        Words("明细表", "Schedule"), "P-1", datetime.fromisoformat("2026-01-01T00:00:00+08:00"), tables, code
    )


def test_a_schedule_is_verified_by_its_code(run: Run, tmp_path: Path, schedule: ScheduleDocument) -> None:
    assert run("verify", written(tmp_path, schedule_document(schedule))).code == 0
    other = replace(schedule, number="P-2")
    ran = run("verify", written(tmp_path, schedule_document(other)), "--json")
    assert (ran.code, ran.codes) == (1, ["verification_differs"])


def test_a_file_of_no_known_kind_is_refused(run: Run, tmp_path: Path) -> None:
    for document in ({}, {"kind": "scan"}, {"kind": ["settlement"]}):
        assert run("verify", written(tmp_path, document), "--json").codes == ["kind_unknown"]


def test_a_consent_reads_as_it_was_written(tmp_path: Path, chain: Document) -> None:
    consent = read_consent("x", read_document(written(tmp_path, chain["entries"][1]["consent"])))
    assert consent.withdrawn_at == NOW
    assert consent.valid.end - consent.valid.start > timedelta(days=3_000)
    assert isinstance(consent.consent_id, UUID)
