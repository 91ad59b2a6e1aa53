"""The command `refit`: a new version of the loss model from own experience, proposed, compared, adopted or declined."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from ringwall.basics import Refusal, Words, local_day
from ringwall.desk.doors import Row, Speaker
from ringwall.desk.front import Request
from ringwall.desk.office import Office
from ringwall.desk.permissions import not_visible
from ringwall.desk.records import RefitFile, RefitState
from ringwall.desk.risk.decide_refit import decide_refit
from ringwall.desk.risk.propose_refit import LEAST_YEARS, OWN_BOOK, SEED, YEARS, RefitWish, propose_refit
from ringwall.desk.views.model.refits import STATE_WORDS, refits_known
from ringwall.risk import BookExperience, read_experience
from ringwall.shell.cli import Answer, Page, Parser, Refused, Tools, show
from ringwall.shell.cli.models.compare import draw_effects
from ringwall.shell.cli.models.fit import draw as draw_fit
from ringwall.shell.cli.models.fit import draw_second
from ringwall.shell.cli.products.writing import write_files
from ringwall.shell.cli.reading import read_text
from ringwall.shell.cli.refused import no
from ringwall.wiring.commands.acting import acting, add_person
from ringwall.wiring.house import House

DECISIONS = {"adopt": RefitState.ADOPTED, "decline": RefitState.DECLINED}
MOST_YEARS = 100_000


class Refit:
    """The command `refit`: `propose`, `list`, `show`, `adopt`, `decline` and `export`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        below = parser.commands(Words("操作", "what to do"), "what")
        propose = parser.command(below, "propose", Words("拟合、比较并保存为提案", "fit, compare, keep as a proposal"))
        propose.add(Words("新版本号，形如 2026-02", "the new version, such as 2026-02"), "version", metavar="VERSION")
        add_person(propose)
        files = Words("理赔文件；不给则用本公司的业务组合", "a claims file; without it, the own book")
        propose.add(files, "--claims", type=Path, metavar="CLAIMS.csv")
        propose.add(Words("承保文件", "the exposure file"), "--exposure", type=Path, metavar="EXPOSURE.csv")
        years = Words(f"比较所用的模拟年数，默认 {YEARS}", f"simulated years of the comparison, by default {YEARS}")
        propose.add(years, "--years", type=int, default=YEARS, metavar="N")
        listed = parser.command(below, "list", Words("全部提案", "all proposals"))
        add_person(listed)
        _numbered(parser, below, "show", Words("提案与比较", "a proposal and its comparison"))
        for name, said in (("adopt", Words("采用", "adopt")), ("decline", Words("不采用", "decline"))):
            decide = _numbered(parser, below, name, said)
            decide.add(Words("理由", "the reason"), "--reason", required=True, metavar="TEXT")
        export = _numbered(parser, below, "export", Words("导出已采用版本的文件", "the files of an adopted version"))
        export.add(Words("新文件夹", "a new folder"), "folder", type=Path, metavar="DIR")

    def run(self, arguments: Namespace, _: Tools) -> int:
        with acting(self._home, self._environment, arguments.person) as (house, speaker):
            match arguments.what:
                case "propose":
                    return show_file(arguments, _propose(house, speaker, arguments))
                case "list":
                    return _list(house, speaker, arguments)
                case "adopt" | "decline":
                    return show_file(arguments, _decide(house, speaker, arguments))
                case "export":
                    return _export(house, speaker, arguments)
                case _:
                    return show_file(arguments, _named(house, speaker, arguments.number))


def _numbered(parser: Parser, below: Any, name: str, said: Words) -> Parser:
    found = parser.command(below, name, said)
    found.add(Words("提案编号", "number of the proposal"), "number", metavar="NUMBER")
    add_person(found)
    return found


def _propose(house: House, speaker: Speaker, arguments: Namespace) -> RefitFile:
    if bool(arguments.claims) != bool(arguments.exposure):
        raise no(
            "claims_and_exposure",
            "--claims",
            zh="理赔与承保文件只给出了一个；请同时给出 --claims 与 --exposure，或都不给。",
            en="only one of claims and exposure is given; give both --claims and --exposure, or neither.",
        )
    if not LEAST_YEARS <= arguments.years <= MOST_YEARS:
        raise no(
            "option_wrong",
            "--years",
            zh=f"{arguments.years} 不在 {LEAST_YEARS} 至 {MOST_YEARS} 之间；请更正。",
            en=f"{arguments.years} is not between {LEAST_YEARS} and {MOST_YEARS}; correct it.",
        )
    experience = _given(house, arguments)
    origin = f"{arguments.claims.name}, {arguments.exposure.name}" if experience else OWN_BOOK
    wish = RefitWish(arguments.version, experience, origin, arguments.years, SEED)
    at = datetime.now(UTC)
    key = f"refit:{arguments.version}:{uuid4()}"
    return _performed(
        house,
        Request(speaker, "propose_refit", key, {"version": wish.version}),
        lambda office: propose_refit(office, wish, by=speaker, at=at),
    )


