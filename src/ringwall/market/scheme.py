"""The statistics scheme as data: privacy floor, size bands, headings in both languages, the regulator's codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse


@dataclass(frozen=True, slots=True)
class SizeBand:
    """Firms with at least so many employees, up to the next band."""

    code: str
    words: Words
    from_employees: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a published table with its meaning, date and source."""

    code: str
    words: Words
    since: date
    source: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """How statistics are cut and shown. `floor` counts policies; bands stand from small to large."""

    floor: int
    size_bands: tuple[SizeBand, ...]
    dimensions: Mapping[str, Words]
    figures: Mapping[str, Words]
    columns: Mapping[str, Words]
    product_classes: Mapping[str, Code]
    class_of_product: Mapping[str, str]
    subjects: Mapping[str, Code]

    def size_band(self, employees: int) -> str:
        reached = [band for band in self.size_bands if employees >= band.from_employees]
        return reached[-1].code


def read_scheme(text: str, where: str = "statistics.yaml") -> Scheme | Refusal:
    """The scheme from its YAML text; a scheme with a gap is refused whole."""
    try:
        return _scheme(read_yaml(text))
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        detail = str(error).replace("\n", " ")
        return refuse(
            "scheme_unreadable",
            where,
            zh=f"统计方案无法读取：{detail}；请补齐该项的取值、单位、日期与来源。",
            en=f"The statistics scheme cannot be read: {detail}; give that entry value, unit, date and source.",
        )


def _scheme(data: Any) -> Scheme:
    floor = _number(data["privacy_floor"], "value", "policies")
    if floor < 2:
        raise ValueError(f"privacy_floor {floor} < 2")
    bands = [SizeBand(code, _words(e), _number(e, "from", "employees")) for code, e in data["size_bands"].items()]
    starts = [band.from_employees for band in bands]
    if starts[0] != 0 or starts != sorted(set(starts)):
        raise ValueError(f"size_bands {starts}")
    table = data["regulator_table"]
    classes = _codes(table["product_classes"])
    of_product = dict(table["class_of_product"])
    if unknown := set(of_product.values()) - set(classes):
        raise ValueError(f"class_of_product {sorted(unknown)}")
    return Scheme(
        floor,
        tuple(bands),
        _headings(data["dimensions"]),
        _headings(data["figures"]),
        _headings(table["columns"]),
        classes,
        of_product,
        _codes(table["subjects"]),
    )


def _number(entry: Mapping[str, str], key: str, unit: str) -> int:
    """A number with its unit, date and source, all of which must stand there."""
    if entry["unit"] != unit or not entry["source"]:
        raise ValueError(f"unit {entry['unit']}, source {entry['source']}")
    date.fromisoformat(entry["date"])
    return int(entry[key])


def _words(entry: Mapping[str, str]) -> Words:
    return Words(entry["zh"], entry["en"])


def _headings(entries: Mapping[str, Mapping[str, str]]) -> dict[str, Words]:
    return {name: _words(entry) for name, entry in entries.items()}


def _codes(entries: Mapping[str, Mapping[str, str]]) -> dict[str, Code]:
    return {
        code: Code(code, _words(entry), date.fromisoformat(entry["date"]), entry["source"])
        for code, entry in entries.items()
    }
