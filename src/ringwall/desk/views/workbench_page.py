"""The quote workbench: a quote taken apart, and the same risk priced again as somebody moves its terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from ringwall.basics import FEN_PER_YUAN, Refusal, Words, split_running
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.office import Office
from ringwall.desk.permissions import UNDERWRITER, not_visible, permit
from ringwall.desk.price.book_impact import BookImpact, book_impact
from ringwall.desk.price.explore import Cell, explore
from ringwall.desk.price.reprice import (
    ChangedTerms,
    KeptBases,
    Repriced,
    WhatIf,
    change_terms,
    price_today,
    reprice,
)
from ringwall.desk.records import QuoteFile
from ringwall.desk.views.parts import insured_name, known
from ringwall.evidence import ControlStanding, Finding, Standing
from ringwall.policy import Line
from ringwall.price import (
    JUDGED,
    ExpectedLoss,
    Fix,
    FixPlan,
    PricedRisk,
    Sensitivity,
    Uncertainty,
    WaterfallStep,
    YearAhead,
    technical_interval,
)
from ringwall.product import Parameter, Product, shared_limits
from ringwall.risk import RiskModel, cause_names
from ringwall.underwriting import Decision

JUDGED_NAME = Words("按判断定价（模型无相应事故）", "Priced by judgement (no events in the model)")
WORST_FIRST = (Standing.BROKEN, Standing.UNKNOWN, Standing.HELD)
FOUR_IN_FIVE = 0.8
LIMITS_SHOWN, RETENTIONS_SHOWN = 5, 4
MOST_TELLING = 5
NICE = (1, 2, 3, 5, 8)
"""The round amounts between which a slider moves; any other amount can be typed."""


@dataclass(frozen=True, slots=True)
class TermInput:
    """One number of the schedule that may be chosen; `stops` are the places of its slider."""

    parameter: Parameter
    value: int
    quoted: int
    stops: tuple[int, ...]

    @property
    def is_money(self) -> bool:
        return self.parameter.unit == "minor"

    @property
    def changed(self) -> bool:
        return self.value != self.quoted

    @property
    def stop(self) -> int:
        """The place of the slider that is nearest to the value."""
        return min(range(len(self.stops)), key=lambda place: abs(self.stops[place] - self.value), default=0)

    @property
    def written(self) -> str:
        """The value as it stands in its field: yuan for money, else the whole units."""
        if not self.is_money:
            return str(self.value)
        whole, fen = divmod(self.value, FEN_PER_YUAN)
        return f"{whole:,}.{fen:02d}" if fen else f"{whole:,}"


@dataclass(frozen=True, slots=True)
class ControlInput:
    """A control with its standing at the quote and in this question."""

    label: Words
    quoted: ControlStanding
    now: Standing


@dataclass(frozen=True, slots=True)
class FindingInput:
    """An open finding of the quote, and whether the question takes it as fixed."""

    finding: Finding
    fixed: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the waterfall beside the same step of the quote."""

    step: WaterfallStep
    quoted_minor: int

    @property
    def difference_minor(self) -> int:
        return self.step.amount_minor - self.quoted_minor


@dataclass(frozen=True, slots=True)
class LossLine:
    """One kind of event: how often a year, and what it is expected to cost each part (fen, rounded for the eye)."""

    name: Words
    code: str
    losses_a_year: float
    by_part: Mapping[str, int]

    @property
    def total_minor(self) -> int:
        return sum(self.by_part.values())


@dataclass(frozen=True, slots=True)
class PanelShare:
    """One co-insurer: its share, and its part of the net premium on the running split."""

    name: Words
    share: Fraction
    net_minor: int


