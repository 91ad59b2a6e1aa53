"""The rules of judgement as data: which observation is a weakness, and what holds or breaks a control."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, TypeVar

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.evidence.finding import MatchBasis, Severity
from ringwall.exposure import AssetKind

Version = tuple[int, ...]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Check:
    """One weakness that a probe can see: `says` maps the probe's words to a severity; `ports` empty means any port."""

    id: str
    probe: str
    says: Mapping[str, Severity]
    ports: tuple[int, ...]
    basis: MatchBasis
    title: Words
    advice: Words
    perils: tuple[str, ...]
    factor: str
    cwe: str
    source: str


@dataclass(frozen=True, slots=True)
class VersionMatch:
    """A vulnerability that a service's own version suggests; `affected` lists half-open ranges [first, below)."""

    cve: str
    product: str
    affected: tuple[tuple[Version, Version], ...]
    severity: Severity
    title: Words
    advice: Words
    perils: tuple[str, ...]
    cwe: str
    source: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """Versions [first, below) that their maker stopped repairing on a day."""

    first: Version
    below: Version
    ended: date
    source: str


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version that a distribution repairs until a day under its old name, whatever its maker does."""

    version: Version
    until: date
    source: str


@dataclass(frozen=True, slots=True)
class EndOfLife:
    """When the versions of one product stopped to be repaired; `product` is the word a service uses of itself."""

    id: str
    product: str
    cycles: tuple[Cycle, ...]
    kept: tuple[KeptVersion, ...]
    title: Words
    advice: Words
    perils: tuple[str, ...]

    def ended(self, version: Version, on: date) -> bool:
        """Whether nobody is known to repair the version any more on that day."""
        if any(version == kept.version and on <= kept.until for kept in self.kept):
            return False
        return any(cycle.first <= version < cycle.below and cycle.ended < on for cycle in self.cycles)


@dataclass(frozen=True, slots=True)
class Rules:
    """All checks of one version of the catalogue."""

    version: str
    checks: tuple[Check, ...]
    matches: tuple[VersionMatch, ...]
    distribution_builds: re.Pattern[str]
    ends_of_life: tuple[EndOfLife, ...] = ()

    def check(self, id: str) -> Check | None:
        return next((check for check in self.checks if check.id == id), None)


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Which values of an answer state that a control is held or broken; `held_from` is for a share."""

    question: str
    held: tuple[str, ...]
    broken: tuple[str, ...]
    held_from: Fraction | None
    fresh_for: timedelta


@dataclass(frozen=True, slots=True)
class LookRule:
    """Which findings break a control, and whether a look that reached every asset of a kind without them holds it."""

    assets: AssetKind
    probe: str
    broken_by: tuple[str, ...]
    holds: bool
    fresh_for: timedelta


@dataclass(frozen=True, slots=True)
class TrafficRule:
    """Which traffic indicators speak against a control, and how long one counts; they are heard, never judged by."""

    indicators: tuple[str, ...]
    fresh_for: timedelta


@dataclass(frozen=True, slots=True)
class Control:
    """A control, named as the risk model names it, with what can settle it, and what may cast a doubt on it."""

    id: str
    label: Words
    answer: AnswerRule | None
    look: LookRule | None
    traffic: TrafficRule | None = None


def parse_rules(text: str, where: str) -> Rules | tuple[Refusal, ...]:
    """The rules of `checks.yaml`, or everything that is wrong with the file."""
    data = _mapping(text)
    checks, wrong = _rows(data.get("checks"), f"{where}: checks", _check)
    matches, also_wrong = _rows(data.get("versions"), f"{where}: versions", _version_match)
    ends, ends_wrong = _ends_of_life(data, where)
    try:
        builds = re.compile(str(data["distribution_builds"]), re.IGNORECASE)
        version = str(data["version"])
    except (KeyError, re.error) as fault:
        return (*wrong, *also_wrong, *ends_wrong, _faulty(where, repr(fault)))
    if wrong or also_wrong or ends_wrong:
        return (*wrong, *also_wrong, *ends_wrong)
    return Rules(version, checks, matches, builds, ends)


def parse_controls(text: str, where: str) -> tuple[Control, ...] | Refusal:
    """The controls of `controls.yaml`, or the first thing that is wrong with the file."""
    controls, wrong = _rows(_mapping(text).get("controls"), f"{where}: controls", _control)
    return wrong[0] if wrong else controls


