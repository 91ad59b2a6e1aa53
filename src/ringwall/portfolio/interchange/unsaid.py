"""What a format of others cannot say of a policy or a treaty, and whether a field of our own holds it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ringwall.basics import Words

DIGITS = 12
"""Decimals of a share that has no end."""
LONGEST_OWN_FIELD = 40
"""Characters of an OED field of the user's own (`FlexiAcc…`, `FlexiPol…`)."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """`subject` is the thing of ours, `carried` the field of our own that holds it; empty: the files do not have it."""

    number: str
    """Of the policy, or the code of the treaty."""
    subject: str
    value: str
    carried: str
    reason: Words


def decimal_of(share: Fraction) -> tuple[str, bool]:
    """A share in decimals, and whether it is exactly that share."""
    scaled = share * 10**DIGITS
    whole = round(scaled)
    return format(Decimal(whole).scaleb(-DIGITS).normalize() + 0, "f"), scaled == whole


def amount_of(minor: int, decimals: int) -> str:
    """Whole minor units in units of the currency."""
    return format(Decimal(minor).scaleb(-decimals), "f")
