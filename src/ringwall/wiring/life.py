"""The main job: a year in the life of a policy, with progress and a closing table of figures and timings."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ringwall.basics import Language, Refusal, Words, refuse
from ringwall.catalogue import read_folder
from ringwall.desk.life.case import Case, read_case
from ringwall.desk.life.story import STEPS
from ringwall.desk.life.year import Figures, Step, StoryRefused, Year
from ringwall.portfolio import Portfolio, read_portfolio
from ringwall.shell.cli import Parser, Refused, Tools
from ringwall.shell.cli.answer import print_document
from ringwall.shell.jobs.queue import drain
from ringwall.shell.probes.lab import LabFailed
from ringwall.wiring.commands.serve import ServeHouse, add_address
from ringwall.wiring.house import House, HouseClosed, open_house
from ringwall.wiring.installation import stop_switch
from ringwall.wiring.people import enrol_everybody, shipped_case
from ringwall.wiring.world import LabWorld


@dataclass(frozen=True, slots=True)
class Told:
    """One step as it was told: its figures, and how long it took."""

    step: Step
    figures: Figures
    seconds: float


class Life:
    """The command `life`; `serve` is what follows with `--serve`."""

    def __init__(self, home: Path, environment: Mapping[str, str], serve: ServeHouse) -> None:
        self._home = home
        self._environment = environment
        self._serve = serve

    def add_arguments(self, parser: Parser) -> None:
        parser.add(Words("从空库重新开始", "start anew from an empty database"), "--fresh", action="store_true")
        parser.add(Words("完成后提供门户网站", "serve the portal afterwards"), "--serve", action="store_true")
        parser.add(Words("另一案例的文件夹", "the folder of another case"), "--case", type=Path, metavar="FOLDER")
        add_address(parser)

    def run(self, arguments: Namespace, _: Tools) -> int:
        case, book = self._case(arguments.case), self._opening_book()
        try:
            with open_house(self._home, self._environment, fresh=arguments.fresh) as house:
                told = tell(house, case, book, Teller(arguments.lang, quiet=arguments.json))
                if arguments.json:
                    print_document(as_document(told))
                if arguments.serve:
                    self._serve(house, case, arguments)
        except HouseClosed as closed:
            raise Refused(*closed.refusals) from closed
        except StoryRefused as stopped:
            raise Refused(stopped.refusal) from stopped
        except LabFailed as failed:
            raise Refused(_no_lab(failed)) from failed
        return 0

    def _case(self, folder: Path | None) -> Case:
        if folder is None:
            return shipped_case()
        texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}
        case = read_case(texts, str(folder))
        if isinstance(case, Refusal):
            raise Refused(case)
        return case

    def _opening_book(self) -> Portfolio:
        return read_portfolio(read_folder("book")["opening.csv"], "opening.csv")


def _no_lab(failed: LabFailed) -> Refusal:
    """The lab's ports are taken by another program of this machine."""
    return refuse(
        "lab_not_started",
        "lab",
        zh=f"本机无法启动演示用的回环服务：{failed} 请停用占用端口的程序后再次运行，已完成的步骤不会重做。",
        en=f"The loopback services of the story cannot start: {failed} Run again after that; what is done stays done.",
    )


class Teller:
    """Says on the terminal what is being done, and at the end what came of it."""

    def __init__(self, language: Language, *, quiet: bool) -> None:
        self._language: Language = language
        self._console = Console(file=sys.stderr if quiet else sys.stdout, highlight=False, quiet=quiet)

    def begins(self, house: House) -> None:
        source = house.catalogue.intelligence.source.in_language(self._language)
        title = Words("保单的一年", "A year in the life of a policy").in_language(self._language)
        self._console.print(f"[bold]{title}[/bold] · {house.home} · {source}")

    def step_done(self, number: int, told: Told) -> None:
        title = told.step.title.in_language(self._language)
        self._console.print(f"  [green]✓[/green] {number:2d}/{len(STEPS)} {title} [dim]{told.seconds:.2f} s[/dim]")
        sys.stdout.flush()

    def ends(self, told: list[Told], seconds: float) -> None:
        table = Table(title=Words("结果", "Figures").in_language(self._language), show_lines=False, expand=False)
        for heading in (Words("步骤", "Step"), Words("项目", "Item"), Words("数值", "Value")):
            table.add_column(heading.in_language(self._language), overflow="fold")
        table.add_column("s", justify="right")
        for each in told:
            for place, figure in enumerate(each.figures):
                first = place == 0
                name = each.step.title.in_language(self._language) if first else ""
                timing = f"{each.seconds:.2f}" if first else ""
                table.add_row(name, figure.label.in_language(self._language), figure.value, timing)
            table.add_section()
        self._console.print(table)
        done = Words(f"完成，共 {seconds:.1f} 秒", f"Done in {seconds:.1f} s").in_language(self._language)
        self._console.print(done)


def tell(house: House, case: Case, book: Portfolio, teller: Teller, world: LabWorld | None = None) -> list[Told]:
    """Every step in order; each is acknowledged on the terminal after its transaction has been committed."""
    started = time.monotonic()
    teller.begins(house)
    told: list[Told] = []
    with closing(world or LabWorld(house.server_key, stop=stop_switch(house.home))) as world:
        year = Year(house.front, case, world, book, enrol_everybody(house, case))
        for number, step in enumerate(STEPS, start=1):
            before = time.monotonic()
            figures = step.run(year)
            told.append(Told(step, figures, time.monotonic() - before))
            teller.step_done(number, told[-1])
    drain(house.queue)
    teller.ends(told, time.monotonic() - started)
    return told


def as_document(told: list[Told]) -> dict[str, object]:
    """The figures and the timings, apart: the figures are the same in every run of the same case."""
    return {
        "figures": [
            {"step": each.step.name, "label": figure.label, "value": figure.value}
            for each in told
            for figure in each.figures
        ],
        "seconds": {each.step.name: f"{each.seconds:.3f}" for each in told},
    }
