"""A premium taken apart: each step is the difference of two rounded levels, so the steps sum to the fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ringwall.basics import FEN_PER_YUAN, Words
from ringwall.price.basis import PricingBasis, attritional, informed, judged, scaled
from ringwall.price.capacity import BookCapital
from ringwall.price.subsidy import SubsidySplit
from ringwall.price.technical import Charge, booked
from ringwall.risk import (
    AVERAGE_INDUSTRY,
    NO_RELIEF,
    Credibility,
    ReliefStep,
    SignalState,
    frequency,
    growing,
    reference_profile,
)


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One reason why the premium differs from the level before; `level_minor` is the level after it."""

    code: str
    label: Words
    amount_minor: int
    level_minor: int
    because: Words
    source: str


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Steps in order; they sum to what the insured pays."""

    steps: tuple[WaterfallStep, ...]

    @property
    def total_minor(self) -> int:
        return sum(step.amount_minor for step in self.steps)


@dataclass(frozen=True, slots=True)
class Level:
    """Where the premium stands after one reason."""

    code: str
    label: Words
    level_minor: int
    because: Words
    source: str


@dataclass(frozen=True, slots=True)
class Booked:
    """What is charged in the end, already whole fen."""

    filed_minor: int
    """base net × factor inside the filed range, before the minimum premium"""
    net_minor: int
    gross_minor: int
    subsidy: SubsidySplit | None


def waterfall(basis: PricingBasis, charge: Charge, steps: Sequence[ReliefStep], charged: Booked) -> Waterfall:
    """From the reference organisation's expected loss to what the insured pays."""
    levels = [*_losses(basis, steps), *_loads(basis, charge), *_charged(basis, charge, charged)]
    start = replace(levels[0], level_minor=0)
    return Waterfall(
        tuple(
            WaterfallStep(b.code, b.label, b.level_minor - a.level_minor, b.level_minor, b.because, b.source)
            for a, b in pairwise([start, *levels])
        )
    )


def _losses(basis: PricingBasis, steps: Sequence[ReliefStep]) -> Iterator[Level]:
    """Expected loss of events of the insured alone: reference, size, industry, each signal, chosen terms."""
    model, profile = basis.model, basis.profile
    origin = f"model {model.version}"
    typical = reference_profile(model, profile.territory)
    revenue = short_yuan(typical.revenue_minor)
    yield Level(
        "base",
        Words("基准企业预期赔款", "Expected loss of the reference organisation"),
        booked(attritional(frequency(model, typical), basis.reference, NO_RELIEF)),
        Words(f"营业收入 {revenue} 元，其余均为平均水平", f"revenue {revenue} yuan, average in all else"),
        origin,
    )
    average = replace(profile, industry=AVERAGE_INDUSTRY)
    revenue = short_yuan(profile.revenue_minor)
    yield Level(
        "size",
        Words("规模与经营数据", "Size and own figures"),
        booked(attritional(frequency(model, average), basis.default, NO_RELIEF)),
        Words(
            f"营业收入 {revenue} 元，毛利率 {profile.gross_profit_rate}，个人信息 {profile.records_held:,} 条",
            f"revenue {revenue} yuan, gross profit rate {profile.gross_profit_rate}, {profile.records_held:,} records",
        ),
        origin,
    )
    industry = model.industries[profile.industry]
    factor = basis.numbers[f"frequency.industry.{profile.industry}"]
    yield Level(
        "industry",
        Words("行业", "Industry"),
        booked(attritional(scaled(basis.own, 1 / basis.multiple), basis.default, NO_RELIEF)),
        Words(f"{industry.zh}：频率 × {factor:g}", f"{industry.en}: frequency × {factor:g}"),
        origin,
    )
    yield from _family(basis)
    relief = NO_RELIEF
    for step, relief in zip(steps, growing(basis.numbers, steps), strict=True):
        yield _signal(step, booked(attritional(basis.own, basis.default, relief)))
    relief = informed(basis, relief)
    if basis.experience:
        yield _experience(basis, basis.experience, booked(attritional(basis.own, basis.default, relief)))
    yield Level(
        "terms",
        Words("所选限额与免赔", "Limits and retentions chosen"),
        booked(attritional(basis.own, basis.totals, relief)),
        Words("与产品默认方案相比，用同一组事故", "against the default schedule, on the same events"),
        f"{basis.offer.product} {basis.offer.version}",
    )
    if basis.rates.judged:
        yield _judged(basis, booked(attritional(basis.own, basis.totals, relief) + sum(judged(basis, relief).values())))