@dataclass(frozen=True, slots=True)
class Sureness:
    """The technical premium with the interval in which it stands four times in five, and what the filed load covers."""

    technical_minor: int
    low_minor: int
    high_minor: int
    covered: float
    telling: tuple[Sensitivity, ...]
    """the numbers of the model that tell most"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the question comes to: the price or why there is none, beside the quote."""

    priced: PricedRisk | None
    refusal: Refusal | None
    factor: Fraction
    low: Fraction
    high: Fraction
    decision: Decision | None
    level: Words
    refer_to: Words | None
    steps: tuple[StepLine, ...]
    fixes: tuple[Fix, ...]
    losses: tuple[LossLine, ...]
    parts: tuple[str, ...]
    panel: tuple[PanelShare, ...]
    today: PricedRisk | Refusal | None
    year: YearAhead | None = None
    plan: FixPlan | Refusal | None = None
    sure: Sureness | None = None
    book: BookImpact | Refusal | None = None

    def part_total(self, part: str) -> int:
        return sum(line.by_part.get(part, 0) for line in self.losses)

    def place(self, factor: Fraction) -> int:
        """Where a factor stands on a bar from nought to a fifth above the filed maximum, in thousandths."""
        return min(max(round(factor * 1000 / (self.high * Fraction(6, 5))), 0), 1000)


@dataclass(frozen=True, slots=True)
class Workbench:
    """The page. Whoever may not quote sees the quote itself, without inputs."""

    quote: QuoteFile
    object_number: str
    insured: Words
    product: Product
    policy: str
    may_quote: bool
    expired: bool
    asked: WhatIf
    terms: tuple[TermInput, ...]
    controls: tuple[ControlInput, ...]
    findings: tuple[FindingInput, ...]
    answer: Answer

    @property
    def event_limit_minor(self) -> int:
        return shared_limits(self.product).of(self.quote.schedule)[0]


def workbench(
    office: Office, speaker: Speaker, number: str, asked: WhatIf, bases: KeptBases, *, now: datetime
) -> Workbench | Refusal:
    """The quote and the answer to what is asked of it; a question of somebody who may not quote is not put."""
    row = known(office.quotes, office.quotes.newest(number), now)
    if row is None:
        return not_visible(number)
    may_quote = can_quote(office, speaker, row.object_id)
    asked = asked if may_quote else WhatIf()
    answer = _answer(office, row, asked, bases, now) if may_quote else _as_quoted(office, row.record)
    if isinstance(answer, Refusal):
        return answer
    quote, product = row.record, office.catalogue.version(row.record.product, row.record.version)
    policies = [p for p in office.policies.of_object(row.object_id) if p.record.quote == number and p.known_at <= now]
    return Workbench(
        quote=quote,
        object_number=office.objects.number_of(row.object_id),
        insured=insured_name(office, row.object_id),
        product=product,
        policy=policies[-1].number if policies else "",
        may_quote=may_quote,
        expired=quote.valid_until <= now,
        asked=asked,
        terms=term_inputs(product, quote, asked),
        controls=_controls(office, quote, asked),
        findings=tuple(FindingInput(f, f.uid in asked.fixed) for f in _gravest_first(quote.findings)),
        answer=answer,
    )


def can_quote(office: Office, speaker: Speaker, object_id: UUID) -> bool:
    """An underwriter of the lead; followers, the insured and its broker look on."""
    return speaker.role == UNDERWRITER and permit(speaker, "quote_risk", office.objects.roles(object_id)) is None


def choosable(product: Product) -> tuple[Parameter, ...]:
    """What the workbench lets move: every number that a schedule may choose but the policy's own dates."""
    return tuple(p for p in product.parameters.values() if p.open_to_choice and p.unit != "instant")


def term_inputs(product: Product, quote: QuoteFile, asked: WhatIf) -> tuple[TermInput, ...]:
    values = quote.schedule.values
    shared_first = sorted(choosable(product), key=lambda p: p.name not in shared_limits(product))
    return tuple(
        TermInput(p, asked.choices.get(p.name, values[p.name]), values[p.name], _stops(p, values[p.name]))
        for p in shared_first
    )