def _given(house: House, arguments: Namespace) -> BookExperience | None:
    if not arguments.claims:
        return None
    found = read_experience(house.catalogue.model, read_text(arguments.exposure), read_text(arguments.claims))
    if not found.exposed:
        raise Refused(*found.refusals)
    return found


def _decide(house: House, speaker: Speaker, arguments: Namespace) -> RefitFile:
    state, number, reason, at = DECISIONS[arguments.what], arguments.number, arguments.reason, datetime.now(UTC)
    key = f"refit:{number}:{state}:{sha256(reason.encode()).hexdigest()[:16]}"
    return _performed(
        house,
        Request(speaker, "decide_refit", key, {"number": number, "state": state.value, "reason": reason}),
        lambda office: decide_refit(office, number, state, reason, by=speaker, at=at),
    )


def _performed(house: House, request: Request, work: Any) -> RefitFile:
    done = house.front.perform(request, RefitFile, work)
    if isinstance(done, Refusal):
        raise Refused(done)
    return done


def _named(house: House, speaker: Speaker, number: str) -> RefitFile:
    found = house.front.ask(speaker, lambda office: office.refits.newest(number))
    if found is None:
        raise Refused(not_visible(number))
    return found.record


def _list(house: House, speaker: Speaker, arguments: Namespace) -> int:
    def known(office: Office) -> tuple[Row[RefitFile], ...]:
        return refits_known(office, datetime.now(UTC))

    rows = house.front.ask(speaker, known)

    def table(page: Page) -> None:
        heads = Words("提案", "Proposal"), Words("版本", "Version"), Words("日期", "Date"), Words("状态", "State")
        page.table(heads, [(r.number, r.record.version, str(r.record.on), STATE_WORDS[r.record.state]) for r in rows])

    return show(arguments, Answer({"kind": "refits", "refits": [document(row.record) for row in rows]}, table))


def _export(house: House, speaker: Speaker, arguments: Namespace) -> int:
    file = _named(house, speaker, arguments.number)
    if file.state is not RefitState.ADOPTED:
        raise no(
            "refit_not_adopted",
            file.number,
            zh=f"提案 {file.number} 尚未采用，不导出；请先由核保人员决定。",
            en=f"Proposal {file.number} is not adopted and is not exported; an underwriter must decide on it first.",
        )
    write_files(arguments.folder, {name: text.encode() for name, text in file.files.items()})

    def said(page: Page) -> None:
        into = arguments.folder
        page.line(
            Words(
                f"模型 {file.version} 已写入 {into}；下一步：ringwall model check {into}，再备案以其为基础的费率",
                f"Model {file.version} is in {into}. Next: ringwall model check {into}, then file rates that name it",
            )
        )

    return show(arguments, Answer({"kind": "refit_export", "folder": str(arguments.folder)}, said))


def show_file(arguments: Namespace, file: RefitFile) -> int:
    return show(arguments, Answer({"kind": "refit", **document(file)}, lambda page: draw(page, file), file.refusals))


def document(file: RefitFile) -> dict[str, Any]:
    """All of it but the texts of the model, which `export` writes."""
    kept = (name for name in RefitFile.__slots__ if name not in ("files", "person"))
    return {**{name: getattr(file, name) for name in kept}, "state": file.state}


def draw(page: Page, file: RefitFile) -> None:
    page.title(f"{file.number} · {file.model} → {file.version}")
    page.line(STATE_WORDS[file.state])
    page.line(f"{file.by}, {file.on} · data {file.data_sha256[:16]} · model {file.sha256[:16]}", "dim")
    if file.decision:
        page.line(f"{file.decision.by}, {local_day(file.decision.at)}: {file.decision.reason}")
    draw_fit(page, file.policies, file.claims, file.refits, file.drift)
    if file.second:
        draw_second(page, file.second)
    count = file.before.policies
    heading = f"在保的业务组合（{count} 张保单，每年）", f"The book in force ({count} policies, a year)"
    draw_effects(page, Words(*heading), file.before, file.after)
