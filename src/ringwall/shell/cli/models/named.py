"""Which model version a command is about: a name of the catalogue, or a folder; and its figures and card."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ringwall.basics import Words
from ringwall.risk import (
    CARD_FILE,
    FIGURES_FILE,
    CardText,
    RecordedFigures,
    RiskModel,
    parse_card,
    parse_figures,
    parse_model,
)
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import read_texts
from ringwall.shell.cli.refused import good, no
from ringwall.shell.cli.shelf import MODEL
from ringwall.shell.cli.tools import Tools

WHICH = Words(
    f"模型版本的文件夹，或目录中的版本；默认 {MODEL}", f"a folder, or a version in the catalogue; by default {MODEL}"
)


def add_model(parser: Parser, name: str = "model", *, needed: bool = False) -> None:
    if needed:
        parser.add(WHICH, name, metavar=name.upper())
    else:
        parser.add(WHICH, name, nargs="?", default=MODEL, metavar=name.upper())


def model_texts(named: str, tools: Tools) -> Mapping[str, str]:
    """A version of the catalogue where there is one, else a folder."""
    known = sorted({path.split("/")[0] for path in tools.catalogue("models")})
    if named in known:
        return tools.catalogue("models", named)
    if Path(named).is_dir():
        return read_texts(Path(named))
    raise no(
        "model_unknown",
        named,
        zh=f"没有模型版本「{named}」：目录中有 {'、'.join(known)}，也没有这个文件夹；请更正。",
        en=f"There is no model version “{named}”: the catalogue has {', '.join(known)}, and no such folder.",
    )


def model_of(named: str, tools: Tools) -> RiskModel:
    return good(parse_model(model_texts(named, tools)))


def figures_beside(texts: Mapping[str, str]) -> RecordedFigures | None:
    """The figures kept beside the model, where there are any."""
    return good(parse_figures(texts[FIGURES_FILE])) if FIGURES_FILE in texts else None


def card_beside(texts: Mapping[str, str], named: str) -> CardText:
    if CARD_FILE not in texts:
        raise no(
            "card_missing",
            f"{named}/{CARD_FILE}",
            zh=f"版本 {named} 没有 {CARD_FILE}；请从上一版本复制并修改。",
            en=f"Version {named} has no {CARD_FILE}; copy the one of the version before and mend it.",
        )
    return good(parse_card(texts[CARD_FILE]))
