"""The schedule and the settlement letter are printed whole, in both languages, the same bytes on every repeat."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.shell.documents.bound_case import INSURED, LEAD, UNEXPLAINED, settled

from ringwall.basics import Language, Words
from ringwall.policy import ScheduleDocument
from ringwall.product import Product
from ringwall.shell.documents import SettlementLetter, print_schedule, print_settlement
from ringwall.shell.documents.settlement import steps

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def text_of(pdf: bytes) -> str:
    """What a reader of the pages finds; spaces and line ends apart."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext on this machine: the words on the pages are not read back")
    read = subprocess.run([program, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s+", "", read.stdout.decode())


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_an_archive_file_and_the_same_bytes_on_every_repeat(
    document: ScheduleDocument, letter: SettlementLetter, language: Language
) -> None:
    for pdf, again in (
        (print_schedule(document, language), print_schedule(document, language)),
        (print_settlement(letter, language), print_settlement(letter, language)),
    ):
        assert pdf.startswith(b"%PDF-1.7")
        assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in re.sub(rb"\s", b"", pdf)
        assert pdf == again


def test_the_date_in_the_file_is_the_document_s_own(document: ScheduleDocument) -> None:
    later = replace(document, known_at=document.known_at + timedelta(days=1))
    assert b"2025-12-29" in print_schedule(document, "en")
    assert b"2025-12-30" in print_schedule(later, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_the_schedule_says_stands_on_its_pages(document: ScheduleDocument, language: Language) -> None:
    text = text_of(print_schedule(document, language))
    assert bare(LEAD.in_language(language)) in text
    assert document.verification_code in text
    assert ("第1页，共3页" if language == "zh" else "page1of3") in text
    for table in document.tables:
        assert bare(table.heading.in_language(language)) in text
        for row in table.rows:
            for cell in row:
                assert bare(cell.in_language(language)) in text


def test_clauses_that_take_something_away_are_marked_and_the_unexplained_one_is_void(
    document: ScheduleDocument,
) -> None:
    text = text_of(print_schedule(document, "zh"))
    assert "1.3◆免赔额有效" in text
    assert "1.1承保的费用有效" in text
    assert f"{UNEXPLAINED}◆免赔额与取高未说明，不生效" in text


def test_a_section_without_rows_says_so(document: ScheduleDocument) -> None:
    text = text_of(print_schedule(document, "en"))
    assert "Specialagreements(theybeatthewording)none" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_states_the_three_numbers_each_item_and_the_clauses_words(
    letter: SettlementLetter, language: Language
) -> None:
    text = text_of(print_settlement(letter, language))
    for shown in ("2,434,000.00", "1,957,000.00", "1,587,000.00", "1,454,000.00", "133,000.00"):
        assert shown in text
    assert bare(INSURED.in_language(language)) in text
    for item in letter.event.items:
        assert bare(item.name) in text
    for number in ("1.2", "2.2", "3.3", "4.2"):
        clause = letter.product.clause(number)
        assert clause
        assert bare(clause.text.in_language(language)) in text


def test_the_chinese_letter_states_the_amount_in_capital_figures(letter: SettlementLetter) -> None:
    assert "人民币壹佰伍拾捌万柒仟元整" in text_of(print_settlement(letter, "zh"))


def test_a_void_clause_is_named_as_void_and_stands_behind_no_step(product: Product) -> None:
    letter = settled(product, void=("3.3",))
    text = text_of(print_settlement(letter, "zh"))
    assert "免赔额与取高（未作明确说明，不产生效力）" in text
    assert "NPBI扣除自留后960,000.00" in text


def test_the_steps_lead_from_the_items_to_the_payment_without_idle_ones(letter: SettlementLetter) -> None:
    told = [(step.clause, step.value) for step in steps(letter.outcome)]
    assert told[-1][1] == letter.outcome.payable.low
    assert ("1.3", 16_600_000) in told
    assert ("3.3", 90_000_000) in told
    assert all(value for _, value in told)
    assert not any(step.label.startswith("LIA") for step in steps(letter.outcome))


def test_a_limit_that_cuts_is_a_step(product: Product) -> None:
    cut = settled(product, used=400_000_000)
    labels = [step.label for step in steps(cut.outcome)]
    assert "NPBI.aggregate" in labels
    assert labels.count("aggregate.left") == 1


def test_names_are_printed_and_never_read_as_layout(document: ScheduleDocument, letter: SettlementLetter) -> None:
    wild = Words('#panic() *b* $x$ ]} \\ <a> "', '#import "x": * // /* `r` @y _z_ ~')
    text = text_of(print_settlement(replace(letter, insured=wild), "en"))
    assert bare(wild.en) in text
    assert print_schedule(replace(document, title=wild), "zh").startswith(b"%PDF")