def _family(basis: PricingBasis) -> Iterator[Level]:
    """What the product itself adds to the industry: its kind of business, and the members of a master policy."""
    rates = basis.rates
    if rates.frequency:
        factor = float(rates.frequency.value)
        yield Level(
            "business",
            Words("产品所属业务", "Kind of business"),
            booked(attritional(scaled(basis.own, 1 / basis.members), basis.default, NO_RELIEF)),
            Words(f"{rates.title.zh}：频率 × {factor:g}", f"{rates.title.en}: frequency × {factor:g}"),
            f"rates {rates.version}: {rates.frequency.source}",
        )
    if rates.members:
        yield Level(
            "members",
            Words("成员数", "Members"),
            booked(attritional(basis.own, basis.default, NO_RELIEF)),
            Words(f"{basis.members} 个平均成员", f"{basis.members} average members"),
            f"rates {rates.version}: {rates.members.source}",
        )


def _judged(basis: PricingBasis, level_minor: int) -> Level:
    parts, rates = ", ".join(basis.rates.judged), basis.rates
    grades = ", ".join(sorted({part.grade.value for part in rates.judged.values()}))
    return Level(
        "judged",
        Words("按判断定价的责任", "Parts priced by judgement"),
        level_minor,
        Words(f"{parts}：模型无相应事故，按限额计价", f"{parts}: no events in the model, priced by limit"),
        f"rates {rates.version}, grade {grades}",
    )


_STATES = {
    SignalState.HELD: Words("有效", "held"),
    SignalState.BROKEN: Words("失效", "broken"),
    SignalState.OPEN: Words("未整改", "open"),
}


def _signal(step: ReliefStep, level_minor: int) -> Level:
    signal, state = step.signal, _STATES[step.state]
    effect = signal.effect
    return Level(
        f"{signal.kind}:{signal.code}",
        Words(f"{signal.label.zh}（{state.zh}）", f"{signal.label.en} ({state.en})"),
        level_minor,
        Words(
            f"{step.because.zh}；单项系数 {step.relativity:.3f}，同组取最大者",
            f"{step.because.en}; factor {step.relativity:.3f} on its own, the largest of its group counts",
        ),
        f"{effect.source}, {effect.date.year}, {effect.grade}; {step.source}",
    )


def _experience(basis: PricingBasis, known: Credibility, level_minor: int) -> Level:
    had, filed = known.experience, basis.rates.experience
    span = f"{float(filed.low):g}–{float(filed.high):g}"
    zh = f"{float(had.exposed):g} 年出险 {had.claims} 次，预期 {known.expected:.2f} 次；可信度 {known.weight:.1%}"
    en = (
        f"{had.claims} claims in {float(had.exposed):g} years, {known.expected:.2f} expected; weight {known.weight:.1%}"
    )
    because = Words(
        f"{zh}（k = {known.k:g}），因子 {known.factor:.3f}，备案范围 {span}",
        f"{en} (k = {known.k:g}), factor {known.factor:.3f}, filed range {span}",
    )
    source = f"{had.source}; rates {basis.rates.version}: {basis.rates.numbers['experience_claims'].source}"
    return Level("experience", Words("自身出险记录", "Own experience"), level_minor, because, source)


