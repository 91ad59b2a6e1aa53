"""The nouns of a product version: its clauses, its numbers with their source, its worked examples, its filing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ringwall.basics import Words
from ringwall.terms import LossEvent, TermsDefinition, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """One coverage part: its code, its OED interchange code (empty where OED has none) and its names."""

    code: str
    oed: str
    name: Words
    statutory: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: number, heading and text in both languages, what it does, and where it stands."""

    number: str
    kind: str
    part: str
    heading: Words
    text: Words
    place: str
    takes_away: bool
    text_places: tuple[str, str] = ("", "")
    """Where the text stands, in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the contract with its unit, date and source; the schedule may choose it within its bounds.

    The unit `instant` counts seconds since 1970 UTC; the unit `code` numbers the named choices.
    """

    name: str
    words: Words
    unit: str
    value: int
    since: date
    source: str
    place: str
    low: int | None = None
    high: int | None = None
    choices: Mapping[int, Words] | None = None
    free: bool = False
    above: str = ""

    @property
    def open_to_choice(self) -> bool:
        return self.free or self.choices is not None or self.low is not None or self.high is not None


class FilingStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Filing:
    """The registration of the version; it may be quoted on days in [valid_from, valid_until)."""

    number: str
    status: FilingStatus
    filed_on: date
    valid_from: date
    valid_until: date

    def allows(self, day: date) -> bool:
        return self.status is FilingStatus.ACTIVE and self.valid_from <= day < self.valid_until


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an example promises; what it does not name it leaves open. Amounts are whole minor units."""

    totals: Mapping[str, tuple[int, int]]
    parts: Mapping[str, Mapping[str, tuple[int, int]]]
    verdicts: Mapping[str, Verdict]
    because: tuple[str, ...]
    state_after: Mapping[str, int]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: test of the product and promise to the customer."""

    name: Words
    place: str
    schedule: Mapping[str, int]
    state: Mapping[str, int]
    void: frozenset[str]
    event: LossEvent
    expect: Expectation


@dataclass(frozen=True, slots=True)
class Product:
    """One version of one product, whole: what is filed, sold, priced, simulated and settled."""

    code: str
    version: str
    title: Words
    currency: str
    parts: tuple[Part, ...]
    clauses: tuple[Clause, ...]
    parameters: Mapping[str, Parameter]
    definition: TermsDefinition
    examples: tuple[Example, ...]
    filing: Filing
    sha256: str

    def clause(self, number: str) -> Clause | None:
        return next((clause for clause in self.clauses if clause.number == number), None)

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)


def explanations(product: Product) -> tuple[Clause, ...]:
    """The clauses that work only if their explanation to the applicant was confirmed (Insurance Law 17)."""
    return tuple(clause for clause in product.clauses if clause.takes_away)
