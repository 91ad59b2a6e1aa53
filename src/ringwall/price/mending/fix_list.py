"""The fix list: what the premium would be without each weakness that can be mended; the same code, run again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ringwall.basics import Refusal, Words
from ringwall.evidence import ControlStanding, Finding, Standing
from ringwall.price.basis import PricingBasis
from ringwall.price.premium import charged
from ringwall.price.technical import charge_for
from ringwall.risk import RiskModel, Signal, SignalKind, relief_steps


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to mend. Premiums are gross, for a year; None where the factor is above the filed range.

    `effect_minor` is negative where it saves; `subjects` are the uids of the findings that it closes.
    """

    code: str
    kind: SignalKind
    label: Words
    was: str
    next_step: Words
    subjects: tuple[str, ...]
    premium_before_minor: int | None
    premium_after_minor: int | None
    factor_before: Fraction
    factor_after: Fraction

    @property
    def effect_minor(self) -> int | None:
        if self.premium_before_minor is None or self.premium_after_minor is None:
            return None
        return self.premium_after_minor - self.premium_before_minor


@dataclass(frozen=True, slots=True)
class Mended:
    """The evidence after some fixes, with what it costs; no premium where the factor is above the filed range."""

    standings: tuple[ControlStanding, ...]
    findings: tuple[Finding, ...]
    gross_minor: int | None
    factor: Fraction


def fixes(basis: PricingBasis, standings: Sequence[ControlStanding], findings: Sequence[Finding]) -> tuple[Fix, ...]:
    """Every open priced finding (all places of one kind together) and every judged control not held, best first.

    A control that an open finding breaks is mended by closing the finding, so it has no line of its own.
    """
    before = mend(basis, standings, findings, ())
    shown = {finding.factor for finding in findings if finding.may_price}
    open_signals = [s for s in basis.model.signals.values() if s.code in shown and s.kind is SignalKind.FINDING]
    found = [_closing(basis, signal, before) for signal in open_signals]
    through_findings = {signal.breaks for signal in open_signals}
    for standing in standings:
        control = basis.model.signals.get(standing.control)
        if control and standing.standing is not Standing.HELD and control.code not in through_findings:
            step = _control_step(control, standing.standing)
            found.append(_fix(basis, control, standing.standing.value, (), step, before))
    return tuple(sorted(found, key=lambda fix: (fix.factor_after, fix.code)))


def _closing(basis: PricingBasis, signal: Signal, before: Mended) -> Fix:
    """Close all places of one kind."""
    closed = [finding for finding in before.findings if _shows(signal, finding)]
    subjects = tuple(sorted(finding.uid for finding in closed))
    return _fix(basis, signal, "open", subjects, closed[0].advice, before)


def mend(
    basis: PricingBasis,
    standings: Sequence[ControlStanding],
    findings: Sequence[Finding],
    codes: Collection[str],
) -> Mended:
    """With these signals mended: their findings closed, their controls held.

    A control that a closed finding broke is held again when nothing else breaks it; one that nobody judged stays out.
    """
    now, rest = (tuple(standings), tuple(findings)) if not codes else _after(basis.model, standings, findings, codes)
    charge = charge_for(basis, relief_steps(basis.model, now, rest))
    due = charged(basis.rates, charge)
    if isinstance(due, Refusal):
        return Mended(now, rest, None, charge.rate_factor)
    return Mended(now, rest, due.gross_minor, due.factor)


def _after(
    model: RiskModel, standings: Sequence[ControlStanding], findings: Sequence[Finding], codes: Collection[str]
) -> tuple[tuple[ControlStanding, ...], tuple[Finding, ...]]:
    signals = [model.signals[code] for code in codes]
    rest = tuple(finding for finding in findings if not (finding.may_price and finding.factor in codes))
    priced = (model.signals.get(finding.factor) for finding in rest if finding.may_price)
    still_broken = {signal.breaks for signal in priced if signal}
    held = {s.code if s.kind is SignalKind.CONTROL else s.breaks for s in signals} - still_broken
    return tuple(replace(s, standing=Standing.HELD) if s.control in held else s for s in standings), rest


def all_fixed(
    basis: PricingBasis, standings: Sequence[ControlStanding], findings: Sequence[Finding]
) -> tuple[int | None, Fraction]:
    """Gross premium and factor with every weakness of the fix list mended."""
    every = [replace(standing, standing=Standing.HELD) for standing in standings]
    mended = mend(basis, every, [finding for finding in findings if not finding.may_price], ())
    return mended.gross_minor, mended.factor


def _shows(signal: Signal, finding: Finding) -> bool:
    return signal.kind is SignalKind.FINDING and finding.may_price and finding.factor == signal.code


def _control_step(signal: Signal, was: Standing) -> Words:
    zh, en = signal.label.zh, signal.label.en
    if was is Standing.UNKNOWN:
        return Words(f"提交「{zh}」的证明材料，核实后计入", f"hand in evidence for “{en}”; it counts once verified")
    return Words(f"落实「{zh}」并接受复测", f"put “{en}” in place and have it tested again")


def _fix(
    basis: PricingBasis, signal: Signal, was: str, subjects: tuple[str, ...], next_step: Words, before: Mended
) -> Fix:
    after = mend(basis, before.standings, before.findings, (signal.code,))
    return Fix(
        signal.code,
        signal.kind,
        signal.label,
        was,
        next_step,
        subjects,
        before.gross_minor,
        after.gross_minor,
        before.factor,
        after.factor,
    )
