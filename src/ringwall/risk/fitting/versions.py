"""A new version of a model as texts: refitted numbers stand in it with a source of their own, nothing is edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from ringwall.basics import Refusal, read_yaml, refuse
from ringwall.risk.fitting.refit import Refit
from ringwall.risk.model import Grade, Parameter, RiskModel, Territory
from ringwall.risk.parse import FILES, TABLES

TRUSTED = 0.5
"""From this credibility on own data weigh more than what stood there, and the number carries grade A."""
DIGITS = 6


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What the new version is called and on what it rests."""

    version: str
    on: date
    experience: str


def write_version(texts: Mapping[str, str], refits: tuple[Refit, ...], new: NewVersion) -> Mapping[str, str] | Refusal:
    """All files of the model under a new version; those without a refitted number stay letter by letter."""
    before = read_yaml(texts["model.yaml"])["version"]
    if new.version == before:
        return refuse(
            "version_taken",
            new.version,
            zh=f"新版本号与原版本 {before} 相同；模型版本不就地修改，请另取版本号。",
            en=f"The new version has the number of the old one, {before}; a version is never edited, take another.",
        )
    written = {name: texts[name] for name in FILES}
    for name in TABLES:
        tree = read_yaml(texts[name])
        rows = tree.get("parameters", {})
        mine = [each for each in refits if each.name in rows]
        if name == "model.yaml":
            tree |= {"version": new.version, "published": new.on.isoformat()}
        for each in mine:
            _put(rows[each.name], each, new)
        if mine or name == "model.yaml":
            written[name] = _comments(texts[name]) + dumped(tree)
    return written


def _put(cells: dict[str, Any], each: Refit, new: NewVersion) -> None:
    """A number that held everywhere is divided, so that only the territory of the experience moves."""
    if "any" in cells:
        shared = cells.pop("any")
        cells |= {str(territory): dict(shared) for territory in (Territory.WEST, Territory.CHINA)}
    cell = cells[each.territory]
    trusted = each.credibility >= TRUSTED
    cells[each.territory] = {
        **cell,
        "value": f"{each.after:.{DIGITS}g}",
        "date": new.on.isoformat(),
        "population": "own policies" if trusted else f"{cell['population']}, and own policies",
        "grade": str(Grade.A if trusted else each.grade),
        "source": f"fitted to {new.experience}: {each.events} events say {each.estimate:.4g}, credibility "
        f"{each.credibility:.2f}, before {each.before:.4g} ({cell['source']})",
    }


class _Plain(yaml.SafeDumper):
    """Every scalar is a text in the catalogue's files, so none needs quotes to stay one."""


_Plain.yaml_implicit_resolvers = {}


def dumped(tree: Any) -> str:
    """YAML in the catalogue's form: rows in one line, nothing sorted."""
    return str(
        yaml.dump(tree, Dumper=_Plain, allow_unicode=True, sort_keys=False, default_flow_style=None, width=10**6)
    )


def _comments(text: str) -> str:
    """The comments at the head of a file."""
    lines = []
    for each in text.splitlines(keepends=True):
        if not each.startswith("#"):
            break
        lines.append(each)
    return "".join(lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that two versions do not share; None where one of them does not have it."""

    name: str
    territory: Territory
    before: Parameter | None
    after: Parameter | None

    @property
    def ratio(self) -> float | None:
        if self.before is None or self.after is None or not self.before.value:
            return None
        return self.after.value / self.before.value


def differences(before: RiskModel, after: RiskModel) -> tuple[Difference, ...]:
    """Every number, by territory, whose value, grade or source differs between two versions."""
    found = []
    for territory in Territory:
        old, new = (
            {p.name: p for p in model.parameters if p.territory in (None, territory)} for model in (before, after)
        )
        for name in dict.fromkeys([*old, *new]):
            one, other = old.get(name), new.get(name)
            if _content(one) != _content(other):
                found.append(Difference(name, territory, one, other))
    return tuple(found)


def _content(parameter: Parameter | None) -> tuple[object, ...] | None:
    return (parameter.value, parameter.unit, parameter.grade, parameter.source) if parameter else None
