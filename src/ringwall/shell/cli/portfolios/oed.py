"""`portfolio oed BOOK DIR`: the policies of a book and the reinsurance programme as OED files."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from ringwall.basics import Words
from ringwall.portfolio import OED_VERSION, AccountFile, TreatyFiles, account_file, read_portfolio, treaty_files
from ringwall.shell.cli.answer import Answer, show
from ringwall.shell.cli.files.oed import UNSAID, write_oed
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import Refused
from ringwall.shell.cli.shelf import load_programme
from ringwall.shell.cli.tools import Tools

NAME = "oed"
HELP = Words(
    f"将业务组合与再保方案写成 OED {OED_VERSION} 文件（account.csv、ReinsInfo.csv、ReinsScope.csv）\n\n"
    "示例：ringwall portfolio oed docs/samples/book.csv oed-files\n"
    f"OED 无法表达的内容逐张保单列入 {UNSAID}。读入：ringwall portfolio simulate oed-files",
    f"write a book and the reinsurance programme as OED {OED_VERSION} files (account.csv, ReinsInfo.csv, "
    "ReinsScope.csv)\n\n"
    "Example: ringwall portfolio oed docs/samples/book.csv oed-files\n"
    f"What OED cannot say is listed by policy in {UNSAID}. To read them: ringwall portfolio simulate oed-files",
)
PORTFOLIO = "1"


def add_arguments(parser: Parser) -> None:
    parser.add(Words("业务组合文件（CSV）", "the book (CSV)"), "book", type=Path, metavar="BOOK.csv")
    parser.add(Words("写入此新文件夹", "write into this new folder"), "folder", type=Path, metavar="DIR")
    parser.add(
        Words(f"OED 的组合编号，默认 {PORTFOLIO}", f"OED's portfolio number, by default {PORTFOLIO}"),
        "--number",
        default=PORTFOLIO,
        metavar="NUMBER",
    )


def run(arguments: Namespace, tools: Tools) -> int:
    read = read_portfolio(read_text(arguments.book), arguments.book.name)
    account = account_file(read.rows, portfolio=arguments.number)
    treaties = treaty_files(load_programme(tools), portfolio=arguments.number)
    refusals = (*read.refusals, *account.refusals)
    if not account.rows:
        raise Refused(*refusals)
    write_oed(arguments.folder, account, treaties)
    document = {
        "kind": "oed",
        "folder": str(arguments.folder),
        "oed_version": OED_VERSION,
        "policies": len(account.rows),
        "treaties": len(treaties.info),
        "unsaid": len(account.unsaid) + len(treaties.unsaid),
        "lost": [each for each in (*account.unsaid, *treaties.unsaid) if not each.carried],
    }
    return show(arguments, Answer(document, lambda page: draw(page, arguments.folder, account, treaties), refusals))


def draw(page: Page, folder: Path, account: AccountFile, treaties: TreatyFiles) -> None:
    policies, contracts = len(account.rows), len(treaties.info)
    page.title(
        Words(
            f"OED {OED_VERSION}：{policies} 张保单，{contracts} 份再保合约，写入 {folder}",
            f"OED {OED_VERSION}: {policies} policies, {contracts} treaties, written to {folder}",
        )
    )
    unsaid = (*account.unsaid, *treaties.unsaid)
    kept = sum(bool(each.carried) for each in unsaid)
    page.line(
        Words(
            f"OED 无法表达的内容 {len(unsaid)} 项，其中 {kept} 项存于自有字段（Flexi…），其余不在文件中；见 {UNSAID}",
            f"{len(unsaid)} things that OED cannot say: {kept} stand in fields of our own (Flexi…), the others are not "
            f"in the files; see {UNSAID}",
        )
    )
    rows = [(each.number, each.subject, each.value, each.reason) for each in unsaid if not each.carried]
    if rows:
        page.heading(Words("文件中没有的内容", "Not in the files"))
        columns = (Words("编号", "Number"), Words("内容", "Thing"), Words("值", "Value"), Words("原因", "Reason"))
        page.table(columns, rows)
