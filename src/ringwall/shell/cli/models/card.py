"""`model card`: the model card as a document (Markdown), or as JSON."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ringwall.basics import Words
from ringwall.risk import ModelCard, card_markdown, model_card, parse_model
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.models.named import add_model, card_beside, figures_beside, model_texts
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import write_file
from ringwall.shell.cli.refused import good
from ringwall.shell.cli.tools import Tools

NAME = "card"
HELP = Words(
    "模型卡：用途、不得用于、人群、全部参数与来源、检验数值、弱点\n\n示例：ringwall model card --into model-card.md",
    "the model card: purpose, what it is not for, populations, every number with its source, checks, weak points\n\n"
    "Example: ringwall model card --into model-card.md",
)


def add_arguments(parser: Parser) -> None:
    add_model(parser)
    parser.add(
        Words("写入新文件（Markdown）", "write it to a new file (Markdown)"), "--into", type=Path, metavar="FILE"
    )


def run(arguments: Namespace, tools: Tools) -> int:
    texts = model_texts(arguments.model, tools)
    card = model_card(good(parse_model(texts)), card_beside(texts, arguments.model), figures_beside(texts))
    text = card_markdown(card, arguments.lang)
    if arguments.into:
        write_file(arguments.into, text.encode())

    def draw(page: Page) -> None:
        page.line(Words(f"已写入 {arguments.into}", f"Written to {arguments.into}") if arguments.into else text)

    return show(arguments, Answer(document(card), draw))


def document(card: ModelCard) -> dict[str, Any]:
    return {
        "kind": "model_card",
        "version": card.version,
        "title": card.title,
        "sha256": card.sha256,
        "text": card.text,
        "notes": card.notes,
        "grades": card.grades,
        "numbers": [parameter for block in card.blocks for parameter in block.parameters],
        "checks": [
            {
                "target": each.target.code,
                "question": each.check.question,
                "says": each.target.says,
                "population": each.check.population,
                "source": each.check.source,
                "figure": each.figure,
                "published": each.target.published,
                "tolerance": each.target.tolerance,
                "agreement": each.agreement,
                "reason": each.target.reason,
            }
            for each in card.checks
        ],
        "computed": card.recorded.on if card.recorded else None,
    }
