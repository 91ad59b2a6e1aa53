"""What one policy does to a book: its own mean, and how far it moves mean, curves and tail of the whole."""

from __future__ import annotations

from dataclasses import dataclass

from ringwall.portfolio.measures.curve import Amounts, Measures, measure


@dataclass(frozen=True, slots=True)
class Impact:
    """The book without and with the policy."""

    before: Measures
    after: Measures

    @property
    def mean_minor(self) -> int:
        return self.after.aal_minor - self.before.aal_minor

    @property
    def tail_minor(self) -> int:
        """What the policy adds to the mean of the worst years."""
        return self.after.tvar99_minor - self.before.tvar99_minor


def impact(before: Measures, totals: Amounts, largest: Amounts) -> Impact:
    """`totals` and `largest` are those of the book with the policy in it."""
    return Impact(before, measure(totals, largest))
