"""The fix list: what the premium would be without each weakness that can be mended; the same code, run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ringwall.basics import Refusal, Words
from ringwall.evidence import ControlStanding, Finding, Standing
from ringwall.price.basis import PricingBasis
from ringwall.price.premium import charged
from ringwall.price.technical import charge_for
from ringwall.risk import Signal, SignalKind, relief_steps


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


def fixes(basis: PricingBasis, standings: Sequence[ControlStanding], findings: Sequence[Finding]) -> tuple[Fix, ...]:
    """Every open priced finding (all places of one kind together) and every judged control not held, best first.

    A control that an open finding breaks is mended by closing the finding, so it has no line of its own.
    """
    before = _gross(basis, standings, findings)
    open_signals = [s for s in basis.model.signals.values() if any(_shows(s, finding) for finding in findings)]
    found = [_closing(basis, signal, standings, findings, before) for signal in open_signals]
    through_findings = {signal.breaks for signal in open_signals}
    for standing in standings:
        control = basis.model.signals.get(standing.control)
        if control and standing.standing is not Standing.HELD and control.code not in through_findings:
            after = _gross(basis, _held(control.code, standings), findings)
            step = _control_step(control, standing.standing)
            found.append(_fix(control, standing.standing.value, (), step, before, after))
    return tuple(sorted(found, key=lambda fix: (fix.factor_after, fix.code)))


def _closing(
    basis: PricingBasis,
    signal: Signal,
    standings: Sequence[ControlStanding],
    findings: Sequence[Finding],
    before: tuple[int | None, Fraction],
) -> Fix:
    """Close all places of one kind; the control that they broke is held again when nothing else breaks it."""
    closed = [finding for finding in findings if _shows(signal, finding)]
    rest = [finding for finding in findings if finding not in closed]
    others = (s for s in basis.model.signals.values() if s.breaks == signal.breaks)
    still_broken = any(_shows(other, finding) for other in others for finding in rest)
    mended = standings if still_broken or not signal.breaks else _held(signal.breaks, standings)
    subjects = tuple(sorted(finding.uid for finding in closed))
    return _fix(signal, "open", subjects, closed[0].advice, before, _gross(basis, mended, rest))


def all_fixed(
    basis: PricingBasis, standings: Sequence[ControlStanding], findings: Sequence[Finding]
) -> tuple[int | None, Fraction]:
    """Gross premium and factor with every weakness of the fix list mended."""
    mended = [replace(standing, standing=Standing.HELD) for standing in standings]
    return _gross(basis, mended, [finding for finding in findings if not finding.may_price])


def _gross(
    basis: PricingBasis, standings: Sequence[ControlStanding], findings: Sequence[Finding]
) -> tuple[int | None, Fraction]:
    charge = charge_for(basis, relief_steps(basis.model, standings, findings))
    due = charged(basis.rates, charge)
    return (None, charge.rate_factor) if isinstance(due, Refusal) else (due.gross_minor, due.factor)


def _shows(signal: Signal, finding: Finding) -> bool:
    return signal.kind is SignalKind.FINDING and finding.may_price and finding.factor == signal.code


def _held(control: str, standings: Sequence[ControlStanding]) -> list[ControlStanding]:
    """The same standings with one control held; a control that nobody judged stays out."""
    return [replace(s, standing=Standing.HELD) if s.control == control else s for s in standings]


def _control_step(signal: Signal, was: Standing) -> Words:
    zh, en = signal.label.zh, signal.label.en
    if was is Standing.UNKNOWN:
        return Words(f"提交「{zh}」的证明材料，核实后计入", f"hand in evidence for “{en}”; it counts once verified")
    return Words(f"落实「{zh}」并接受复测", f"put “{en}” in place and have it tested again")


def _fix(
    signal: Signal,
    was: str,
    subjects: tuple[str, ...],
    next_step: Words,
    before: tuple[int | None, Fraction],
    after: tuple[int | None, Fraction],
) -> Fix:
    return Fix(
        signal.code,
        signal.kind,
        signal.label,
        was,
        next_step,
        subjects,
        before[0],
        after[0],
        before[1],
        after[1],
    )
