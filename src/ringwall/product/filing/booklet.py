"""The booklet for the customer: each clause in one language, with the worked examples in which it decides beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ringwall.basics import Language, Refusal, Words
from ringwall.product.examples import clauses_at_work
from ringwall.product.records import Clause, Example, Product
from ringwall.product.schedule import compile_schedule, make_schedule
from ringwall.terms import Between, CompiledTerms, Outcome, Sentence, explain_policy, settle

MOST_BESIDE = 3
"""Examples printed in full beside a clause; of the others the name stands there."""

COMMON = Words("几个责任项共同的约定", "What several parts have in common")
MONEY = Words("赔款怎样计算", "How a payment is reckoned")


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One loss item of an example, as it was settled."""

    name: str
    part: str
    factual_minor: int
    verdict: str
    clause: str
    within: Between


@dataclass(frozen=True, slots=True)
class PrintedExample:
    """A worked example with what the terms give: the booklet prints what the tests hold."""

    number: int
    name: str
    items: tuple[ItemLine, ...]
    chosen: tuple[tuple[str, int, str], ...]
    """(what the schedule chose, its value, its unit)."""
    payable: Between
    refused: str = ""


@dataclass(frozen=True, slots=True)
class PrintedClause:
    """A clause with the examples in which it decides."""

    number: str
    heading: str
    text: str
    takes_away: bool
    examples: tuple[PrintedExample, ...]
    further: tuple[int, ...]
    """The numbers of more examples in which it decides."""


@dataclass(frozen=True, slots=True)
class PlainSection:
    """What the clauses say in plain words: one part, what the parts have in common, or the money."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Booklet:
    """One product version in one language; `numbers` are (words, value, unit, least, most)."""

    title: str
    code: str
    version: str
    filing: str
    sha256: str
    plain: tuple[PlainSection, ...]
    """Under the product's own numbers; the schedule of a policy may choose others."""
    clauses: tuple[PrintedClause, ...]
    numbers: tuple[tuple[str, int, str, int | None, int | None], ...]
    examples: tuple[PrintedExample, ...]


def make_booklet(product: Product, language: Language) -> Booklet | Refusal:
    """Clauses in their order; an example is printed in full beside the first clauses that it makes speak."""
    printed: list[PrintedExample] = []
    speaks: dict[str, list[PrintedExample]] = {}
    for number, example in enumerate(product.examples, start=1):
        found = _settled(product, example)
        if isinstance(found, Refusal) and found.code != example.expect.refused:
            return found
        one = _printed(product, example, number, found, language)
        printed.append(one)
        for clause in clauses_at_work(found) if isinstance(found, Outcome) else ():
            speaks.setdefault(clause, []).append(one)
    own = _terms(product, {})
    if isinstance(own, Refusal):
        return own
    return Booklet(
        product.title.in_language(language),
        product.code,
        product.version,
        product.filing.number,
        product.sha256,
        tuple(_plain(own, language)),
        tuple(_clause(clause, speaks, language) for clause in product.clauses),
        tuple((p.words.in_language(language), p.value, p.unit, p.low, p.high) for p in product.parameters.values()),
        tuple(printed),
    )


def _plain(terms: CompiledTerms, language: Language) -> Iterator[PlainSection]:
    """Part by part what each grants for itself, then what they have in common, then the money in its order."""
    told = explain_policy(terms)

    def section(heading: Words, sentences: Iterable[Sentence]) -> PlainSection:
        return PlainSection(heading.in_language(language), tuple(s.words.in_language(language) for s in sentences))

    for part in terms.definition.parts:
        mine = [sentence for sentence in told.cover if sentence.parts == (part.part,)]
        if mine:
            yield section(part.name, mine)
    common = [sentence for sentence in told.cover if len(sentence.parts) > 1]
    if common:
        yield section(COMMON, common)
    yield section(MONEY, told.money)


def _terms(product: Product, choices: Mapping[str, int]) -> CompiledTerms | Refusal:
    schedule = make_schedule(product, choices)
    return schedule if isinstance(schedule, Refusal) else compile_schedule(product, schedule)


def _settled(product: Product, example: Example) -> Outcome | Refusal:
    terms = _terms(product, example.schedule)
    return terms if isinstance(terms, Refusal) else settle(terms, example.event, example.state, void=example.void)


def _printed(
    product: Product, example: Example, number: int, found: Outcome | Refusal, language: Language
) -> PrintedExample:
    chosen = tuple(
        (product.parameters[name].words.in_language(language), value, product.parameters[name].unit)
        for name, value in example.schedule.items()
    )
    name = example.name.in_language(language)
    if isinstance(found, Refusal):
        return PrintedExample(number, name, (), chosen, Between(0, 0), found.message.in_language(language))
    items = tuple(
        ItemLine(i.name, i.part, i.factual_minor, i.verdict.value, i.clause, i.within_cover) for i in found.items
    )
    return PrintedExample(number, name, items, chosen, found.payable)


def _clause(clause: Clause, speaks: Mapping[str, list[PrintedExample]], language: Language) -> PrintedClause:
    """The examples with the fewest items explain a clause best."""
    mine = sorted(speaks.get(clause.number, ()), key=lambda example: (len(example.items), example.number))
    return PrintedClause(
        clause.number,
        clause.heading.in_language(language),
        clause.text.in_language(language),
        clause.takes_away,
        tuple(mine[:MOST_BESIDE]),
        tuple(sorted(example.number for example in mine[MOST_BESIDE:])),
    )
