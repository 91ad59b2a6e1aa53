"""A loss given back to what made it: by policy, part, cause, vendor or insurer; every way sums to it exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from ringwall.basics import split_weights
from ringwall.portfolio.measures.curve import Amounts


def allocate_tail(tail_sums: Mapping[str, int], tvar_minor: int) -> dict[str, int]:
    """The tail's mean given back by what each lost in the tail years; the parts sum exactly."""
    ordered = dict(sorted(tail_sums.items()))
    if not ordered:
        assert tvar_minor == 0, "a book without policies has no tail"
        return {}
    return split_weights(tvar_minor, ordered)


def sums_by(keys: Amounts, amounts: Amounts, names: tuple[str, ...]) -> dict[str, int]:
    """Exact sums by name; `keys` are places in `names`."""
    sums = np.zeros(len(names), np.int64)
    np.add.at(sums, keys, amounts)
    return dict(zip(names, sums.tolist(), strict=True))


def by_insurer(by_policy: Mapping[str, int], panels: Mapping[str, Mapping[str, Fraction]]) -> dict[str, int]:
    """Each policy's sum split over its panel on running totals; without a panel it stays under an empty name."""
    found: dict[str, int] = {}
    for policy, total in sorted(by_policy.items()):
        for insurer, part in split_weights(total, weights_of(panels.get(policy, {"": Fraction(1)}))).items():
            found[insurer] = found.get(insurer, 0) + part
    return found


def weights_of(panel: Mapping[str, Fraction]) -> dict[str, int]:
    """Shares as whole numbers over their common denominator."""
    below = math.lcm(*(share.denominator for share in panel.values()))
    return {insurer: int(share * below) for insurer, share in panel.items()}
