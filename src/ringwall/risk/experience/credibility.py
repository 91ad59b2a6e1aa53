"""Own experience beside the tariff: claims counted over years, believed as far as their number carries (Poisson-gamma).

A risk's true frequency is the tariff's times an unknown factor, gamma with mean one and shape k. After E expected and n
counted claims its mean is (k + n) / (k + E), which is Bühlmann's 1 − Z + Z n / E with Z = E / (E + k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ringwall.basics import Refusal, refuse


@dataclass(frozen=True, slots=True)
class ExperienceYear:
    """Claims of one insured in one year, and the share of that year in which they would have been counted."""

    year: int
    claims: int
    exposed: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Experience:
    """What an insured has had; `source` says who counted."""

    years: tuple[ExperienceYear, ...]
    source: str

    @property
    def claims(self) -> int:
        return sum(year.claims for year in self.years)

    @property
    def exposed(self) -> Fraction:
        return sum((year.exposed for year in self.years), Fraction(0))


@dataclass(frozen=True, slots=True)
class Credibility:
    """How far the experience counts; `factor` multiplies the frequency of the insured's own events."""

    experience: Experience
    expected: float
    k: float

    @property
    def weight(self) -> float:
        """Z: the share that the own experience has in the estimate."""
        return self.expected / (self.expected + self.k)

    @property
    def factor(self) -> float:
        return (self.k + self.experience.claims) / (self.k + self.expected)


def credibility(experience: Experience, expected_a_year: float, k: float) -> Credibility | Refusal:
    """`expected_a_year` is the tariff's frequency; `k` the expected claims at which both weigh alike."""
    assert expected_a_year >= 0, "a frequency is not negative"
    assert k > 0, "without k the experience would be all"
    if odd := _implausible(experience.years):
        return odd
    return Credibility(experience, expected_a_year * float(experience.exposed), k)


def _implausible(years: Sequence[ExperienceYear]) -> Refusal | None:
    seen = set[int]()
    for row in years:
        if row.claims < 0 or not 0 < row.exposed <= 1 or row.year in seen:
            return refuse(
                "experience_implausible",
                str(row.year),
                zh=f"{row.year} 年：出险 {row.claims} 次、观察期 {row.exposed} 年；次数须不为负、观察期在 0 与 1 之间、"
                "每年只填一行；请更正损失记录。",
                en=f"{row.year}: {row.claims} claims in {row.exposed} of a year; a count is not negative, an exposure "
                "lies between 0 and 1 and a year stands once; correct the loss record.",
            )
        seen.add(row.year)
    return None
