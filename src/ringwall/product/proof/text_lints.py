"""Faults between the texts of a product: unused words, references to nothing, languages and examples that differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from ringwall.basics import Refusal, refuse
from ringwall.product.proof.reading import numbers_read, words_read
from ringwall.product.records import Example, Product
from ringwall.terms import OneOf, all_clauses, facts_of, leaves, parameters_of

REFERENCE = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3})+(?!\d|\.\d)")


def words_nobody_uses(product: Product) -> Iterator[Refusal]:
    """Facts, values of facts and parameters that no clause reads."""
    definition = product.definition
    clauses = all_clauses(definition)
    elsewhere = words_read(product)
    facts = {name for clause in clauses for name in facts_of(clause.when)} | elsewhere
    said = {
        (leaf.fact, value)
        for clause in clauses
        for leaf in leaves(clause.when)
        if isinstance(leaf, OneOf)
        for value in leaf.values
    }
    for name, spec in definition.facts.items():
        unused = [value for value in spec.values if (name, value) not in said] if spec.fixed else []
        if name not in facts or unused:
            word = name if name not in facts else f"{name}: {', '.join(unused)}"
            yield _unused(f"terms.yaml {word}", word)
    read = {name for clause in clauses for name in parameters_of(clause.when)}
    read |= {number.parameter for number in numbers_read(product)} | elsewhere
    for parameter in product.parameters.values():
        if parameter.name not in read:
            yield _unused(parameter.place, parameter.name)


def _unused(place: str, word: str) -> Refusal:
    return refuse(
        "product_unused_word",
        place,
        zh=f"没有条款使用「{word}」；请删去，或在条款中使用它。",
        en=f"No clause uses “{word}”; remove it or use it in a clause.",
    )


def names_with_two_meanings(product: Product) -> Iterator[Refusal]:
    """Two facts, or two parameters, that a reader cannot tell apart by their words."""
    for kind, named in (
        ("事实 fact", {name: spec.words for name, spec in product.definition.facts.items()}),
        ("参数 parameter", {name: parameter.words for name, parameter in product.parameters.items()}),
    ):
        for language in ("zh", "en"):
            counted = Counter(words.zh if language == "zh" else words.en for words in named.values())
            for text, count in counted.items():
                if count > 1:
                    names = [n for n, w in named.items() if text in (w.zh, w.en)]
                    where = product.parameters[names[-1]].place if names[-1] in product.parameters else "terms.yaml"
                    yield refuse(
                        "product_two_meanings",
                        where,
                        zh=f"{kind.split()[0]} {'、'.join(names)} 的说明同为「{text}」，读者无法区分；请改写其中之一。",
                        en=f"The {kind.split()[1]}s {', '.join(names)} are both described as “{text}”; "
                        "word one of them differently.",
                    )


def references_to_nothing(product: Product) -> Iterator[Refusal]:
    numbers = {clause.number for clause in product.clauses}
    for clause in product.clauses:
        for text, place in ((clause.text.zh, clause.text_places[0]), (clause.text.en, clause.text_places[1])):
            for missing in dict.fromkeys(n for n in REFERENCE.findall(text) if n not in numbers):
                yield refuse(
                    "product_reference",
                    place,
                    zh=f"条款 {clause.number} 的正文提到第 {missing} 条，但产品没有该条款；请改正编号。",
                    en=f"The text of clause {clause.number} refers to {missing}, which does not exist; "
                    "correct the number.",
                )


def languages_that_differ(product: Product) -> Iterator[Refusal]:
    """Both languages of a clause refer to the same clauses; a translation that points elsewhere is another contract."""
    for clause in product.clauses:
        zh, en = (set(REFERENCE.findall(text)) - {clause.number} for text in (clause.text.zh, clause.text.en))
        if zh != en:
            only = ", ".join(sorted(zh ^ en))
            yield refuse(
                "product_languages_differ",
                clause.text_places[1],
                zh=f"条款 {clause.number} 的中英文引用不同：{only} 只出现在一种文字中；请统一。",
                en=f"Clause {clause.number} refers to {only} in one language only; make both say the same.",
            )


def clauses_out_of_order(product: Product) -> Iterator[Refusal]:
    """Headings stand in the order of their numbers, in each language."""
    for language, name in enumerate(("wording.zh.md", "wording.en.md")):
        mine = [c for c in product.clauses if c.text_places[language].startswith(name)]
        stand = sorted(mine, key=lambda c, at=language: _line(c.text_places[at]))  # type: ignore[misc]
        for before, after in pairwise(stand):
            if _number(after.number) < _number(before.number):
                yield refuse(
                    "product_clause_order",
                    after.text_places[language],
                    zh=f"条款 {after.number} 排在 {before.number} 之后；请按编号顺序排列。",
                    en=f"Clause {after.number} stands behind {before.number}; put them in the order of their numbers.",
                )


def _line(place: str) -> int:
    return int(place.rpartition(":")[2] or 0)


def _number(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def examples_that_name_nothing(product: Product) -> Iterator[Refusal]:
    """Clauses, facts, parameters and items that an example names must exist."""
    numbers = {clause.number for clause in product.clauses}
    for example in product.examples:
        items = {item.name for item in example.event.items}
        facts = {*example.event.facts, *(name for item in example.event.items for name in item.facts)}
        expect = example.expect
        for kind, named, known in (
            ("条款 clause", {*expect.because, *example.void}, numbers),
            ("事实 fact", facts, set(product.definition.facts)),
            ("参数 parameter", set(example.schedule), set(product.parameters)),
            ("损失项 item", set(expect.verdicts), items),
        ):
            for name in sorted(named - known) if not expect.refused else ():
                yield refuse(
                    "product_example_word",
                    example.place,
                    zh=f"示例「{example.name.zh}」提到{kind.split()[0]}「{name}」，产品中没有；请改正。",
                    en=f"The example “{example.name.en}” names the {kind.split()[1]} “{name}”, which does not exist; "
                    "correct it.",
                )


def examples_that_promise_nothing(product: Product) -> Iterator[Refusal]:
    for example in product.examples:
        if not _promises(example):
            yield refuse(
                "product_example_empty",
                example.place,
                zh=f"示例「{example.name.zh}」没有写明任何应得的结果；请在 expect 下写出金额或结论。",
                en=f"The example “{example.name.en}” promises no amount and no verdict; state one under expect.",
            )


def _promises(example: Example) -> bool:
    expect = example.expect
    return bool(expect.totals or expect.parts or expect.verdicts or expect.state_after or expect.refused)


def filings_that_cannot_be(product: Product) -> Iterator[Refusal]:
    filing = product.filing
    if not filing.filed_on <= filing.valid_from < filing.valid_until:
        yield refuse(
            "product_filing_dates",
            "product.yaml",
            zh=f"备案日 {filing.filed_on}、可售起 {filing.valid_from}、可售止 {filing.valid_until} 须依次排列；"
            "请改正。",
            en=f"Filed on {filing.filed_on}, valid from {filing.valid_from} until {filing.valid_until}: "
            "these dates must follow each other; correct them.",
        )
