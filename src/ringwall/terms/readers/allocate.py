"""What each loss item gets of the payment: in the order of a fact that the product names, or in proportion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ringwall.basics import Refusal, round_ratio
from ringwall.terms.cover import Judged
from ringwall.terms.facts import LossEvent
from ringwall.terms.graph import CompiledTerms
from ringwall.terms.readers.exact import Settling, by_part, open_settlement, total

FIRST = datetime.min.replace(tzinfo=UTC)


def allocate(
    terms: CompiledTerms, event: LossEvent, state: Mapping[str, int], *, void: frozenset[str] = frozenset()
) -> dict[str, int] | Refusal:
    """Item name to what is payable now for it; together they are the payment.

    In order: each item adds what the settlement of all items up to it pays more than that of those before, so that the
    first bear the deductibles and use the limits. In proportion: rounded on the running total of each part.
    """
    work = open_settlement(terms, event, state, void)
    if isinstance(work, Refusal):
        return work
    fact = terms.definition.settlement.items_in_order_of
    return _in_order(work, fact) if fact else _in_proportion(work)


def _in_order(work: Settling, fact: str) -> dict[str, int]:
    rows = sorted(work.judged, key=lambda row: _instant(row, fact))
    found, before = dict.fromkeys((row.item.name for row in work.judged), 0), 0
    for place, row in enumerate(rows, start=1):
        paid = work.paid(work.values(by_part(rows[:place]), work.worst))
        found[row.item.name] += paid - before
        before = paid
    return found


def _instant(row: Judged, fact: str) -> datetime:
    """An item that has no such instant stands before the others."""
    value = row.facts.get(fact)
    return value if isinstance(value, datetime) else FIRST


def _in_proportion(work: Settling) -> dict[str, int]:
    found: dict[str, int] = {}
    for part, mine in work.rows.items():
        node = work.terms.payable.get(part)
        found |= _shared(total(work.low, node) if node is not None else 0, mine.rows)
    return found


def _shared(paid: int, rows: Sequence[Judged]) -> dict[str, int]:
    whole, running, before = sum(row.within.low for row in rows), 0, 0
    found = {}
    for row in rows:
        running += row.within.low
        upto = round_ratio(paid * running, whole) if whole else 0
        found[row.item.name], before = upto - before, upto
    return found
