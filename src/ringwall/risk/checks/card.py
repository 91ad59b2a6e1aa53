"""The model card: what a version is for and not for, every number with its source, every check with its figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ringwall.basics import Language, Refusal, Words, read_yaml, refuse
from ringwall.risk.checks.record import Agreement, Check, Figure, Target, judge_figure, shown_figure, shown_span
from ringwall.risk.checks.recorded import RecordedFigures, targets
from ringwall.risk.model import Grade, Parameter, RiskModel, Territory

CARD_FILE = "card.yaml"
SECTIONS = ("populations", "not_for", "weak_points", "sensitivities")
BLOCKS: Mapping[str, Words] = {
    "frequency": Words("频率", "Frequency"),
    "severity": Words("损失程度", "Severity"),
    "systemic": Words("共同冲击", "Common shocks"),
    "vendor_share": Words("云服务份额", "Cloud vendors"),
    "signal": Words("控制与发现", "Controls and findings"),
    "relief": Words("证据的权重与上下限", "Weight and bounds of evidence"),
    "reference": Words("参照企业", "Reference organisation"),
    "benchmark": Words("仅供对照", "For comparison only"),
    "fit": Words("重新拟合的先验", "Priors of a refit"),
}
"""Blocks of numbers by the first word of their names, in the order of the card."""
AGREEMENTS: Mapping[Agreement, Words] = {
    Agreement.MET: Words("相符", "met"),
    Agreement.MISS: Words("偏离公布数", "MISS"),
    Agreement.OUTSIDE: Words("超出容差", "OUTSIDE"),
}
TERRITORIES: Mapping[Territory | None, Words] = {
    None: Words("通用", "everywhere"),
    Territory.CHINA: Words("中国", "China"),
    Territory.WEST: Words("西方", "West"),
}


@dataclass(frozen=True, slots=True)
class CardText:
    """The words of a card."""

    purpose: Words
    populations: tuple[Words, ...]
    not_for: tuple[Words, ...]
    weak_points: tuple[Words, ...]
    sensitivities: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CheckedTarget:
    """One target with its figure; without a figure the check was not computed for this version."""

    check: Check
    target: Target
    figure: Figure | None
    agreement: Agreement | None

    @property
    def error(self) -> str:
        """The standard error as people read it; empty for a closed form."""
        shown = self.figure.standard_error if self.figure else 0.0
        return f"± {shown_figure(self.target.unit, shown)}" if shown else ""

    @property
    def value(self) -> str:
        return shown_figure(self.target.unit, self.figure.value) if self.figure else "–"

    @property
    def published(self) -> str:
        return shown_span(self.target.unit, self.target.published) if self.target.published else "–"

    @property
    def tolerance(self) -> str:
        return shown_span(self.target.unit, self.target.tolerance)


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers of one kind, and how many carry each grade."""

    code: str
    name: Words
    parameters: tuple[Parameter, ...]
    grades: Mapping[Grade, int]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """All that a reader of a premium should know of the model behind it."""

    version: str
    title: Words
    sha256: str
    text: CardText
    notes: tuple[Words, ...]
    blocks: tuple[Block, ...]
    grades: Mapping[Grade, int]
    checks: tuple[CheckedTarget, ...]
    recorded: RecordedFigures | None

    @property
    def agreements(self) -> Mapping[Agreement, int]:
        found = Counter(each.agreement for each in self.checks if each.agreement)
        return {agreement: found[agreement] for agreement in Agreement}


def parse_card(text: str, where: str = CARD_FILE) -> CardText | Refusal:
    """The words of a card, in both languages, or what is missing."""
    try:
        head: dict[str, Any] = read_yaml(text)
        sections = (tuple(Words(row["zh"], row["en"]) for row in head[name]) for name in SECTIONS)
        return CardText(Words(head["purpose"]["zh"], head["purpose"]["en"]), *sections)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        said = str(error).splitlines()[0]
        return refuse(
            "card_unreadable",
            where,
            zh=f"{where} 缺少或读不懂 {said}；请补全 purpose 与 {'、'.join(SECTIONS)}，中英文并列。",
            en=f"{where} lacks or garbles {said}; give purpose and {', '.join(SECTIONS)} in both languages.",
        )


def model_card(model: RiskModel, text: CardText, recorded: RecordedFigures | None) -> ModelCard:
    """The card of a version; figures of other numbers than its own are left out."""
    own = recorded if recorded and recorded.model_sha256 == model.sha256 else None
    blocks = tuple(_blocks(model))
    return ModelCard(
        model.version,
        model.title,
        model.sha256,
        text,
        model.notes,
        blocks,
        {grade: sum(block.grades[grade] for block in blocks) for grade in Grade},
        tuple(_checked(check, target, own) for check, target in targets()),
        own,
    )


