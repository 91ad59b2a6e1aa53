"""A policy in plain words, from the compiled terms alone: what each part grants, and how the money is reckoned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from ringwall.basics import Words
from ringwall.terms.definition import (
    Bound,
    ConditionalShare,
    Exclusion,
    Grant,
    Level,
    PartTerms,
    Requirement,
    WriteBack,
)
from ringwall.terms.drafting import Clause
from ringwall.terms.explaining.money_prose import money_sentences
from ringwall.terms.explaining.sentences import Says, Sentence, condition_words, part_names, sentence
from ringwall.terms.explaining.spoken import share_words
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import Verdict
from ringwall.terms.rules import RuleCondition

GRANTS = {
    Verdict.LIMITED: Words("在本条较窄的条件下承保", "it is covered within the narrower terms of this clause"),
    Verdict.NOMINAL_ONLY: Words("虽有提及，但依法不予支付", "it is named, but by law it is not paid"),
}
COVERED = Words("予以承保", "it is covered")
NO_WORDS = Words("", "")


@dataclass(frozen=True, slots=True)
class PolicyExplained:
    """Every clause of the graph as a sentence that names it, with the numbers of the schedule."""

    cover: tuple[Sentence, ...]
    money: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (*self.cover, *self.money)

    def of_part(self, part: str) -> tuple[Sentence, ...]:
        """What is said of one part, with what is said of it together with others."""
        return tuple(one for one in self.cover if part in one.parts)


def explain_policy(terms: CompiledTerms) -> PolicyExplained:
    """The plain-language explanation of one policy under its own schedule."""
    return PolicyExplained(tuple(cover_sentences(terms)), tuple(money_sentences(terms)))


def cover_sentences(terms: CompiledTerms) -> Iterator[Sentence]:
    """What each part grants and asks for itself, part by part; then, once, what several parts have in common."""
    for part in terms.definition.parts:
        if part.within:
            yield _inside(terms, part)
        yield from _told(terms, [each for each in _clauses(terms) if each[1] == (part.part,)])
    yield from _told(terms, [each for each in _clauses(terms) if len(each[1]) > 1])


def _clauses(terms: CompiledTerms) -> Iterator[tuple[Clause, tuple[str, ...]]]:
    """Every clause with its parts; an exception follows the exclusion that it limits, and has its parts."""
    definition = terms.definition
    for grant in definition.grants:
        yield grant, (grant.part,)
    for barrier in definition.barriers:
        yield barrier, barrier.parts
        for back in definition.write_backs:
            if back.excepts == barrier.clause:
                yield back, barrier.parts
    for bound in definition.bounds:
        yield bound, (bound.part,)
    if definition.conditional:
        yield definition.conditional, definition.conditional.parts


def _told(terms: CompiledTerms, clauses: Sequence[tuple[Clause, tuple[str, ...]]]) -> Iterator[Sentence]:
    for clause, parts in clauses:
        (says, words), about = clause_words(terms, clause), _about(terms, parts)
        yield sentence(says, (clause.clause,), f"{about.zh}{words.zh}", f"{about.en}{words.en}", *parts)


def _about(terms: CompiledTerms, parts: tuple[str, ...]) -> Words:
    """Which parts a clause of several parts is about."""
    if len(parts) < 2:
        return NO_WORDS
    if set(parts) == {part.part for part in terms.definition.parts}:
        return Words("全部责任项：", "All parts: ")
    names = part_names(terms, parts)
    return Words(f"{names.zh}：", f"{names.en}: ")


def _inside(terms: CompiledTerms, part: PartTerms) -> Sentence:
    of = terms.definition.part(part.within)
    name, when = of.name if of else Words(part.within, part.within), condition_words(terms, part.when)
    clause = part.limit.clause if part.limit else terms.definition.settlement.clause
    zh = f"{name.zh}中{when.zh}的，在「{part.name.zh}」下单独理算"
    return sentence(Says.GRANT, (clause,), zh, f"{name.en}, where {when.en}: settled under “{part.name.en}”", part.part)


def clause_words(terms: CompiledTerms, clause: Clause) -> tuple[Says, Words]:
    """What a clause says; the condition of a money rule is said once more with the rule itself."""
    when = condition_words(terms, clause.when)
    match clause:
        case Grant(verdict=verdict):
            grants = GRANTS.get(verdict, COVERED)
            return Says.GRANT, Words(f"凡{when.zh}的，{grants.zh}", f"where {when.en}, {grants.en}")
        case Exclusion(level=Level.CLAIM):
            return Says.EXCLUSION, Words(
                f"凡{when.zh}的，整个事件不予赔偿", f"where {when.en}, nothing of the event is paid"
            )
        case Exclusion():
            return Says.EXCLUSION, Words(f"凡{when.zh}的，不予赔偿", f"where {when.en}, it is not paid")
        case WriteBack(excepts=excepts):
            zh = f"但{when.zh}的，第 {excepts} 条不适用"
            return Says.EXCEPTION, Words(zh, f"but where {when.en}, clause {excepts} does not apply")
        case Requirement():
            return Says.REQUIREMENT, Words(f"须{when.zh}，否则不予赔偿", f"it is paid only if {when.en}")
        case Bound(up_to=up_to):
            spec = terms.definition.facts[up_to].words
            return Says.BOUND, Words(
                f"凡{when.zh}的，以「{spec.zh}」为限", f"where {when.en}, it counts up to “{spec.en}”"
            )
        case ConditionalShare(parameter=parameter):
            adds = share_words(terms.parameters[parameter].value)
            zh, en = f"凡{when.zh}的，您的自负比例增加 {adds.zh}", f"where {when.en}, your own share grows by {adds.en}"
            return Says.BOUND, Words(zh, en)
        case RuleCondition():
            return Says.MONEY, Words(f"凡{when.zh}的，适用本条", f"where {when.en}, this clause works")
        case _:
            assert_never(clause)
