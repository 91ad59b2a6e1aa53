"""From the texts of a model folder to a RiskModel, or to every reason why it is none."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import yaml

from ringwall.basics import Refusal, Words, read_yaml, refuse
from ringwall.exposure import VendorKind
from ringwall.risk.frequencies import frequency, year_levels
from ringwall.risk.model import (
    Footprint,
    Grade,
    OutageShape,
    Parameter,
    Peril,
    RiskModel,
    Signal,
    SignalKind,
    Span,
    SystemicScenario,
    Territory,
)
from ringwall.risk.profile import RiskProfile, reference_profile
from ringwall.risk.relief import possible_relativities
from ringwall.risk.severity import draw_losses

FILES = ("model.yaml", "frequency.yaml", "severity.yaml", "systemic.yaml", "signals.yaml")
TABLES = ("model.yaml", "frequency.yaml", "severity.yaml", "signals.yaml")
COLUMNS = ("value", "unit", "date", "population", "grade", "source")


def parse_model(files: Mapping[str, str]) -> RiskModel | tuple[Refusal, ...]:
    """Read the five texts of a model, by file name; nothing is guessed and nothing is left out."""
    missing = [name for name in FILES if name not in files]
    if missing:
        return tuple(_refuse(name, "文件缺失", "the file is missing", "补上该文件", "add the file") for name in missing)
    try:
        texts = {name: read_yaml(files[name]) for name in FILES}
    except yaml.YAMLError as error:
        where = str(getattr(error, "problem_mark", "YAML")).strip()
        return (_refuse(where, "不是有效的 YAML", "this is not YAML", "改正缩进或引号", "mend indentation or quotes"),)
    reader = _Reader()
    try:
        model = reader.model(texts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        zh, en = f"缺少或读不懂 {error}", f"missing or unreadable: {error}"
        return (*reader.refusals, _refuse(reader.where, zh, en, "补全该项", "complete it"))
    refusals = (*reader.refusals, *_complete(model))
    return refusals or model


def _refuse(where: str, zh: str, en: str, zh_next: str, en_next: str) -> Refusal:
    return refuse("model_unreadable", where, zh=f"{where}：{zh}；请{zh_next}。", en=f"{where}: {en}; {en_next}.")


class _Reader:
    """Keeps the place that is being read, so that a refusal can name it."""

    def __init__(self) -> None:
        self.where = "model.yaml"
        self.refusals: list[Refusal] = []
        self.cited: list[Parameter] = []

    def model(self, texts: Mapping[str, Any]) -> RiskModel:
        head, systemic = texts["model.yaml"], texts["systemic.yaml"]
        parameters = tuple(p for name in TABLES for p in self.table(name, texts[name].get("parameters", {})))
        scenarios = tuple(self.scenario(code, row) for code, row in systemic["scenarios"].items())
        shares = {Territory(where): self.shares(where, rows) for where, rows in systemic["vendor_shares"].items()}
        signals = {code: self.signal(code, row) for code, row in texts["signals.yaml"]["signals"].items()}
        self.where = "model.yaml"
        return RiskModel(
            version=head["version"],
            title=_words(head["title"]),
            notes=tuple(_words(note) for note in head["notes"]),
            industries={code: _words(row) for code, row in head["industries"].items()},
            parameters=parameters,
            scenarios=scenarios,
            vendor_shares=shares[Territory.CHINA],
            shares_by_territory=shares,
            signals=signals,
            sha256=_hash(texts),
            cited=tuple(self.cited),
        )

    def table(self, name: str, rows: Mapping[str, Any]) -> Iterator[Parameter]:
        for key, cells in rows.items():
            for territory, cell in cells.items():
                where = None if territory == "any" else Territory(territory)
                yield self.number(f"{name}:{key}.{territory}", key, where, cell)

    def number(self, where: str, name: str, territory: Territory | None, cell: Mapping[str, str]) -> Parameter:
        self.where = where
        empty = [column for column in COLUMNS if not cell[column]]
        value = float(cell["value"])
        if empty or not math.isfinite(value) or value < 0:
            why = ", ".join(empty) or cell["value"]
            zh, en = f"数值或来源不全（{why}）", f"incomplete ({why})"
            self.refusals.append(_refuse(where, zh, en, "补全该项", "complete it"))
        day, grade = date.fromisoformat(cell["date"]), Grade(cell["grade"])
        found = Parameter(name, territory, value, cell["unit"], day, cell["population"], grade, cell["source"])
        self.cited.append(found)
        return found

    def shares(self, where: str, rows: Mapping[str, Any]) -> dict[str, float]:
        found = {}
        for vendor, cell in rows.items():
            place, territory = f"systemic.yaml:vendor_shares.{where}.{vendor}", Territory(where)
            found[vendor] = self.number(place, f"vendor_share.{vendor}", territory, cell).value
        return found

    def scenario(self, code: str, row: Mapping[str, Any]) -> SystemicScenario:
        numbers = {
            n: self.number(f"systemic.yaml:{code}.{n}", f"systemic.{code}.{n}", None, cell)
            for n, cell in row["numbers"].items()
        }
        self.where = f"systemic.yaml:{code}"
        at: Callable[[str], float] = lambda name: numbers[name].value  # noqa: E731
        outage = None
        if row["effect"] == "outage":
            shape = (at("hours.median"), at("hours.sigma"), at("degradation.alpha"), at("degradation.beta"))
            outage = OutageShape(row["part"], *shape)
        return SystemicScenario(
            code=code,
            label=_words(row["label"]),
            footprint=Footprint(row["exposed_by"]),
            vendor_kind=VendorKind(row["vendor_kind"]) if row["vendor_kind"] else None,
            rate=at("rate"),
            exposed=Span(at("exposed.low"), at("exposed.high")),
            hit=Span(at("hit.low"), at("hit.high")),
            outage=outage,
            source=numbers["rate"].source,
            grade=numbers["rate"].grade,
        )

    def signal(self, code: str, row: Mapping[str, Any]) -> Signal:
        effect = self.number(f"signals.yaml:{code}.effect", f"signal.{code}", None, row["effect"])
        self.where = f"signals.yaml:{code}"
        kind, perils = SignalKind(row["kind"]), tuple(row["perils"])
        return Signal(code, kind, _words(row["label"]), row["group"], perils, effect, row.get("breaks", ""))


def _words(row: Mapping[str, str]) -> Words:
    return Words(row["zh"], row["en"])


def _hash(texts: Mapping[str, Any]) -> str:
    """Of the content, not of the layout: comments and spaces do not change it."""
    return hashlib.sha256(yaml.dump(dict(texts), sort_keys=True, allow_unicode=True).encode()).hexdigest()


def _complete(model: RiskModel) -> Iterator[Refusal]:
    """Both territories have the same names, all that is drawn has its numbers, and all words are known."""
    china, west = (model.numbers(territory).values for territory in (Territory.CHINA, Territory.WEST))
    for name in sorted(set(china) ^ set(west)):
        yield _refuse(name, "仅一个地区有数值", "one territory only has it", "补另一地区", "add the other")
    prefix = "frequency.industry."
    rated = {name.removeprefix(prefix) for name in china if name.startswith(prefix)}
    for code in sorted(rated ^ set(model.industries)):
        yield _refuse(f"{prefix}{code}", "名称与数值须成对", "a name goes with a number", "补上另一半", "add the other")
    for territory in Territory:
        whole = sum(model.shares_by_territory.get(territory, {}).values())
        if not math.isclose(whole, 1):
            where, zh, en = (
                f"systemic.yaml:vendor_shares.{territory}",
                f"份额合计 {whole}",
                f"the shares sum to {whole}",
            )
            yield _refuse(where, zh, en, "使合计为 1", "make them sum to 1")
    for name in sorted(dict.fromkeys(_undrawn(model))):
        yield _refuse(name, "缺少，无从抽样或均值无界", "missing: cannot be drawn or bounded", "补上", "add it")
    known = {*Peril, *(s.relief_code for s in model.scenarios)}
    for signal in model.signals.values():
        where = f"signals.yaml:{signal.code}"
        for peril in set(signal.perils) - known:
            yield _refuse(where, f"未知风险 {peril}", f"unknown peril {peril}", "改正", "correct it")
        if signal.breaks and signal.breaks not in model.signals:
            yield _refuse(where, f"未知控制 {signal.breaks}", f"unknown control {signal.breaks}", "改正", "correct it")


def _undrawn(model: RiskModel) -> Iterator[str]:
    """The numbers that are asked for in vain: a model is complete when one event of each kind can be drawn."""
    for territory in Territory:
        for attempt in _attempts(model, territory):
            try:
                attempt()
            except KeyError as missing:
                yield str(missing.args[0])


def _attempts(model: RiskModel, territory: Territory) -> Iterator[Callable[[], object]]:
    def profile() -> RiskProfile:
        return reference_profile(model, territory)

    yield lambda: frequency(model, profile())
    yield lambda: year_levels(model, profile(), 1, 0)
    for peril in Peril:
        yield partial(lambda peril: draw_losses(model, profile(), peril, 1, 0), peril)
    for signal in model.signals.values():
        yield partial(possible_relativities, model, signal)
