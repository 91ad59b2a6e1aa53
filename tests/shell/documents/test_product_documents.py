"""The booklet and the proof for a filing come out of the press, in both languages, the same bytes on every repeat."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.catalogue.shelf import names, product, report

from ringwall.basics import SHANGHAI, Language
from ringwall.product import Booklet, make_booklet, mutation_report, prove_product
from ringwall.shell.documents import print_booklet, print_filing

NAME = "park-master/2026-01"
AT = datetime(2025, 12, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_booklet_is_a_pdf_and_repeats_byte_for_byte(language: Language) -> None:
    booklet = make_booklet(product(NAME), language)
    assert isinstance(booklet, Booklet)
    pdf = print_booklet(booklet, language, AT)
    assert pdf.startswith(b"%PDF-")
    assert pdf == print_booklet(booklet, language, AT)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_booklet_says_each_part_and_the_money_in_plain_words(name: str, language: Language) -> None:
    booklet = make_booklet(product(name), language)
    assert isinstance(booklet, Booklet)
    headings = [section.heading for section in booklet.plain]
    assert {part.name.in_language(language) for part in product(name).definition.parts} <= set(headings)
    said = " ".join(sentence for section in booklet.plain for sentence in section.sentences)
    assert all(clause.number in said for clause in product(name).clauses)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_proof_of_a_filing_is_a_pdf(language: Language) -> None:
    pdf = print_filing(report(NAME), prove_product(product(NAME)), mutation_report(product(NAME)), language, AT)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000
