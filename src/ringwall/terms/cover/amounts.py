"""The amounts of an item before any money term: its factual loss, and what of it its bounds of time and sum admit."""

from __future__ import annotations

from ringwall.basics import elapsed_seconds, round_ratio
from ringwall.terms.cover.clauses import SECONDS_AN_HOUR
from ringwall.terms.definition import Bound, Counting
from ringwall.terms.expressions import facts_of
from ringwall.terms.facts import Facts, Interruption, Truth


def interruption_amounts(spell: Interruption, counting: Counting | None) -> tuple[int, int]:
    """The factual loss, and the loss of the hours that count."""
    seconds = elapsed_seconds(spell.start, spell.end)
    factual = _loss(spell, seconds)
    if counting is None:
        return factual, factual
    if counting.net_of_credits:
        factual = max(factual - spell.credits_minor, 0)
    if counting.fixed:
        return factual, next((amount for least, amount in reversed(counting.fixed) if seconds >= least), 0)
    if counting.longest_seconds is None or seconds <= counting.longest_seconds:
        return factual, factual
    loss = _loss(spell, counting.longest_seconds)
    return factual, max(loss - spell.credits_minor, 0) if counting.net_of_credits else loss


def _loss(spell: Interruption, seconds: int) -> int:
    """Exact hours × gross loss an hour × share lost, rounded once; money received from others is not yet taken off."""
    share = spell.share_lost
    return round_ratio(seconds * hourly_loss(spell) * share.numerator, SECONDS_AN_HOUR * share.denominator)


def hourly_loss(spell: Interruption) -> int:
    return max(spell.lost_revenue_minor_per_hour - spell.saved_cost_minor_per_hour, 0)


def bounded(bound: Bound, low: int, high: int, facts: Facts, applies: Truth) -> tuple[int, int, list[str]]:
    """The amount up to what a fact states, where the bound applies; with the facts that leave it open."""
    if applies is Truth.FALSE:
        return low, high, []
    ceiling = facts.get(bound.up_to)
    most = max(int(ceiling), 0) if isinstance(ceiling, int) else None
    lower = min(low, most) if most is not None else 0
    upper = min(high, most) if applies is Truth.TRUE and most is not None else high
    if lower == upper:
        return lower, upper, []
    return lower, upper, [name for name in (*facts_of(bound.when), bound.up_to) if name not in facts]
