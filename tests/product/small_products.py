"""Small products for single words of the product language: terms and worked examples as text, the rest made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

SMALL = Path(__file__).parent / "small"
HEAD = """code: {code}
version: 2026-01
title: {{zh: 小型产品, en: small product}}
currency: CNY
maximum_minor: {{value: 100000000000, unit: minor, date: 2026-01-01, source: none}}
parts: [{parts}]
filing: {{number: none, status: draft, filed_on: 2026-01-01, valid_from: 2026-01-01, valid_until: 2027-01-01}}
"""
NUMBER = (
    "{name}: {{description: {{zh: 数 {name}, en: number {name}}}, unit: {unit}, "
    'value: "{value}", {free}date: 2026-01-01, source: none}}\n'
)


def names() -> list[str]:
    return sorted(path.stem for path in SMALL.glob("*.yaml"))


def files_of(name: str) -> dict[str, str]:
    """The folder of a small product: its own `terms.yaml` and examples, with heads, wording and numbers around them."""
    told: dict[str, Any] = yaml.load((SMALL / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    terms = yaml.load(told["terms.yaml"], Loader=yaml.BaseLoader)
    numbers = [clause["number"] for clause in terms["clauses"]]
    parts = (f"{{code: {code}, oed: '', zh: 责任项 {code}, en: part {code}}}" for code in told["parts"])
    return {
        "product.yaml": HEAD.format(code=name, parts=", ".join(parts)),
        "terms.yaml": told["terms.yaml"],
        "wording.zh.md": "".join(f"### {number} 条款\n第 {number} 条。\n\n" for number in numbers),
        "wording.en.md": "".join(f"### {number} Clause\nThis is clause {number}.\n\n" for number in numbers),
        "parameters/all.yaml": "".join(number_line(key, value) for key, value in told["numbers"].items()),
        "examples/all.yaml": told["examples.yaml"],
    }


def number_line(name: str, said: str) -> str:
    """`minor 2000000` fixes a number, `minor 2000000 free` leaves it to the schedule."""
    unit, value, *free = said.split()
    return NUMBER.format(name=name, unit=unit, value=value, free="free: yes, " if free else "")