def _stops(parameter: Parameter, quoted: int) -> tuple[int, ...]:
    """Round amounts within the bounds, with the bounds, the product's own value and what was quoted; else each unit."""
    low, high = parameter.low, parameter.high
    if parameter.choices is not None or low is None or high is None:
        return ()
    if parameter.unit != "minor":
        return tuple(range(low, high + 1))
    size, found = FEN_PER_YUAN * 1000, {low, high, parameter.value, quoted}
    while size <= high:
        found |= {size * nice for nice in NICE if low <= size * nice <= high}
        size *= 10
    return tuple(sorted(found))


def _controls(office: Office, quote: QuoteFile, asked: WhatIf) -> tuple[ControlInput, ...]:
    """The worst first, so that what costs most stands on top."""
    labels = {control.id: control.label for control in office.catalogue.controls}
    worst_first = sorted(quote.standings, key=lambda s: WORST_FIRST.index(s.standing))
    return tuple(
        ControlInput(labels.get(s.control, Words(s.control, s.control)), s, asked.controls.get(s.control, s.standing))
        for s in worst_first
    )


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    still_open = [finding for finding in findings if finding.is_open]
    return tuple(sorted(still_open, key=lambda f: (-f.severity, f.locator, f.check)))


def _answer(office: Office, row: Row[QuoteFile], asked: WhatIf, bases: KeptBases, now: datetime) -> Answer | Refusal:
    quote = row.record
    changed = change_terms(office, quote, asked.choices, bases)
    if isinstance(changed, Refusal):
        return changed
    again = reprice(office, changed, asked, lambda risk: book_impact(office, risk, bases.runs, now=now))
    said = _said(office, quote, again, price_today(office, row.object_id, changed, bases.runs, at=now))
    return replace(said, sure=_sure(changed, again, bases.uncertainty(changed)))


def _sure(changed: ChangedTerms, again: Repriced, known: Uncertainty) -> Sureness | None:
    if isinstance(again.priced, Refusal):
        return None
    low, high = technical_interval(changed.basis, again.priced.relief, known, FOUR_IN_FIVE)
    covered = known.covered(float(changed.basis.rates["uncertainty_load"]))
    technical = again.priced.technical_net_minor
    return Sureness(technical, round(low.minor), round(high.minor), covered, known.sensitivities[:MOST_TELLING])


def _as_quoted(office: Office, quote: QuoteFile) -> Answer:
    """The stored quote as its own answer, for those who may not ask."""
    filed = office.catalogue.sold(quote.product, quote.version).rates.total
    stored = Repriced(
        quote.schedule,
        quote.priced,
        quote.decision,
        quote.priced.rate_factor,
        filed,
        quote.fixes,
        quote.standings,
        quote.findings,
    )
    return _said(office, quote, stored, None)


def _said(office: Office, quote: QuoteFile, again: Repriced, today: PricedRisk | Refusal | None) -> Answer:
    priced = again.priced if isinstance(again.priced, PricedRisk) else None
    quoted = {step.code: step.amount_minor for step in quote.priced.waterfall.steps}
    expected = priced.expected if priced else ()
    product, model = office.catalogue.version(quote.product, quote.version), office.catalogue.model
    paying = {loss.part for loss in expected}
    return Answer(
        priced=priced,
        refusal=again.priced if isinstance(again.priced, Refusal) else None,
        factor=again.factor,
        low=again.filed.low,
        high=again.filed.high,
        decision=again.decision,
        level=_level(office, quote, quote.decision.level),
        refer_to=_level(office, quote, again.decision.refer_to) if again.decision and again.decision.refer_to else None,
        steps=tuple(StepLine(s, quoted.get(s.code, 0)) for s in priced.waterfall.steps) if priced else (),
        fixes=tuple(sorted(again.fixes, key=lambda fix: (fix.effect_minor is None, fix.effect_minor or 0, fix.code))),
        losses=_losses(model, expected),
        parts=tuple(part.code for part in product.parts if part.code in paying),
        panel=_panel(office, quote.panel, priced.net_minor) if priced else (),
        today=today,
        year=again.year,
        plan=again.plan,
        book=again.book,
    )


def _level(office: Office, quote: QuoteFile, code: str) -> Words:
    level = office.catalogue.sold(quote.product, quote.version).authority.level(code)
    return level.name if level else Words(code, code)