def _blocks(model: RiskModel) -> Iterator[Block]:
    for code, name in BLOCKS.items():
        held = tuple(p for p in model.cited if p.name.split(".")[0] == code)
        counts = Counter(parameter.grade for parameter in held)
        yield Block(code, name, held, {grade: counts[grade] for grade in Grade})


def _checked(check: Check, target: Target, recorded: RecordedFigures | None) -> CheckedTarget:
    figure = recorded.figures.get(target.code) if recorded else None
    return CheckedTarget(check, target, figure, judge_figure(target, figure) if figure else None)


def card_markdown(card: ModelCard, language: Language) -> str:
    """The whole card as a document."""
    return "\n".join(_Document(card, language).lines()) + "\n"


class _Document:
    """Writes the card in one language."""

    def __init__(self, card: ModelCard, language: Language) -> None:
        self.card = card
        self.language: Language = language

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def word(self, words: Words) -> str:
        return words.in_language(self.language)

    def lines(self) -> Iterator[str]:
        card = self.card
        yield f"# {self.say('模型卡', 'Model card')}: {self.word(card.title)} {card.version}"
        yield f"\nSHA-256 `{card.sha256}`\n"
        yield self.word(card.text.purpose)
        sections = (
            (self.say("不得用于", "What it must not be used for"), card.text.not_for),
            (self.say("口径与来源人群", "Populations"), card.text.populations),
            (self.say("弱点", "Weak points"), card.text.weak_points),
            (self.say("最敏感的数值", "What moves it most"), card.text.sensitivities),
            (self.say("说明", "Notes"), card.notes),
        )
        for heading, points in sections:
            yield f"\n## {heading}\n"
            yield from (f"- {self.word(point)}" for point in points)
        yield from self.checks()
        yield from self.grades()
        for block in card.blocks:
            yield from self.block(block)

    def table(self, *heads: str) -> Iterator[str]:
        yield "| " + " | ".join(heads) + " |"
        yield "|" + "---|" * len(heads)

    def row(self, *cells: str) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    def checks(self) -> Iterator[str]:
        yield f"\n## {self.say('检验', 'Checks')}\n"
        say = self.say
        yield from self.table(
            say("编号", "Check"),
            say("问题", "Question"),
            say("模型", "Model"),
            say("公布", "Published"),
            say("容差", "Tolerance"),
            say("结果", "Result"),
            say("人群与来源", "Population and source"),
        )
        for each in self.card.checks:
            result = self.word(AGREEMENTS[each.agreement]) if each.agreement else say("未计算", "not computed")
            yield self.row(
                each.target.code,
                f"{self.word(each.check.question)}: {self.word(each.target.says)}",
                f"{each.value} {each.error}".strip(),
                each.published,
                each.tolerance,
                result,
                f"{self.word(each.check.population)}; {each.check.source} ({each.check.since})",
            )
        reasons = [each for each in self.card.checks if each.target.reason]
        if reasons:
            yield ""
        for each in reasons:
            yield f"- {each.target.code}: {self.word(each.target.reason)}" if each.target.reason else ""

    def grades(self) -> Iterator[str]:
        yield f"\n## {self.say('数值的等级', 'Grades')}\n"
        yield self.say(
            "A 原始资料或数据，B 报刊或二手，C 一般知识或专家调查，D 判断。",
            "A primary text or data, B press or secondary, C general knowledge or expert survey, D judgement.",
        )
        yield ""
        yield from self.table(self.say("部分", "Block"), *Grade)
        for block in self.card.blocks:
            yield self.row(self.word(block.name), *(str(block.grades[grade]) for grade in Grade))
        yield self.row(self.say("合计", "Sum"), *(str(self.card.grades[grade]) for grade in Grade))

    def block(self, block: Block) -> Iterator[str]:
        yield f"\n## {self.word(block.name)}\n"
        say = self.say
        heads = (
            say("名称", "Name"),
            say("地区", "Where"),
            say("数值", "Value"),
            say("单位", "Unit"),
            say("日期", "Date"),
        )
        yield from self.table(*heads, say("人群", "Population"), say("等级", "Grade"), say("来源", "Source"))
        for p in block.parameters:
            where = self.word(TERRITORIES[p.territory])
            yield self.row(p.name, where, f"{p.value:g}", p.unit, p.date.isoformat(), p.population, p.grade, p.source)
