"""Own experience as two CSV files: who was insured when, and what was lost; bad rows are refused, good ones go on.

`docs/samples/exposure.csv`: Policy, Region, Industry, Revenue (yuan a year), From, Until (ISO days, Until outside),
Relativity (what controls made of the frequency, 1 where nothing is known).
`docs/samples/claims.csv`: Claim, Policy, OccurredOn, Peril, Component (see `components.py`; empty: the claim only
counts), Loss (yuan from the ground up as far as known, or hours), Deductible (what hides smaller losses), Limit (empty:
none; a loss of at least deductible + limit is known to have reached it).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from ringwall.basics import Refusal, days_between, refuse
from ringwall.risk.fitting.components import COMPONENTS
from ringwall.risk.model import Peril, RiskModel, Territory
from ringwall.risk.profile import territory_of

T = TypeVar("T")
DAYS_A_YEAR = 365
EXPOSURE_COLUMNS = ("Policy", "Region", "Industry", "Revenue", "From", "Until", "Relativity")
CLAIM_COLUMNS = ("Claim", "Policy", "OccurredOn", "Peril", "Component", "Loss", "Deductible", "Limit")


@dataclass(frozen=True, slots=True)
class Exposed:
    """A policy while it was in force."""

    policy: str
    territory: Territory
    industry: str
    revenue: float
    first_day: date
    last_day: date
    relativity: float

    def years_in(self, year: int) -> float:
        """How much of a calendar year it was in force, in years of 365 days."""
        begins, ends = max(self.first_day, date(year, 1, 1)), min(self.last_day, date(year + 1, 1, 1))
        return max(days_between(begins, ends), 0) / DAYS_A_YEAR

    @property
    def years(self) -> float:
        return days_between(self.first_day, self.last_day) / DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class Lost:
    """One component of a claim; without a component the row only counts the claim."""

    claim: str
    policy: str
    on: date
    peril: Peril
    component: str
    loss: float
    deductible: float
    limit: float | None

    @property
    def cut(self) -> bool:
        return self.limit is not None and self.loss >= self.deductible + self.limit


@dataclass(frozen=True, slots=True)
class BookExperience:
    """What was insured and what was lost, with the rows that could not be used."""

    exposed: tuple[Exposed, ...]
    lost: tuple[Lost, ...]
    refusals: tuple[Refusal, ...]

    @property
    def years(self) -> range:
        return range(min(e.first_day.year for e in self.exposed), max(e.last_day.year for e in self.exposed) + 1)

    def within(self, territory: Territory) -> BookExperience:
        exposed = tuple(e for e in self.exposed if e.territory is territory)
        policies = {e.policy for e in exposed}
        return BookExperience(exposed, tuple(row for row in self.lost if row.policy in policies), ())

    def claims(self) -> Mapping[str, Lost]:
        """Each claim once."""
        return {row.claim: row for row in reversed(self.lost)}


def data_digest(experience: BookExperience) -> str:
    """One name for the rows that a fit rests on, in whatever order they came."""
    given: tuple[Exposed | Lost, ...] = (*experience.exposed, *experience.lost)
    rows = ("\x1f".join(str(getattr(row, field.name)) for field in fields(row)) for row in given)
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def read_experience(model: RiskModel, exposure: str, claims: str) -> BookExperience:
    """Both files; a claim outside its policy's term, below its deductible or of no policy is refused."""
    refusals: list[Refusal] = []
    exposed = {e.policy: e for e in _rows(exposure, "exposure.csv", EXPOSURE_COLUMNS, _exposed(model), refusals)}
    lost = tuple(_rows(claims, "claims.csv", CLAIM_COLUMNS, _lost(exposed), refusals))
    if not exposed and not refusals:
        refusals.append(_refuse("exposure.csv", "没有一行保单", "there is no policy"))
    return BookExperience(tuple(exposed.values()), lost, tuple(refusals))


def _refuse(where: str, zh: str, en: str) -> Refusal:
    return refuse(
        "experience_row", where, zh=f"{where}：{zh}；请更正后重试。", en=f"{where}: {en}; correct it and try again."
    )


def _rows(
    text: str,
    name: str,
    columns: tuple[str, ...],
    read: Callable[[Mapping[str, str]], T],
    refusals: list[Refusal],
) -> Iterator[T]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        refusals.append(_refuse(name, f"缺少列 {'、'.join(missing)}", f"columns are missing: {', '.join(missing)}"))
        return
    for row in reader:
        try:
            yield read({column: (row[column] or "").strip() for column in columns})
        except (ValueError, KeyError) as error:
            said = str(error.args[0]) if error.args else "?"
            refusals.append(
                _refuse(f"{name}:{reader.line_num}", f"读不懂或相互矛盾（{said}）", f"unreadable or at odds ({said})")
            )


def _exposed(model: RiskModel) -> Callable[[Mapping[str, str]], Exposed]:
    def read(row: Mapping[str, str]) -> Exposed:
        found = Exposed(
            _named(row, "Policy"),
            territory_of(_named(row, "Region")),
            row["Industry"],
            _above_nil(row, "Revenue"),
            date.fromisoformat(row["From"]),
            date.fromisoformat(row["Until"]),
            float(row["Relativity"] or 1),
        )
        if found.industry not in model.industries:
            raise ValueError(f"Industry {found.industry}")
        if found.last_day <= found.first_day or found.relativity <= 0:
            raise ValueError(f"Until {found.last_day}, Relativity {found.relativity}")
        return found

    return read


def _lost(exposed: Mapping[str, Exposed]) -> Callable[[Mapping[str, str]], Lost]:
    def read(row: Mapping[str, str]) -> Lost:
        found = Lost(
            _named(row, "Claim"),
            _named(row, "Policy"),
            date.fromisoformat(row["OccurredOn"]),
            Peril(row["Peril"]),
            row["Component"],
            _above_nil(row, "Loss") if row["Component"] else 0.0,
            float(row["Deductible"] or 0),
            _above_nil(row, "Limit") if row["Limit"] else None,
        )
        policy = exposed[found.policy]
        if not policy.first_day <= found.on < policy.last_day:
            raise ValueError(f"OccurredOn {found.on}")
        if found.component and COMPONENTS[found.component].peril is not found.peril:
            raise ValueError(f"Component {found.component}, Peril {found.peril}")
        if found.component and found.loss <= found.deductible:
            raise ValueError(f"Loss {found.loss:g} ≤ Deductible {found.deductible:g}")
        return found

    return read


def _named(row: Mapping[str, str], column: str) -> str:
    if not row[column]:
        raise ValueError(f"{column} = ∅")
    return row[column]


def _above_nil(row: Mapping[str, str], column: str) -> float:
    value = float(row[column])
    if not 0 < value < float("inf"):
        raise ValueError(f"{column} {row[column]}")
    return value