def _losses(model: RiskModel, expected: Iterable[ExpectedLoss]) -> tuple[LossLine, ...]:
    """By kind of event in the order of the model."""
    names = loss_names(model)
    lines: dict[str, LossLine] = {}
    for loss in expected:
        line = lines.get(loss.kind) or LossLine(names[loss.kind], loss.kind, loss.losses_a_year, {})
        by_part = {**line.by_part, loss.part: round(loss.amount.minor)}
        lines[loss.kind] = LossLine(line.name, line.code, line.losses_a_year, by_part)
    return tuple(lines.values())


def loss_names(model: RiskModel) -> Mapping[str, Words]:
    """What people call the causes of a model's losses, and what is priced beside the model."""
    return {**cause_names(model), JUDGED: JUDGED_NAME}


def _panel(office: Office, lines: tuple[Line, ...], net_minor: int) -> tuple[PanelShare, ...]:
    parts = split_running(net_minor, [line.share for line in lines])
    found = [(line, office.directory.by_code(line.insurer)) for line in lines]
    return tuple(
        PanelShare(member.name if member else Words(line.insurer, line.insurer), line.share, part)
        for (line, member), part in zip(found, parts, strict=True)
    )


@dataclass(frozen=True, slots=True)
class OptionsPage:
    """Limits by retentions of one quote, every cell priced, with each co-insurer's line of it."""

    quote: QuoteFile
    insured: Words
    asked: WhatIf
    limit: Parameter
    retention: Parameter
    retentions: tuple[Parameter, ...]
    """what may stand across"""
    cells: tuple[Cell, ...]
    lines: tuple[PanelShare, ...]


def options_page(
    office: Office, speaker: Speaker, number: str, asked: WhatIf, across: str, bases: KeptBases, *, now: datetime
) -> OptionsPage | Refusal:
    """Five limits and four retentions around what is asked; only who may quote may explore."""
    row = known(office.quotes, office.quotes.newest(number), now)
    if row is None or not can_quote(office, speaker, row.object_id):
        return not_visible(number)
    quote, product = row.record, office.catalogue.version(row.record.product, row.record.version)
    changed = change_terms(office, quote, asked.choices, bases)
    if isinstance(changed, Refusal):
        return changed
    inputs = {term.parameter.name: term for term in term_inputs(product, quote, asked)}
    kept = _retentions(product, quote, inputs)
    limit, retention = inputs[shared_limits(product).event], kept.get(across) or next(iter(kept.values()))
    cells = explore(
        office,
        changed,
        asked,
        (limit.parameter.name, _around(limit, LIMITS_SHOWN)),
        (retention.parameter.name, _around(retention, RETENTIONS_SHOWN)),
    )
    return OptionsPage(
        quote,
        insured_name(office, row.object_id),
        asked,
        limit.parameter,
        retention.parameter,
        tuple(term.parameter for term in kept.values()),
        cells,
        _panel(office, quote.panel, quote.priced.net_minor),
    )


def _retentions(product: Product, quote: QuoteFile, inputs: Mapping[str, TermInput]) -> Mapping[str, TermInput]:
    """What the insured keeps: deductibles to choose, else other amounts but limits, else deductibles that are fixed."""
    money = {name: term for name, term in inputs.items() if term.is_money}
    deductibles = {name: term for name, term in money.items() if name.endswith("_deductible")}
    others = {name: term for name, term in money.items() if not name.endswith("_limit")}
    fixed = {name: (p, quote.schedule.values[name]) for name, p in product.parameters.items() if "_deductible" in name}
    return deductibles or others or {name: TermInput(p, value, value, ()) for name, (p, value) in fixed.items()}


def _around(term: TermInput, count: int) -> tuple[int, ...]:
    """What is asked, with the nearest places of its slider to both sides."""
    stops = sorted({*term.stops, term.value})
    first = min(max(stops.index(term.value) - count // 2, 0), max(len(stops) - count, 0))
    return tuple(stops[first : first + count])
