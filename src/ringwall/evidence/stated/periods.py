"""The periods of the dossier as data: how long an insurer has to answer a dispute, and when a deadline is near."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from ringwall.basics import Refusal, read_yaml, refuse


@dataclass(frozen=True, slots=True)
class Periods:
    """In calendar days."""

    dispute_days: int
    near_days: int


def parse_periods(text: str, where: str) -> Periods | Refusal:
    """The periods of `periods.yaml`, or what is wrong with the file."""
    try:
        rows = read_yaml(text)["periods"]
        return Periods(_days(rows["dispute"]), _days(rows["near"]))
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as fault:
        return refuse(
            "periods_faulty",
            where,
            zh=f"期限表有误（{fault}）；每项须为不少于一日的整日数，并注明单位、日期与来源。",
            en=f"The table of periods is faulty ({fault}); each is a whole number of days, one at least, with unit, "
            "date and source.",
        )


def _days(row: Mapping[str, str]) -> int:
    days = int(row["value"])
    if row["unit"] != "day" or days < 1 or not row["date"] or not row["source"]:
        raise ValueError(f"{days} {row['unit']}")
    return days