def _loads(basis: PricingBasis, charge: Charge) -> Iterator[Level]:
    rates, sums = basis.rates, charge.burden
    common = Words("情景 S1 至 S8，同一承保方案", "scenarios S1 to S8 under the same terms")
    label = Words("系统性事件", "Common shocks")
    yield Level("systemic", label, booked(sums.losses), common, f"model {basis.model.version}")
    service = short_yuan(int(rates["service_cost"]))
    rows = (
        ("uncertainty", "参数不确定性", "Uncertainty of the numbers", sums.with_uncertainty, "uncertainty_load"),
        ("capital", "资本成本", "Cost of capital", sums.with_capital, "capital_load_systemic"),
        ("services", "随单安全服务", "Services in the policy", sums.with_services, "service_cost"),
        ("expense", "附加费用", "Expenses", sums.with_expenses, "expense_share"),
        ("commission", "手续费", "Commission", sums.with_commission, "commission_share"),
        ("profit", "预定利润", "Profit", sums.technical, "profit_share"),
    )
    single = percent(rates["capital_load_attritional"])
    because = {
        "uncertainty": Words("预期赔款的 {}", "{} of the expected loss"),
        "capital": Words(
            f"系统性赔款的 {{}}、单次赔款的 {single}", f"{{}} of common shocks, {single} of single events"
        ),
        "services": Words(f"每年 {service} 元", f"{service} yuan a year"),
    }
    for code, zh, en, level, name in rows:
        if code == "capital" and basis.capital:
            yield _book_capital(basis.capital, booked(level))
            continue
        filed = rates.numbers[name]
        why, share = because.get(code, Words("净保费的 {}", "{} of the net premium")), percent(filed.value)
        said = Words(why.zh.format(share), why.en.format(share))
        yield Level(code, Words(zh, en), booked(level), said, f"rates {rates.version}: {filed.source}")


def _book_capital(held: BookCapital, level_minor: int) -> Level:
    """The capital step by the risk's part of the book's own tail."""
    tail, mean, rate = short_yuan(held.tail_minor), short_yuan(held.mean_minor), percent(held.cost.rate)
    gross, net = (short_yuan(view.tvar99_minor) for view in (held.added.gross, held.added.net))
    because = Words(
        f"组合最差百分之一年份中分摊 {tail} 元，减年均 {mean} 元，资本成本率 {rate}；"
        f"使组合尾部增加毛额 {gross} 元、净额 {net} 元",
        f"its part of the book's worst hundredth of years is {tail} yuan, less {mean} yuan in an average one, "
        f"at {rate}; it moves the book's tail by {gross} yuan gross and {net} yuan net",
    )
    label = Words("资本成本（按业务组合尾部）", "Cost of capital, by the book's tail")
    source = f"run {held.run} of {held.as_at}; {held.cost.source}, {held.cost.since}"
    return Level("capital", label, level_minor, because, source)


def _charged(basis: PricingBasis, charge: Charge, charged: Booked) -> Iterator[Level]:
    rates = basis.rates
    filing = f"rates {rates.version}, filing {rates.filing}"
    factor, span = float(charge.rate_factor), f"{float(rates.total.low):g}–{float(rates.total.high):g}"
    yield Level(
        "bounds",
        Words("备案因子取整与上下限", "Filed factor, rounded and bounded"),
        charged.filed_minor,
        Words(f"因子 {factor:.3f}，备案范围 {span}", f"factor {factor:.3f}, filed range {span}"),
        filing,
    )
    if charged.net_minor != charged.filed_minor:
        minimum = short_yuan(rates.minimum_net_minor)
        because = Words(f"最低保费 {minimum} 元", f"minimum premium {minimum} yuan")
        yield Level("minimum", Words("最低保费", "Minimum premium"), charged.net_minor, because, filing)
    vat = rates.numbers["vat"]
    because = Words(f"净保费的 {percent(vat.value)}", f"{percent(vat.value)} of the net premium")
    yield Level("vat", Words("增值税", "Value added tax"), charged.gross_minor, because, vat.source)
    if charged.subsidy:
        label, part = Words("保费补贴", "Premium subsidy"), charged.subsidy.insured_part_minor
        scheme = charged.subsidy.scheme
        yield Level("subsidy", label, part, Words(f"补贴 {scheme}", f"scheme {scheme}"), scheme)


def short_yuan(minor: int) -> str:
    """Whole yuan without fen, else with both digits."""
    whole, fen = divmod(minor, FEN_PER_YUAN)
    return f"{whole:,}.{fen:02}" if fen else f"{whole:,}"


def percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
