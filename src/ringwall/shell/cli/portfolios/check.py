"""`portfolio check FILE`: how many rows of a portfolio file are good, which are broken, and why."""

from __future__ import annotations

from argparse import Namespace
from errno import EEXIST
from pathlib import Path

from ringwall.basics import Words
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.writing import unwritable
from ringwall.shell.cli.reading import unreadable
from ringwall.shell.cli.refused import good, no
from ringwall.shell.cli.tools import CheckedBook, Tools

NAME = "check"
HELP = Words(
    "检查业务组合文件（CSV 或 Parquet，任意大小）：逐行列出错误及原因，保留无误的行\n\n"
    "示例：ringwall portfolio check book.csv --report broken.csv --good good.parquet\n"
    "行号与电子表格一致（CSV 的表头为第 1 行）；列的含义见 catalogue/book/README.md。",
    "check a portfolio file (CSV or Parquet, of any size): every broken row with its reason, the good ones kept\n\n"
    "Example: ringwall portfolio check book.csv --report broken.csv --good good.parquet\n"
    "Rows are counted as a spreadsheet counts them (the header of a CSV is row 1); catalogue/book/README.md explains\n"
    "the columns.",
)
SHOWN, MOST_SHOWN = 20, 1_000


def add_arguments(parser: Parser) -> None:
    parser.add(
        Words("业务组合文件（.csv 或 .parquet）", "the portfolio file (.csv or .parquet)"),
        "file",
        type=Path,
        metavar="FILE",
    )
    shown = Words(f"在屏幕上列出的错误行数，默认 {SHOWN}", f"broken rows to print, by default {SHOWN}")
    parser.add(shown, "--first", type=int, default=SHOWN, metavar="N")
    report = Words(
        "全部错误写入此文件（CSV），默认为 <文件名>.broken.csv",
        "write every fault to this file (CSV), by default <name>.broken.csv",
    )
    parser.add(report, "--report", type=Path, metavar="FILE")
    parser.add(
        Words("无误的行写入此文件（.csv 或 .parquet）", "write the good rows to this file (.csv or .parquet)"),
        "--good",
        type=Path,
        metavar="FILE",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    path, shown = arguments.file, arguments.first
    if not 0 <= shown <= MOST_SHOWN:
        raise no(
            "option_wrong",
            "--first",
            zh=f"{shown} 不在 0 至 {MOST_SHOWN} 之间；请更正。",
            en=f"{shown} is not between 0 and {MOST_SHOWN}; correct it.",
        )
    report = arguments.report or Path(f"{path.stem}.broken.csv")
    readable(path)
    for target in (report, arguments.good):
        if target and target.exists():
            raise unwritable(target, FileExistsError(EEXIST, "exists"))
    try:
        book = good(tools.check_portfolio(path, shown=shown, report=report, good=arguments.good))
    except OSError as fault:
        raise unwritable(Path(fault.filename or report), fault) from None
    document = {
        "kind": "portfolio_check",
        "rows": book.rows,
        "good": book.good,
        "broken": book.broken,
        "report": str(report) if book.broken else None,
        "kept": str(arguments.good) if arguments.good else None,
    }
    return show(arguments, Answer(document, lambda page: draw(page, path, book, document), book.first, not book.good))


def readable(path: Path) -> None:
    try:
        path.open("rb").close()
    except (OSError, ValueError) as fault:
        raise unreadable(path, fault) from None


def draw(page: Page, path: Path, book: CheckedBook, document: dict[str, object]) -> None:
    page.title(Words(f"业务组合文件 {path.name}", f"Portfolio file {path.name}"))
    rows = [
        (Words("行", "Rows"), f"{book.rows:,}"),
        (Words("无误", "Good"), f"{book.good:,}"),
        (Words("有误", "Broken"), f"{book.broken:,}"),
    ]
    page.table((Words("计数", "Count"), ""), rows, numbers=(1,))
    if document["report"]:
        said = document["report"]
        page.line(Words(f"全部错误及原因：{said}", f"Every fault with its reason: {said}"))
    if document["kept"]:
        said = document["kept"]
        page.line(Words(f"无误的行：{said}", f"The good rows: {said}"))
