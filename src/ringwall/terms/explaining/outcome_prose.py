"""One outcome for the claimant: the three numbers, why each item stands as it does, and what each rule took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from ringwall.basics import Words
from ringwall.terms.definition import Requirement
from ringwall.terms.explaining.counterfactual import Counterfactuals
from ringwall.terms.explaining.sentences import Says, Sentence, condition_words, sentence
from ringwall.terms.explaining.spoken import amount_words
from ringwall.terms.explaining.taken import Taken, rules_that_acted
from ringwall.terms.expressions import Not
from ringwall.terms.facts import LossEvent, LossItem
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.outcome import Between, ItemOutcome, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class OutcomeExplained:
    """The sentences of one outcome, in the order in which a claimant asks."""

    numbers: tuple[Sentence, ...]
    items: tuple[Sentence, ...]
    rules: tuple[Sentence, ...]
    open_points: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (*self.numbers, *self.items, *self.rules, *self.open_points)


def explain_outcome(
    terms: CompiledTerms, event: LossEvent, outcome: Outcome, found: Counterfactuals | None = None
) -> OutcomeExplained:
    """With `found`, each item that is not let in also says what would change that."""
    writer = _OfItems(terms, event, outcome, found)
    return OutcomeExplained(
        tuple(_numbers(terms, outcome)),
        tuple(writer.item(item, row) for item, row in zip(event.items, outcome.items, strict=True)),
        tuple(_rules(terms, rules_that_acted(terms, outcome.trace))),
        tuple(_open(terms, event, outcome)),
    )


def span_words(amount: Between) -> Words:
    if amount.exact:
        return amount_words(amount.low)
    low, high = amount_words(amount.low), amount_words(amount.high)
    return Words(f"{low.zh}至 {high.zh}", f"between {low.en} and {high.en}")


def _numbers(terms: CompiledTerms, outcome: Outcome) -> Iterator[Sentence]:
    clause = (terms.definition.settlement.clause,)
    factual, within, payable = amount_words(outcome.factual_minor), span_words(outcome.within_cover), outcome.payable
    yield sentence(Says.NUMBER, clause, f"事件实际造成的损失为 {factual.zh}", f"The event cost {factual.en} in fact")
    yield sentence(
        Says.NUMBER, clause, f"其中属于保险责任的损失为 {within.zh}", f"Of this, {within.en} is within cover"
    )
    now, most = amount_words(payable.low), amount_words(payable.high)
    zh, en = f"现在应付赔款 {now.zh}", f"{now.en} is payable now"
    if not payable.exact:
        zh, en = (
            f"{zh}；待定事项查明后，合计最多 {most.zh}",
            f"{en}, and up to {most.en} once the open points are settled",
        )
    yield sentence(Says.NUMBER, clause, zh, en)


class _OfItems:
    """Why each item stands as it does."""

    def __init__(self, terms: CompiledTerms, event: LossEvent, outcome: Outcome, found: Counterfactuals | None) -> None:
        self.terms, self.event, self.outcome, self.found = terms, event, outcome, found

    def item(self, item: LossItem, row: ItemOutcome) -> Sentence:
        why, within = self.why(item, row), span_words(row.within_cover)
        what = item.what or item.name
        zh, en = f"「{what}」{why.zh}", f"“{what}” {why.en}"
        if row.verdict not in (Verdict.EXCLUDED, Verdict.NOMINAL_ONLY, Verdict.UNMAPPED):
            zh, en = f"{zh}，计入责任内损失 {within.zh}", f"{en}; {within.en} of it counts as within cover"
        clause = row.clause or self.terms.definition.settlement.clause
        told = sentence(Says.ITEM, (clause,), zh, en, row.part)
        other = next(iter(self.found.of_item(row.name)), None) if self.found else None
        if other is None:
            return told
        return replace(told, words=Words(f"{told.words.zh}{other.words.zh}", f"{told.words.en} {other.words.en}"))

    def why(self, item: LossItem, row: ItemOutcome) -> Words:
        match row.verdict:
            case Verdict.COVERED:
                return Words("属于承保范围", "is covered")
            case Verdict.LIMITED:
                return Words("在较窄的条件下承保", "is covered within narrower terms")
            case Verdict.CONDITIONAL:
                zh = "属于承保范围，但加扣自负比例的条件成立或尚未排除"
                return Words(zh, "is covered, with a further share at work or open")
            case Verdict.EXCLUDED:
                return self.kept_out(item, row.clause)
            case Verdict.NOMINAL_ONLY:
                return Words(
                    "虽有条款提及，但依法不予支付", "is named in the wording, but the law does not let it be paid"
                )
            case Verdict.UNMAPPED:
                return Words("没有任何条款承保，不予赔偿", "is granted by no clause and is not paid")
            case Verdict.UNKNOWN:
                facts = _facts(self.terms, next((p.fact for p in self.outcome.open_points if p.item == row.name), ""))
                return Words(f"尚待认定：须先查明{facts.zh}", f"is open until somebody establishes {facts.en}")
            case _:
                assert_never(row.verdict)

    def kept_out(self, item: LossItem, number: str) -> Words:
        facts = {**self.event.facts, **item.facts}
        for clause in self.terms.definition.barriers:
            if clause.clause == number and isinstance(clause, Requirement):
                failed = condition_words(self.terms, Not(clause.when), facts)
                zh = f"不予赔偿，因为{failed.zh}，不符合承保的要求"
                return Words(zh, f"is not paid, because a requirement failed: {failed.en}")
            if clause.clause == number:
                met = condition_words(self.terms, clause.when, facts)
                return Words(f"不予赔偿，因为{met.zh}", f"is not paid, because {met.en}")
        return Words(
            "不予赔偿，因为中断持续的时间不够长", "is not paid, because the interruption did not last long enough"
        )


def _facts(terms: CompiledTerms, names: str) -> Words:
    specs = [terms.definition.facts[name].words for name in names.split(",") if name in terms.definition.facts]
    if not specs:
        return Words("有关事实", "the facts")
    return Words("、".join(f"「{w.zh}」" for w in specs), " and ".join(f"“{w.en}”" for w in specs))


def _rules(terms: CompiledTerms, acted: Sequence[Taken]) -> Iterator[Sentence]:
    """One sentence for each rule, whatever the number of parts that it acted on."""
    groups: dict[tuple[tuple[str, ...], Words], list[Taken]] = {}
    for taken in acted:
        groups.setdefault((taken.clauses, taken.rule), []).append(taken)
    for (clauses, rule), all_of_it in groups.items():
        total = sum(taken.amount_minor for taken in all_of_it)
        each = [_of_part(terms, taken) for taken in all_of_it]
        amount = amount_words(abs(total))
        zh = f"按{rule.zh}{'扣去' if total >= 0 else '退回'} {amount.zh}"
        en = f"{rule.en} {'takes' if total >= 0 else 'gives back'} {amount.en}"
        if len(each) == 1:
            part = _part_name(terms, all_of_it[0].part)
            told = sentence(Says.RULE, clauses, f"{part.zh}：{zh}", f"{part.en}: {en}", all_of_it[0].part)
        else:
            of = Words("，".join(w.zh for w in each), ", ".join(w.en for w in each))
            told = sentence(Says.RULE, clauses, f"{zh}，其中{of.zh}", f"In all, {en}: {of.en}")
        yield replace(told, amount_minor=total)


def _of_part(terms: CompiledTerms, taken: Taken) -> Words:
    name, amount = _part_name(terms, taken.part), amount_words(taken.amount_minor)
    return Words(f"{name.zh} {amount.zh}", f"{name.en} {amount.en}")


def _part_name(terms: CompiledTerms, code: str) -> Words:
    part = terms.definition.part(code)
    return part.name if part else Words(code, code)


def _open(terms: CompiledTerms, event: LossEvent, outcome: Outcome) -> Iterator[Sentence]:
    whats = {item.name: item.what or item.name for item in event.items}
    for point in outcome.open_points:
        what = whats.get(point.item, point.item)
        facts, adds = _facts(terms, point.fact), amount_words(point.adds_minor)
        zh = f"「{what}」：{facts.zh}查明后，最多再付 {adds.zh}"
        en = f"“{what}”: up to {adds.en} more once {facts.en} is established"
        clause = point.clause or terms.definition.settlement.clause
        yield replace(sentence(Says.OPEN, (clause,), zh, en), amount_minor=point.adds_minor)
