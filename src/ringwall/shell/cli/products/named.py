"""Which product a command is about: a name of the catalogue, or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ringwall.basics import Words
from ringwall.product import Product, parse_product
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.refused import good
from ringwall.shell.cli.shelf import DEFAULT_PRODUCT, further_examples, product_names, product_texts
from ringwall.shell.cli.tools import Tools

WHICH = Words(
    f"文件夹，或目录中的 代码/版本；默认 {DEFAULT_PRODUCT}",
    f"a folder, or code/version in the catalogue; by default {DEFAULT_PRODUCT}",
)


def add_product(parser: Parser, name: str = "product", *, needed: bool = False) -> None:
    if needed:
        parser.add(WHICH, name, metavar=name.upper())
    else:
        parser.add(WHICH, name, nargs="?", default=DEFAULT_PRODUCT, metavar=name.upper())


def texts_of(named: str, tools: Tools) -> Mapping[str, str]:
    """A name of the catalogue where there is one, else a folder."""
    folder = None if named in product_names(tools) or not Path(named).exists() else Path(named)
    return product_texts(tools, named, folder)


def product_of(named: str, tools: Tools) -> Product:
    return good(parse_product(texts_of(named, tools), further_examples(tools, named)))
