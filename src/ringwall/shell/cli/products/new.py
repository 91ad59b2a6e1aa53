"""`product new`: the folder of a first draft, good from the first check."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from ringwall.basics import Words, local_day
from ringwall.product import draft_product
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.fields import day
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import write_files
from ringwall.shell.cli.refused import good
from ringwall.shell.cli.tools import Tools

NAME = "new"
HELP = Words(
    "建立新产品的草稿文件夹，随即可以通过检查\n\n示例：ringwall product new my-cyber 2026-09 --into drafts/my-cyber",
    "make the folder of a new product, a draft that checks good\n\n"
    "Example: ringwall product new my-cyber 2026-09 --into drafts/my-cyber",
)


def add_arguments(parser: Parser) -> None:
    parser.add(Words("产品代码，小写字母和连字符", "code: small letters and hyphens"), "code", metavar="CODE")
    parser.add(Words("版本，形如 2026-09", "version, such as 2026-09"), "version", metavar="VERSION")
    into = Words("写入的新文件夹；默认 代码/版本", "new folder to write to; by default code/version")
    parser.add(into, "--into", type=Path, metavar="DIR")
    parser.add(Words("中文名称", "name in Chinese"), "--zh", metavar="NAME")
    parser.add(Words("英文名称", "name in English"), "--en", metavar="NAME")
    parser.add(Words("起始日；默认今日", "first day; by default today"), "--start", metavar="DAY")


def run(arguments: Namespace, tools: Tools) -> int:
    code, version = arguments.code, arguments.version
    start: date = day("--start", arguments.start) if arguments.start else local_day(tools.now())
    title = Words(arguments.zh or f"新产品 {code}", arguments.en or f"New product {code}")
    texts = good(draft_product(tools.catalogue("skeleton"), code, version, title, start))
    folder = arguments.into or Path(code) / version
    write_files(folder, {path: text.encode() for path, text in texts.items()})
    document = {"kind": "product_draft", "folder": str(folder), "files": sorted(texts)}

    def draw(page: Page) -> None:
        page.title(Words(f"草稿已写入 {folder}", f"The draft is in {folder}"))
        for path in sorted(texts):
            page.line(path)
        page.line(Words(f"下一步：ringwall product check {folder}", f"Next: ringwall product check {folder}"))

    return show(arguments, Answer(document, draw))