def read_version(text: str) -> Version:
    """7.0.15 as numbers; what follows the first sign that is neither digit nor dot is not part of it."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        data = read_yaml(text)
    except yaml.YAMLError:
        return {}
    return data if isinstance(data, dict) else {}


def _rows(
    data: object, where: str, read: Callable[[str, Mapping[str, Any]], R]
) -> tuple[tuple[R, ...], tuple[Refusal, ...]]:
    """Every row that can be read and a refusal for every one that cannot."""
    if not isinstance(data, dict) or not data:
        return (), (_faulty(where, "no mapping by name"),)
    found: list[R] = []
    wrong: list[Refusal] = []
    for name, row in data.items():
        try:
            found.append(read(name, row))
        except (KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError) as fault:
            wrong.append(_faulty(f"{where}: {name}", repr(fault)))
    return tuple(found), tuple(wrong)


def _check(id: str, row: Mapping[str, Any]) -> Check:
    return Check(
        id,
        row["probe"],
        {word: Severity[severity.upper()] for word, severity in row["says"].items()},
        tuple(int(port) for port in row.get("ports", ())),
        MatchBasis(row.get("basis", MatchBasis.OBSERVED_BEHAVIOUR)),
        _words(row["title"]),
        _words(row["advice"]),
        tuple(row["perils"]),
        row["factor"],
        row["cwe"],
        _filled(row["source"]),
    )


def _version_match(cve: str, row: Mapping[str, Any]) -> VersionMatch:
    ranges = tuple((read_version(first), read_version(below)) for first, below in row["affected"])
    if not all(first < below for first, below in ranges):
        raise ValueError("a range of versions ends before it begins")
    return VersionMatch(
        cve,
        _filled(row["product"]),
        ranges,
        Severity[row["severity"].upper()],
        _words(row["title"]),
        _words(row["advice"]),
        tuple(row["perils"]),
        row["cwe"],
        _filled(row["source"]),
    )


def _ends_of_life(data: Mapping[str, Any], where: str) -> tuple[tuple[EndOfLife, ...], tuple[Refusal, ...]]:
    """Rules without this table know no end of life."""
    if "ends_of_life" not in data:
        return (), ()
    return _rows(data["ends_of_life"], f"{where}: ends_of_life", _end_of_life)


def _end_of_life(id: str, row: Mapping[str, Any]) -> EndOfLife:
    cycles = tuple(
        Cycle(
            read_version(cycle["first"]), read_version(cycle["below"]), _day(cycle["ended"]), _filled(cycle["source"])
        )
        for cycle in row["cycles"]
    )
    if not all(cycle.first < cycle.below for cycle in cycles):
        raise ValueError("a range of versions ends before it begins")
    kept = tuple(
        KeptVersion(read_version(one["version"]), _day(one["until"]), _filled(one["source"]))
        for one in row.get("kept", ())
    )
    product = _filled(row["product"])
    return EndOfLife(id, product, cycles, kept, _words(row["title"]), _words(row["advice"]), tuple(row["perils"]))


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _control(id: str, row: Mapping[str, Any]) -> Control:
    answer, look, traffic = row.get("answer"), row.get("look"), row.get("traffic")
    if answer is None and look is None:
        raise ValueError("neither an answer nor a look settles it")
    return Control(
        id,
        _words(row["label"]),
        _answer_rule(answer) if answer else None,
        _look_rule(look) if look else None,
        TrafficRule(tuple(traffic["indicators"]), _days(traffic["fresh_for_days"])) if traffic else None,
    )


def _answer_rule(row: Mapping[str, Any]) -> AnswerRule:
    share = Fraction(row["held_from"]) if "held_from" in row else None
    if (share is None) != ("held" in row and "broken" in row):
        raise ValueError("either `held` and `broken`, or `held_from`")
    return AnswerRule(
        row["question"], tuple(row.get("held", ())), tuple(row.get("broken", ())), share, _days(row["fresh_for_days"])
    )


def _look_rule(row: Mapping[str, Any]) -> LookRule:
    return LookRule(
        AssetKind(row["assets"]),
        row["probe"],
        tuple(row["broken_by"]),
        {"yes": True, "no": False}[row["holds"]],
        _days(row["fresh_for_days"]),
    )


def _days(text: str) -> timedelta:
    days = int(text)
    if days <= 0:
        raise ValueError("freshness is at least a day")
    return timedelta(days=days)


def _words(row: Mapping[str, str]) -> Words:
    return Words(_filled(row["zh"]), _filled(row["en"]))


def _filled(text: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError("an empty text")
    return text


def _faulty(where: str, fault: str) -> Refusal:
    return refuse(
        "rules_unreadable",
        where,
        zh=f"规则文件 {where} 无法读取（{fault}）；请按 catalogue/controls 的格式更正后重新载入。",
        en=f"The rules at {where} cannot be read ({fault}); give them the form of catalogue/controls and load again.",
    )
