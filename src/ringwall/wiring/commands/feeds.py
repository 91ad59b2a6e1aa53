"""The command `feeds`: loads the catalogue of known exploited vulnerabilities and tells whom its new entries touch."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ringwall.basics import Refusal, Words
from ringwall.desk.front import Request
from ringwall.desk.intelligence.take_edition import EditionTaken, edition_of, note_scores, take_edition
from ringwall.desk.office import Office
from ringwall.evidence import KevEdition
from ringwall.shell.cli import Answer, Page, Parser, Refused, Tools, show
from ringwall.shell.feeds import load_intelligence, official_addresses
from ringwall.wiring.commands.acting import acting, add_person

TIMEOUT_SECONDS = 120.0


class Feeds:
    """The command `feeds`: `load` and `show`."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self._home = home
        self._environment = environment

    def add_arguments(self, parser: Parser) -> None:
        below = parser.commands(Words("操作", "what to do"), "what")
        load = parser.command(below, "load", Words("载入并通知", "load, and tell whom it touches"))
        add_person(load)
        load.add(
            Words("存放文件的文件夹", "a folder with the files"), "--from", dest="folder", type=Path, metavar="FOLDER"
        )
        load.add(Words("KEV 目录的其他网址", "another address of the KEV catalogue"), "--address", metavar="URL")
        load.add(
            Words(
                "首次载入时，自该日起列入的条目也通知", "at the first load, tell also of entries added since this day"
            ),
            "--since",
            type=date.fromisoformat,
            metavar="DAY",
        )
        seen = parser.command(below, "show", Words("已载入的版本与日期", "what was loaded, with its dates"))
        add_person(seen)

    def run(self, arguments: Namespace, _: Tools) -> int:
        return self._load(arguments) if arguments.what == "load" else self._show(arguments)

    def _load(self, arguments: Namespace) -> int:
        addresses = dict(official_addresses())
        if arguments.address:
            addresses["kev"] = replace(addresses["kev"], url=arguments.address)
        with acting(self._home, self._environment, arguments.person) as (house, speaker):
            facts, refused = load_intelligence(
                arguments.folder, self._home / "feeds", timeout=TIMEOUT_SECONDS, addresses=addresses
            )
            edition = edition_of(facts)
            if isinstance(edition, Refusal):
                raise Refused(*refused, edition)

            def work(office: Office) -> EditionTaken:
                note_scores(office, facts, at=datetime.now(UTC))
                return take_edition(office, edition, at=datetime.now(UTC), since=arguments.since)

            request = Request(speaker, "load_feeds", key_of(edition), {"version": edition.version})
            taken = house.front.perform(request, EditionTaken, work)
        if isinstance(taken, Refusal):
            raise Refused(taken)
        document: dict[str, Any] = {"kind": "feeds", "taken": taken, "scores": facts.score_date}
        return show(arguments, Answer(document, lambda page: draw(page, taken), refused))

    def _show(self, arguments: Namespace) -> int:
        with acting(self._home, self._environment, arguments.person) as (house, speaker):
            rows = house.front.ask(speaker, lambda office: office.editions.newest())

        def table(page: Page) -> None:
            columns = Words("来源", "Feed"), Words("版本", "Version"), Words("日期", "Dated"), Words("载入", "Taken")
            page.table(columns, [(feed, version, str(dated), f"{at:%F %T}") for feed, version, dated, at in rows])

        editions = [dict(zip(("feed", "version", "dated", "taken_at"), row, strict=True)) for row in rows]
        return show(arguments, Answer({"kind": "feeds", "editions": editions}, table))


def key_of(edition: KevEdition) -> str:
    """The same edition with the same entries is one request, from wherever it comes."""
    digest = sha256("\n".join(sorted(edition.entries)).encode()).hexdigest()
    return f"feeds:kev:{edition.version}:{digest[:16]}"


def draw(page: Page, taken: EditionTaken) -> None:
    page.title(Words(f"KEV {taken.version}", f"KEV {taken.version}"))
    page.line(
        Words(
            f"{taken.entries} 条，新增 {len(taken.new)} 条；已通知保险单 {len(taken.told)} 份",
            f"{taken.entries} entries, {len(taken.new)} of them new; {len(taken.told)} policies were told",
        )
    )
    for name in (*taken.new, *taken.told):
        page.line(name, "dim")
