"""A money rule as a sentence: what it acts on, how much it comes to, and when it works."""

from __future__ import annotations

from typing import assert_never

from ringwall.basics import Words
from ringwall.terms.explaining.sentences import Says, Sentence, condition_words, listed, part_names, sentence
from ringwall.terms.explaining.spoken import WHOLE_SHARE, amount_words, share_words, value_words
from ringwall.terms.expressions import ALWAYS, Condition
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.rules import (
    Averaging,
    Deductible,
    DeductibleBounds,
    Fixed,
    HigherOf,
    Limit,
    LowerOf,
    Measure,
    MoneyRule,
    OfLoss,
    OfValue,
    Per,
    Share,
    Term,
    rule_terms,
)

PER = {
    Per.ITEM: Words("每个损失项", "for each item"),
    Per.PART: Words("每次事件每个责任项", "for each part of an event"),
    Per.EVENT: Words("每次事件合计", "for each event in all"),
    Per.PERIOD: Words("整个保险期间合计", "for the whole period in all"),
}


class RuleWriter:
    """Says the numbers of one contract, and the rules that read them."""

    def __init__(self, terms: CompiledTerms) -> None:
        self.terms = terms
        self.definition = terms.definition

    def number(self, term: Term) -> int:
        return self.terms.parameters[term.parameter].value

    def amount(self, term: Term) -> Words:
        """An amount of money; services in kind may be counted in units of their own."""
        read = self.terms.parameters[term.parameter]
        match read.unit:
            case "hour":
                return Words(f"{read.value:,} 小时", f"{read.value:,} hours")
            case "day":
                return Words(f"{read.value:,} 日", f"{read.value:,} days")
            case "code":
                return Words(f"{read.value:,}", f"{read.value:,}")
            case _:
                return amount_words(read.value)

    def rule_sentence(self, rule: MoneyRule) -> Sentence:
        parts = part_names(self.terms, rule.parts)
        clauses = (rule.clause, *(term.clause for term in rule_terms(rule)))
        match rule:
            case Deductible():
                said = self.deductible(rule)
            case DeductibleBounds():
                said = self.bounds(rule)
            case Limit():
                said = self.limit(rule)
            case Share():
                said = self.share(rule)
            case Averaging():
                said = self.averaging(rule)
            case _:
                assert_never(rule)
        return sentence(Says.MONEY, clauses, f"{parts.zh}：{said.zh}", f"{parts.en}: {said.en}", *rule.parts)

    def when(self, condition: Condition) -> Words:
        if condition == ALWAYS:
            return Words("", "")
        said = condition_words(self.terms, condition)
        return Words(f"凡{said.zh}的，", f"where {said.en}, ")

    def deductible(self, rule: Deductible) -> Words:
        amount, per, when = self.measure(rule.measure), PER[rule.per], self.when(rule.when)
        if rule.franchise:
            zh = f"{when.zh}{per.zh}损失不超过{amount.zh}的由您自留，超过的全额计算"
            return Words(zh, f"{when.en}{per.en} you keep a loss up to {amount.en} whole, a larger one not at all")
        return Words(f"{when.zh}{per.zh}由您自留{amount.zh}", f"{when.en}{per.en} you keep {amount.en}")

    def bounds(self, rule: DeductibleBounds) -> Words:
        per = PER[Per.PERIOD if rule.state else Per.EVENT]
        said = []
        if rule.at_least:
            least = self.amount(rule.at_least)
            said.append(Words(f"不少于 {least.zh}", f"at least {least.en}"))
        if rule.at_most:
            most = self.amount(rule.at_most)
            said.append(Words(f"不超过 {most.zh}", f"at most {most.en}"))
        both = listed(said, "且", "and")
        return Words(f"{per.zh}您自留的各项免赔{both.zh}", f"{per.en} what you keep as deductibles comes to {both.en}")

    def limit(self, rule: Limit) -> Words:
        most, per, when = self.measure(rule.measure), PER[rule.per], self.when(rule.when)
        zh, en = f"{when.zh}{per.zh}最多赔付{most.zh}", f"{when.en}{per.en} at most {most.en} is paid"
        again = rule.reinstatements
        if again:
            count = self.number(again.count)
            zh, en = f"{zh}；用去的限额可恢复 {count} 次", f"{en}; what is used is restored up to {count} times"
        if again and again.charge and again.premium:
            rate, premium = share_words(self.number(again.charge)), self.amount(again.premium)
            zh = f"{zh}，恢复时按比例收取保费 {premium.zh}的 {rate.zh}"
            en = f"{en}, for {rate.en} of the premium of {premium.en}, in proportion"
        return Words(zh, en)

    def share(self, rule: Share) -> Words:
        whole = self.number(rule.whole) if rule.whole else WHOLE_SHARE
        said = []
        if rule.base:
            base = share_words(self.number(rule.base), whole)
            said.append(Words(f"自负 {base.zh}", f"{base.en} is borne"))
        for add in rule.adds:
            more, when = share_words(self.number(Term(add.clause, add.parameter)), whole), self.when(add.when)
            said.append(Words(f"{when.zh}另加 {more.zh}", f"{when.en}{more.en} more"))
        for start, step in rule.sliding.steps if rule.sliding else ():
            assert rule.sliding
            spec = self.definition.facts[rule.sliding.fact]
            at, more = value_words(spec, self.number(start)), share_words(self.number(step), whole)
            zh = f"「{spec.words.zh}」达到 {at.zh} 的，另加 {more.zh}"
            said.append(Words(zh, f"from “{spec.words.en}” {at.en} on, {more.en} more"))
        when = self.when(rule.when)
        zh, en = "；".join(s.zh for s in said), "; ".join(s.en for s in said)
        return Words(f"{when.zh}{zh or '不自负'}", f"{when.en}{en or 'nothing is borne'}")

    def averaging(self, rule: Averaging) -> Words:
        value, insured = self.definition.facts[rule.value].words, self.amount(rule.sum_insured)
        zh = f"「{value.zh}」高于保险金额 {insured.zh} 时，按保险金额与其的比例赔付"
        return Words(
            zh, f"where “{value.en}” is above the sum insured of {insured.en}, a loss is paid in that proportion"
        )

    def measure(self, measure: Measure) -> Words:
        match measure:
            case Fixed(term):
                amount = self.amount(term)
                return Words(f" {amount.zh}", amount.en)
            case OfLoss(term):
                rate = share_words(self.number(term))
                return Words(f"损失的 {rate.zh}", f"{rate.en} of the loss")
            case OfValue(term, value):
                rate, of = share_words(self.number(term)), self.insured_value(value)
                return Words(f"{of.zh}的 {rate.zh}", f"{rate.en} of {of.en}")
            case HigherOf(measures) | LowerOf(measures):
                return self.several(measures, highest=isinstance(measure, HigherOf))
            case _:
                assert_never(measure)

    def several(self, measures: tuple[Measure, ...], *, highest: bool) -> Words:
        """The highest or lowest of several; a fixed amount beside a reckoned one reads "at least" or "at most"."""
        reckoned = [self.measure(one) for one in measures if not isinstance(one, Fixed)]
        if len(reckoned) == 1 and len(measures) == 2:
            fixed = next(self.measure(one) for one in measures if isinstance(one, Fixed))
            bound = Words("不少于", "at least") if highest else Words("不超过", "at most")
            return Words(f"{reckoned[0].zh}，{bound.zh}{fixed.zh}", f"{reckoned[0].en}, {bound.en} {fixed.en}")
        among = listed([self.measure(one) for one in measures], "与", "and")
        if highest:
            return Words(f"{among.zh}中的最高者", f"the highest of {among.en}")
        return Words(f"{among.zh}中的最低者", f"the lowest of {among.en}")

    def insured_value(self, name: str) -> Words:
        if name in self.definition.facts:
            words = self.definition.facts[name].words
            return Words(f"「{words.zh}」", f"“{words.en}”")
        amount = amount_words(self.terms.parameters[name].value)
        return Words(f"保险价值 {amount.zh}", f"the insured value of {amount.en}")
