"""`product pack` and `product booklet`: what is filed with the regulator, and what the customer is given."""

from __future__ import annotations

import hashlib
from argparse import Namespace
from datetime import datetime, time
from pathlib import Path

from ringwall.basics import SHANGHAI, Language, Words
from ringwall.price import rate_pages
from ringwall.product import (
    Product,
    ProductReport,
    check_product,
    make_booklet,
    make_pack,
    mutation_report,
    prove_product,
)
from ringwall.shell.cli.answer import Answer, plain, show
from ringwall.shell.cli.page import Page
from ringwall.shell.cli.parser import Parser
from ringwall.shell.cli.products.named import add_product, product_of, texts_of
from ringwall.shell.cli.products.writing import write_file, write_files, zipped
from ringwall.shell.cli.refused import Refused, good, no
from ringwall.shell.cli.shelf import further_examples
from ringwall.shell.cli.tools import Tools

NAME = "pack"
HELP = Words(
    "备案材料：条款、费率页、证明、条款覆盖、算例与哈希，写成文件夹或 .zip\n\n"
    "示例：ringwall product pack enterprise-cyber/2026-07 --into pack.zip",
    "the filing pack: wording, rate pages, proof, coverage, examples and hashes, as a folder or a .zip\n\n"
    "Example: ringwall product pack enterprise-cyber/2026-07 --into pack.zip",
)
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def add_arguments(parser: Parser) -> None:
    add_product(parser)
    into = Words("写入的新文件夹或 .zip 文件", "new folder or .zip file to write to")
    parser.add(into, "--into", type=Path, metavar="PATH", required=True)


def run(arguments: Namespace, tools: Tools) -> int:
    texts, further = texts_of(arguments.product, tools), further_examples(tools, arguments.product)
    report = check_product(texts, further)
    product = report.product
    if product is None:
        raise Refused(*report.refusals)
    proof, mutation = prove_product(product), mutation_report(product)
    rates = rate_pages(tools.catalogue("rates"), f"{product.code}-{product.version}.yaml")
    content = {**texts, **{f"later-examples/{path}": text for path, text in further.items()}}
    pack = good(make_pack(content, report, proof, mutation, rates, printed(tools, product, report)))
    target: Path = arguments.into
    if target.suffix == ".zip":
        write_file(target, zipped(pack.files))
    else:
        write_files(target, pack.files)
    manifest = hashlib.sha256(pack.manifest).hexdigest()
    document = {
        "kind": "filing_pack",
        "product": {"code": product.code, "version": product.version, "sha256": product.sha256},
        "path": str(target),
        "files": sorted(pack.files),
        "manifest_sha256": manifest,
        "rates": sorted(rates),
        "printed": tools.print_filing is not None,
    }

    def draw(page: Page) -> None:
        page.title(Words(f"备案材料 {pack.name} 已写入 {target}", f"The filing pack {pack.name} is in {target}"))
        page.line(
            Words(f"{len(pack.files)} 个文件，清单 SHA-256 {manifest}", f"{len(pack.files)} files, manifest {manifest}")
        )
        if not rates:
            page.line(Words("该版本没有费率页", "there are no rate pages for this version"), "yellow")
        if tools.print_filing is None:
            page.line(Words("没有印刷设备，未含 PDF", "no press here: the pack has no PDF"), "yellow")

    return show(arguments, Answer(document, draw))


def printed(tools: Tools, product: Product, report: ProductReport) -> dict[str, bytes]:
    """Booklet and proof in both languages; dated on the filing day: a repeat gives the same bytes."""
    at = datetime.combine(product.filing.filed_on, time(), SHANGHAI)
    found: dict[str, bytes] = {}
    for language in LANGUAGES:
        if tools.print_booklet:
            booklet = good(make_booklet(product, language))
            found[f"booklet.{language}.pdf"] = tools.print_booklet(booklet, language, at)
        if tools.print_filing:
            proof, mutation = prove_product(product), mutation_report(product)
            found[f"proof.{language}.pdf"] = tools.print_filing(report, proof, mutation, language, at)
    return found


def add_booklet_arguments(parser: Parser) -> None:
    add_product(parser)
    into = Words("写入的 PDF 文件；不写则只输出内容", "PDF file to write; without it the content is shown")
    parser.add(into, "--into", type=Path, metavar="FILE.pdf")


def run_booklet(arguments: Namespace, tools: Tools) -> int:
    product = product_of(arguments.product, tools)
    booklet = good(make_booklet(product, arguments.lang))
    if arguments.into:
        if tools.print_booklet is None:
            raise no(
                "no_press",
                str(arguments.into),
                zh="此处没有印刷设备；请去掉 --into，改看内容。",
                en="there is no press here; leave out --into and read the content.",
            )
        at = datetime.combine(product.filing.filed_on, time(), SHANGHAI)
        write_file(arguments.into, tools.print_booklet(booklet, arguments.lang, at))
    document = {"kind": "booklet", **plain(booklet)}

    def draw(page: Page) -> None:
        page.title(f"{booklet.title} {booklet.code} {booklet.version}")
        if arguments.into:
            page.line(Words(f"已写入 {arguments.into}", f"written to {arguments.into}"))
        for clause in booklet.clauses if not arguments.into else ():
            page.heading(f"{clause.number} {clause.heading}")
            page.line(clause.text)
            for example in clause.examples:
                page.line(f"  [{example.number}] {example.name}", "dim")

    return show(arguments, Answer(document, draw))
