"""The cheapest set of fixes that reaches a premium or an acceptance, found exactly by branch and bound.

Effects do not add up (a group of signals counts once, factors are bounded), so that every set is priced by the same
code as a quote. Mending more never costs more premium, which is what the bound rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ringwall.basics import Refusal, refuse, yuan
from ringwall.evidence import ControlStanding, Finding
from ringwall.price.basis import PricingBasis
from ringwall.price.mending.fix_list import Fix, Mended, fixes, mend

Reached = Callable[[Mended], bool]
Evidence = tuple[Sequence[ControlStanding], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class FixPlan:
    """What to mend; `cost` is the sum of the costs given, or the number of fixes where none were."""

    fixes: tuple[Fix, ...]
    cost: int
    before: Mended
    after: Mended

    @property
    def effect_minor(self) -> int | None:
        if self.before.gross_minor is None or self.after.gross_minor is None:
            return None
        return self.after.gross_minor - self.before.gross_minor


def cheapest_fixes(
    basis: PricingBasis,
    standings: Sequence[ControlStanding],
    findings: Sequence[Finding],
    *,
    target_minor: int | None = None,
    accepts: Reached | None = None,
    costs: Mapping[str, int] | None = None,
) -> FixPlan | Refusal:
    """The set of least cost, then of fewest fixes, then of least premium, with which the premium reaches the target.

    Without a target any premium inside the filed range will do; `accepts` may ask for more, such as an authority, if
    what it accepts stays accepted when more is mended. A fix that no cost is given for costs one.
    """

    def reached(mended: Mended) -> bool:
        priced = mended.gross_minor is not None and (target_minor is None or mended.gross_minor <= target_minor)
        return priced and (accepts is None or accepts(mended))

    listed = fixes(basis, standings, findings)
    search = _Search(basis, (standings, findings), listed, costs or {}, reached)
    if not reached(search.price(tuple(fix.code for fix in listed))):
        return _out_of_reach(search, target_minor)
    codes = search.best()
    chosen = tuple(fix for fix in listed if fix.code in codes)
    cost = sum(search.costs[code] for code in codes)
    return FixPlan(chosen, cost, search.price(()), search.price(codes))


class _Search:
    """Branch and bound: take the next fix or leave it; give up where the rest cannot reach or costs too much."""

    def __init__(
        self,
        basis: PricingBasis,
        evidence: Evidence,
        listed: Sequence[Fix],
        costs: Mapping[str, int],
        reached: Reached,
    ) -> None:
        self.basis, self.evidence, self.reached = basis, evidence, reached
        self.costs = {fix.code: costs.get(fix.code, 1) for fix in listed}
        assert all(cost >= 0 for cost in self.costs.values()), "a fix costs nothing or something"
        effect = {fix.code: fix.factor_before - fix.factor_after for fix in listed}
        self.order = sorted(self.costs, key=lambda code: (-effect[code] / (self.costs[code] or 1), code))
        self.known: dict[frozenset[str], Mended] = {}
        self.found: tuple[int, int, int, tuple[str, ...]] | None = None

    def best(self) -> tuple[str, ...]:
        self.branch((), 0, 0)
        assert self.found is not None, "all fixes together reach it"
        return self.found[3]

    def price(self, codes: tuple[str, ...]) -> Mended:
        key = frozenset(codes)
        if key not in self.known:
            self.known[key] = mend(self.basis, *self.evidence, key)
        return self.known[key]

    def branch(self, taken: tuple[str, ...], place: int, cost: int) -> None:
        if self.found and (cost, len(taken)) > self.found[:2]:
            return
        here = self.price(taken)
        if self.reached(here):
            assert here.gross_minor is not None, "what is reached has a premium"
            rank = (cost, len(taken), here.gross_minor, tuple(sorted(taken)))
            self.found = min(self.found, rank) if self.found else rank
            return
        rest = self.order[place:]
        if not rest or not self.reached(self.price((*taken, *rest))):
            return
        self.branch((*taken, rest[0]), place + 1, cost + self.costs[rest[0]])
        self.branch(taken, place + 1, cost)


def _out_of_reach(search: _Search, target_minor: int | None) -> Refusal:
    """Everything mended is not enough: say how far it goes."""
    every = search.price(tuple(search.order))
    premium = "–" if every.gross_minor is None else yuan(every.gross_minor)
    target = "–" if target_minor is None else yuan(target_minor)
    number = f"{search.basis.rates.product} {search.basis.rates.version}"
    return refuse(
        "target_out_of_reach",
        number,
        zh=f"目标保费 {target} 元；清单全部整改后为 {premium} 元（因子 {float(every.factor):.3f}），达不到；"
        "请提高目标，或改变限额与免赔额。",
        en=f"The target is CNY {target}; with the whole list mended it is CNY {premium} (factor "
        f"{float(every.factor):.3f}), which does not reach it; raise the target, or change limits and retentions.",
    )
