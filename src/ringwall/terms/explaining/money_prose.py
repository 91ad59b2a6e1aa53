"""The money terms in the order in which they settle, with the numbers of the schedule: what you keep, what is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ringwall.basics import Words
from ringwall.terms.definition import PartTerms, RetentionMode, Step
from ringwall.terms.explaining.rule_prose import RuleWriter
from ringwall.terms.explaining.sentences import Says, Sentence, listed, part_names, sentence
from ringwall.terms.explaining.spoken import share_words
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.rules import Term


def money_sentences(terms: CompiledTerms) -> Iterator[Sentence]:
    """First what belongs to the hours of an interruption, then step by step, then what stands outside the limits."""
    return _Writer(terms).all()


class _Writer(RuleWriter):
    """The plain terms of the parts and of the settlement; its rules are said by themselves."""

    def all(self) -> Iterator[Sentence]:
        for part in self.definition.parts:
            yield from self.hours(part)
        for step in self.definition.settlement.order:
            yield from self.step(step)
        for part in self.definition.parts:
            if part.statutory:
                yield self.statutory(part)
            if part.in_kind:
                zh = f"{part.name.zh}以服务提供，不计入现金赔款"
                yield self.of_part(part, (), zh, f"{part.name.en}: given as services, outside the payment in money")
        if self.definition.relation:
            yield self.relation()

    def of_part(self, part: PartTerms, clauses: tuple[str, ...], zh: str, en: str) -> Sentence:
        return sentence(Says.MONEY, clauses or (self.definition.settlement.clause,), zh, en, part.part)

    def hours(self, part: PartTerms) -> Iterator[Sentence]:
        if part.parametric:
            steps = [(self.number(hours), self.amount(amount)) for hours, amount in part.parametric.steps]
            zh = "；".join(f"满 {hours} 小时，定额赔付 {amount.zh}" for hours, amount in steps)
            en = "; ".join(f"from {hours} hours on, {amount.en}" for hours, amount in steps)
            clauses = (part.parametric.clause, *(t.clause for step in part.parametric.steps for t in step))
            yield self.of_part(
                part, clauses, f"{part.name.zh}按中断时长：{zh}", f"{part.name.en} pays by duration: {en}"
            )
        if part.interruption is None:
            return
        spell = part.interruption
        days, wait = self.number(spell.indemnity), self.number(spell.waiting)
        since = Words("等待期届满起", "after the waiting period") if spell.after_waiting else Words("", "")
        zh = f"{part.name.zh}：每次中断{since.zh}最多计算 {days} 日的损失"
        en = f"{part.name.en}: of each interruption at most {days} days{' ' * bool(since.en)}{since.en} count"
        yield self.of_part(part, (spell.indemnity.clause,), zh, en)
        if spell.trigger:
            zh = f"{part.name.zh}：中断须超过 {wait} 小时；一旦超过，自第一分钟起计算"
            en = f"{part.name.en}: an interruption must outlast {wait} hours; it then counts from its first minute"
            yield self.of_part(part, (spell.waiting.clause,), zh, en)
        kept = self.retention(part)
        if kept:
            yield kept
        if spell.credits_clause:
            zh = f"{part.name.zh}：他人就同一中断已付给您的补偿从中扣除"
            en = f"{part.name.en}: what others paid you for the same interruption is taken off"
            yield self.of_part(part, (spell.credits_clause,), zh, en)
        zh, en = (
            f"{part.name.zh}：额外费用另行加计，不扣等待期",
            f"{part.name.en}: extra expense is added, without waiting period",
        )
        yield self.of_part(part, (spell.extra_clause,), zh, en)

    def retention(self, part: PartTerms) -> Sentence | None:
        """What the insured keeps of each interruption, by the mode of the schedule."""
        assert part.interruption
        spell, deductible = part.interruption, part.deductible
        mode = RetentionMode(self.number(spell.mode))
        hours = self.number(spell.waiting)
        clauses: tuple[str, ...] = (spell.waiting.clause, spell.mode.clause)
        wait = Words(f"前 {hours} 小时（等待期）的损失", f"the loss of the first {hours} hours (waiting period)")
        if mode is RetentionMode.WAITING_ONLY or deductible is None:
            kept = wait
            if spell.trigger:
                return None
        else:
            fixed = self.amount(deductible)
            kept, clauses = fixed, (spell.mode.clause, deductible.clause)
            if not spell.trigger and mode is not RetentionMode.DEDUCTIBLE_ONLY:
                clauses = (*clauses, spell.waiting.clause)
                higher = mode is RetentionMode.HIGHER_OF
                zh = f"{wait.zh}与 {fixed.zh}{'两者中较高的一项' if higher else '两项'}"
                kept = Words(zh, f"{'the higher of ' * higher}{wait.en} and {fixed.en}")
        zh, en = (
            f"{part.name.zh}：每次中断由您自留{kept.zh}",
            f"{part.name.en}: from each interruption you keep {kept.en}",
        )
        return self.of_part(part, clauses, zh, en)

    def step(self, step: Step | str) -> Iterator[Sentence]:
        rule = self.definition.rule(step)
        if rule:
            yield self.rule_sentence(rule)
        elif step in (Step.RETENTION, Step.PART_LIMIT):
            for part in self.definition.parts:
                told = None if part.statutory else self.part_step(part, Step(step))
                if told:
                    yield told
        else:
            yield from self.shared(Step(step))

    def part_step(self, part: PartTerms, step: Step) -> Sentence | None:
        name = part.name
        if step is Step.RETENTION and part.deductible and not part.interruption:
            kept = self.amount(part.deductible)
            zh, en = f"{name.zh}：每次事件由您自留 {kept.zh}", f"{name.en}: from each event you keep {kept.en}"
            return self.of_part(part, (part.deductible.clause,), zh, en)
        if step is Step.PART_LIMIT and part.limit:
            most = self.amount(part.limit)
            zh, en = f"{name.zh}：每次事件最多赔付 {most.zh}", f"{name.en}: of each event at most {most.en} is paid"
            return self.of_part(part, (part.limit.clause,), zh, en)
        return None

    def shared(self, step: Step) -> Iterator[Sentence]:
        settlement = self.definition.settlement
        match step:
            case Step.VERDICT:
                zh, en = (
                    "先逐项认定是否属于承保范围，再依次计算下列各步",
                    "Each item is judged first; these steps follow in order",
                )
                yield sentence(Says.MONEY, (settlement.clause,), zh, en)
            case Step.EVENT_LIMIT if settlement.event_limit:
                yield self.ceiling(settlement.event_limit, settlement.outside_event_limit, "每次事件", "of each event")
            case Step.AGGREGATE if settlement.aggregate:
                yield self.ceiling(
                    settlement.aggregate, settlement.outside_aggregate, "整个保险期间", "of the whole period"
                )
            case Step.SHARE if settlement.share:
                share = share_words(self.number(settlement.share))
                zh, en = f"此后的损失由您自负 {share.zh}", f"Of what then remains you bear {share.en}"
                yield sentence(Says.MONEY, (settlement.share.clause,), zh, en)
            case Step.RETENTION | Step.PART_LIMIT | Step.EVENT_LIMIT | Step.AGGREGATE | Step.SHARE:
                return
            case _:
                assert_never(step)

    def ceiling(self, term: Term, outside: frozenset[str], zh: str, en: str) -> Sentence:
        settlement, most = self.definition.settlement, self.amount(term)
        codes = tuple(part.part for part in self.definition.parts if part.part in outside)
        but = part_names(self.terms, codes) if codes else Words("", "")
        zh = f"{zh}各责任项合计最多赔付 {most.zh}{f'（{but.zh}不在其内）' * bool(codes)}"
        en = f"All parts together: {en} at most {most.en} is paid{f', {but.en} not counted' * bool(codes)}"
        return sentence(Says.MONEY, (settlement.clause, term.clause), zh, en)

    def statutory(self, part: PartTerms) -> Sentence:
        name = part.name
        if part.limit is None:
            zh, en = f"{name.zh}：在上述限额之外赔付", f"{name.en}: paid on top of these limits"
            return self.of_part(part, (), zh, en)
        most = self.amount(part.limit)
        zh = f"{name.zh}：在上述限额之外，每次事件最多另赔 {most.zh}"
        return self.of_part(
            part, (part.limit.clause,), zh, f"{name.en}: on top of these limits, at most {most.en} an event"
        )

    def relation(self) -> Sentence:
        relation = self.definition.relation
        assert relation
        facts = [self.definition.facts[name].words for name in relation.same]
        same = listed(facts, "和", "and") if facts else Words("有关情况", "the facts named")
        within = Words("", "")
        if relation.hours:
            hours = self.number(relation.hours)
            within = Words(f"且在首起之后 {hours} 小时以内", f" and which begin within {hours} hours of the first")
        zh = f"{same.zh}相同{within.zh}的各起事故，视为同一事件"
        clauses = (relation.clause, relation.hours.clause if relation.hours else "")
        return sentence(Says.MONEY, clauses, zh, f"Incidents with the same {same.en}{within.en} are one event")
