"""`portfolio oasis BOOK DIR`: the book as OED files through Oasis's own chain, payment by payment beside ours."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from ringwall.basics import Words
from ringwall.portfolio import (
    UNREAD,
    Compared,
    account_file,
    account_losses,
    compare_payments,
    read_portfolio,
    treaty_files,
    unread_by_oasis,
)
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.files.oed import write_oed
from ringwall.shell.cli.page import Page, money
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.portfolios.oed import PORTFOLIO
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import Refused, good, no
from ringwall.shell.cli.shelf import load_model, load_programme
from ringwall.shell.cli.tools import Tools

NAME = "oasis"
HELP = Words(
    "将业务组合写成 OED 文件，交 Oasis 自己的程序计算赔付，与本系统逐笔比较\n\n"
    "示例：ringwall portfolio oasis docs/samples/book.csv oasis-files --oasis .ringwall/bench/oasis/bin/python\n"
    "须另有装有 oasislmf 2.5.8 的 Python。Oasis 不读的条件逐项列出，并在两边都不计。",
    "write a book as OED files, let Oasis's own chain pay them, and compare payment by payment\n\n"
    "Example: ringwall portfolio oasis docs/samples/book.csv oasis-files --oasis .ringwall/bench/oasis/bin/python\n"
    "It needs a Python with oasislmf 2.5.8. What Oasis does not read is named and left out on both sides.",
)
DEFAULT_EVENTS, MOST_EVENTS, SEED, SHOWN = 20, 1_000, 1, 10


def add_arguments(parser: Parser) -> None:
    parser.add(Words("业务组合文件（CSV）", "the book (CSV)"), "book", type=Path, metavar="BOOK.csv")
    parser.add(Words("写入此新文件夹", "write into this new folder"), "folder", type=Path, metavar="DIR")
    events = Words(f"每个账户的事件数，默认 {DEFAULT_EVENTS}", f"events of each account, by default {DEFAULT_EVENTS}")
    parser.add(events, "--events", type=int, default=DEFAULT_EVENTS, metavar="N")
    python = Words("装有 oasislmf 的 Python", "a Python that has oasislmf")
    parser.add(python, "--oasis", type=Path, metavar="PYTHON")


def run(arguments: Namespace, tools: Tools) -> int:
    if not 1 <= arguments.events <= MOST_EVENTS:
        raise no(
            "option_wrong",
            "--events",
            zh=f"{arguments.events} 不在 1 至 {MOST_EVENTS} 之间；请更正。",
            en=f"{arguments.events} is not between 1 and {MOST_EVENTS}; correct it.",
        )
    python = good(tools.oasis_python(arguments.oasis))
    read = read_portfolio(read_text(arguments.book), arguments.book.name)
    account = account_file(read.rows, portfolio=PORTFOLIO)
    refusals = (*read.refusals, *account.refusals)
    if not account.rows:
        raise Refused(*refusals)
    write_oed(arguments.folder, account, treaty_files(load_programme(tools), portfolio=PORTFOLIO))
    losses = account_losses(read.rows, load_model(tools), arguments.events, SEED)
    theirs = good(tools.paid_by_oasis(arguments.folder, losses, python))
    found = good(compare_payments(account.rows, losses, theirs))
    apart = [each for each in found if not each.agrees]
    document: dict[str, Any] = {
        "kind": "oasis",
        "folder": str(arguments.folder),
        "policies": len(account.rows),
        "losses": len(losses),
        "payments": len(found),
        "above_nil": sum(each.ours_minor > 0 for each in found),
        "to_the_fen": sum(each.to_the_fen for each in found),
        "within_float32": len(found) - len(apart),
        "apart": apart,
        "ours_minor": sum(each.ours_minor for each in found),
        "theirs_minor": round(sum(each.theirs_minor for each in found)),
        "unread": unread_by_oasis(account.rows),
    }
    return show(arguments, Answer(document, lambda page: draw(page, document, apart), refusals, refused=bool(apart)))


def draw(page: Page, document: dict[str, Any], apart: list[Compared]) -> None:
    policies, folder = document["policies"], document["folder"]
    page.title(Words(f"Oasis 与本系统：{policies} 张保单，{folder}", f"Oasis beside us: {policies} policies, {folder}"))
    rows = [
        (Words("比较的赔付", "Payments compared"), f"{document['payments']:,}"),
        (Words("其中大于零", "Of them above nil"), f"{document['above_nil']:,}"),
        (Words("一分不差", "Equal to the fen"), f"{document['to_the_fen']:,}"),
        (Words("在 float32 误差内", "Equal within float32"), f"{document['within_float32']:,}"),
        (Words("本系统合计", "Ours together"), money(document["ours_minor"])),
        (Words("Oasis 合计", "Oasis together"), money(document["theirs_minor"])),
    ]
    page.table((Words("比较", "Comparison"), ""), rows, numbers=(1,))
    if document["unread"]:
        page.heading(Words("Oasis 不读，两边均未计", "Not read by Oasis, left out on both sides"))
        unread = [(name, UNREAD[name], f"{count:,}") for name, count in document["unread"].items()]
        page.table((Words("字段", "Field"), "", Words("保单数", "Policies")), unread, numbers=(2,))
    if apart:
        page.heading(Words("不一致的赔付", "Payments apart"))
        heads = Words("行", "Row"), Words("责任", "Coverage"), Words("事件", "Event"), Words("本系统", "Ours"), "Oasis"
        lines = [(*map(str, each.key), money(each.ours_minor), money(round(each.theirs_minor))) for each in apart]
        page.table(heads, lines[:SHOWN], numbers=(3, 4))
